import { performance } from 'node:perf_hooks';
import type { DemoWorld } from './demo-world.ts';
import type { Phone } from './phone/phone.ts';

/** From "Get digital key" to an opened door (K3, K5). */
export async function keyChapter(world: DemoWorld, app: Phone): Promise<void> {
  const { journey } = world;
  journey.chapter('A digital key opens the door');
  const asked = performance.now();
  let authorizationUrl = '';
  await journey.step('Get digital key: ACTIVATING is pushed', async () => {
    authorizationUrl = await app.activate();
    const { label } = await app.key.next(({ status }) => status === 'ACTIVATING');
    return label ?? '';
  });
  await journey.step('signed in with no action of hers: UNLOCK_AVAILABLE', async () => {
    const page = await app.signIn(authorizationUrl);
    if (page.status !== 200) throw new Error(`The sign-in ended at ${page.status}: ${page.text}`);
    const { status, label, failureMessage } = await app.key.next(({ status }) => status !== 'ACTIVATING');
    if (status !== 'UNLOCK_AVAILABLE') throw new Error(failureMessage ?? status);
    return { seen: label ?? '', milliseconds: performance.now() - asked };
  });
  await journey.step('first unlock on this phone', async () => {
    const lockId = world.doors.get('Meeting room 1');
    if (lockId === undefined) throw new Error('The door is not known.');
    const states = await app.unlock(lockId);
    const last = states.at(-1);
    if (last?.status !== 'SIGNAL_SENT') throw new Error(last?.message ?? 'Nothing happened.');
    return [...states.slice(0, -1).map(({ status }) => status), last.message].join(' → ');
  });
  await journey.step('the lock’s own log', () => lastEntry(world));
}

async function lastEntry(world: DemoWorld): Promise<string> {
  const response = await fetch(`${world.stack.simulator.url}/_simulator/overview`);
  const { sites } = (await response.json()) as { sites: { name: string; entries: { door: string; person: string; category: string }[] }[] };
  const [entry] = sites.find(({ name }) => name === 'Harbour Campus')?.entries ?? [];
  if (entry?.category !== 'lock_opened') throw new Error('The lock has written no entry.');
  return `${entry.door}: ${entry.category} by ${entry.person}`;
}
