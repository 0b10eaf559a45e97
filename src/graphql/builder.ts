import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import { datamodel } from '../adapters/prisma/datamodel.ts';
import type PrismaTypes from '../adapters/prisma/generated/pothos.ts';
import { NotAllowedError } from '../core/errors.ts';
import { decodeNodeId, encodeNodeId } from '../core/ids.ts';
import type { CalendarDay, Instant } from '../core/time.ts';
import type { Context } from './context.ts';
import { DEFAULT_PAGE, pagesPlugin } from './pages.ts';

/** What a whole operation may cost: a field costs one, a list ten times what is below it, a connection as often as its `first`. */
const COST_MAX = 500_000;

interface Types {
  Context: Context;
  PrismaTypes: PrismaTypes;
  AuthScopes: {
    /** the booking platform */
    service: boolean;
    admin: boolean;
    /** one of the two */
    staff: boolean;
    member: boolean;
  };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Instant; Output: { getTime(): number } | Instant };
    Date: { Input: CalendarDay; Output: { getTime(): number } | CalendarDay };
    TimeZone: { Input: string; Output: string };
  };
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: true;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
}

/** The errors plugin comes first: only so does a refused scope become a member of the result union. */
export const builder = new SchemaBuilder<Types>({
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin, PrismaPlugin, pagesPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  defaultInputFieldRequiredness: true,
  errors: {
    directResult: true,
    defaultUnionOptions: { name: ({ fieldName }) => `${capitalized(fieldName)}Result` },
  },
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ caller: { kind } }) => ({
      service: kind === 'service',
      admin: kind === 'admin',
      staff: kind !== 'member',
      member: kind === 'member',
    }),
    unauthorizedError: (_parent, _context, info) => (info.parentType.name === 'Mutation' ? new NotAllowedError() : forbidden()),
  },
  prisma: {
    client: ({ db }) => db as never,
    dmmf: datamodel,
    exposeDescriptions: false,
    defaultConnectionSize: DEFAULT_PAGE,
  },
  relay: {
    cursorType: 'String',
    clientMutationId: 'omit',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    encodeGlobalID: (type, id) => encodeNodeId(type, String(id)),
    decodeGlobalID: (text) => {
      const found = decodeNodeId(text);
      return { typename: found?.type ?? '', id: found?.id ?? '' };
    },
    idFieldOptions: { description: 'The global id: unique over all types, to be taken as it is.' },
    nodeTypeOptions: { description: 'What has a global id, and can be fetched by it with `node`.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    edgesFieldOptions: { nullable: false, description: 'The items of this page, in order.' },
    nodeFieldOptions: { nullable: false, description: 'The item itself.' },
    cursorFieldOptions: { description: 'Marks this item: give it as `after` to read on from here.' },
    pageInfoFieldOptions: { description: 'Whether there is more, and where to go on.' },
    hasNextPageFieldOptions: { description: 'Whether items follow this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether items precede this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item of this page; null when it is empty.' },
    endCursorFieldOptions: { description: 'The cursor of the last item of this page, for `after`; null when it is empty.' },
    firstArgOptions: { description: 'How many items at most: 50 unless given, 100 at most.' },
    afterArgOptions: { description: 'The cursor after which to go on: the `endCursor` of the page before.' },
    defaultConnectionFieldOptions: { complexity: ({ first }) => ({ field: 1, multiplier: (first ?? DEFAULT_PAGE) / 10 }) },
  },
  complexity: {
    limit: { complexity: COST_MAX },
    complexityError: (_kind, { complexity }) =>
      new GraphQLError(`The operation costs ${complexity}, at most ${COST_MAX} are allowed. Ask for fewer items or fields.`, {
        extensions: { code: 'QUERY_TOO_LARGE' },
      }),
  },
});

export const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

export function forbidden(): GraphQLError {
  return new GraphQLError('This token may not see that.', { extensions: { code: 'FORBIDDEN' } });
}
