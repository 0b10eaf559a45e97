import { GraphQLError } from 'graphql';
import { decodeNodeId, isUuid } from '../core/ids.ts';
import { canBeStored, TEXT_LENGTH_MAX } from '../core/input.ts';
import type { Instant } from '../core/time.ts';
import type * as Rows from '../ports/rows.ts';
import { builder } from './builder.ts';

/** No row has it: what a global id that is none, or one of another type, comes to. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

export const Ref = builder.inputType('Ref', {
  description: "Names a thing by our id or by the id it has in the caller's own system: exactly one of the two.",
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ required: false, description: 'Our global id of the thing.' }),
    externalId: t.string({
      required: false,
      description: "The thing's id in the caller's own system, unique for its type in the organisation.",
    }),
  }),
});

export interface RefInput {
  id?: string | null;
  externalId?: string | null;
}

/** As a verb takes it. Garbage names nobody, and is not found by itself. */
export function refTo(type: string, ref: RefInput): Rows.Ref {
  if (ref.id != null) return { id: idOf(type, ref.id) };
  const externalId = ref.externalId ?? '';
  return canBeStored(externalId) ? { externalId } : { id: NOBODY };
}

/** The same for a reference that may be left out. */
export function optionalRefTo(type: string, ref: RefInput | null | undefined): Rows.Ref | null {
  return ref == null ? null : refTo(type, ref);
}

/** The row's id in a global id of that type; the id of nobody in any other text. */
export function idOf(type: string, globalId: string): string {
  const node = decodeNodeId(globalId);
  return node?.type === type && isUuid(node.id) ? node.id : NOBODY;
}

export function optionalIdOf(type: string, globalId: string | null | undefined): string | null {
  return globalId == null ? null : idOf(type, globalId);
}

export type UniqueRow = { id: string } | { orgId_externalId: { orgId: string; externalId: string } };

/** As the one row it names in an organisation. */
export function uniqueBy(type: string, ref: RefInput, orgId: string): UniqueRow {
  const named = refTo(type, ref);
  return 'id' in named ? named : { orgId_externalId: { orgId, externalId: named.externalId } };
}

/** For arguments of queries, whose mistakes are no data: a text that nothing stored can have. */
export function storable<Text extends string | null | undefined>(argument: string, text: Text): Text {
  if (text == null || canBeStored(text)) return text;
  const message = `${argument} must have at most ${TEXT_LENGTH_MAX} characters, and no control characters.`;
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** For arguments of queries, whose mistakes are no data: an instant that does not exist. */
export function existing(argument: string, at: Instant | null | undefined): Instant | null {
  if (at == null) return null;
  if (Number.isNaN(at)) throw new GraphQLError(`${argument} must be an instant that exists.`, { extensions: { code: 'BAD_USER_INPUT' } });
  return at;
}
