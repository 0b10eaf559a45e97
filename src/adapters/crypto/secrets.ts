import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Secrets } from '../../ports/secrets.ts';

/** A sealed text that is broken, was sealed for something else, or under a key that is not known. Says nothing of its content. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';

  constructor() {
    super('A sealed value cannot be opened: it is broken, of another row, or sealed with a key that is no longer known.');
  }
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

const VERSION = 'v1';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * `keys`: 32 bytes each; the first seals, all of them open (rotation: put the new one in front). A sealed text is
 * `v1.‹key id›.‹iv›.‹tag›.‹data›`, the last three base64url.
 */
export function createSecrets(keys: readonly Buffer[]): Secrets {
  const known = keys.map(named);
  const [current] = known;
  if (current === undefined) throw new Error('At least one encryption key is needed.');
  return {
    newId: uuidV7,
    newToken: () => randomBytes(32).toString('base64url'),
    hash: (value) => createHash('sha256').update(value).digest('base64url'),
    seal: (plain, boundTo) => seal(current, plain, boundTo),
    open: (sealed, boundTo) => open(known, sealed, boundTo),
    isCurrent: (sealed) => sealed.startsWith(`${VERSION}.${current.id}.`),
  };
}

function named(bytes: Buffer): Key {
  if (bytes.length !== KEY_BYTES) throw new Error(`An encryption key has ${KEY_BYTES} bytes.`);
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

function seal(key: Key, plain: string, boundTo: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(boundTo));
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return [VERSION, key.id, ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'))].join('.');
}

function open(keys: readonly Key[], sealed: string, boundTo: string): string {
  const [version, keyId, ...parts] = sealed.split('.');
  const key = keys.find(({ id }) => id === keyId);
  const [iv, tag, data] = parts.map((part) => Buffer.from(part, 'base64url'));
  if (version !== VERSION || key === undefined || parts.length !== 3 || iv?.length !== IV_BYTES || tag?.length !== TAG_BYTES || !data) {
    throw new SealBroken();
  }
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch {
    throw new SealBroken();
  }
}

const MAX_COUNTER = 0xfff;
let lastMs = 0;
let counter = 0;

/** RFC 9562, with a counter behind the millisecond (method 1), so that ids made one after another by a process sort in that order. */
function uuidV7(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (counter < MAX_COUNTER) {
    counter += 1;
  } else {
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  // The variant and what is random, of a random UUID: Node draws those in stock, and so ten times as fast as bytes for each.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${randomUUID().slice(19)}`;
}
