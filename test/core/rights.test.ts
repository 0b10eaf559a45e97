import { expect, test } from 'vitest';
import {
  bookingAccessWindow,
  hasBegun,
  rightStatus,
  rightsFromFacts,
  sourceKey,
  subscriptionStatus,
  type BookingFacts,
  type FoundedRight,
  type SubscriptionFacts,
} from '../../src/core/rights.ts';

const at = (text: string): number => Date.parse(`2026-${text}Z`);
const NOON = at('03-10T12:00');

function booking(change: Partial<BookingFacts> = {}): BookingFacts {
  return {
    id: 'b1',
    kind: 'ROOM',
    accessGroupId: 'front',
    startsAt: NOON,
    endsAt: at('03-10T16:00'),
    canceledAt: null,
    graceBeforeMinutes: 30,
    graceAfterMinutes: 30,
    memberId: 'ada',
    invitees: [],
    ...change,
  };
}

function subscription(change: Partial<SubscriptionFacts> = {}): SubscriptionFacts {
  return {
    zone: 'Europe/Berlin',
    startsOn: '2026-03-10',
    endsOn: '2026-03-31',
    canceledAt: null,
    people: [{ memberId: 'ada', since: null }],
    items: [{ id: 'i1', accessGroupId: 'front', endedAt: null }],
    ...change,
  };
}

const ofBooking = (change: Partial<BookingFacts>, now = NOON): FoundedRight[] =>
  rightsFromFacts({ subscriptions: [], bookings: [booking(change)] }, now);
const ofSubscription = (change: Partial<SubscriptionFacts>): FoundedRight[] =>
  rightsFromFacts({ subscriptions: [subscription(change)], bookings: [] }, NOON);

test.each([
  ['03-10T12:00', '03-10T16:00', '03-10T11:30', '03-10T16:30'],
  ['03-10T09:30', '03-10T11:30', '03-10T09:00', '03-10T12:00'],
])('a booking from %s to %s gives access from %s to %s (B2)', (startsAt, endsAt, from, until) => {
  expect(bookingAccessWindow(at(startsAt), at(endsAt), 30, 30)).toEqual({ from: at(from), until: at(until) });
  expect(ofBooking({ startsAt: at(startsAt), endsAt: at(endsAt) })).toEqual([
    {
      source: { kind: 'booking', id: 'b1' },
      memberId: 'ada',
      accessGroupId: 'front',
      reason: 'ROOM_BOOKING',
      startsAt: at(from),
      endsAt: at(until),
    },
  ]);
});

test.each([
  ['ROOM', 'ROOM_BOOKING'],
  ['DESK', 'DESK_BOOKING'],
  ['OFFICE', 'OFFICE_BOOKING'],
  ['EQUIPMENT', 'EQUIPMENT_BOOKING'],
  ['PARKING', 'PARKING_BOOKING'],
] as const)('a booking of a %s is a %s (B1)', (kind, reason) => {
  expect(ofBooking({ kind })[0]?.reason).toBe(reason);
});

test('those invited to a room get the same access, cut at being invited while it runs (B3)', () => {
  const invitees = [
    { memberId: 'ben', since: at('03-01T00:00') },
    { memberId: 'cyd', since: at('03-10T13:00') },
    { memberId: 'dee', since: at('03-10T17:00') },
  ];
  const guests = ofBooking({ invitees }).filter((right) => right.reason === 'ROOM_INVITATION');
  expect(guests.map(({ memberId, startsAt, endsAt }) => [memberId, startsAt, endsAt])).toEqual([
    ['ben', at('03-10T11:30'), at('03-10T16:30')],
    ['cyd', at('03-10T13:00'), at('03-10T16:30')],
  ]);
});

test('invitees of other kinds than rooms get nothing (B3)', () => {
  expect(ofBooking({ kind: 'DESK', invitees: [{ memberId: 'ben', since: 0 }] }).map((right) => right.memberId)).toEqual(['ada']);
});

test('when the booker is no member any more, those invited to the room keep their access, and nobody else has any (B3)', () => {
  const invitees = [{ memberId: 'ben', since: 0 }];
  expect(ofBooking({ memberId: null, invitees }).map(({ memberId, reason }) => [memberId, reason])).toEqual([['ben', 'ROOM_INVITATION']]);
  expect(ofBooking({ memberId: null, kind: 'DESK', invitees })).toEqual([]);
});

test('a booker who is also invited, and a guest named twice, have one right', () => {
  const invitees = [
    { memberId: 'ada', since: NOON },
    { memberId: 'ben', since: 0 },
    { memberId: 'ben', since: NOON },
  ];
  expect(ofBooking({ invitees }).map(({ memberId, reason, startsAt }) => [memberId, reason, startsAt])).toEqual([
    ['ada', 'ROOM_BOOKING', at('03-10T11:30')],
    ['ben', 'ROOM_INVITATION', at('03-10T11:30')],
  ]);
});

test('a cancelled booking and a resource without a group found nothing', () => {
  expect(ofBooking({ canceledAt: NOON })).toEqual([]);
  expect(ofBooking({ accessGroupId: null })).toEqual([]);
});

test('a subscription gives access from the start of its first to the end of its last local day (S3)', () => {
  expect(ofSubscription({})).toEqual([
    {
      source: { kind: 'item', id: 'i1' },
      memberId: 'ada',
      accessGroupId: 'front',
      reason: 'SUBSCRIPTION',
      startsAt: at('03-09T23:00'),
      endsAt: at('03-31T22:00'),
    },
  ]);
});

test('each person of a company has a right per item, cut at joining; items without a group give none (S4, B6)', () => {
  const people = [
    { memberId: 'ada', since: at('01-01T00:00') },
    { memberId: 'ben', since: NOON },
  ];
  const items = [
    { id: 'i1', accessGroupId: 'front', endedAt: null },
    { id: 'i2', accessGroupId: null, endedAt: null },
    { id: 'i3', accessGroupId: 'office', endedAt: at('03-20T00:00') },
  ];
  const rights = ofSubscription({ people, items, endsOn: null });
  expect(rights.map(({ source, memberId, startsAt, endsAt }) => [source.id, memberId, startsAt, endsAt])).toEqual([
    ['i1', 'ada', at('03-09T23:00'), null],
    ['i1', 'ben', NOON, null],
    ['i3', 'ada', at('03-09T23:00'), at('03-20T00:00')],
    ['i3', 'ben', NOON, at('03-20T00:00')],
  ]);
});

test.each([
  [at('03-20T15:00'), at('03-20T15:00'), 'a cancellation before the end cuts'],
  [at('04-20T15:00'), at('03-31T22:00'), 'a cancellation after the end changes nothing'],
])('cancelled at %d a subscription ends at %d: %s (S5)', (canceledAt, endsAt) => {
  expect(ofSubscription({ canceledAt })[0]?.endsAt).toBe(endsAt);
});

test('a subscription cancelled before or as it begins, and a person who joins after its end, have no right', () => {
  expect(ofSubscription({ canceledAt: at('03-09T23:00') })).toEqual([]);
  expect(ofSubscription({ canceledAt: at('03-01T00:00') })).toEqual([]);
  expect(ofSubscription({ people: [{ memberId: 'ben', since: at('03-31T22:00') }] })).toEqual([]);
});

test.each([
  ['13:00', '14:00', null, 'SCHEDULED'],
  ['12:00', '14:00', null, 'ACTIVE'],
  ['11:00', null, null, 'ACTIVE'],
  ['11:00', '12:00', null, 'ENDED'],
  ['11:00', '14:00', NOON, 'WITHDRAWN'],
  ['13:00', '14:00', NOON, 'WITHDRAWN'],
] as const)('a right from %s until %s, withdrawn %s, is %s at noon', (from, until, withdrawnAt, status) => {
  const endsAt = until === null ? null : at(`03-10T${until}`);
  expect(rightStatus({ startsAt: at(`03-10T${from}`), endsAt, withdrawnAt }, NOON)).toBe(status);
});

test.each<[string, number | null, boolean, string]>([
  ['12:00', null, true, 'begins at this instant'],
  ['12:01', null, false, 'is to come'],
  ['11:00', at('03-10T11:30'), true, 'was withdrawn while it ran'],
  ['11:00', at('03-10T11:00'), false, 'was withdrawn as it would have begun'],
  ['11:00', at('03-10T10:00'), false, 'was withdrawn before it began'],
])('a right from %s, withdrawn %s, has begun: %s, for it %s (K1)', (from, withdrawnAt, begun) => {
  expect(hasBegun({ startsAt: at(`03-10T${from}`), withdrawnAt }, NOON)).toBe(begun);
});

test.each([
  ['2026-03-11', null, null, 'SCHEDULED'],
  ['2026-03-10', null, null, 'ACTIVE'],
  ['2026-03-01', '2026-03-10', null, 'ACTIVE'],
  ['2026-03-01', '2026-03-09', null, 'ENDED'],
  ['2026-03-01', null, NOON + 1, 'ACTIVE'],
  ['2026-03-01', null, NOON, 'CANCELED'],
  ['2026-03-11', null, NOON, 'CANCELED'],
] as const)('a subscription from %s to %s, cancelled at %s, is %s at noon of 10 March', (startsOn, endsOn, canceledAt, status) => {
  expect(subscriptionStatus({ zone: 'Europe/Berlin', startsOn, endsOn, canceledAt }, NOON)).toBe(status);
});

test('two sources share a key only when they are the same', () => {
  expect(sourceKey({ kind: 'item', id: '1' })).toBe(sourceKey({ kind: 'item', id: '1' }));
  expect(sourceKey({ kind: 'item', id: '1' })).not.toBe(sourceKey({ kind: 'booking', id: '1' }));
});
