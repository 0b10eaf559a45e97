import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allowanceOn,
  chargesFor,
  passPools,
  passesLeft,
  settleChange,
  type PassPool,
  type PassSubscription,
  type TakenPass,
} from '../../src/core/day-passes.ts';

const at = (text: string): number => Date.parse(`2026-${text}Z`);
const ZONE = 'Europe/Berlin';
const OWN = { kind: 'member', id: 'ada' } as const;
const FIRM = { kind: 'company', id: 'firm' } as const;

const subscription = (change: Partial<PassSubscription> = {}): PassSubscription => ({
  startsOn: '2026-03-01',
  endsOn: null,
  canceledAt: null,
  items: [{ passes: 5, endedAt: null }],
  ...change,
});
const pool = (subscriber: PassPool['subscriber'], used: number, allowance: Record<string, number>, month = '2026-03'): PassPool => ({
  subscriber,
  month,
  used,
  allowance: new Map(Object.entries(allowance)),
});
const taken = (subscriber: PassPool['subscriber'], day: string): TakenPass => ({ subscriber, month: day.slice(0, 7), day });
const days = (charges: readonly TakenPass[]): string[] => charges.map((charge) => `${charge.subscriber.id} ${charge.day}`);

test.each<[string, PassSubscription[], string, string, number]>([
  ['a running subscription', [subscription()], '2026-03-10', '03-01T00:00', 5],
  ['its first day', [subscription()], '2026-03-01', '02-01T00:00', 5],
  ['the day before', [subscription()], '2026-02-28', '02-01T00:00', 0],
  ['its last day', [subscription({ endsOn: '2026-03-10' })], '2026-03-10', '03-01T00:00', 5],
  ['the day after', [subscription({ endsOn: '2026-03-10' })], '2026-03-11', '03-01T00:00', 0],
  [
    'all items of all subscriptions',
    [
      subscription(),
      subscription({
        items: [
          { passes: 2, endedAt: null },
          { passes: 3, endedAt: null },
        ],
      }),
    ],
    '2026-03-10',
    '03-01T00:00',
    10,
  ],
  [
    'an item that ends before',
    [
      subscription({
        items: [
          { passes: 2, endedAt: at('03-09T22:59') },
          { passes: 3, endedAt: null },
        ],
      }),
    ],
    '2026-03-10',
    '03-01T00:00',
    3,
  ],
  ['the day on which it will be cancelled', [subscription({ canceledAt: at('03-10T12:00') })], '2026-03-10', '03-01T00:00', 5],
  ['that day, before the cancellation', [subscription({ canceledAt: at('03-10T12:00') })], '2026-03-10', '03-10T11:59', 5],
  ['that day, from the cancellation on', [subscription({ canceledAt: at('03-10T12:00') })], '2026-03-10', '03-10T12:00', 0],
  ['the day after the cancellation', [subscription({ canceledAt: at('03-10T12:00') })], '2026-03-11', '03-01T00:00', 0],
])('%s (B6)', (_what, subscriptions, day, now, passes) => {
  expect(allowanceOn(day, subscriptions, ZONE, at(now))).toBe(passes);
});

test('pools are one per month, each with what is taken in it and what each day allows', () => {
  const pools = passPools(
    {
      subscriber: OWN,
      subscriptions: [subscription({ endsOn: '2026-04-01' })],
      days: ['2026-03-31', '2026-04-01', '2026-04-02'],
      zone: ZONE,
      usedByMonth: new Map([['2026-03', 2]]),
    },
    at('03-01T00:00'),
  );
  expect(pools).toEqual([pool(OWN, 2, { '2026-03-31': 5 }), pool(OWN, 0, { '2026-04-01': 5, '2026-04-02': 0 }, '2026-04')]);
});

test.each([
  ['03-10T12:00', subscription(), 2, 3, 'of a running subscription'],
  ['03-10T12:00', subscription({ startsOn: '2026-03-20' }), 0, 5, 'of one that begins later this month'],
  ['03-10T12:00', subscription({ startsOn: '2026-04-01' }), 0, 0, 'of one that begins next month'],
  ['03-10T12:00', subscription({ endsOn: '2026-03-09' }), 0, 0, 'of one that has ended'],
  ['03-10T12:00', subscription({ canceledAt: at('03-10T12:00') }), 0, 0, 'of one that is cancelled'],
  ['03-31T22:30', subscription({ endsOn: '2026-03-31' }), 0, 0, 'in the next month of the zone already'],
  ['03-10T12:00', subscription(), 7, 0, 'never below none'],
])('at %s, %j with %d taken has %d passes left: %s', (now, of, used, left) => {
  expect(passesLeft([of], ZONE, used, at(now))).toBe(left);
});

test('the own pool is charged first, then the company’s, for each day', () => {
  const charges = chargesFor({
    days: ['2026-03-10', '2026-03-11', '2026-03-12'],
    ownPools: [pool(OWN, 4, { '2026-03-10': 5, '2026-03-11': 5, '2026-03-12': 5 })],
    companyPools: [pool(FIRM, 0, { '2026-03-10': 2, '2026-03-11': 2, '2026-03-12': 2 })],
  });
  expect(charges.ok && days(charges.value)).toEqual(['ada 2026-03-10', 'firm 2026-03-11', 'firm 2026-03-12']);
  expect(charges.ok && charges.value.map((charge) => charge.allowance)).toEqual([5, 2, 2]);
});

test('all days or none', () => {
  const ownPools = [pool(OWN, 4, { '2026-03-10': 5, '2026-03-11': 5 })];
  expect(chargesFor({ days: ['2026-03-10', '2026-03-11'], ownPools, companyPools: [] })).toEqual({ ok: false, error: 'none-left' });
  expect(chargesFor({ days: ['2026-03-10'], ownPools: [], companyPools: [] })).toEqual({ ok: false, error: 'none-left' });
  expect(chargesFor({ days: [], ownPools: [], companyPools: [] })).toEqual({ ok: true, value: [] });
});

test('months have pools of their own', () => {
  const ownPools = [pool(OWN, 5, { '2026-03-31': 5 }), pool(OWN, 0, { '2026-04-01': 5 }, '2026-04')];
  expect(chargesFor({ days: ['2026-03-31', '2026-04-01'], ownPools, companyPools: [] }).ok).toBe(false);
  expect(chargesFor({ days: ['2026-04-01'], ownPools, companyPools: [] }).ok).toBe(true);
});

test('a day that only one pool covers does not lose it to a day with a choice', () => {
  const charges = chargesFor({
    days: ['2026-03-10', '2026-03-11'],
    ownPools: [pool(OWN, 0, { '2026-03-10': 1, '2026-03-11': 1 })],
    companyPools: [pool(FIRM, 0, { '2026-03-10': 1 })],
  });
  expect(charges.ok && days(charges.value)).toEqual(['firm 2026-03-10', 'ada 2026-03-11']);
});

const before = [taken(OWN, '2026-03-10'), taken(FIRM, '2026-03-11')];
const full = (free: number) => ({
  ownPools: [pool(OWN, 5 - free, { '2026-03-10': 5, '2026-03-11': 5, '2026-03-12': 5, '2026-03-13': 5 })],
  companyPools: [] as PassPool[],
});

test.each<[string, string[], boolean, number, string[] | null, string[]]>([
  ['unchanged', ['2026-03-10', '2026-03-11'], false, 0, [], []],
  ['shortened before the start', ['2026-03-10'], false, 0, [], ['firm 2026-03-11']],
  ['cancelled before the start', [], false, 0, [], ['ada 2026-03-10', 'firm 2026-03-11']],
  ['moved before the start, with the pass given back', ['2026-03-11', '2026-03-12'], false, 0, ['ada 2026-03-12'], ['ada 2026-03-10']],
  ['moved before the start, without enough', ['2026-03-12', '2026-03-13'], false, 0, null, []],
  ['shortened after the start', ['2026-03-10'], true, 0, [], []],
  ['cancelled after the start', [], true, 0, [], []],
  ['moved after the start: only the added day', ['2026-03-11', '2026-03-12'], true, 1, ['ada 2026-03-12'], []],
  ['moved after the start, without enough', ['2026-03-11', '2026-03-12'], true, 0, null, []],
])('a booking %s', (_what, after, bookingStarted, free, add, giveBack) => {
  const settled = settleChange({ before, days: after, bookingStarted, payerChanged: false, ...full(free) });
  if (add === null) expect(settled).toEqual({ ok: false, error: 'none-left' });
  else expect(settled.ok && [days(settled.value.add), days(settled.value.giveBack)]).toEqual([add, giveBack]);
});

test('a booking given to somebody else before its start gives every pass back and is charged anew; after it, only added days are charged', () => {
  const given = { before, days: ['2026-03-10', '2026-03-11', '2026-03-12'], payerChanged: true };
  const charged = (bookingStarted: boolean, free: number) => settleChange({ ...given, bookingStarted, ...full(free) });
  const early = charged(false, 2);
  expect(early.ok && [days(early.value.add), days(early.value.giveBack)]).toEqual([
    ['ada 2026-03-10', 'ada 2026-03-11', 'ada 2026-03-12'],
    ['ada 2026-03-10', 'firm 2026-03-11'],
  ]);
  expect(charged(false, 1)).toEqual({ ok: false, error: 'none-left' });
  const late = charged(true, 1);
  expect(late.ok && [days(late.value.add), days(late.value.giveBack)]).toEqual([['ada 2026-03-12'], []]);
});

test('whatever is charged, each day has one pass and no pool gives more than it allows', () => {
  const DAYS = ['2026-03-10', '2026-03-11', '2026-03-12', '2026-04-01'];
  const allowances = fc.record(Object.fromEntries(DAYS.map((day) => [day, fc.nat(4)])));
  const pools = (subscriber: PassPool['subscriber']) =>
    fc
      .record({ used: fc.nat(3), allowed: allowances })
      .map(({ used, allowed }) => ['2026-03', '2026-04'].map((month) => pool(subscriber, used, allowed, month)));
  fc.assert(
    fc.property(fc.subarray(DAYS), pools(OWN), pools(FIRM), (asked, ownPools, companyPools) => {
      const charges = chargesFor({ days: asked, ownPools, companyPools });
      const room = (day: string): number =>
        [...ownPools, ...companyPools]
          .filter((one) => one.month === day.slice(0, 7))
          .reduce((sum, one) => sum + Math.max(0, (one.allowance.get(day) ?? 0) - one.used), 0);
      if (!charges.ok) {
        // Were there room for all of them on each single day, no order of charging could run out.
        expect(Math.min(...asked.map(room))).toBeLessThan(asked.length);
        return;
      }
      expect(charges.value.map((charge) => charge.day)).toEqual(asked.toSorted());
      for (const one of [...ownPools, ...companyPools]) {
        const drawn = charges.value.filter((charge) => charge.subscriber.id === one.subscriber.id && charge.month === one.month);
        const most = Math.max(0, ...drawn.map((charge) => charge.allowance));
        if (drawn.length > 0) expect(one.used + drawn.length).toBeLessThanOrEqual(most);
      }
    }),
  );
});
