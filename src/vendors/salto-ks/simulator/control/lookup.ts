import { personByEmail, siteUserOf } from '../people.ts';
import type { AccessGroup, Lock, PlatformUser, Site, SiteUser } from '../records.ts';
import type { SimulatorState } from '../state.ts';
import { ControlError } from './control-error.ts';

function one<T>(found: T[], kind: string, given: string): T {
  const [first, ...others] = found;
  if (first === undefined) throw new ControlError(404, `no ${kind} "${given}"`);
  if (others.length > 0) throw new ControlError(409, `more than one ${kind} "${given}": give its id, or name the site as well`);
  return first;
}

interface Named {
  id: string;
  name: string;
}

function byIdOrName<T extends Named>(all: Iterable<T>, kind: string, given: string): T {
  const list = [...all];
  return (
    list.find((item) => item.id === given) ??
    one(
      list.filter((item) => item.name === given),
      kind,
      given,
    )
  );
}

/** By id or name, as all below. @throws ControlError 404, or 409 when the name is not unique */
export function siteCalled(state: SimulatorState, given: string): Site {
  return byIdOrName(state.sites.values(), 'site', given);
}

export function groupCalled(state: SimulatorState, given: string, site?: Site): AccessGroup {
  return byIdOrName(
    [...state.groups.values()].filter((group) => !site || group.siteId === site.id),
    'group',
    given,
  );
}

export function lockCalled(state: SimulatorState, given: string, site?: Site): Lock {
  return byIdOrName(
    [...state.locks.values()].filter((lock) => !site || lock.siteId === site.id),
    'lock',
    given,
  );
}

/** By e-mail address or platform user id. */
export function personCalled(state: SimulatorState, given: string): PlatformUser {
  const found = state.platformUsers.get(given) ?? personByEmail(state, given);
  if (!found) throw new ControlError(404, `no person "${given}"`);
  return found;
}

/** By site user id, or by e-mail address or platform user id at a site. */
export function siteUserCalled(state: SimulatorState, given: string, site?: Site): SiteUser {
  const direct = state.siteUsers.get(given);
  if (direct && direct.deletedAt === null) return direct;
  if (!site) throw new ControlError(404, `no site user "${given}": give a site user id, or name the site as well`);
  const found = siteUserOf(site, personCalled(state, given).id);
  if (!found) throw new ControlError(404, `"${given}" is not at "${site.name}"`);
  return found;
}
