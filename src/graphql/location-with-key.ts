import { collectSubFields } from '@graphql-tools/utils';
import { isObjectType, type GraphQLResolveInfo } from 'graphql';
import { storedKey } from '../app/read-digital-key.ts';
import type { DigitalKeyFacts } from '../ports/store.ts';
import type { Context } from './context.ts';
import { refTo, type RefInput } from './ref.ts';

const cameAlong = new WeakMap<object, DigitalKeyFacts>();

/** What the viewer's key is judged by, where it was read together with this location. */
export function keyThatCameWith(location: object): DigitalKeyFacts | undefined {
  return cameAlong.get(location);
}

type Found = DigitalKeyFacts['location'];
const COLUMNS: readonly string[] = [
  'id',
  'externalId',
  'name',
  'timeZone',
  'graceBeforeMinutes',
  'graceAfterMinutes',
] satisfies (keyof Found)[];

/**
 * The location a member asks for together with their key there, as an app does whenever it is opened: one statement finds both. Undefined
 * where that is not what is asked, or more is asked of the location than comes along; then it is to be read by itself.
 */
export async function locationWithKey(
  { deps, caller }: Context,
  ref: RefInput,
  { select }: { select?: object },
  info: GraphQLResolveInfo,
): Promise<Found | null | undefined> {
  // A member sees every location of the organisation, and the statement looks in no other. Staff may be limited to some.
  if (caller.kind !== 'member' || !comesAlong(select) || !asksForKey(info)) return undefined;
  const stored = await storedKey(deps, caller, refTo('Location', ref));
  if (stored === null) return null;
  cameAlong.set(stored.location, stored);
  return stored.location;
}

function comesAlong(select: object | undefined): boolean {
  return select !== undefined && Object.entries(select).every(([column, is]) => is === true && COLUMNS.includes(column));
}

function asksForKey({ schema, fragments, variableValues, fieldNodes }: GraphQLResolveInfo): boolean {
  const type = schema.getType('Location');
  if (!isObjectType(type)) return false;
  const { fields } = collectSubFields(schema, fragments, variableValues, type, [...fieldNodes]);
  return [...fields.values()].some(([node]) => node?.name.value === 'digitalKey');
}
