import { z } from 'zod';

/** How often a fault strikes: the next N matching calls, or a share of them drawn from the seed. */
const next = { next: z.int().min(1) };
const rate = { rate: z.number().min(0).max(1) };
const errorStatus = z.int().min(400).max(599).default(500);
const milliseconds = z.int().min(0);

const schemas = {
  /** The API answers 503 to everything. */
  apiOutage: z.boolean(),
  /** The identity server answers 404 to everything. */
  identityOutage: z.boolean(),
  /** Wait before a call is performed. */
  latencyMs: milliseconds,
  /** Calls beyond this number wait in line. */
  maxConcurrentCalls: z.int().min(1).nullable(),
  /** 429 with Retry-After: beyond `calls` per window, or as `next`/`rate` say. */
  rateLimit: z
    .union([
      z.strictObject({ calls: z.int().min(0), windowMs: z.int().min(1), retryAfterSeconds: z.int().min(0).default(1) }),
      z.strictObject({ ...next, retryAfterSeconds: z.int().min(0).default(1) }),
      z.strictObject({ ...rate, retryAfterSeconds: z.int().min(0).default(1) }),
    ])
    .nullable(),
  /** The call is performed, then the connection is cut. */
  loseAnswers: z.union([z.strictObject(next), z.strictObject(rate)]).nullable(),
  /** No answer at all: `performed` says whether the call still took effect. */
  hang: z
    .union([
      z.strictObject({ ...next, performed: z.boolean().default(false) }),
      z.strictObject({ ...rate, performed: z.boolean().default(false) }),
    ])
    .nullable(),
  /** Error status instead of the answer. */
  errors: z
    .union([
      z.strictObject({ ...next, status: errorStatus, performed: z.boolean().default(false) }),
      z.strictObject({ ...rate, status: errorStatus, performed: z.boolean().default(false) }),
    ])
    .nullable(),
  /** Seats of a site, in place of the scenario's. */
  seats: z.int().min(0).nullable(),
  /** How long a new person is unknown to groups and PINs. */
  consistencyDelayMs: milliseconds,
  /** How long a deleted person still answers to GET. */
  deleteDelayMs: milliseconds,
  /** By how much lists of group members lag behind. */
  lateGroupReadsMs: milliseconds,
  /** How long a changed membership, or schedule, needs to reach the lock. */
  memberReachesLockMs: milliseconds,
  scheduleReachesLockMs: milliseconds,
  /** PATCH of group members: see README for each value. */
  batch: z.enum(['ok', 'partial', 'skip', 'refused_400', 'refused_405']),
  batchLimit: z.int().min(1),
  duplicateAdd: z.union([z.literal('ok'), z.literal(400), z.literal(409)]),
  absentRemove: z.union([z.literal('ok'), z.literal(404), z.literal(400)]),
  refreshReuse: z.enum(['revoke_family', 'refuse', 'accept']),
  tokenTtlSeconds: z.int().min(1),
  refreshTokenTtlSeconds: z.int().min(1).nullable(),
  mkeyTtlSeconds: z.int().min(1),
  devicesPerPerson: z.int().min(1).nullable(),
  /** Whether `login_hint` travels on to a partner's OpenID provider. */
  forwardLoginHint: z.boolean(),
  /** Where a failed federated sign-in ends: at the application, or at a page of the identity server. */
  federationErrors: z.enum(['redirect', 'page']),
  /** Whether the return from a partner needs the cookie set on the way out. */
  correlationCookie: z.boolean(),
  rolesPerSite: z.boolean(),
  sitesShape: z.enum(['array', 'items']),
  createUserStatus: z.union([z.literal(200), z.literal(201)]),
  patchShowsNoRoles: z.boolean(),
  subscribeOnlyWithMeans: z.boolean(),
  filterIgnoresCase: z.boolean(),
  radio: z.enum(['normal', 'out_of_range', 'unknown_result']),
} as const;

export type SwitchName = keyof typeof schemas;
export type SwitchValue<N extends SwitchName> = z.output<(typeof schemas)[N]>;

const DEFAULTS: { readonly [N in SwitchName]: SwitchValue<N> } = {
  apiOutage: false,
  identityOutage: false,
  latencyMs: 0,
  maxConcurrentCalls: null,
  rateLimit: null,
  loseAnswers: null,
  hang: null,
  errors: null,
  seats: null,
  consistencyDelayMs: 0,
  deleteDelayMs: 0,
  lateGroupReadsMs: 0,
  memberReachesLockMs: 0,
  scheduleReachesLockMs: 0,
  batch: 'ok',
  batchLimit: 100,
  duplicateAdd: 'ok',
  absentRemove: 'ok',
  refreshReuse: 'revoke_family',
  tokenTtlSeconds: 3600,
  refreshTokenTtlSeconds: null,
  mkeyTtlSeconds: 31 * 86_400,
  devicesPerPerson: null,
  forwardLoginHint: true,
  federationErrors: 'redirect',
  correlationCookie: false,
  rolesPerSite: false,
  sitesShape: 'array',
  createUserStatus: 201,
  patchShowsNoRoles: true,
  subscribeOnlyWithMeans: false,
  filterIgnoresCase: true,
  radio: 'normal',
};

export type Part = 'api' | 'identity';

/** What a rule is held against: a call, or (at the locks) a site alone. */
export interface Where {
  part: Part;
  method?: string;
  /** Path with version and query. */
  path?: string;
  site?: string;
}

const limits = z.strictObject({
  value: z.unknown(),
  part: z.enum(['api', 'identity']).optional(),
  site: z.string().optional(),
  method: z.string().optional(),
  path: z.string().refine(isRegExp, 'must be a regular expression').optional(),
});

function isRegExp(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** One setting of one switch, for the calls it is limited to. Faults are for the API alone unless `part` says otherwise. */
export interface Rule<V> {
  value: V;
  part?: Part | undefined;
  site?: string | undefined;
  method?: string | undefined;
  path?: string | undefined;
}

type Rules = { [N in SwitchName]?: Rule<SwitchValue<N>>[] };

/** Switches strike at random from here only, so that a run can be repeated from its seed. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const DEFAULT_SEED = 1;

const FAULTS: readonly SwitchName[] = ['latencyMs', 'maxConcurrentCalls', 'rateLimit', 'loseAnswers', 'hang', 'errors'];

function matches(rule: Rule<unknown>, where: Where, fault: boolean): boolean {
  return (
    (rule.part ?? (fault ? 'api' : where.part)) === where.part &&
    (rule.site === undefined || rule.site === where.site) &&
    (rule.method === undefined || rule.method.toUpperCase() === where.method) &&
    (rule.path === undefined || (where.path !== undefined && new RegExp(rule.path).test(where.path)))
  );
}

function isName(name: string): name is SwitchName {
  return name in schemas;
}

function parseRule<N extends SwitchName>(name: N, raw: unknown): Rule<SwitchValue<N>> {
  const limited = typeof raw === 'object' && raw !== null && 'value' in raw;
  const { value, ...rest } = limited ? limits.parse(raw) : { value: raw };
  return { ...rest, value: schemas[name].parse(value) as SwitchValue<N> };
}

export class UnknownSwitch extends Error {}

/** Everything by which a run of the simulator may differ from its plain behaviour. */
export class Switches {
  #rules: Rules = {};
  #seed = DEFAULT_SEED;
  #random = seededRandom(DEFAULT_SEED);

  reset(): void {
    this.#rules = {};
    this.seed(DEFAULT_SEED);
  }

  seed(seed: number): void {
    this.#seed = seed;
    this.#random = seededRandom(seed);
  }

  /** A draw from the seed, 0 ≤ x < 1. */
  random(): number {
    return this.#random();
  }

  /**
   * Each property is a switch: a value, a rule `{value, part?, site?, method?, path?}`, a list of rules of which the first that fits holds,
   * or null for the default. `seed` starts the random draws anew. Nothing is set when one of them is wrong.
   * @throws UnknownSwitch, ZodError
   */
  set(changes: Record<string, unknown>): void {
    const parsed: [SwitchName, Rule<unknown>[]][] = [];
    const { seed, ...switches } = changes;
    for (const [name, raw] of Object.entries(switches)) {
      if (!isName(name)) throw new UnknownSwitch(`no switch is called ${name}; there are: seed, ${Object.keys(schemas).join(', ')}`);
      const list = raw === null ? [] : Array.isArray(raw) ? raw : [raw];
      parsed.push([name, list.map((item) => parseRule(name, item))]);
    }
    if (seed !== undefined) this.seed(z.int().parse(seed));
    for (const [name, rules] of parsed) Object.assign(this.#rules, { [name]: rules });
  }

  /** The rule in force, to count down in; undefined when the default holds. */
  rule<N extends SwitchName>(name: N, where: Where): Rule<SwitchValue<N>> | undefined {
    const rules: Rule<SwitchValue<N>>[] | undefined = this.#rules[name];
    return rules?.find((rule) => matches(rule, where, FAULTS.includes(name)));
  }

  read<N extends SwitchName>(name: N, where: Where): SwitchValue<N> {
    const rule = this.rule(name, where);
    return rule ? rule.value : DEFAULTS[name];
  }

  /** All switches, in the form `set` takes. */
  show(): Record<string, unknown> {
    const names = Object.keys(schemas) as SwitchName[];
    return {
      seed: this.#seed,
      ...Object.fromEntries(
        names.map((name) => {
          const rules = this.#rules[name] ?? [];
          const only = rules[0];
          const plain = rules.length === 1 && only !== undefined && Object.keys(only).length === 1;
          return [name, rules.length === 0 ? DEFAULTS[name] : plain ? only.value : rules];
        }),
      ),
    };
  }

  /** Names of the switches that are not at their default. */
  changed(): string[] {
    return Object.entries(this.#rules).flatMap(([name, rules]) => (rules.length > 0 ? [name] : []));
  }
}
