import { afterAll, beforeAll, expect, test } from 'vitest';
import { followEntries } from '../../src/app/follow-entries.ts';
import { ActivityOf } from './documents.ts';
import { openSpace, ROOM, type Space } from './space.ts';
import { startTestStack, type TestStack } from './stack.ts';

let stack: TestStack;
let space: Space;
let integrationId: string;
beforeAll(async () => {
  stack = await startTestStack({ redis: true });
  space = await openSpace(stack, stack.apis);
  const [row] = await stack.sql<{ id: string }>('select id from integration');
  integrationId = row?.id ?? '';
});
afterAll(async () => {
  await space.close();
  await stack.close();
});

const follow = () => followEntries(stack.deps, { integrationId });
const tryDoor = (email: string, lockName: string) =>
  space.control('POST', 'doors/try', { email, lockName, site: 'Harbour Campus', record: true });

/** What the locks told, oldest first: about whom, and the sentence. */
async function told(): Promise<[string | null, string][]> {
  const { activity } = await space.admin.ask(ActivityOf, { location: space.location, types: ['UNLOCK_REPORTED'] });
  const rows = (activity?.edges ?? []).map(({ node }) => node).filter(({ actor }) => actor === 'lock');
  return rows.map(({ member, detail }): [string | null, string] => [member?.externalId ?? null, detail]).reverse();
}

test('what the locks log comes up in the activity, each event once however often the log is read, and who is refused with the reason', async () => {
  const mia = await space.guest();
  const phone = await space.phone(mia);
  await phone.getDigitalKey();
  await phone.unlock(space.lock(ROOM));
  await phone.unlock(space.lock('Loading bay'));
  await tryDoor('cleaner@example.com', 'Loading bay');
  await follow();
  const once: [string | null, string][] = [
    [mia, 'Meeting room 1 was opened by mobile key.'],
    [mia, 'Loading bay stayed closed by mobile key: no access.'],
    [null, 'Loading bay was opened by tag.'],
  ];
  expect((await told()).sort()).toEqual(once.sort());
  expect(await follow()).toEqual({ entries: 0 });
  await stack.sql('update integration set "entriesCursorAt" = null, "entriesCursorId" = null');
  expect(await follow()).toEqual({ entries: 0 });
  expect(await told()).toHaveLength(3);
});

test('an event of the second that was read last is told too, whatever its id, and so is one that SALTO tells some minutes late', async () => {
  await tryDoor('owner@example.com', 'Front door');
  await follow();
  const before = (await told()).length;
  const { entries } = stack.simulator.state;
  const last = entries.at(-1);
  if (last === undefined) throw new Error('The simulator has no entry.');
  const sequence = last.sequence + 1;
  entries.push({ ...last, id: '00000000-0000-4000-8000-000000000000', sequence });
  entries.push({ ...last, id: '00000000-0000-4000-8000-000000000001', sequence: sequence + 1, at: last.at - 500 });
  await follow();
  expect(await told()).toHaveLength(before + 2);
});

test('a log longer than one reading is read to its end', async () => {
  const before = (await told()).length;
  const { entries } = stack.simulator.state;
  const last = entries.at(-1);
  if (last === undefined) throw new Error('The simulator has no entry.');
  const later = Date.now() + 60_000;
  for (let index = 0; index < 450; index += 1) {
    entries.push({
      ...last,
      id: `${String(index).padStart(8, '0')}-0000-4000-9000-000000000000`,
      sequence: last.sequence + 1 + index,
      at: later + index * 100,
    });
  }
  expect(await follow()).toEqual({ entries: 450 });
  expect(await follow()).toEqual({ entries: 0 });
  const [{ count } = { count: 0 }] = await stack.sql<{ count: number }>(`select count(*)::int as count from activity where actor = 'lock'`);
  expect(count).toBe(before + 450);
});
