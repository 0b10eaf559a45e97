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

export interface Ear {
  /** does the work, and tells of each statement in it */
  explained(work: () => Promise<unknown>): Promise<Explained[]>;
}

/**
 * Listens to all that a pool sends. While work is explained, each statement is run twice: first under EXPLAIN, where it finds what the real
 * one will find, and of which nothing stays.
 */
export function listenTo(pool: pg.Pool): Ear {
  let told: Explained[] | null = null;
  pool.on('connect', (client) => {
    const send = client.query.bind(client) as (...args: unknown[]) => Promise<pg.QueryResult>;
    let within = false;
    const explain = async (text: string, values: unknown): Promise<void> => {
      if (told === null || !/^\s*(select|with|insert|update|delete)/i.test(text)) return;
      await send(within ? 'savepoint explaining' : 'begin');
      const { rows } = await send({ text: `explain (analyze, buffers, timing off, format json) ${text}`, values });
      await send(within ? 'rollback to savepoint explaining' : 'rollback');
      told.push(readPlan(text, (rows as { 'QUERY PLAN': [{ Plan: Plan }] }[])[0]?.['QUERY PLAN'][0].Plan));
    };
    const query = (...args: unknown[]): unknown => {
      const [asked, values] = args as [string | { text: string; values?: unknown }, unknown];
      const { text, values: given } = typeof asked === 'string' ? { text: asked } : asked;
      if (/^\s*begin/i.test(text)) within = true;
      if (/^\s*(commit|rollback)/i.test(text)) within = false;
      const first = explain(text, given ?? values);
      const callback = args.find((arg) => typeof arg === 'function') as ((error: unknown) => void) | undefined;
      if (callback === undefined) return first.then(() => send(...args));
      return void first.then(() => void send(...args), callback);
    };
    Object.assign(client, { query });
  });
  return {
    async explained(work) {
      const all: Explained[] = (told = []);
      try {
        await work();
      } finally {
        told = null;
      }
      return all;
    },
  };
}

function readPlan(text: string, plan: Plan | undefined): Explained {
  if (plan === undefined) throw new Error(`There is no plan of: ${text}`);
  const nodes = under(plan);
  const scans = nodes.filter((node) => node['Node Type'].endsWith('Scan'));
  return {
    text: text.replace(/\s+/g, ' ').trim(),
    answered: plan['Actual Rows'],
    looked: scans.reduce((sum, node) => sum + lookedAt(node), 0),
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
