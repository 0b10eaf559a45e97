import { expect, test } from 'vitest';
import { emailKey, InputCheck, TEXT_LENGTH_MAX } from '../../src/core/input.ts';

const issueOf = (check: (input: InputCheck) => unknown): string | null => {
  const input = new InputCheck();
  check(input);
  const [issue] = input.error?.issues ?? [];
  return issue === undefined ? null : `${issue.path.join('.')}: ${issue.message}`;
};

test.each(['ann@example.com', 'a.b+c@mail.example.com', 'ANN@EXAMPLE.COM', "o'hara@example.com"])(
  '%s is taken as an e-mail address',
  (email) => {
    expect(issueOf((input) => input.email(['email'], email))).toBeNull();
  },
);

test.each([
  '',
  'ann',
  'ann@',
  '@example.com',
  'ann@example',
  'ann@@example.com',
  'ann lee@example.com',
  'Ann <ann@example.com>',
  'a@b..com',
  'an\u0000n@example.com',
  'an\ud800n@example.com',
  `${'a'.repeat(250)}@example.com`,
])('"%s" is refused as an e-mail address, with how to mend it', (email) => {
  expect(issueOf((input) => input.email(['email'], email))).toBe('email: Must be an e-mail address, like name@example.com.');
});

test('a text must say something, in bounds, without what cannot be stored as it is', () => {
  expect(issueOf((input) => input.text(['name'], '  '))).toBe('name: Must not be empty.');
  expect(issueOf((input) => input.text(['name'], 'x'.repeat(TEXT_LENGTH_MAX)))).toBeNull();
  expect(issueOf((input) => input.text(['name'], 'x'.repeat(TEXT_LENGTH_MAX + 1)))).toContain('at most 200 characters');
  expect(issueOf((input) => input.text(['name'], 'a\u0000b'))).toContain('control characters');
  expect(issueOf((input) => input.text(['name'], 'a\ud800b'))).toContain('halves of characters');
  expect(issueOf((input) => input.text(['name'], 'Zoë’s Café'))).toBeNull();
});

test.each([Number.NaN, Date.UTC(2101, 0, 1), Date.UTC(1899, 11, 31)])(
  'an instant that does not exist or is out of range is refused: %s',
  (at) => {
    expect(issueOf((input) => input.instant(['at'], at))).toContain('Must be an instant that exists');
  },
);

test('the last instant of 2100 and no instant at all are taken', () => {
  expect(issueOf((input) => input.instant(['at'], Date.UTC(2100, 11, 31, 23, 59, 59, 999)))).toBeNull();
  expect(issueOf((input) => input.instant(['at'], null))).toBeNull();
});

test.each(['2026-02-30', '2101-01-01', '26-1-1'])('a day that does not exist is refused: %s', (day) => {
  expect(issueOf((input) => input.day(['startsOn'], day))).toContain('Must be a day that exists');
});

test('a public key must be of P-256, as SPKI DER in base64', () => {
  const key = `MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE${'A'.repeat(86)}==`;
  expect(issueOf((input) => input.publicKey(['device', 'publicKey'], key))).toBeNull();
  expect(issueOf((input) => input.publicKey(['device', 'publicKey'], key.slice(1)))).toContain('device.publicKey');
  expect(issueOf((input) => input.publicKey(['device', 'publicKey'], key.replace('MFkw', 'MFow')))).toContain('P-256');
});

test.each([-1, 1.5, 1441, Number.NaN])('%s is no whole number of minutes within a day', (value) => {
  expect(issueOf((input) => input.whole(['beforeMinutes'], value, 0, 1440))).toBe('beforeMinutes: Must be a whole number from 0 to 1440.');
});

test('all issues are told at once, with paths below the input', () => {
  const input = new InputCheck();
  input.text(['items', 0, 'externalId'], '');
  input.timeZone(['timeZone'], 'Mars/Olympus');
  expect(input.error?.issues.map(({ path }) => path)).toEqual([['items', '0', 'externalId'], ['timeZone']]);
});

test('addresses that differ in case only are one', () => {
  expect(emailKey(' Ann@Example.COM ')).toBe('ann@example.com');
});
