// npm run token -- --role admin|service|member --org ID [--sub ID] [--client ID] [--ttl SECONDS] [--location EXTERNAL_ID …]
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { localSecret } from '../config.ts';

/** Signs claims as they are (HS256). `exp` and `iat` are seconds since 1970. */
export function signToken(claims: JWTPayload, secret: string): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret));
}

/** The secret of JWT_SECRET, else the one kept for this working copy, made on first use. */
export function jwtSecret(environment: NodeJS.ProcessEnv, file = resolve('.latchkey/jwt-secret')): string {
  return environment['JWT_SECRET'] || localSecret(file, () => randomBytes(32).toString('base64url'));
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
    console.log(await signToken(claimsOf(process.argv.slice(2), process.env, Date.now()), jwtSecret(process.env)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
