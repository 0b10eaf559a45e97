import { resolveNodes } from '@pothos/plugin-relay';
import { isObjectType, type GraphQLSchema } from 'graphql';
import { decodeNodeId, digitalKeyParts, isUuid } from '../core/ids.ts';
import { builder } from './builder.ts';

builder.queryField('node', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'Anything that has a global id; null when it is not known, or not for the caller to see, or when the id is none.',
    args: { id: t.arg.id({ description: 'The global id.' }) },
    resolve: async (_root, { id }, context, info) => {
      const node = decodeNodeId(id);
      if (node === null || !canBeAsked(info.schema, node)) return null;
      const [found] = await resolveNodes(builder, context, info, [{ typename: node.type, id: node.id }]);
      return (await found) ?? null;
    },
  }),
);

function canBeAsked(schema: GraphQLSchema, { type, id }: { type: string; id: string }): boolean {
  if (type === 'DigitalKey') return isUuid(digitalKeyParts(id)?.locationId ?? '');
  const named = schema.getType(type);
  return isObjectType(named) && named.getInterfaces().some(({ name }) => name === 'Node') && isUuid(id);
}
