import { judgeDigitalKey, type DigitalKeyFacts, type DigitalKeyView } from '../core/digital-key.ts';
import { NotFoundError } from '../core/errors.ts';
import type { Instant } from '../core/time.ts';
import type { Ref } from '../ports/rows.ts';
import type * as Stored from '../ports/store.ts';
import type { Caller } from './caller.ts';
import type { Deps } from './deps.ts';

export interface DigitalKeyReading {
  locationId: string;
  deviceUid: string | null;
  /** null for a caller who is no member we know */
  memberId: string | null;
  /** null before the first connect */
  integrationId: string | null;
  view: DigitalKeyView;
  /** when the view changes by itself: a right begins, an activation runs out, a key expires. Later than the instant of the reading. */
  changesAt: Instant | null;
}

/** What the caller sees of their key at a location (K1–K4), on that phone where one is named. Everybody but members sees it HIDDEN. */
export async function readDigitalKey(
  deps: Deps,
  caller: Caller,
  { location, deviceUid }: { location: Ref; deviceUid: string | null },
): Promise<DigitalKeyReading | NotFoundError> {
  const stored = await storedKey(deps, caller, location);
  return stored === null ? new NotFoundError('No such location.') : judgeStored(deps, caller, stored, deviceUid);
}

/** What the caller's key at a location is judged by, and the location; null when there is none such. */
export function storedKey(deps: Deps, caller: Caller, location: Ref): Promise<Stored.DigitalKeyFacts | null> {
  return deps.store.digitalKeyFacts(caller.orgId, caller.kind === 'member' ? caller.subject : null, location);
}

/** The same as `readDigitalKey` of what was read already. */
export function judgeStored(deps: Deps, caller: Caller, stored: Stored.DigitalKeyFacts, deviceUid: string | null): DigitalKeyReading {
  const now = deps.clock.now();
  const facts = factsFor(stored, caller.kind === 'member' && caller.inMemberApp);
  return {
    locationId: stored.location.id,
    deviceUid,
    memberId: stored.member?.id ?? null,
    integrationId: stored.integration?.id ?? null,
    view: judgeDigitalKey(facts, deviceUid, now),
    changesAt: nextChange(facts, now),
  };
}

/** What a key is judged by, from what is stored. */
export function factsFor(stored: Stored.DigitalKeyFacts, isMemberApp: boolean): DigitalKeyFacts {
  const { member, integration, firstBegunAt, nextStartsAt, activations, keys } = stored;
  return {
    viewer: { role: member?.role ?? null, isMemberApp, known: member !== null },
    integration: integration && {
      connected: isConnected(integration),
      siteSupportsKeys: integration.siteSupportsKeys,
      visibility: integration.visibility,
    },
    rights: { firstBegunAt, nextStartsAt },
    activations,
    devices: keys.map(({ deviceUid, activatedAt, expiresAt, cancelledAt }) => ({
      deviceUid,
      activatedAt,
      expiresAt,
      cancelled: cancelledAt !== null,
    })),
  };
}

/** Connecting again leaves the connection there was at work, and keys visible (domain §Integration). */
function isConnected({ status, wasConnected }: NonNullable<Stored.DigitalKeyFacts['integration']>): boolean {
  return status === 'CONNECTED' || status === 'NEEDS_REAUTHORIZATION' || (status === 'AUTHORIZING' && wasConnected);
}

function nextChange({ rights, activations, devices }: DigitalKeyFacts, now: Instant): Instant | null {
  const edges = [rights.nextStartsAt, ...activations.map(({ deadline }) => deadline), ...devices.map(({ expiresAt }) => expiresAt)];
  const coming = edges.filter((at) => at !== null && at > now);
  return coming.length === 0 ? null : Math.min(...(coming as Instant[]));
}
