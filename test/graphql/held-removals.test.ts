import { afterAll, beforeAll, expect, test } from 'vitest';
import { plantHarbour } from './harbour.ts';
import { callerOf, createWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await plantHarbour(world);
});
afterAll(() => world.close());

const admin = callerOf('admin');
const here = { externalId: 'harbour' };

const HELD = `query($location: Ref!) { location(ref: $location) {
  removalGuard { sharePercent leastPeople }
  integration { problems { code } heldRemovals { edges { node {
    id cause detail actor since people inGroup resolution accessGroup { name }
    rights { edges { node { status heldWhy member { externalId } heldRemoval { id } } } }
  } } } }
} }`;

async function run(name: string, input: object, selection: string): Promise<Record<string, never>> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const document = `mutation($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${selection} } } }`;
  return (await world.ask(admin, document, { input }))[name] as never;
}

async function look(): Promise<{
  removalGuard: object;
  integration: { problems: object[]; heldRemovals: { edges: { node: { id: string } }[] } };
}> {
  return (await world.ask(admin, HELD, { location: here }))['location'] as never;
}

const PREVIEW = `preview { revoked granted held more effects { change held at member { externalId } accessGroup { name } } }`;

test('a removal is foreseen, held, seen with who and why, and released', async () => {
  // One is held from before.
  const [known] = (await look()).integration.heldRemovals.edges;
  await run('dropHeldRemoval', { heldRemoval: known?.node.id }, 'heldRemoval { resolution resolvedBy }');
  expect((await look()).removalGuard).toEqual({ sharePercent: 50, leastPeople: 20 });
  const guard = { location: here, sharePercent: 0, leastPeople: 1 };
  expect(await run('setRemovalGuard', guard, 'location { removalGuard { sharePercent leastPeople } }')).toMatchObject({
    location: { removalGuard: { sharePercent: 0, leastPeople: 1 } },
  });
  const item = { subscriptionItem: { externalId: 'item-1' }, accessGroup: null };
  const asked = `subscriptionItem { accessGroup { name } } ${PREVIEW}`;
  const foreseen = await run('setSubscriptionItemAccess', { ...item, dryRun: true }, asked);
  const effect = { change: 'REVOKE', held: true, member: { externalId: 'ada' }, accessGroup: { name: 'Front door' } };
  expect(foreseen).toMatchObject({
    subscriptionItem: { accessGroup: { name: 'Front door' } },
    preview: { revoked: 0, held: 1, more: false, effects: [effect] },
  });
  expect((await look()).integration.heldRemovals.edges).toEqual([]);
  expect(await run('setSubscriptionItemAccess', item, asked)).toMatchObject({ subscriptionItem: { accessGroup: null }, preview: null });
  const { integration } = await look();
  const right = { status: 'ACTIVE', heldWhy: 'The access group was changed.', member: { externalId: 'ada' } };
  const node = { cause: 'MAPPING', actor: 'admin:admin', people: 1, resolution: null, rights: { edges: [{ node: right }] } };
  expect(integration.heldRemovals.edges).toMatchObject([{ node }]);
  expect(integration.problems).toContainEqual({ code: 'REMOVALS_HELD' });
  const heldRemoval = integration.heldRemovals.edges[0]?.node.id;
  expect(
    await run('releaseHeldRemoval', { heldRemoval }, 'heldRemoval { resolution resolvedBy rights { edges { node { status } } } }'),
  ).toMatchObject({
    heldRemoval: { resolution: 'RELEASED', resolvedBy: 'admin:admin', rights: { edges: [{ node: { status: 'WITHDRAWN' } }] } },
  });
  const after = await look();
  expect(after.integration.heldRemovals.edges).toEqual([]);
  expect(after.integration.problems).not.toContainEqual({ code: 'REMOVALS_HELD' });
  expect(await run('dropHeldRemoval', { heldRemoval }, 'heldRemoval { id }')).toMatchObject({ __typename: 'ConflictError' });
});

test('a member sees that access is there, and nothing of who decides about it', async () => {
  const ada = callerOf('member', { subject: 'ada' });
  const document = '{ viewer { member { accessRights { edges { node { status heldWhy heldRemoval { id } } } } } } }';
  expect(JSON.stringify(await world.ask(ada, document))).not.toMatch(/"held(Why|Removal)":[^n]/);
  expect(await world.ask(ada, '{ location(ref: { externalId: "harbour" }) { removalGuard { leastPeople } } }')).toEqual({
    location: { removalGuard: null },
  });
});
