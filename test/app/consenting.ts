import { connectIntegration } from '../../src/app/connect-integration.ts';
import { consentOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { done, OWNER } from './telling.ts';
import type { World } from './world.ts';

export async function status(world: World, location = 'harbour'): Promise<string | null> {
  const rows = await world.sql<{ status: string }>(
    'select i.status from integration i join location l on l.id = i."locationId" where l."externalId" = $1',
    [location],
  );
  return rows[0]?.status ?? null;
}

export const siteId = (world: World, name: string): string =>
  [...world.simulator.state.sites.values()].find((site) => site.name === name)?.id ?? '';

/** the address that an administrator's browser comes back to, not visited yet */
export async function cameBack(world: World, browserCookie: string | null = null): Promise<string> {
  const told = { location: { externalId: 'harbour' }, provider: 'SALTO_KS' as const };
  const { authorizationUrl } = done(await connectIntegration(world.deps, world.admin, told, browserCookie));
  return consentOverHttp(authorizationUrl, { ...OWNER, allow: true });
}
