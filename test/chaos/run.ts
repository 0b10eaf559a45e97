import { sender, tokenOf, type Answer, type Sender } from './client.ts';
import { drawFrom, type Draw } from './draw.ts';
import { beginning, GROUPS, PASSES_A_MONTH, PEOPLE, PLANS, RESOURCES, ZONES, type Facts, type Moment } from './facts.ts';
import { pause } from './faults.ts';
import { drawOperation, goTogether, type Operation } from './operations.ts';
import type { Servers } from './servers.ts';
import { createSite, type ChaosSite } from './site.ts';

/** One organisation with one location at one site, and what is told of it: all drawn from one seed. */
export interface Run {
  readonly seed: number;
  readonly org: string;
  readonly draw: Draw;
  readonly site: ChaosSite;
  readonly platform: Sender;
  readonly admin: Sender;
  readonly facts: Facts;
  readonly moments: Moment[];
  readonly groupIds: Map<string, string>;
  readonly told: { operations: number; unanswered: number; byMutation: Map<string, number> };
  /** what was told when, and what was answered */
  readonly story: { from: number; until: number; mutation: string; input: object; answer: string }[];
}

export const LOCATION = { location: { externalId: 'harbour' } };

export async function openRun(servers: Servers, seed: number, name: string): Promise<Run> {
  const draw = drawFrom(seed);
  const org = `org-${name}`;
  const site = await createSite(servers.simulator, name, ZONES[0] ?? '');
  const told: Run['told'] = { operations: 0, unanswered: 0, byMutation: new Map() };
  // Which process is asked is drawn apart: how often depends on what gets lost.
  const chance = drawFrom(seed + 1_000_003);
  const apis = () => servers.apis.map(({ url }) => url);
  const onUnanswered = () => void (told.unanswered += 1);
  const [service, administrator] = [await tokenOf(org, 'service', 'platform'), await tokenOf(org, 'admin', 'olivia')];
  const run: Run = {
    seed,
    org,
    draw,
    site,
    platform: sender({ apis, token: service, draw: chance.next, onUnanswered }),
    admin: sender({ apis, token: administrator, draw: chance.next, onUnanswered }),
    facts: beginning(name),
    moments: [],
    groupIds: new Map(),
    told,
    story: [],
  };
  await tellBeginning(run);
  return run;
}

async function tellBeginning(run: Run): Promise<void> {
  const { facts } = run;
  const tell = (mutation: string, input: object) => accepted(run, { mutation, input, by: 'platform', writes: [], adopt: () => undefined });
  await tell('upsertLocation', { externalId: 'harbour', name: 'Harbour', timeZone: facts.zone });
  await tell('upsertCompany', { externalId: 'anvil', name: 'Anvil' });
  for (const who of PEOPLE) await tell('upsertMember', { externalId: who, email: facts.emails[who], firstName: who, lastName: 'Marsh' });
  for (const plan of PLANS) {
    await tell('upsertPlan', { externalId: plan, ...LOCATION, name: plan, dayPassesPerMonth: plan === 'team' ? PASSES_A_MONTH : 0 });
  }
  for (const [id, kind] of Object.entries(RESOURCES)) await tell('upsertResource', { externalId: id, ...LOCATION, name: id, kind });
  await connect(run);
  const map = async (mutation: string, thing: object, group: string): Promise<void> => {
    await accepted(run, {
      mutation,
      input: { ...thing, accessGroup: run.groupIds.get(group) },
      by: 'admin',
      writes: [],
      adopt: () => undefined,
    });
    facts.changes.settings += 1;
  };
  const groups = [...GROUPS];
  for (const plan of PLANS) {
    facts.plans[plan] = groups[0] ?? null;
    await map('setPlanAccess', { plan: { externalId: plan } }, groups.shift() ?? '');
  }
  for (const [id, resource] of Object.entries(facts.resources)) {
    resource.group = run.draw.pick(GROUPS);
    await map('setResourceAccess', { resource: { externalId: id } }, resource.group);
  }
  await tell('setBookingGrace', { ...LOCATION, beforeMinutes: 0, afterMinutes: 0 });
  facts.changes.settings += 1;
  Object.assign(facts, { graceBefore: 0, graceAfter: 0 });
  run.moments.push({ at: Date.now(), worlds: [structuredClone(facts)] });
}

/** Tells of it until it is answered; any answer but those foreseen is thrown. */
async function accepted(run: Run, operation: Operation): Promise<Answer | null> {
  const { mutation, input, fields, by, mayFail = [] } = operation;
  const sent = by === 'admin' || mutation === 'setBookingGrace' ? run.admin : run.platform;
  run.told.operations += 1;
  run.told.byMutation.set(mutation, (run.told.byMutation.get(mutation) ?? 0) + 1);
  const from = Date.now();
  const answer = await sent.tell(mutation, input, fields);
  run.story.push({ from, until: Date.now(), mutation, input, answer: answer.message ?? answer.__typename });
  if (answer.__typename.endsWith('Success')) return answer;
  if (mayFail.includes(answer.__typename)) return null;
  throw new Error(`seed ${run.seed}: ${mutation} ${JSON.stringify(input)} was answered with ${JSON.stringify(answer)}`);
}

/** Everything that is told in the run, one or a few at once, until the signal is aborted; in the end it is connected. */
export async function play(run: Run, phone: { tryForKey(): Promise<void> } | null, over: AbortSignal): Promise<void> {
  const { draw, facts } = run;
  while (!over.aborted) {
    if (phone !== null && draw.chance(0.1)) await phone.tryForKey();
    else if (facts.connected && draw.chance(0.03)) await disconnect(run);
    else if (!facts.connected && draw.chance(0.4)) await connect(run);
    else await burst(run);
    await pause(draw.int(0, 600), over);
  }
  await connect(run);
}

async function burst(run: Run): Promise<void> {
  const { draw, facts, groupIds, moments } = run;
  const now = Date.now();
  const operations: Operation[] = [];
  for (let tries = draw.int(1, 3); tries > 0; tries -= 1) {
    const next = drawOperation({ draw, facts, now, groupIds });
    if (operations.every((other) => goTogether(other, next))) operations.push(next);
  }
  const answers = await Promise.all(operations.map((operation) => accepted(run, operation)));
  const at = Date.now();
  const taken = operations.flatMap((operation, index) => {
    const answer = answers[index];
    return answer == null ? [] : [(world: Facts) => operation.adopt(world, answer, at)];
  });
  // Of several at once nobody knows which came first: every part of them may have been the world for a while.
  const worlds = Array.from({ length: 2 ** taken.length }, (_, chosen) => {
    const world = structuredClone(facts);
    for (const [index, adopt] of taken.entries()) if ((chosen & (1 << index)) !== 0) adopt(world);
    return world;
  });
  moments.push({ at: now, worlds });
  for (const adopt of taken) adopt(facts);
  moments.push({ at, worlds: [structuredClone(facts)] });
}

async function disconnect(run: Run): Promise<void> {
  const lost = 'IntegrationNotConnectedError'; // it was carried out, and the answer was lost
  const input = { ...LOCATION, confirm: true };
  await accepted(run, { mutation: 'disconnectIntegration', input, by: 'admin', writes: [], mayFail: [lost], adopt: () => undefined });
  run.facts.connected = false;
  run.facts.changes.disconnected += 1;
}

const INTEGRATION = `query ($ref: Ref!) { location(ref: $ref) { integration { status site { externalId }
  accessGroups { edges { node { id name } } } availableSites { externalId name } } } }`;

interface IntegrationRead {
  location: {
    integration: { status: string; accessGroups: { edges: { node: { id: string; name: string } }[] } } | null;
  };
}

/** As an administrator does it, as often as it takes: consent, and the same site. */
export async function connect(run: Run): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const { integration } = (await run.admin.read<IntegrationRead>(INTEGRATION, { ref: LOCATION.location })).location;
    if (integration?.status === 'CONNECTED') {
      for (const { node } of integration.accessGroups.edges) run.groupIds.set(node.name, node.id);
      run.facts.connected = true;
      return;
    }
    if (Date.now() > until) throw new Error(`seed ${run.seed}: it could not be connected again: ${integration?.status ?? 'nothing'}`);
    // A sign-in may have been taken back since.
    if (integration?.status !== 'SELECTING_SITE' || !(await selectSite(run))) await consent(run);
    await pause(200);
  }
}

/** Whether it is worth trying again, if it was not done. */
async function selectSite(run: Run): Promise<boolean> {
  const mayFail = ['ProviderUnavailableError', 'ConflictError'];
  const input = { ...LOCATION, siteExternalId: run.site.id };
  await accepted(run, { mutation: 'selectSite', input, by: 'admin', writes: [], mayFail, adopt: () => undefined });
  const { integration } = (await run.admin.read<IntegrationRead>(INTEGRATION, { ref: LOCATION.location })).location;
  // Whatever was answered, or not: it happened once, or it did not.
  if (integration?.status !== 'SELECTING_SITE') run.facts.changes.selected += 1;
  return integration?.status !== 'SELECTING_SITE' || !/Connect again/.test(run.story.at(-1)?.answer ?? '');
}

async function consent(run: Run): Promise<void> {
  const mayFail = ['ProviderUnavailableError', 'ConflictError'];
  const answer = await accepted(run, {
    ...{ mutation: 'connectIntegration', input: LOCATION, fields: '{ authorizationUrl }', by: 'admin', writes: [], mayFail },
    adopt: () => undefined,
  });
  if (answer === null) return;
  try {
    const back = await run.site.consent(String(answer['authorizationUrl']));
    await fetch(back, { signal: AbortSignal.timeout(15_000) });
  } catch {
    // The identity server, or our process, was out at this moment: the administrator starts again.
  }
}
