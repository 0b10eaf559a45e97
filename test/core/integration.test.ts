import { expect, test } from 'vitest';
import {
  afterEvent,
  mayCall,
  pauseAfterOutage,
  siteProblems,
  type IntegrationEvent,
  type IntegrationState,
} from '../../src/core/integration.ts';

const at = (
  status: IntegrationState['status'],
  statusBefore: IntegrationState['statusBefore'] = null,
  siteHeld = false,
): IntegrationState => ({
  status,
  statusBefore,
  siteHeld,
});

type Row = [string, IntegrationState | null, IntegrationEvent, ReturnType<typeof afterEvent>];

const rows: Row[] = [
  ['a first connect', null, 'connect', at('AUTHORIZING')],
  ['connecting again before consent', at('AUTHORIZING'), 'connect', at('AUTHORIZING')],
  ['connecting again remembers where it began', at('AUTHORIZING', 'CONNECTED', true), 'connect', at('AUTHORIZING', 'CONNECTED', true)],
  ['re-connecting while connected', at('CONNECTED', null, true), 'connect', at('AUTHORIZING', 'CONNECTED', true)],
  [
    're-connecting when reauthorization is needed',
    at('NEEDS_REAUTHORIZATION', null, true),
    'connect',
    at('AUTHORIZING', 'NEEDS_REAUTHORIZATION', true),
  ],
  ['connecting after a disconnect', at('DISCONNECTED'), 'connect', at('AUTHORIZING', 'DISCONNECTED')],
  ['connecting while a site is to be selected', at('SELECTING_SITE'), 'connect', at('AUTHORIZING', 'SELECTING_SITE')],
  ['a first consent', at('AUTHORIZING'), 'consented', at('SELECTING_SITE')],
  ['a consent after a disconnect selects anew', at('AUTHORIZING', 'DISCONNECTED'), 'consented', at('SELECTING_SITE')],
  ['a renewed consent carries on at once', at('AUTHORIZING', 'NEEDS_REAUTHORIZATION', true), 'consented', at('CONNECTED', null, true)],
  ['a first consent refused leaves nothing', at('AUTHORIZING'), 'refused', 'nothing-left'],
  ['a renewed consent refused leads back', at('AUTHORIZING', 'CONNECTED', true), 'refused', at('CONNECTED', null, true)],
  ['a site selected', at('SELECTING_SITE'), 'site-selected', at('CONNECTED', null, true)],
  ['a site selected twice', at('CONNECTED', null, true), 'site-selected', null],
  ['a site selected before consent', at('AUTHORIZING'), 'site-selected', null],
  ['a refresh refused', at('CONNECTED', null, true), 'refresh-refused', at('NEEDS_REAUTHORIZATION', null, true)],
  [
    'a refresh refused during a re-connection',
    at('AUTHORIZING', 'CONNECTED', true),
    'refresh-refused',
    at('AUTHORIZING', 'NEEDS_REAUTHORIZATION', true),
  ],
  ['a refresh refused twice', at('NEEDS_REAUTHORIZATION', null, true), 'refresh-refused', null],
  ['a disconnect', at('CONNECTED', null, true), 'disconnect', at('DISCONNECTED')],
  ['a disconnect half-way', at('SELECTING_SITE'), 'disconnect', at('DISCONNECTED')],
  ['a disconnect twice', at('DISCONNECTED'), 'disconnect', null],
  ['a disconnect of nothing', null, 'disconnect', null],
  ['a consent nobody waits for', at('CONNECTED', null, true), 'consented', null],
];

test.each(rows)('%s', (_name, state, event, expected) => {
  expect(afterEvent(state, event)).toEqual(expected);
});

test('the old tokens work on while a connection is renewed, and only then', () => {
  expect(mayCall(at('CONNECTED', null, true))).toBe(true);
  expect(mayCall(at('AUTHORIZING', 'CONNECTED', true))).toBe(true);
  expect(mayCall(at('AUTHORIZING', 'NEEDS_REAUTHORIZATION', true))).toBe(false);
  expect(mayCall(at('AUTHORIZING'))).toBe(false);
  expect(mayCall(at('DISCONNECTED'))).toBe(false);
});

const site = { timeZone: 'Europe/Berlin', released: true, seatsTotal: 10, seatsUsed: 0 };

test.each([
  [{}, []],
  [{ seatsUsed: 7 }, []],
  [{ seatsUsed: 8 }, ['SEATS_ALMOST_FULL']],
  [{ seatsUsed: 10 }, ['SEATS_FULL']],
  [{ seatsUsed: 12 }, ['SEATS_FULL']],
  [{ seatsTotal: null, seatsUsed: 99 }, []],
  [{ released: false }, ['SITE_NOT_RELEASED']],
  [{ timeZone: 'Europe/Lisbon' }, ['CLOCK_OR_ZONE_MISMATCH']],
  [{ timeZone: null }, []],
])('a site that is %j has the problems %j', (change, codes) => {
  expect([...siteProblems({ ...site, ...change }, 'Europe/Berlin').keys()]).toEqual(codes);
});

test('a pause after an outage grows with how long it lasts, from two seconds to a minute', () => {
  expect(pauseAfterOutage(null, 0)).toBe(2_000);
  expect(pauseAfterOutage(0, 10_000)).toBe(10_000);
  expect(pauseAfterOutage(0, 3_600_000)).toBe(30_000);
});
