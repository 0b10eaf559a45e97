import { ConflictError, NotFoundError, type InvalidInputError } from '../core/errors.ts';
import { InputCheck, ITEMS_MAX } from '../core/input.ts';
import type { CalendarDay, Instant } from '../core/time.ts';
import type { GuardedChange } from '../ports/held-removals.ts';
import type { Ref, SubscriptionRow } from '../ports/rows.ts';
import type { Tx } from '../ports/store.ts';
import type { Caller } from './caller.ts';
import { change } from './change.ts';
import type { Deps } from './deps.ts';
import { deriveRights } from './derive-rights.ts';
import { storeItems, type ToldItem } from './store-items.ts';
import { isOlder, newestAsOf } from './told.ts';

export interface UpsertMemberSubscriptionInput {
  externalId: string;
  location: Ref;
  member: Ref | null;
  company: Ref | null;
  startsOn: CalendarDay;
  endsOn: CalendarDay | null;
  items: { externalId: string; plan: Ref | null; resource: Ref | null }[];
  asOf: Instant | null;
}

type Refusal = InvalidInputError | NotFoundError | ConflictError;

/**
 * States the whole subscription. A new item takes over its plan's or resource's access group (S1); one that is no longer listed ends now.
 * Subscriber, location and what an item is for cannot change; a cancellation is final. As part of an import (`guard`) what it takes from
 * somebody waits until the whole import is judged.
 */
export async function upsertMemberSubscription(
  deps: Deps,
  caller: Caller,
  input: UpsertMemberSubscriptionInput,
  guard?: GuardedChange,
): Promise<{ memberSubscriptionId: string } | Refusal> {
  const wrong = refusal(input);
  if (wrong) return wrong;
  return change<{ memberSubscriptionId: string } | Refusal>(deps, caller.orgId, async (tx, after) => {
    const parties = await lockParties(tx, input);
    if (parties instanceof NotFoundError) return parties;
    const items = await lockThings(tx, input, parties.locationId);
    if (!Array.isArray(items)) return items;
    const stored = await tx.subscriptions.find({ externalId: input.externalId }, 'change');
    if (stored !== null && isOlder(input.asOf, stored)) return { memberSubscriptionId: stored.id };
    const conflict = stored === null ? null : conflictWith(stored, parties, tx.now);
    if (conflict) return conflict;
    const subscription = await store(tx, input, parties, stored);
    const refused = await storeItems(tx, subscription.id, items);
    if (refused) return refused;
    await deriveRights(deps, tx, after, { subscriptionIds: [subscription.id], bookingIds: [] }, guard);
    return { memberSubscriptionId: subscription.id };
  });
}

function refusal(input: UpsertMemberSubscriptionInput): InvalidInputError | null {
  const check = new InputCheck();
  check.text(['externalId'], input.externalId);
  check.instant(['asOf'], input.asOf);
  if ((input.member === null) === (input.company === null)) check.refuse(['member'], 'Give either a member or a company.');
  const starts = check.day(['startsOn'], input.startsOn);
  const ends = check.day(['endsOn'], input.endsOn);
  if (starts && ends && input.endsOn !== null && input.endsOn < input.startsOn) {
    check.refuse(['endsOn'], 'Must not be before startsOn: it is the last day.');
  }
  if (input.items.length > ITEMS_MAX) check.refuse(['items'], `Must have at most ${ITEMS_MAX} items.`);
  const seen = new Set<string>();
  for (const [index, item] of input.items.entries()) {
    check.text(['items', index, 'externalId'], item.externalId);
    if (seen.has(item.externalId)) check.refuse(['items', index, 'externalId'], 'Must be another one for each item.');
    seen.add(item.externalId);
    if ((item.plan === null) === (item.resource === null)) check.refuse(['items', index], 'Give either a plan or a resource.');
  }
  return check.error;
}

interface Parties {
  locationId: string;
  memberId: string | null;
  companyId: string | null;
}

/** The company is locked first, so that nobody joins or leaves unseen while the rights of its members are derived. */
async function lockParties(tx: Tx, input: UpsertMemberSubscriptionInput): Promise<Parties | NotFoundError> {
  const company = input.company === null ? null : await tx.companies.find(input.company, 'share');
  if (input.company !== null && company === null) return new NotFoundError('No such company. Tell of it with upsertCompany first.');
  const location = await tx.locations.find(input.location);
  if (location === null) return new NotFoundError('No such location. Tell of it with upsertLocation first.');
  const member = input.member === null ? null : await tx.members.find(input.member);
  if (input.member !== null && (member === null || member.removedAt !== null)) {
    return new NotFoundError('No such member. Tell of it with upsertMember first.');
  }
  return { locationId: location.id, memberId: member?.id ?? null, companyId: company?.id ?? null };
}

async function lockThings(tx: Tx, input: UpsertMemberSubscriptionInput, locationId: string): Promise<ToldItem[] | Refusal> {
  const items: ToldItem[] = [];
  const elsewhere = new InputCheck();
  for (const [index, item] of input.items.entries()) {
    const plan = item.plan === null ? null : await tx.plans.find(item.plan, 'share');
    const resource = item.resource === null ? null : await tx.resources.find(item.resource, 'share');
    const thing = plan ?? resource;
    if (thing === null) {
      return new NotFoundError(`No such ${item.plan === null ? 'resource' : 'plan'} for item ${item.externalId}. Tell of it first.`);
    }
    if (thing.locationId !== locationId) {
      elsewhere.refuse(['items', index, plan === null ? 'resource' : 'plan'], 'Must belong to the location of the subscription.');
    }
    const { accessGroupId } = thing;
    items.push({ externalId: item.externalId, planId: plan?.id ?? null, resourceId: resource?.id ?? null, accessGroupId });
  }
  await tx.lock([{ kind: 'location', id: locationId, mode: 'share' }]);
  return elsewhere.error ?? items;
}

function conflictWith(stored: SubscriptionRow, parties: Parties, now: Instant): ConflictError | null {
  if (stored.canceledAt !== null && stored.canceledAt <= now) {
    return new ConflictError('This subscription is cancelled, and a cancellation is final. Use a new externalId.');
  }
  if (stored.locationId !== parties.locationId) return new ConflictError('A subscription stays at its location. Use a new externalId.');
  if (stored.memberId !== parties.memberId || stored.companyId !== parties.companyId) {
    return new ConflictError('A subscription stays with its subscriber. Use a new externalId.');
  }
  return null;
}

async function store(
  tx: Tx,
  input: UpsertMemberSubscriptionInput,
  parties: Parties,
  stored: SubscriptionRow | null,
): Promise<SubscriptionRow> {
  const { externalId, startsOn, endsOn, asOf } = input;
  if (stored === null) return tx.subscriptions.insert({ externalId, ...parties, startsOn, endsOn, canceledAt: null, asOf });
  return tx.subscriptions.update(stored.id, { startsOn, endsOn, asOf: newestAsOf(asOf, stored) });
}
