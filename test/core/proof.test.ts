import { expect, test } from 'vitest';
import { whatIsInTheWay, type ProofFacts } from '../../src/core/proof.ts';

const NOW = Date.parse('2026-05-05T09:15:00Z');
const MINUTE = 60_000;
const ALWAYS = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00:00', until: '23:59:59', notBefore: null, notAfter: null };
const window = { from: NOW + 15 * MINUTE, until: NOW + 90 * MINUTE };
const fine = { window, obstacle: null };

const facts = (change: Partial<ProofFacts> = {}): ProofFacts => ({
  now: NOW,
  zone: 'Europe/Berlin',
  siteZone: 'Europe/Berlin',
  released: true,
  groupName: 'Meeting room 1',
  group: { locks: 1, schedules: [ALWAYS] },
  people: [fine],
  ...change,
});

test('nothing is in the way where group, site and people are as they must be', () => {
  expect(whatIsInTheWay(facts())).toBeNull();
});

test('the sentence says how many, where, from when and what to do', () => {
  const told = whatIsInTheWay(facts({ people: [fine, { window: { ...window, from: NOW + 5 * MINUTE }, obstacle: 'blocked' }] }));
  expect(told).toBe(
    'Access of 2 people to Meeting room 1 begins at 11:20 on 5 May, and will not open as things stand. ' +
      'At the lock system 1 person had their access blocked: unblock them there.',
  );
});

test.each<[string, Partial<ProofFacts>, RegExp]>([
  ['the group is gone', { group: null }, /gone from the lock system: map another/],
  ['the group has no locks', { group: { locks: 0, schedules: [ALWAYS] } }, /no locks: add some/],
  ['the group has no time schedule', { group: { locks: 1, schedules: [] } }, /no time schedule: give it one/],
  [
    'its hours never meet the window',
    { group: { locks: 1, schedules: [{ ...ALWAYS, from: '18:00:00' }] } },
    /closed all through the access of 1 person/,
  ],
  ['the site is not released', { released: false }, /not released.*installer/],
  ['no seat is free', { people: [{ window, obstacle: 'no-seat' }] }, /No seat is free for 1 person: buy more/],
  ['a seat was taken away', { people: [{ window, obstacle: 'suspended' }] }, /seat taken away: resume/],
  ['somebody is refused', { people: [{ window, obstacle: 'refused' }] }, /refuses 1 person/],
])('it is told what to do when %s', (_, change, expected) => {
  expect(whatIsInTheWay(facts(change))).toMatch(expected);
});

test('hours that meet a part of the window are as the operator likes them', () => {
  expect(whatIsInTheWay(facts({ group: { locks: 1, schedules: [{ ...ALWAYS, until: '11:31:00' }] } }))).toBeNull();
});
