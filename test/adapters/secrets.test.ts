import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecrets, SealBroken } from '../../src/adapters/crypto/secrets.ts';

const key = () => randomBytes(32);

test('what was sealed for a row opens for that row, and for no other', () => {
  const secrets = createSecrets([key()]);
  for (const plain of ['', 'a token', 'ünïcödé 🔑', 'x'.repeat(100_000)]) {
    const sealed = secrets.seal(plain, 'mobile_key:1');
    expect(secrets.open(sealed, 'mobile_key:1')).toBe(plain);
    expect(() => secrets.open(sealed, 'mobile_key:2')).toThrow(SealBroken);
    expect(() => secrets.open(sealed, '')).toThrow(SealBroken);
  }
});

test('the same text sealed twice looks different, and shows nothing of itself', () => {
  const secrets = createSecrets([key()]);
  const [one, other] = [secrets.seal('a token', 'row'), secrets.seal('a token', 'row')];
  expect(one).not.toBe(other);
  expect(one).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
  expect(one).not.toContain('a token');
});

test('a changed character anywhere breaks the seal', () => {
  const secrets = createSecrets([key()]);
  const sealed = secrets.seal('a token', 'row');
  for (let at = 0; at < sealed.length; at += 1) {
    const other = sealed[at] === 'A' ? 'Q' : 'A';
    const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
    // The last character of a base64url text may carry bits that mean nothing.
    const parts = (text: string) => text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'));
    const same = sealed.split('.').length === changed.split('.').length && parts(sealed).slice(2).join() === parts(changed).slice(2).join();
    if (same && at > 11) expect(secrets.open(changed, 'row')).toBe('a token');
    else expect(() => secrets.open(changed, 'row'), changed).toThrow(SealBroken);
  }
});

test.each(['', 'v1', 'v1....', 'v2.00000000.a.b.c', 'plain text', 'v1.00000000.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA.AAAA'])(
  'a text that was never sealed is refused: %s',
  (text) => {
    expect(() => createSecrets([key()]).open(text, 'row')).toThrow(SealBroken);
  },
);

test('a tag cut short is refused, however little of it is left to guess', () => {
  const secrets = createSecrets([key()]);
  const [version, id, iv, tag = '', data] = secrets.seal('a token', 'row').split('.');
  for (const length of [0, 4, 8, 12]) {
    const cut = Buffer.from(tag, 'base64url').subarray(0, length).toString('base64url');
    expect(() => secrets.open([version, id, iv, cut, data].join('.'), 'row')).toThrow(SealBroken);
  }
});

test('the error says nothing of the text', () => {
  const [one, other] = [createSecrets([key()]), createSecrets([key()])];
  const sealed = one.seal('a token', 'row');
  try {
    other.open(sealed, 'row');
    expect.unreachable();
  } catch (error) {
    const said = String((error as Error).stack);
    expect(said).not.toContain(sealed);
    expect(said).not.toContain('a token');
    expect((error as Error).cause).toBeUndefined();
  }
});

test('the first key seals and every key opens, so that keys can be rotated', () => {
  const [old, next] = [key(), key()];
  const before = createSecrets([old]).seal('a token', 'row');
  const rotated = createSecrets([next, old]);
  expect(rotated.open(before, 'row')).toBe('a token');
  expect(rotated.isCurrent(before)).toBe(false);
  const after = rotated.seal('a token', 'row');
  expect(rotated.isCurrent(after)).toBe(true);
  expect(createSecrets([next]).open(after, 'row')).toBe('a token');
  expect(() => createSecrets([next]).open(before, 'row')).toThrow(SealBroken);
});

test('no key, or a key of another length, is refused', () => {
  expect(() => createSecrets([])).toThrow('At least one');
  expect(() => createSecrets([randomBytes(16)])).toThrow('32 bytes');
  expect(() => createSecrets([key(), randomBytes(33)])).toThrow('32 bytes');
});

test('ids are UUIDs of version 7 that sort in the order they were made, carry the time, and never repeat', () => {
  const secrets = createSecrets([key()]);
  const before = Date.now();
  const ids = Array.from({ length: 20_000 }, () => secrets.newId());
  expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  const at = Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThan(before + 60_000);
});

test('tokens are 32 random bytes, and hashes are SHA-256, both in base64url', () => {
  const secrets = createSecrets([key()]);
  const tokens = new Set(Array.from({ length: 100 }, () => secrets.newToken()));
  expect(tokens.size).toBe(100);
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(secrets.hash('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});
