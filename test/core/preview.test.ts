import { expect, test } from 'vitest';
import type { Membership } from '../../src/core/membership.ts';
import { newMembership } from '../../src/core/membership.ts';
import { EFFECTS_MAX, previewOf } from '../../src/core/preview.ts';

const NOW = 1_000_000;
const HOUR = 3_600_000;

const membership = (change: Partial<Membership> = {}): Membership => ({ ...newMembership('m', 'ada', 'room', true), ...change });
const out = membership();
const scheduled = membership({ from: NOW + HOUR, until: NOW + 2 * HOUR });
const inside = membership({ state: 'ACTIVE', wanted: true, from: NOW - HOUR, until: NOW + HOUR });
const over = membership({ state: 'ACTIVE', wanted: false });

test.each([
  ['who was unknown and has access now', null, inside, { change: 'GRANT', at: NOW }],
  ['who was out and is to be in', out, { ...inside, state: 'ABSENT' as const }, { change: 'GRANT', at: NOW }],
  ['who was in and is to be out', inside, over, { change: 'REVOKE', at: NOW }],
  ['what failed and is tried again', { ...inside, retryAt: NOW + HOUR }, { ...inside, retryAt: null }, { change: 'GRANT', at: NOW }],
  ['what is undone there and is mended', over, { ...over, state: 'REVOKING' as const }, { change: 'REVOKE', at: NOW }],
  ['an end that moves', inside, { ...inside, until: NOW + 3 * HOUR }, { change: 'MOVE_END', at: NOW + 3 * HOUR }],
  ['an end that is no more', inside, { ...inside, until: null }, { change: 'MOVE_END', at: null }],
  ['a window that is new', out, scheduled, { change: 'SCHEDULE', at: NOW + HOUR }],
  [
    'a window that moves',
    scheduled,
    { ...scheduled, from: NOW + 2 * HOUR, until: NOW + 3 * HOUR },
    { change: 'SCHEDULE', at: NOW + 2 * HOUR },
  ],
  ['a window that gets longer', scheduled, { ...scheduled, until: NOW + 4 * HOUR }, { change: 'SCHEDULE', at: NOW + HOUR }],
  ['a window that is no more', scheduled, out, { change: 'UNSCHEDULE', at: NOW + HOUR }],
] as const)('%s is one effect', (_what, before, after, effect) => {
  const { effects, counts, held, more } = previewOf(before === null ? [] : [before], [after], [], NOW);
  expect(effects).toEqual([{ memberId: 'ada', accessGroupId: 'room', held: false, ...effect }]);
  expect(counts).toEqual({ REVOKE: 0, GRANT: 0, SCHEDULE: 0, UNSCHEDULE: 0, MOVE_END: 0, [effect.change]: 1 });
  expect([held, more]).toEqual([0, false]);
});

test.each([
  ['who is in and stays in', inside, inside],
  ['a window that stays', scheduled, scheduled],
  ['a later start of access that holds', inside, { ...inside, from: NOW - 2 * HOUR }],
  ['what is not ours to do', null, { ...inside, managed: false }],
] as const)('%s is none', (_what, before, after) => {
  expect(previewOf(before === null ? [] : [before], [after], [], NOW).effects).toEqual([]);
});

test('held removals come first and are counted by themselves, then the others by kind; the first are shown, all are counted', () => {
  const many = Array.from({ length: EFFECTS_MAX + 1 }, (_, index) => ({ ...inside, id: `m${index}`, memberId: `member-${index}` }));
  const revoked = { ...over, id: 'r', memberId: 'ben' };
  const was = { ...inside, id: 'r', memberId: 'ben' };
  const preview = previewOf([was], [...many, revoked], [{ memberId: 'cyd', accessGroupId: 'room' }], NOW);
  expect(preview.effects.slice(0, 3)).toMatchObject([
    { memberId: 'cyd', change: 'REVOKE', held: true },
    { memberId: 'ben', change: 'REVOKE', held: false },
    { memberId: 'member-0', change: 'GRANT' },
  ]);
  expect(preview.effects).toHaveLength(EFFECTS_MAX);
  expect(preview).toMatchObject({ more: true, held: 1, counts: { REVOKE: 1, GRANT: EFFECTS_MAX + 1 } });
});
