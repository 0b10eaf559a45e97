import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isTimeZone, WEEKDAYS } from './local-time.ts';
import { ROLE_CODES } from './roles.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'must be HH:MM or HH:MM:SS');
const localDate = z.string().regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$/, 'must be YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS');

/** 'always', or days and hours on the wall clock of the site, optionally between two local dates. */
export const scheduleSchema = z.union([
  z.literal('always'),
  z.strictObject({
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .default([...WEEKDAYS]),
    startTime: time.default('00:00:00'),
    endTime: time.default('23:59:59'),
    startDate: localDate.nullable().default(null),
    endDate: localDate.nullable().default(null),
  }),
]);

export const timeZoneSchema = z.string().refine(isTimeZone, 'must be an IANA time zone');

/** A person with a KS profile, who can sign in when a password is given. */
export const accountSchema = z.strictObject({
  email: z.email(),
  password: z.string().optional(),
  firstName: z.string(),
  lastName: z.string(),
});

/** An application registered at the identity server; without a secret it is a public client and must use PKCE. */
export const clientSchema = z.strictObject({
  id: z.string().min(1),
  secret: z.string().optional(),
  // Exact; where the port of a loopback host is written as an asterisk, every port is meant.
  redirectUris: z.array(z.string()).default([]),
  postLogoutRedirectUris: z.array(z.string()).default([]),
  grantTypes: z.array(z.enum(['authorization_code', 'refresh_token', 'password'])).default(['authorization_code', 'refresh_token']),
  scopes: z.array(z.string()).default(['openid', 'profile', 'offline_access', 'user_api.full_access']),
});

/** Somebody else's OpenID provider trusted by the identity server; looked up when first needed. */
export const partnerSchema = z
  .strictObject({
    /** As in `acr_values=idp:HINT`. */
    hint: z.string().min(1),
    issuer: z.url().optional(),
    authorizationEndpoint: z.url().optional(),
    tokenEndpoint: z.url().optional(),
    userinfoEndpoint: z.url().optional(),
    clientId: z.string(),
    clientSecret: z.string(),
    responseMode: z.enum(['query', 'form_post']).default('query'),
  })
  .refine(
    (partner) => partner.issuer ?? (partner.authorizationEndpoint && partner.tokenEndpoint && partner.userinfoEndpoint),
    'needs issuer, or all of authorizationEndpoint, tokenEndpoint, userinfoEndpoint',
  );

const personSchema = z.strictObject({
  /** Of an account, or of somebody invited who has no profile yet. */
  email: z.email(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  roles: z.array(z.enum(ROLE_CODES)).min(1).default(['site_user']),
  blocked: z.boolean().default(false),
  suspended: z.boolean().default(false),
});

const doorSchema = z.strictObject({
  name: z.string().min(1),
  lockType: z.string().default('wall_reader'),
  online: z.boolean().default(true),
});

const groupSchema = z.strictObject({
  name: z.string().min(1),
  /** Names of doors. */
  doors: z.array(z.string()).default([]),
  schedules: z.array(scheduleSchema).default([]),
  /** E-mail addresses of people of the site. */
  members: z.array(z.email()).default([]),
});

export const siteSchema = z.strictObject({
  name: z.string().min(1),
  siteUid: z.string().optional(),
  countryCode: z.string().length(2).default('DE'),
  timeZone: timeZoneSchema,
  seats: z.int().min(0).default(50),
  released: z.boolean().default(true),
  mkeyCompatible: z.boolean().default(true),
  people: z.array(personSchema).default([]),
  doors: z.array(doorSchema).default([]),
  groups: z.array(groupSchema).default([]),
});

export const scenarioSchema = z.strictObject({
  accounts: z.array(accountSchema),
  clients: z.array(clientSchema),
  partners: z.array(partnerSchema).default([]),
  sites: z.array(siteSchema),
  /** Set at the start, and again by a reset. */
  switches: z.record(z.string(), z.unknown()).default({}),
});

/** As written in JSON: what has a default may be left out. */
export type Scenario = z.input<typeof scenarioSchema>;
export type WholeScenario = z.output<typeof scenarioSchema>;
export type SiteScenario = z.output<typeof siteSchema>;
export type Client = z.output<typeof clientSchema>;
export type Partner = z.output<typeof partnerSchema>;
export type ScheduleScenario = z.output<typeof scheduleSchema>;

/** @throws Error from the file system, SyntaxError, ZodError */
export function readScenario(file: string | URL): WholeScenario {
  return scenarioSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function harbour(): WholeScenario {
  return readScenario(new URL('./scenarios/harbour.json', import.meta.url));
}
