import { CookieJar, followOverHttp } from '../vendors/salto-ks/simulator/consent-driver.ts';
import { createPhone } from '../vendors/salto-ks/simulator/phone-stand-in.ts';
import { success, type DemoWorld } from './demo-world.ts';
import * as say from './documents.ts';

const deviceUid = 'mias-phone';

/** From "Get digital key" to an opened door (K3, K5). */
export async function keyChapter(world: DemoWorld): Promise<void> {
  const { journey, phone, location, stack } = world;
  journey.chapter('A digital key opens the door');
  const sdk = createPhone();
  const key = phone.follow(say.DigitalKeyChanged, { location, deviceUid });
  await key.until(({ key }) => key.status === 'AVAILABLE');
  let asked = 0;
  let authorizationUrl = '';
  await journey.step('Get digital key: ACTIVATING is pushed', async () => {
    asked = performance.now();
    const input = { location, device: { uid: deviceUid, name: 'Mia’s phone', publicKey: sdk.publicKey } };
    const { result } = await phone.ask(say.ActivateDigitalKey, { input });
    authorizationUrl = success(result, 'ActivateDigitalKeySuccess').authorizationUrl;
    const { key: state } = await key.until(({ key }) => key.status === 'ACTIVATING');
    return state.label ?? '';
  });
  await journey.step('signed in with no action of hers: UNLOCK_AVAILABLE', async () => {
    const page = await followOverHttp(authorizationUrl, new CookieJar());
    if (page.status !== 200) throw new Error(`The sign-in ended at ${page.status}: ${page.text}`);
    const { key: state } = await key.until(({ key }) => key.status === 'UNLOCK_AVAILABLE' || key.status === 'FAILED');
    if (state.status === 'FAILED') throw new Error(state.failureMessage ?? 'FAILED');
    return { seen: state.label ?? '', milliseconds: performance.now() - asked };
  });
  await journey.step('first unlock on this phone', async () => {
    const { result } = await phone.ask(say.StartUnlock, { input: { location, deviceUid } });
    const { unlock } = success(result, 'StartUnlockSuccess');
    const allowed = await phone.ask(say.ReportUnlock, { input: { unlock: unlock.id, outcome: 'BLUETOOTH_ALLOWED' } });
    const ready = success(allowed.result, 'ReportUnlockSuccess').unlock;
    const { location: here } = await phone.ask(say.Credential, { location, deviceUid });
    const mobileKey = here?.digitalKey.credential?.mobileKey;
    const lockId = world.doors.get('Meeting room 1');
    if (mobileKey === undefined || lockId === undefined) throw new Error('The phone was given no key.');
    const tap = await sdk.tap(stack.simulator.url, lockId, mobileKey);
    if (tap.result !== 'accepted') throw new Error(`The lock said ${tap.result}: ${tap.reason}`);
    const sent = await phone.ask(say.ReportUnlock, { input: { unlock: unlock.id, outcome: 'SIGNAL_SENT' } });
    return `${unlock.status} → ${ready.status} → ${success(sent.result, 'ReportUnlockSuccess').unlock.message}`;
  });
  await journey.step('the lock’s own log', () => lastEntry(world));
  key.stop();
}

async function lastEntry(world: DemoWorld): Promise<string> {
  const response = await fetch(`${world.stack.simulator.url}/_simulator/overview`);
  const { sites } = (await response.json()) as { sites: { name: string; entries: { door: string; person: string; category: string }[] }[] };
  const [entry] = sites.find(({ name }) => name === 'Harbour Campus')?.entries ?? [];
  if (entry?.category !== 'lock_opened') throw new Error('The lock has written no entry.');
  return `${entry.door}: ${entry.category} by ${entry.person}`;
}
