const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export interface NodeId {
  readonly type: string;
  readonly id: string;
}

/** The global id of a node: base64url of `Type:id`. */
export function encodeNodeId(type: string, id: string): string {
  return base64url(utf8(`${type}:${id}`));
}

/** The type and id of a text made by `encodeNodeId`, else null. Never throws, whatever the text. */
export function decodeNodeId(text: string): NodeId | null {
  const bytes = fromBase64url(text);
  const plain = bytes === null ? null : fromUtf8(bytes);
  if (plain === null) return null;
  const match = /^([A-Za-z][A-Za-z0-9]*):(.+)$/s.exec(plain);
  if (match === null) return null;
  const [, type = '', id = ''] = match;
  // Several texts decode to the same bytes; only the canonical one is an id.
  return encodeNodeId(type, id) === text ? { type, id } : null;
}

/** Whether a text may be asked of a uuid column. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** What a digital key is named by: one state per location, viewer and phone. */
export interface DigitalKeyParts {
  readonly locationId: string;
  /** The member's id; for a viewer who is no member, the token's subject. */
  readonly viewer: { readonly kind: 'member' | 'subject'; readonly id: string };
  readonly deviceUid: string | null;
}

/** The id to give to `encodeNodeId('DigitalKey', …)`. */
export function digitalKeyId(parts: DigitalKeyParts): string {
  return JSON.stringify([parts.locationId, parts.viewer.kind, parts.viewer.id, parts.deviceUid]);
}

export function digitalKeyParts(id: string): DigitalKeyParts | null {
  let fields: unknown;
  try {
    fields = JSON.parse(id);
  } catch {
    return null;
  }
  if (!Array.isArray(fields) || fields.length !== 4) return null;
  const [locationId, kind, viewerId, deviceUid] = fields as unknown[];
  if (typeof locationId !== 'string' || typeof viewerId !== 'string') return null;
  if (kind !== 'member' && kind !== 'subject') return null;
  if (deviceUid !== null && typeof deviceUid !== 'string') return null;
  return { locationId, viewer: { kind, id: viewerId }, deviceUid };
}

function base64url(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.slice(at, at + 3);
    const bits = ((group[0] ?? 0) << 16) | ((group[1] ?? 0) << 8) | (group[2] ?? 0);
    for (let place = 0; place <= group.length; place += 1) text += ALPHABET.charAt((bits >> (18 - 6 * place)) & 63);
  }
  return text;
}

function fromBase64url(text: string): number[] | null {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
    }
  }
  return bytes;
}

function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return bytes;
}

function fromUtf8(bytes: readonly number[]): string | null {
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return null;
  }
}
