import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { vendors } from './vendors/index.ts';

/** The one place that reads the environment. Every variable is described in .env.example. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that is wrong with the environment, a line each. Values are not repeated: some are secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly lines: string[];

  constructor(lines: string[]) {
    super(`The configuration cannot be used:\n${lines.map((line) => `- ${line}`).join('\n')}`);
    this.lines = lines;
  }
}

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const optional = z.string().min(1).optional();

const shape = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  DATABASE_URL: z
    .string({ error: 'is required: postgresql://user:password@host:port/database' })
    .regex(/^postgres(ql)?:\/\//, 'must be a postgresql:// URL'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must be a redis:// or rediss:// URL')
    .optional(),
  PORT: z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  WORKER_METRICS_PORT: z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535).optional(),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  ENCRYPTION_KEYS: list.optional(),
  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  JWT_ISSUER: optional,
  JWT_AUDIENCE: optional,
  OPERATOR_ORG_IDS: list.optional(),
  MOBILE_CLIENT_IDS: list.default(['member-mobile-app']),
  MEMBER_APP_DEEP_LINK: z
    .url({ error: 'must be a URL that the member app opens, e.g. memberapp://digital-key' })
    .refine((url) => !/^(javascript|data|file|blob|vbscript):/i.test(url), 'must be a URL of an app or an https URL')
    .optional(),
  SALTO_KS_ENVIRONMENT: optional,
  SALTO_KS_API_URL: optional,
  SALTO_KS_IDENTITY_URL: optional,
  SALTO_KS_CLIENT_ID: z.string({ error: 'is required: SALTO issues it' }).min(1),
  SALTO_KS_CLIENT_SECRET: optional,
  SALTO_KS_IDP_CLIENT_ID: optional,
  SALTO_KS_IDP_CLIENT_SECRET: optional,
  SALTO_KS_IDP_REDIRECT_URI: optional,
  SALTO_KS_IDP_HINT: optional,
  SCHEDULE_HORIZON_HOURS: z.coerce
    .number({ error: 'must be a number of hours' })
    .min(1, 'must be at least 1')
    .max(720, 'must be at most 720')
    .default(48),
  ACTIVITY_RETENTION_DAYS: z
    .union([z.literal('unlimited'), z.coerce.number().int().min(30).max(36_500)], {
      error: 'must be a whole number of days from 30 to 36500, or unlimited',
    })
    .default(730),
  WEBHOOK_ALLOW_PRIVATE: z.enum(['true', 'false'], { error: 'must be true or false' }).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export type Config = ReturnType<typeof readConfig>;

/** Reads and judges the whole environment. Throws a ConfigError that names every mistake at once. */
export function readConfig(environment: Environment = process.env, localFolder = '.latchkey') {
  // An empty value in an env file means that the variable is not set.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = shape.safeParse(given);
  if (!read.success) throw new ConfigError(read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const env = read.data;
  const production = env.NODE_ENV === 'production';
  const mistakes: string[] = [];
  const saltoKs = readSaltoKs(env, mistakes);
  const idp = readIdp(env, mistakes);
  if (env.JWT_SECRET === undefined && env.JWT_JWKS_URL === undefined && production) {
    mistakes.push('JWT_JWKS_URL or JWT_SECRET is required: without one no token can be verified');
  }
  if (env.ENCRYPTION_KEYS === undefined && production)
    mistakes.push('ENCRYPTION_KEYS is required: comma-separated base64 of 32 bytes each');
  const encryptionKeys = (env.ENCRYPTION_KEYS ?? []).map((key) => Buffer.from(key, 'base64'));
  if (encryptionKeys.some((key) => key.length !== 32))
    mistakes.push('ENCRYPTION_KEYS must be base64 of 32 bytes each, separated by commas');
  if (mistakes.length > 0 || saltoKs === null) throw new ConfigError(mistakes);
  const local = (name: string, make: () => string): string => localSecret(join(localFolder, name), make);
  return {
    production,
    logLevel: env.LOG_LEVEL,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    host: env.HOST,
    port: env.PORT,
    workerMetricsPort: env.WORKER_METRICS_PORT,
    publicUrl: env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`,
    encryptionKeys:
      encryptionKeys.length > 0
        ? encryptionKeys
        : [
            Buffer.from(
              local('encryption-key', () => randomBytes(32).toString('base64')),
              'base64',
            ),
          ],
    jwt: {
      secret:
        env.JWT_SECRET ?? (env.JWT_JWKS_URL === undefined ? local('jwt-secret', () => randomBytes(32).toString('base64url')) : undefined),
      jwksUrl: env.JWT_JWKS_URL,
      issuer: env.JWT_ISSUER,
      audience: env.JWT_AUDIENCE,
    },
    operatorOrgIds: env.OPERATOR_ORG_IDS ?? (production ? [] : ('any' as const)),
    mobileClientIds: env.MOBILE_CLIENT_IDS,
    memberAppDeepLink: env.MEMBER_APP_DEEP_LINK,
    saltoKs,
    idp,
    webhooks: {
      allowHttp: !production,
      allowPrivate: env.WEBHOOK_ALLOW_PRIVATE === undefined ? !production : env.WEBHOOK_ALLOW_PRIVATE === 'true',
    },
    scheduleHorizonMs: env.SCHEDULE_HORIZON_HOURS * 3_600_000,
    activityRetentionMs: env.ACTIVITY_RETENTION_DAYS === 'unlimited' ? null : env.ACTIVITY_RETENTION_DAYS * 86_400_000,
  };
}

type Read = z.output<typeof shape>;

function readSaltoKs(env: Read, mistakes: string[]) {
  const names = {
    environment: 'ENVIRONMENT',
    apiUrl: 'API_URL',
    identityUrl: 'IDENTITY_URL',
    clientId: 'CLIENT_ID',
    clientSecret: 'CLIENT_SECRET',
    idpHint: 'IDP_HINT',
  };
  const read = vendors.SALTO_KS.config.safeParse(
    Object.fromEntries(Object.entries(names).map(([key, name]) => [key, env[`SALTO_KS_${name}` as keyof Read]])),
  );
  if (read.success) return read.data;
  for (const issue of read.error.issues) {
    const [key = ''] = issue.path.map(String);
    mistakes.push(`SALTO_KS_${names[key as keyof typeof names]} ${issue.message}`);
  }
  return null;
}

/** SALTO's identity server as a client of ours: all of it, or none. */
function readIdp(env: Read, mistakes: string[]) {
  const parts = {
    clientId: env.SALTO_KS_IDP_CLIENT_ID,
    clientSecret: env.SALTO_KS_IDP_CLIENT_SECRET,
    redirectUri: env.SALTO_KS_IDP_REDIRECT_URI,
    hint: env.SALTO_KS_IDP_HINT,
  };
  const { clientId, clientSecret, redirectUri, hint } = parts;
  if (clientId !== undefined && clientSecret !== undefined && redirectUri !== undefined && hint !== undefined) {
    return { clientId, clientSecret, redirectUri };
  }
  if (Object.values(parts).some((part) => part !== undefined)) {
    mistakes.push('SALTO_KS_IDP_CLIENT_ID, _CLIENT_SECRET, _REDIRECT_URI and _HINT belong together: set all four, or none');
  }
  return undefined;
}

/** A secret made on first use and kept for this working copy: for development, never for production. */
export function localSecret(file: string, make: () => string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    try {
      writeFileSync(file, `${make()}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Another process was faster: its secret is the one.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(file, 'utf8').trim();
}
