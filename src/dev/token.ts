// npm run token -- --role admin|service|member --org ID [--sub ID] [--client ID] [--ttl SECONDS] [--location EXTERNAL_ID …]
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';

/** Signs claims as they are (HS256). `exp` and `iat` are seconds since 1970. */
export function signToken(claims: JWTPayload, secret: string): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret));
}

/** The secret of JWT_SECRET, else the one kept for this working copy, made on first use. */
export function localSecret(environment: NodeJS.ProcessEnv, file = resolve('.latchkey/jwt-secret')): string {
  const given = environment['JWT_SECRET'];
  if (given) return given;
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    try {
      writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Somebody was faster: theirs is the secret.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(file, 'utf8').trim();
}

const USAGE = 'npm run token -- --role admin|service|member --org ID [--sub ID] [--client ID] [--ttl SECONDS] [--location EXTERNAL_ID …]';
const DEFAULTS: Record<string, { sub: string; client: string }> = {
  admin: { sub: 'admin', client: 'back-office' },
  service: { sub: 'booking-platform', client: 'booking-platform' },
  member: { sub: 'member', client: 'member-mobile-app' },
};

/** Claims of a local token. Throws a sentence for the person at the keyboard. */
export function claimsOf(args: readonly string[], environment: NodeJS.ProcessEnv, now: number): JWTPayload {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { role: text, org: text, sub: text, client: text, ttl: { ...text, default: '3600' }, location: { ...text, multiple: true } },
  });
  const { role = '', org, location } = values;
  const defaults = DEFAULTS[role];
  if (!defaults || !org) throw new Error(`Usage: ${USAGE}`);
  const ttl = Number(values.ttl);
  if (!Number.isSafeInteger(ttl)) throw new Error('--ttl is a whole number of seconds.');
  const seconds = Math.floor(now / 1000);
  return {
    sub: values.sub ?? defaults.sub,
    org_id: org,
    roles: [role],
    client_id: values.client ?? defaults.client,
    ...(location ? { location_ids: location } : {}),
    ...(environment['JWT_ISSUER'] ? { iss: environment['JWT_ISSUER'] } : {}),
    ...(environment['JWT_AUDIENCE'] ? { aud: environment['JWT_AUDIENCE'] } : {}),
    iat: seconds,
    exp: seconds + ttl,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(await signToken(claimsOf(process.argv.slice(2), process.env, Date.now()), localSecret(process.env)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
