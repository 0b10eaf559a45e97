import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeNodeId, digitalKeyId, digitalKeyParts, encodeNodeId, isUuid } from '../../src/core/ids.ts';

test('a node id is the base64url of type and id', () => {
  expect(encodeNodeId('Member', '0198f0a0-0000-7000-8000-000000000001')).toBe(
    Buffer.from('Member:0198f0a0-0000-7000-8000-000000000001').toString('base64url'),
  );
});

test('any id comes back as it was, as Node would encode it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), (id) => {
      expect(encodeNodeId('DigitalKey', id)).toBe(Buffer.from(`DigitalKey:${id}`).toString('base64url'));
      expect(decodeNodeId(encodeNodeId('DigitalKey', id))).toEqual({ type: 'DigitalKey', id });
    }),
  );
});

test('half a character becomes a replacement character, as elsewhere in the world', () => {
  expect(encodeNodeId('Lock', '\ud800')).toBe(Buffer.from('Lock:\ufffd').toString('base64url'));
});

test('no text makes decoding throw, and what decodes is what was encoded', () => {
  const bytes = fc.uint8Array().map((some) => Buffer.from(some).toString('base64url'));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), bytes), (text) => {
      const decoded = decodeNodeId(text);
      if (decoded !== null) expect(encodeNodeId(decoded.type, decoded.id)).toBe(text);
    }),
  );
});

test.each([
  ['', 'nothing'],
  ['TWVtYmVyOjE=', 'padding'],
  ['TWVtYmVyOj', 'an id cut off'],
  [Buffer.from('Member:').toString('base64url'), 'no id'],
  [Buffer.from(':1').toString('base64url'), 'no type'],
  [Buffer.from('Member').toString('base64url'), 'no colon'],
  [Buffer.from('Mem ber:1').toString('base64url'), 'a type that is none'],
  ['TWVtYmVyOjF', 'spare bits set'],
  ['/+/+', 'the other alphabet'],
  ['_____w', 'bytes that are no text'],
])('%j is no node id: %s', (text) => {
  expect(decodeNodeId(text)).toBeNull();
});

test.each([
  { locationId: 'l', viewer: { kind: 'member', id: 'm' }, deviceUid: null },
  { locationId: 'l', viewer: { kind: 'subject', id: 'a "b", c' }, deviceUid: 'phone:1/ü' },
] as const)('the id of a digital key gives its parts back: %j', (parts) => {
  expect(digitalKeyParts(digitalKeyId(parts))).toEqual(parts);
});

test.each([
  '',
  '{}',
  '[]',
  '["l","member","m"]',
  '["l","guest","m",null]',
  '["l","member",1,null]',
  '[1,"member","m",null]',
  '["l","member","m",4]',
])('%s is no digital key', (id) => {
  expect(digitalKeyParts(id)).toBeNull();
});

test('only a uuid may be asked of a uuid column', () => {
  expect(isUuid('0198f0a0-0000-7000-8000-00000000000A')).toBe(true);
  const short = '0198f0a0-0000-7000-8000-00000000000';
  const others = ['', '1', short, `${short}g`, ` ${short}1`, `${short}1\n`];
  expect(others.filter(isUuid)).toEqual([]);
});
