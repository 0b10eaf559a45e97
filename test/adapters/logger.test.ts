import { expect, test } from 'vitest';
import { createLogger } from '../../src/adapters/logger.ts';

function recording(level: 'debug' | 'info' | 'silent') {
  const lines: string[] = [];
  const log = createLogger({ level, stream: { write: (line) => void lines.push(line) } });
  return { log, lines, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('an entry is one line of JSON with its level, instant, fields and message, and those of its parents', () => {
  const { log, lines, entries } = recording('info');
  log.child({ job: 'grant' }).child({ orgId: 'o1' }).info({ steps: 3 }, 'reconciled');
  log.debug({}, 'unheard');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/\n$/);
  expect(entries()[0]).toEqual({
    ...{ level: 'info', job: 'grant', orgId: 'o1', steps: 3, msg: 'reconciled' },
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
  });
});

test('every level is written under its own name, from the one asked for up', () => {
  const { log, entries } = recording('debug');
  log.debug({}, 'a');
  log.info({}, 'b');
  log.warn({}, 'c');
  log.error({}, 'd');
  expect(entries().map(({ level, msg }) => [level, msg])).toEqual([
    ['debug', 'a'],
    ['info', 'b'],
    ['warn', 'c'],
    ['error', 'd'],
  ]);
  const silent = recording('silent');
  silent.log.error({}, 'x');
  expect(silent.lines).toEqual([]);
});

test('what bears the name of a secret or of a person’s data is never written, at the top, one level down, or of a child', () => {
  const { log, lines } = recording('info');
  const secrets = {
    token: 's3cret',
    refreshToken: 's3cret',
    authorization: 's3cret',
    mobileKey: 's3cret',
    email: 's3cret',
    'set-cookie': 's3cret',
  };
  log.info({ ...secrets, request: secrets }, 'told too much');
  log.child({ accessToken: 's3cret', input: { firstName: 's3cret' } }).info({ pin: 's3cret' }, 'again');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).not.toContain('s3cret');
  expect(lines[0]).toContain('[redacted]');
});

test('of an error only its kind, message, code and stack are written, not what a library attached to it', () => {
  const { log, lines, entries } = recording('info');
  const error = Object.assign(new TypeError('fetch failed'), {
    code: 'ECONNREFUSED',
    meta: { parameters: ['s3cret'] },
    cause: new Error('s3cret'),
  });
  log.error({ err: error }, 'job failed');
  log.error({ err: 'a text' }, 'job failed');
  expect(entries()[0]?.['err']).toEqual({ type: 'TypeError', message: 'fetch failed', code: 'ECONNREFUSED', stack: error.stack });
  expect(entries()[1]?.['err']).toEqual({ message: 'a text' });
  expect(lines.join('')).not.toContain('s3cret');
});
