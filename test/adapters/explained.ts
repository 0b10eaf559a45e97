import type pg from 'pg';

/** What PostgreSQL did for one statement. */
export interface Explained {
  text: string;
  answered: number;
  /** rows and index entries looked at, of all tables together */
  looked: number;
  pages: number;
  /** tables that grow and were read from end to end */
  whole: string[];
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Plan[];
}

/** What grows with the years or with the number of people. */
const GROWING = new Set([
  ...['access_right', 'activity', 'booking', 'booking_invitee', 'day_pass_use', 'group_membership', 'member', 'member_subscription'],
  ...['subscription_item', 'provider_user', 'device', 'mobile_key', 'activation', 'unlock'],
]);

/** Sessions that tell of each statement as it is carried out, with what was found and touched. Only a superuser may ask for it. */
const TELLING = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_level': 'notice',
};

/**
 * Has new sessions of the database tell of their statements. `plans`: `force_generic_plan` for those that know nothing of the values, which
 * PostgreSQL may settle for once a prepared statement has been used a few times; `force_custom_plan` for those made for the values at hand.
 */
export async function makeTell(client: pg.Client, database: string, plans: 'force_generic_plan' | 'force_custom_plan'): Promise<void> {
  // The planner's view of a disk without moving parts (docs/capacity.md): what a page costs does not depend on where it lies.
  for (const [setting, value] of Object.entries({ ...TELLING, plan_cache_mode: plans, random_page_cost: '1.1' })) {
    await client.query(`alter database ${database} set ${setting} = ${client.escapeLiteral(value)}`);
  }
}

/** What the sessions of a pool tell while some work is done. */
export function listenTo(pool: pg.Pool): (work: () => Promise<unknown>) => Promise<Explained[]> {
  let told: Explained[] | null = null;
  pool.on('connect', (client) => {
    client.on('notice', ({ message = '' }) => {
      const json = message.slice(message.indexOf('{'));
      if (json.startsWith('{')) told?.push(readPlan(JSON.parse(json) as { 'Query Text': string; Plan: Plan }));
    });
  });
  return async (work) => {
    const all: Explained[] = (told = []);
    try {
      await work();
    } finally {
      told = null;
    }
    return all;
  };
}

function readPlan({ 'Query Text': text, Plan: plan }: { 'Query Text': string; Plan: Plan }): Explained {
  const nodes = under(plan);
  return {
    text: text.replace(/\s+/g, ' ').trim(),
    answered: plan['Actual Rows'],
    looked: nodes.filter((node) => node['Node Type'].endsWith('Scan')).reduce((sum, node) => sum + lookedAt(node), 0),
    pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    whole: nodes
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .flatMap((node) => node['Relation Name'] ?? [])
      .filter((name) => GROWING.has(name)),
  };
}

function under(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(under)];
}

function lookedAt(node: Plan): number {
  const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return each * node['Actual Loops'];
}
