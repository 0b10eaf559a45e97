import { randomUUID } from 'node:crypto';
import { emailOf } from '../src/dev/demo-world.ts';
import { success } from '../src/dev/success.ts';
import * as say from '../src/dev/documents.ts';
import type { Stack } from '../src/dev/stack.ts';
import { timed, type Row } from './row.ts';
import type { BenchWorld } from './world.ts';

const MEMBERS = 1_000;
const BATCH = 100;
const AT_A_TIME = 10;
const LATENCY_MS = 20;

/** P1, at a tenth of its size: memberships of one company due at one instant, beside the same number of bare batch calls. */
export async function midnight(stack: Stack, world: BenchWorld): Promise<Row> {
  const { platform, demo, database } = world;
  const { location } = demo;
  const company = { externalId: 'midnight-co' };
  success((await platform.ask(say.UpsertCompany, { input: { ...company, name: 'Midnight' } })).result, 'UpsertCompanySuccess');
  await timed(MEMBERS, 10, async (index) => {
    const externalId = `midnight-${index}`;
    const input = { externalId, email: emailOf(externalId), firstName: 'Mid', lastName: 'Night', company };
    success((await platform.ask(say.UpsertMember, { input })).result, 'UpsertMemberSuccess');
  });
  await simulate(stack, { seats: 1_000_000 });
  const startsOn = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(new Date());
  const items = [{ externalId: 'midnight-item', plan: { externalId: 'plan-247' } }];
  const input = { externalId: 'midnight', location, company, startsOn, items };
  // Once, so that everybody exists at the provider and only the change of the group is measured; then out again.
  success((await platform.ask(say.UpsertMemberSubscription, { input })).result, 'UpsertMemberSubscriptionSuccess');
  await reached(database, 'ACTIVE', MEMBERS);
  await simulate(stack, { latencyMs: LATENCY_MS });
  await fetch(`${stack.simulator.url}/_simulator/calls`, { method: 'DELETE' });
  success(
    (await platform.ask(say.CancelMemberSubscription, { input: { memberSubscription: { externalId: 'midnight' } } })).result,
    'CancelMemberSubscriptionSuccess',
  );
  const from = performance.now();
  await reached(database, 'ABSENT', MEMBERS);
  const ours = performance.now() - from;
  const floor = await bare(stack);
  await simulate(stack, { latencyMs: 0 });
  return {
    name: 'P1 midnight',
    what: 'until settled',
    ours,
    floor,
    unit: 'ms',
    goal: 2,
    note: `${MEMBERS} memberships of one group; floor: ${MEMBERS / BATCH} bare calls of ${LATENCY_MS} ms, ${AT_A_TIME} at a time`,
  };
}

async function reached(database: BenchWorld['database'], state: string, count: number): Promise<void> {
  const until = Date.now() + 120_000;
  for (;;) {
    const { rows } = await database.query<{ n: number }>(
      `select count(*)::int as n from group_membership m join member p on p.id = m."memberId" where p."externalId" like 'midnight-%' and m.state = $1::"MembershipState"`,
      [state],
    );
    if ((rows[0]?.n ?? 0) >= count) return;
    if (Date.now() > until) throw new Error(`Not ${state} within two minutes: ${rows[0]?.n} of ${count}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function simulate(stack: Stack, switches: Record<string, unknown>): Promise<void> {
  const body = JSON.stringify(switches);
  const answer = await fetch(`${stack.simulator.url}/_simulator/switches`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body,
  });
  if (!answer.ok) throw new Error(`The simulator answered ${answer.status}: ${await answer.text()}`);
}

async function bare(stack: Stack): Promise<number> {
  const from = performance.now();
  await timed(MEMBERS / BATCH, AT_A_TIME, () =>
    fetch(`${stack.simulator.url}/v1.2/sites/${randomUUID()}/access_groups/${randomUUID()}/users`, { method: 'PATCH' }),
  );
  return performance.now() - from;
}
