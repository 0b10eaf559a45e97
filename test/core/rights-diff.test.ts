import { expect, test } from 'vitest';
import { diffRights, type FoundedRight, type OpenRight, type RightsDiff } from '../../src/core/rights.ts';

const at = (text: string): number => Date.parse(`2026-${text}Z`);
const NOON = at('03-10T12:00');
const NOTHING: RightsDiff = { close: [], withdraw: [], move: [], add: [] };

const right = (from: string, until: string | null, change: Partial<FoundedRight> = {}): FoundedRight => ({
  source: { kind: 'booking', id: 'b1' },
  memberId: 'ada',
  accessGroupId: 'front',
  reason: 'ROOM_BOOKING',
  startsAt: at(`03-10T${from}`),
  endsAt: until === null ? null : at(`03-10T${until}`),
  ...change,
});
const stored = (from: string, until: string | null, change: Partial<FoundedRight> = {}): OpenRight => ({
  id: 'r1',
  ...right(from, until, change),
});

test.each<[string, FoundedRight[], OpenRight[], Partial<RightsDiff>]>([
  ['a new right is added', [right('13:00', '14:00')], [], { add: [right('13:00', '14:00')] }],
  ['a right that runs already is added with its own start', [right('11:00', '14:00')], [], { add: [right('11:00', '14:00')] }],
  ['a right that is over already is not added', [right('10:00', '12:00')], [], {}],
  ['what is stored as founded stays', [right('13:00', '14:00')], [stored('13:00', '14:00')], {}],
  [
    'a right to come gets its new window',
    [right('15:00', '16:00')],
    [stored('13:00', '14:00')],
    { move: [{ id: 'r1', startsAt: at('03-10T15:00'), endsAt: at('03-10T16:00') }] },
  ],
  [
    'a right to come may begin at this instant',
    [right('12:00', '14:00')],
    [stored('13:00', '14:00')],
    { move: [{ id: 'r1', startsAt: NOON, endsAt: at('03-10T14:00') }] },
  ],
  [
    'a right to come whose window is moved over the present is a new right: it was not there before',
    [right('11:00', '14:00')],
    [stored('13:00', '14:00')],
    { withdraw: [{ id: 'r1', why: 'It was moved to an earlier time.' }], add: [right('11:00', '14:00')] },
  ],
  [
    'a right to come that is moved into the past is withdrawn',
    [right('09:00', '10:00')],
    [stored('13:00', '14:00')],
    { withdraw: [{ id: 'r1', why: 'It was moved to an earlier time.' }] },
  ],
  [
    'a running right keeps its start and gets its new end',
    [right('11:30', '18:00')],
    [stored('11:00', '14:00')],
    { move: [{ id: 'r1', startsAt: at('03-10T11:00'), endsAt: at('03-10T18:00') }] },
  ],
  ['a running right whose start alone changes stays', [right('10:00', '14:00')], [stored('11:00', '14:00')], {}],
  [
    'a running right without end is cut',
    [right('11:00', '13:00')],
    [stored('11:00', null)],
    { move: [{ id: 'r1', startsAt: at('03-10T11:00'), endsAt: at('03-10T13:00') }] },
  ],
  [
    'a running right whose end is moved into the past ends now',
    [right('11:00', '11:30')],
    [stored('11:00', '14:00')],
    { move: [{ id: 'r1', startsAt: at('03-10T11:00'), endsAt: NOON }] },
  ],
  [
    'a right that begins at this instant and is cut at it is withdrawn',
    [right('11:00', '11:30')],
    [stored('12:00', '14:00')],
    { withdraw: [{ id: 'r1', why: 'It ended as it began.' }] },
  ],
  [
    'a running right moved wholly into the future is withdrawn and scheduled anew',
    [right('15:00', '16:00')],
    [stored('11:00', '14:00')],
    { withdraw: [{ id: 'r1', why: 'It was moved to a later time.' }], add: [right('15:00', '16:00')] },
  ],
  ['a right that is over is left alone when its facts shrink', [right('11:00', '11:30')], [stored('11:00', '12:00')], {}],
  ['a right that is over is left alone when its facts vanish', [], [stored('11:00', '12:00')], {}],
  [
    'a right that is over and comes back is closed as it was, and a new one added',
    [right('11:00', '18:00')],
    [stored('11:00', '12:00')],
    { close: ['r1'], add: [right('11:00', '18:00')] },
  ],
  [
    'a cancelled booking is withdrawn',
    [],
    [stored('11:00', '14:00')],
    { withdraw: [{ id: 'r1', why: 'The booking was cancelled, or its resource has no access group any more.' }] },
  ],
  [
    'a right to come is withdrawn as well',
    [],
    [stored('13:00', '14:00', { source: { kind: 'item', id: 'i1' } })],
    { withdraw: [{ id: 'r1', why: 'The subscription item no longer gives this access.' }] },
  ],
  [
    'another group is another right',
    [right('11:00', '14:00', { accessGroupId: 'office' })],
    [stored('11:00', '14:00')],
    { withdraw: [{ id: 'r1', why: 'The access group was changed.' }], add: [right('11:00', '14:00', { accessGroupId: 'office' })] },
  ],
  [
    'somebody who is no longer invited is withdrawn, the others stay',
    [right('11:00', '14:00')],
    [stored('11:00', '14:00'), { ...stored('11:00', '14:00', { memberId: 'ben' }), id: 'r2' }],
    { withdraw: [{ id: 'r2', why: 'The person is no longer part of the booking.' }] },
  ],
  [
    'somebody who left the company is withdrawn',
    [right('11:00', null, { source: { kind: 'item', id: 'i1' } })],
    [
      stored('11:00', null, { source: { kind: 'item', id: 'i1' } }),
      { ...stored('11:00', null, { source: { kind: 'item', id: 'i1' }, memberId: 'ben' }), id: 'r2' },
    ],
    { withdraw: [{ id: 'r2', why: 'The person left the company.' }] },
  ],
  [
    'a booker who becomes a guest has a new right',
    [right('12:00', '14:00', { reason: 'ROOM_INVITATION' })],
    [stored('11:00', '14:00')],
    {
      withdraw: [{ id: 'r1', why: 'The booking is now made by somebody else.' }],
      add: [right('12:00', '14:00', { reason: 'ROOM_INVITATION' })],
    },
  ],
])('%s', (_what, founded, open, diff) => {
  expect(diffRights(founded, open, NOON)).toEqual({ ...NOTHING, ...diff });
});
