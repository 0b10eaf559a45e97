import { CookieJar, followOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { createPhone } from '../../src/vendors/salto-ks/simulator/phone-stand-in.ts';
import { sender, tokenOf, type Sender } from './client.ts';
import { drawFrom } from './draw.ts';
import { GROUPS, isWanted } from './facts.ts';
import { pause } from './faults.ts';
import { LOCATION, type Run } from './run.ts';
import type { Servers } from './servers.ts';

/** A member's app on one phone, which tries again whenever nothing comes back. */
export interface ChaosPhone {
  readonly who: string;
  /** asks for a key and signs in, once; whatever comes of it */
  tryForKey(): Promise<void>;
  /** the key, asked for as often as it takes; null when there was none in time */
  key(patienceMs: number): Promise<string | null>;
  /** unlocks, as the app does: what the lock of the group's door said */
  unlock(group: string, key: string): Promise<string>;
}

const KEY = `query ($location: Ref!, $deviceUid: String!) {
  location(ref: $location) { digitalKey(deviceUid: $deviceUid) { status credential(deviceUid: $deviceUid) { mobileKey } } } }`;

interface KeyRead {
  location: { digitalKey: { status: string; credential: { mobileKey: string } | null } };
}

export async function phoneOf(servers: Servers, run: Run, who: string): Promise<ChaosPhone> {
  const sdk = createPhone();
  const device = { uid: `${who}-phone`, name: 'A phone', publicKey: sdk.publicKey };
  const at = { ...LOCATION, deviceUid: device.uid };
  const member: Sender = sender({
    apis: () => servers.apis.map(({ url }) => url),
    token: await tokenOf(run.org, 'member', who),
    draw: drawFrom(run.seed + 4_000_037).next,
    onUnanswered: () => void (run.told.unanswered += 1),
  });
  const tell = async (mutation: string, input: object, fields: string) => {
    run.told.operations += 1;
    run.told.byMutation.set(mutation, (run.told.byMutation.get(mutation) ?? 0) + 1);
    return member.tell(mutation, input, fields);
  };
  const tryForKey = async (): Promise<void> => {
    const answer = await tell('activateDigitalKey', { ...LOCATION, device }, '{ authorizationUrl }');
    if (answer.__typename !== 'ActivateDigitalKeySuccess') return;
    // A browser whose server goes away in the middle shows an error; the member taps the button again.
    await Promise.race([followOverHttp(String(answer['authorizationUrl']), new CookieJar()).catch(() => undefined), pause(10_000)]);
  };
  const read = async (): Promise<KeyRead['location']['digitalKey']> => (await member.read<KeyRead>(KEY, at)).location.digitalKey;
  return {
    who,
    tryForKey,
    async key(patienceMs) {
      for (const until = Date.now() + patienceMs; Date.now() < until; await pause(300)) {
        const { status, credential } = await read();
        if (status === 'UNLOCK_AVAILABLE' && credential !== null) return credential.mobileKey;
        if (status === 'AVAILABLE' || status === 'FAILED') await tryForKey();
      }
      return null;
    },
    async unlock(group, key) {
      const { unlock } = (await tell('startUnlock', at, '{ unlock { id } }')) as unknown as { unlock: { id: string } };
      const { result } = await sdk.tap(servers.simulator.url, run.site.lockOf(group), key);
      await tell('reportUnlock', { unlock: unlock.id, outcome: result === 'accepted' ? 'SIGNAL_SENT' : 'REFUSED' }, '{ unlock { id } }');
      return result;
    },
  };
}

/** Once everything is quiet, the phone has a key, if anybody may have one, and every door does with it what the oracle says. */
export async function keyIsRight(run: Run, phone: ChaosPhone): Promise<{ keyMs: number | null; wrong: string[] }> {
  const { facts, site } = run;
  const now = Date.now();
  const opens = (group: string): boolean => isWanted(facts, phone.who, group, now);
  if (facts.removed.includes(phone.who) || !GROUPS.some(opens)) return { keyMs: null, wrong: [] };
  const roles = ['ADMIN', 'GUEST', 'MEMBER'];
  await run.admin.tell('setDigitalKeyVisibility', { ...LOCATION, roles });
  if (facts.visibleTo !== roles.join()) facts.changes.settings += 1;
  facts.visibleTo = roles.join();
  const asked = Date.now();
  const key = await phone.key(60_000);
  const keyMs = Date.now() - asked;
  if (key === null) return { keyMs, wrong: [`${phone.who} gets no digital key`] };
  const wrong: string[] = [];
  for (const group of GROUPS) {
    const result = await phone.unlock(group, key);
    const should = opens(group) ? 'accepted' : 'rejected';
    if (result !== should)
      wrong.push(`${group}: the key of ${phone.who} is ${result}, not ${should}; in it: ${site.inGroup(group).join(', ')}`);
  }
  return { keyMs, wrong };
}
