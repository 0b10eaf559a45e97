import { emailOf, tryDoor, type DemoWorld } from './demo-world.ts';
import * as say from './documents.ts';
import { success } from './success.ts';

const TEAM = ['anton', 'bea', 'cyrus', 'dora', 'emil'];
const company = { externalId: 'gull-co' };

/** A company's subscription lets all of it in at once, and out at once (S4, S5). */
export async function companyChapter(world: DemoWorld): Promise<void> {
  const { journey, platform, location } = world;
  journey.chapter('A company of five');
  await platform.ask(say.UpsertCompany, { input: { ...company, name: 'Gull & Co' } });
  for (const externalId of TEAM) {
    const input = { externalId, email: emailOf(externalId), firstName: externalId, lastName: 'Gull', company };
    success((await platform.ask(say.UpsertMember, { input })).result, 'UpsertMemberSuccess');
  }
  await journey.step('its subscription gives five people access', async () => {
    const startsOn = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(new Date());
    const items = [{ externalId: 'gull-plan', plan: { externalId: 'plan-247' } }];
    const input = { externalId: 'gull-subscription', location, company, startsOn, items };
    success((await platform.ask(say.UpsertMemberSubscription, { input })).result, 'UpsertMemberSubscriptionSuccess');
    await heard(world, 'ACCESS_GRANTED', TEAM.length);
    return `${await opening(world)} of ${TEAM.length} open the front door`;
  });
  await journey.step('cancelled: they are out', async () => {
    const input = { memberSubscription: { externalId: 'gull-subscription' } };
    success((await platform.ask(say.CancelMemberSubscription, { input })).result, 'CancelMemberSubscriptionSuccess');
    await heard(world, 'ACCESS_REVOKED', TEAM.length);
    return `${await opening(world)} of ${TEAM.length} open the front door`;
  });
}

/** The administrator disconnects: what was granted stays at SALTO KS, and is shown as not ours any more (C8). */
export async function disconnectChapter(world: DemoWorld): Promise<void> {
  const { journey, admin, location } = world;
  journey.chapter('Disconnect');
  await journey.step('without confirmation nothing happens', async () => {
    const { result } = await admin.ask(say.DisconnectIntegration, { input: { location, confirm: false } });
    return result.__typename;
  });
  await journey.step('with it the location is disconnected', async () => {
    const { result } = await admin.ask(say.DisconnectIntegration, { input: { location, confirm: true } });
    return success(result, 'DisconnectIntegrationSuccess').integration.status;
  });
}

async function opening(world: DemoWorld): Promise<number> {
  const doors = await Promise.all(TEAM.map((member) => tryDoor(world, emailOf(member), 'Front door')));
  return doors.filter(({ opens }) => opens).length;
}

/** Reads the memberships of the team until they are as told; live rows may have come before anybody listened. */
async function heard(world: DemoWorld, type: 'ACCESS_GRANTED' | 'ACCESS_REVOKED', count: number): Promise<void> {
  const live = world.admin.follow(say.ActivityAdded, { location: world.location });
  try {
    const state = type === 'ACCESS_GRANTED' ? 'ACTIVE' : 'ABSENT';
    const reached = async (): Promise<number> => {
      const { location } = await world.admin.ask(say.Memberships, { location: world.location, states: [state] });
      return (location?.integration?.memberships.edges ?? []).filter(({ node }) => TEAM.includes(node.member.externalId)).length;
    };
    const until = Date.now() + 15_000;
    for (let seen = 0; (await reached()) < count; seen += 1) {
      if (Date.now() > until) throw new Error(`${type} was not told of ${count} people.`);
      await live.until(() => live.seen.length > seen, 1_000).catch(() => undefined);
    }
  } finally {
    live.stop();
  }
}
