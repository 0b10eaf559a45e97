import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts';
import {
  judgeReply,
  wants,
  webhookBody,
  webhookEvents,
  webhookId,
  webhookSecret,
  type WebhookEvent,
  type WebhookVerdict,
} from '../../src/core/webhooks.ts';

const NOW = Date.UTC(2026, 4, 5, 10);
const row = { locationId: 'l', memberId: 'm', accessGroupId: 'g', at: NOW };

describe('what is told', () => {
  test.each([
    ['ACCESS_GRANTED', {}, [['ACCESS_GRANTED', null, null]]],
    ['ACCESS_REVOKED', {}, [['ACCESS_REVOKED', null, null]]],
    ['ACCESS_DRIFT_FOUND', {}, [['ACCESS_REVOKED', 'DRIFT', null]]],
    ['ACCESS_FAILED', { blockedCause: 'NO_SEAT' as const }, [['ACCESS_BLOCKED', 'NO_SEAT', null]]],
    ['ACCESS_FAILED', { blockedCause: null }, [['ACCESS_BLOCKED', 'RETRYING', null]]],
    ['KEY_ACTIVATED', {}, [['KEY_ACTIVATED', null, null]]],
    ['INTEGRATION_PROBLEM', { problems: [{ code: 'SEATS_FULL', opened: true }] }, [['PROBLEM_OPENED', null, 'SEATS_FULL']]],
    ['INTEGRATION_CONNECTED', { problems: [{ code: 'SEATS_FULL', opened: false }] }, [['PROBLEM_CLOSED', null, 'SEATS_FULL']]],
    ['KEY_AVAILABLE', {}, []],
    ['SETTINGS_CHANGED', {}, []],
    ['UNLOCK_REPORTED', {}, []],
  ])('%s with %o', (type, more, expected) => {
    const events = webhookEvents({ ...row, type, ...more }, 'a');
    expect(events.map((event) => [event.type, event.cause, event.problem])).toEqual(expected);
  });

  test('an empty filter lets everything through, a filled one what it names', () => {
    const event = { type: 'KEY_ACTIVATED' as const, locationId: 'l' };
    expect(wants({ eventTypes: [], locationIds: [] }, event)).toBe(true);
    expect(wants({ eventTypes: ['KEY_ACTIVATED'], locationIds: ['l'] }, event)).toBe(true);
    expect(wants({ eventTypes: ['ACCESS_GRANTED'], locationIds: [] }, event)).toBe(false);
    expect(wants({ eventTypes: [], locationIds: ['other'] }, event)).toBe(false);
  });

  test('the body is made of ids, in the form of Standard Webhooks', () => {
    const [event] = webhookEvents({ ...row, type: 'ACCESS_FAILED', blockedCause: 'NO_SEAT' }, 'a') as [WebhookEvent];
    const externalIds = new Map(Object.entries({ l: 'harbour', m: 'ada', g: 'salto-7' }));
    const body = webhookBody(event, { externalIds, integrationIds: new Map([['l', 'i']]) });
    expect(JSON.parse(body)).toEqual({
      type: 'access.blocked',
      timestamp: '2026-05-05T10:00:00Z',
      data: {
        activity: { id: 'QWN0aXZpdHk6YQ' },
        location: { id: 'TG9jYXRpb246bA', externalId: 'harbour' },
        integration: { id: 'SW50ZWdyYXRpb246aQ' },
        member: { id: 'TWVtYmVyOm0', externalId: 'ada' },
        accessGroup: { id: 'QWNjZXNzR3JvdXA6Zw', externalId: 'salto-7' },
        cause: 'NO_SEAT',
      },
    });
    expect(webhookId('0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000')).toBe('msg_0190aaaabbbb7ccc8dddeeeeffff0000');
    expect(webhookSecret('ab-_')).toBe('whsec_ab+/=');
  });
});

describe('an answer', () => {
  const delivery = { id: 'd', attempts: 1, startedAt: NOW };
  const said = (status: number, retryAt: number | null = null) => ({ ok: true as const, status, retryAt });
  const retried = (verdict: WebhookVerdict): number => {
    if (verdict.kind !== 'retry') throw new Error(verdict.kind);
    return verdict.at;
  };

  test('of 2xx is a delivery, of 410 the end, and any other, or none, a reason to try again', () => {
    for (const status of [200, 202, 204, 299]) expect(judgeReply(said(status), delivery, NOW)).toEqual({ kind: 'delivered' });
    expect(judgeReply(said(410), delivery, NOW)).toMatchObject({ kind: 'failed', gone: true });
    for (const status of [100, 301, 400, 401, 404, 429, 500, 503]) expect(judgeReply(said(status), delivery, NOW).kind).toBe('retry');
    expect(judgeReply({ ok: false, why: 'No answer.' }, delivery, NOW)).toMatchObject({ kind: 'retry', why: 'No answer.' });
  });

  test('that asks for a pause gets it, up to a day', () => {
    expect(judgeReply(said(429, NOW + 10 * MINUTE), delivery, NOW)).toMatchObject({ at: NOW + 10 * MINUTE });
    expect(judgeReply(said(503, NOW + 30 * DAY), delivery, NOW)).toMatchObject({ at: NOW + DAY });
    expect(retried(judgeReply(said(503, NOW - DAY), delivery, NOW))).toBeGreaterThan(NOW);
  });

  test('that never comes is waited for longer and longer, for about three days, and then no more', () => {
    let now = NOW;
    let attempts = 0;
    const waits: number[] = [];
    for (;;) {
      attempts += 1;
      const verdict = judgeReply(said(500), { ...delivery, attempts }, now);
      if (verdict.kind !== 'retry') {
        expect(verdict).toMatchObject({ kind: 'failed', gone: false });
        break;
      }
      waits.push(verdict.at - now);
      now = verdict.at;
    }
    const inWords = [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 20 * HOUR];
    expect(waits.length).toBeGreaterThanOrEqual(inWords.length - 1);
    waits.forEach((wait, index) => expect(Math.abs(wait / (inWords[index] ?? 1) - 1)).toBeLessThanOrEqual(0.1));
    expect(now - NOW).toBeLessThanOrEqual(3 * DAY);
  });

  test('spreads deliveries that failed together, each always in the same way', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 8 }), (id, attempts) => {
        const judged = () => judgeReply(said(500), { id, attempts, startedAt: NOW }, NOW);
        expect(judged()).toEqual(judged());
      }),
    );
    const at = Array.from({ length: 100 }, (_, index) => retried(judgeReply(said(500), { ...delivery, id: `d-${index}` }, NOW)));
    expect(new Set(at).size).toBeGreaterThan(80);
    expect(Math.max(...at) - Math.min(...at)).toBeLessThanOrEqual(SECOND);
  });
});
