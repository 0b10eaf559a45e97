import { consentOverHttp } from '../vendors/salto-ks/simulator/consent-driver.ts';
import type { DemoWorld } from './demo-world.ts';
import * as say from './documents.ts';
import { success } from './success.ts';

/** An administrator connects the location's locks; the platform tells of a room, a plan and their access groups. */
export async function connectChapter(world: DemoWorld): Promise<void> {
  const { journey, platform, admin, location } = world;
  journey.chapter('An administrator connects SALTO KS');
  await journey.step('the platform tells of a location', async () => {
    const input = { externalId: location.externalId, name: 'Harbour', timeZone: 'Europe/Berlin' };
    const { result } = await platform.ask(say.UpsertLocation, { input });
    return success(result, 'UpsertLocationSuccess').location.name;
  });
  await journey.step('consent, over the real redirects', async () => {
    const { result } = await admin.ask(say.ConnectIntegration, { input: { location } });
    const { authorizationUrl } = success(result, 'ConnectIntegrationSuccess');
    const back = await consentOverHttp(authorizationUrl, { email: 'owner@example.com', password: 'harbour-light', allow: true });
    const page = await fetch(back);
    if (!page.ok) throw new Error(await page.text());
    const { location: now } = await admin.ask(say.AvailableSites, { location });
    return now?.integration?.status ?? 'nothing';
  });
  await journey.step('select one of the sites offered', () => selectSite(world));
  await journey.step('map a room and a plan to access groups', async () => {
    await platform.ask(say.UpsertResource, { input: { externalId: 'room-1', location, name: 'Meeting room 1', kind: 'ROOM' } });
    await platform.ask(say.UpsertPlan, { input: { externalId: 'plan-247', location, name: 'Full membership' } });
    const room = await admin.ask(say.SetResourceAccess, {
      input: { resource: { externalId: 'room-1' }, accessGroup: group(world, 'Meeting room 1') },
    });
    const plan = await admin.ask(say.SetPlanAccess, {
      input: { plan: { externalId: 'plan-247' }, accessGroup: group(world, 'Members 24/7') },
    });
    const names = [
      success(room.result, 'SetResourceAccessSuccess').resource.accessGroup?.name,
      success(plan.result, 'SetPlanAccessSuccess').plan.accessGroup?.name,
    ];
    return names.join(', ');
  });
}

async function selectSite(world: DemoWorld): Promise<string> {
  const { admin, location } = world;
  const { location: found } = await admin.ask(say.AvailableSites, { location });
  const sites = found?.integration?.availableSites ?? [];
  if (sites.some(({ name }) => name === 'Old Mill')) throw new Error('A site where the account is no administrator was offered.');
  const site = sites.find(({ name }) => name === 'Harbour Campus');
  if (site === undefined) throw new Error(`Harbour Campus is not among ${sites.map(({ name }) => name).join(', ')}.`);
  const { result } = await admin.ask(say.SelectSite, { input: { location, siteExternalId: site.externalId } });
  const { integration } = success(result, 'SelectSiteSuccess');
  const warned: string[] = [];
  for (const { node } of integration.accessGroups.edges) {
    world.groups.set(node.name, node.id);
    for (const lock of node.locks) world.doors.set(lock.name, lock.externalId);
    for (const { code } of node.warnings) warned.push(`${node.name}: ${code}`);
  }
  console.log('');
  for (const warning of warned) console.log(`    warning  ${warning}`);
  return `${integration.status}, ${world.groups.size} access groups, ${warned.length} warnings`;
}

export function group(world: DemoWorld, name: string): string {
  const id = world.groups.get(name);
  if (id === undefined) throw new Error(`There is no access group ${name}.`);
  return id;
}
