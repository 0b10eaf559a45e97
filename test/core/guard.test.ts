import { expect, test } from 'vitest';
import { guardedDiff, holdsBack, type HeldRight } from '../../src/core/guard.ts';
import type { BookingFacts, Facts, OpenRight, SubscriptionFacts } from '../../src/core/rights.ts';

test.each([
  ['half of a group', 40, 20, 50, 20, false],
  ['one more than half', 40, 21, 50, 20, true],
  ['everybody, too few to be held', 19, 19, 50, 20, false],
  ['everybody, just enough to be held', 20, 20, 50, 20, true],
  ['few of many', 1_000, 400, 50, 20, false],
  ['everybody, where nothing is ever held', 500, 500, 100, 1, false],
  ['anybody, where each removal is held', 500, 1, 0, 1, true],
  ['nobody', 500, 0, 0, 1, false],
])('%s: of %d, %d leave, at %d %% and %d: held is %s', (_what, inGroup, leaving, sharePercent, leastPeople, held) => {
  expect(holdsBack({ sharePercent, leastPeople }, { inGroup, leaving })).toBe(held);
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-05-05T10:00:00Z');

const subscription = (change: Partial<SubscriptionFacts> = {}): Facts => ({
  subscriptions: [
    {
      zone: 'UTC',
      startsOn: '2026-05-01',
      endsOn: null,
      canceledAt: null,
      people: [{ memberId: 'ada', since: null }],
      items: [{ id: 'item', accessGroupId: 'other', endedAt: null }],
      ...change,
    },
  ],
  bookings: [],
});
const booking = (change: Partial<BookingFacts> = {}): Facts => ({
  subscriptions: [],
  bookings: [
    {
      ...{ id: 'booking', kind: 'ROOM', accessGroupId: 'other', canceledAt: null, graceBeforeMinutes: 0, graceAfterMinutes: 0 },
      ...{ startsAt: NOW - HOUR, endsAt: NOW + HOUR, memberId: 'ada', invitees: [] },
      ...change,
    },
  ],
});
const right = (kind: 'item' | 'booking'): OpenRight => ({
  ...{ id: 'right', memberId: 'ada', accessGroupId: 'group', reason: kind === 'item' ? 'SUBSCRIPTION' : 'ROOM_BOOKING' },
  ...{ source: { kind, id: kind }, startsAt: NOW - HOUR, endsAt: kind === 'item' ? null : NOW + HOUR },
});
const held = (kind: 'item' | 'booking', change: Partial<HeldRight> = {}): HeldRight => ({
  ...right(kind),
  ...{ removalId: 'removal', given: true, gone: false },
  ...change,
});
const items = (change: object) => [{ id: 'item', accessGroupId: 'other', endedAt: null, ...change }];

type What = 'held' | 'withdrawn' | 'moved' | 'left alone' | 'lifted';

function became(facts: Facts, stored: OpenRight | HeldRight, guarded: boolean): What {
  const { lift, hold, diff } = guardedDiff(facts, [stored], NOW, guarded);
  if (hold.length > 0) return 'held';
  if (diff.withdraw.length > 0) return 'withdrawn';
  if (diff.move.length > 0) return 'moved';
  return lift.length > 0 ? 'lifted' : 'left alone';
}

test.each<[string, Facts, OpenRight, What]>([
  ['another group of an item', subscription(), right('item'), 'held'],
  ['no group of an item', subscription({ items: items({ accessGroupId: null }) }), right('item'), 'held'],
  ['an item that is not listed any more', subscription({ items: items({ endedAt: NOW, accessGroupId: 'group' }) }), right('item'), 'held'],
  [
    'a subscription moved to a later start',
    subscription({ startsOn: '2026-06-01', items: items({ accessGroupId: 'group' }) }),
    right('item'),
    'held',
  ],
  ['a cancelled subscription', subscription({ canceledAt: NOW }), right('item'), 'withdrawn'],
  ['a subscription that has ended', subscription({ endsOn: '2026-05-04' }), right('item'), 'withdrawn'],
  ['somebody who left the company', subscription({ people: [] }), right('item'), 'withdrawn'],
  ['another group of a resource', booking(), right('booking'), 'held'],
  ['a booking given to somebody else', booking({ memberId: 'ben', accessGroupId: 'group' }), right('booking'), 'held'],
  [
    'a booking moved to tomorrow',
    booking({ startsAt: NOW + DAY, endsAt: NOW + DAY + HOUR, accessGroupId: 'group' }),
    right('booking'),
    'held',
  ],
  ['a cancelled booking', booking({ canceledAt: NOW }), right('booking'), 'withdrawn'],
  ['a booking cut at now', booking({ endsAt: NOW, accessGroupId: 'group' }), right('booking'), 'moved'],
  ['a booker who was removed', { subscriptions: [], bookings: [] }, right('booking'), 'withdrawn'],
  ['a right to come', booking(), { ...right('booking'), startsAt: NOW + 1 }, 'withdrawn'],
])('a guarded change finds %s', (_what, facts, stored, expected) => {
  expect(became(facts, stored, true)).toBe(expected);
  // The same by a change of its own takes it at once.
  if (expected === 'held') expect(['withdrawn', 'moved']).toContain(became(facts, stored, false));
});

test.each<[string, Facts, HeldRight, What]>([
  ['its mapping is still another', subscription(), held('item'), 'left alone'],
  ['its mapping is set back', subscription({ items: items({ accessGroupId: 'group' }) }), held('item'), 'lifted'],
  ['its subscription is cancelled', subscription({ canceledAt: NOW }), held('item'), 'withdrawn'],
  ['its subscription is to be cancelled', subscription({ canceledAt: NOW + HOUR }), held('item'), 'moved'],
  ['its item is not listed any more', subscription({ items: items({ endedAt: NOW }) }), held('item'), 'withdrawn'],
  [
    'its item was not listed when it was held',
    subscription({ items: items({ endedAt: NOW }) }),
    held('item', { given: false }),
    'left alone',
  ],
  ['the person left the company', subscription({ people: [] }), held('item', { given: false }), 'withdrawn'],
  ['the person was removed', booking(), held('booking', { gone: true }), 'withdrawn'],
  ['its booking is cancelled', booking({ canceledAt: NOW }), held('booking'), 'withdrawn'],
  ['its booking is shortened', booking({ endsAt: NOW + 1 }), held('booking'), 'moved'],
  ['its booking is extended', booking({ endsAt: NOW + DAY }), held('booking'), 'left alone'],
  ['its booking went to somebody else', booking({ memberId: 'ben' }), held('booking'), 'withdrawn'],
  ['its booking had gone to somebody else', booking({ memberId: 'ben' }), held('booking', { given: false }), 'left alone'],
  ['its own end is past', booking({ canceledAt: NOW }), held('booking', { endsAt: NOW }), 'left alone'],
])('a held right, where %s', (_what, facts, stored, expected) => {
  expect(became(facts, stored, false)).toBe(expected);
});

test('a held right makes room for a new one of the same source, and goes when that one holds', () => {
  const later = booking({ startsAt: NOW + DAY, endsAt: NOW + DAY + HOUR, accessGroupId: 'group' });
  const stored = held('booking', { given: false });
  const { diff } = guardedDiff(later, [stored], NOW, false);
  expect(diff).toMatchObject({ withdraw: [], add: [{ startsAt: NOW + DAY }] });
  const waiting: OpenRight = { ...right('booking'), id: 'new', startsAt: NOW + DAY, endsAt: NOW + DAY + HOUR };
  const back = guardedDiff(booking({ accessGroupId: 'group' }), [stored, waiting], NOW, true);
  expect(back.hold).toEqual([]);
  expect(back.diff.withdraw.map(({ id }) => id).sort()).toEqual(['new', 'right']);
  expect(back.diff.add).toMatchObject([{ startsAt: NOW - HOUR }]);
});
