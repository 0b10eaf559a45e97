import { resolveNodes } from '@pothos/plugin-relay';
import { decodeNodeId, digitalKeyParts, isUuid } from '../core/ids.ts';
import { builder } from './builder.ts';

const NODE_TYPES = new Set([
  'AccessGroup',
  'AccessRight',
  'Activity',
  'Booking',
  'Company',
  'GroupMembership',
  'Integration',
  'Location',
  'Lock',
  'Member',
  'MemberSubscription',
  'Plan',
  'Resource',
  'SubscriptionItem',
  'Unlock',
  'WebhookDelivery',
  'WebhookEndpoint',
]);

builder.queryField('node', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'Anything that has a global id; null when it is not known, or not for the caller to see, or when the id is none.',
    args: { id: t.arg.id({ description: 'The global id.' }) },
    resolve: async (_root, { id }, context, info) => {
      const node = decodeNodeId(id);
      if (node === null || !canBeAsked(node.type, node.id)) return null;
      const [found] = await resolveNodes(builder, context, info, [{ typename: node.type, id: node.id }]);
      return (await found) ?? null;
    },
  }),
);

function canBeAsked(type: string, id: string): boolean {
  if (type !== 'DigitalKey') return NODE_TYPES.has(type) && isUuid(id);
  return isUuid(digitalKeyParts(id)?.locationId ?? '');
}
