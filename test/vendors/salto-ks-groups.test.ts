import { expect, test } from 'vitest';
import type { GroupChanged, GroupPerson } from '../../src/ports/lock-vendor.ts';
import { scriptedServer, type ScriptedAnswer, type ScriptedCall } from './scripted-server.ts';
import { GROUP, GROUP_PEOPLE_PATH as PATH, NOT_FOUND, session, vendorAt } from './salto-ks-world.ts';

const NOW = 10_000_000;
const SETTLED = null;
const JUST_CREATED = NOW - 30_000;
const CREATED_TWO_MINUTES_AGO = NOW - 120_000;

const person = (platformUserId: string, createdThereAt: number | null = SETTLED): GroupPerson => ({ platformUserId, createdThereAt });
const people = (count: number): GroupPerson[] => Array.from({ length: count }, (_, index) => person(`p${index}`));

interface Group {
  members: Set<string>;
  unknown: Set<string>;
  calls: ScriptedCall[];
  /** calls that change something, as "METHOD number of people" */
  writes(): string[];
  kinds(change: { add?: GroupPerson[]; remove?: GroupPerson[] }): Promise<Record<string, string>>;
  change(change: { add?: GroupPerson[]; remove?: GroupPerson[] }): Promise<GroupChanged>;
}

/** A group as SALTO keeps it: all of a batch or nothing, 404 for people it does not know. `instead` answers in its place. */
async function withGroup(
  start: { members?: string[]; unknown?: string[]; instead?: (call: ScriptedCall, group: Group) => ScriptedAnswer | null },
  use: (group: Group) => Promise<void>,
): Promise<void> {
  const members = new Set(start.members ?? []);
  const unknown = new Set(start.unknown ?? []);
  await using server = await scriptedServer((call) => start.instead?.(call, group) ?? answer(call, members, unknown));
  const vendor = vendorAt(server.url, { now: () => NOW });
  const group: Group = {
    members,
    unknown,
    calls: server.calls,
    writes: () => server.calls.filter(({ method }) => method !== 'GET').map((call) => `${call.method} ${sizeOf(call)}`),
    change: ({ add = [], remove = [] }) => vendor.changeGroup(session(), GROUP, { add, remove }, NOW),
    async kinds(change) {
      const { outcomes } = await group.change(change);
      return Object.fromEntries([...outcomes].map(([id, outcome]) => [id, outcome.kind === 'refused' ? outcome.cause : outcome.kind]));
    },
  };
  await use(group);
}

interface Body {
  add_ids?: string[];
  remove_ids?: string[];
  user_id?: string;
}

function sizeOf({ method, json }: ScriptedCall): number {
  const { add_ids = [], remove_ids = [] } = (json ?? {}) as Body;
  return method === 'PATCH' ? add_ids.length + remove_ids.length : 1;
}

function answer(call: ScriptedCall, members: Set<string>, unknown: Set<string>): ScriptedAnswer {
  const { add_ids = [], remove_ids = [], user_id = '' } = (call.json ?? {}) as Body;
  switch (call.method) {
    case 'GET':
      return { status: 200, json: { items: [...members].map((id) => ({ id })), next_page_link: null } };
    case 'POST':
      if (unknown.has(user_id)) return NOT_FOUND;
      members.add(user_id);
      return { status: 200, json: { id: user_id } };
    case 'PATCH':
      if (add_ids.some((id) => unknown.has(id))) return NOT_FOUND;
      for (const id of add_ids) members.add(id);
      for (const id of remove_ids) members.delete(id);
      return { status: 204 };
    default:
      members.delete(call.path.slice(PATH.length + 1));
      return { status: 204 };
  }
}

test('250 people are put in by three calls of at most a hundred, and are all done', async () => {
  await withGroup({}, async (group) => {
    const kinds = await group.kinds({ add: people(250) });
    expect(group.writes()).toEqual(['PATCH 100', 'PATCH 100', 'PATCH 50']);
    expect(group.calls).toHaveLength(3);
    expect(group.members.size).toBe(250);
    expect(new Set(Object.values(kinds))).toEqual(new Set(['done']));
    expect(Object.keys(kinds)).toHaveLength(250);
  });
});

test('additions and removals share a call', async () => {
  await withGroup({ members: ['old', 'theirs'] }, async (group) => {
    expect(await group.kinds({ add: [person('new')], remove: [person('old')] })).toEqual({ new: 'done', old: 'done' });
    expect(group.calls.map(({ json }) => json)).toEqual([{ add_ids: ['new'], remove_ids: ['old'] }]);
    expect([...group.members]).toEqual(['theirs', 'new']);
  });
});

test('a single person is put in and taken out by the single calls', async () => {
  await withGroup({}, async (group) => {
    expect(await group.kinds({ add: [person('a')] })).toEqual({ a: 'done' });
    expect(await group.kinds({ remove: [person('a')] })).toEqual({ a: 'done' });
    expect(group.writes()).toEqual(['POST 1', 'DELETE 1']);
    expect(group.members.size).toBe(0);
  });
});

test('no change is no call', async () => {
  await withGroup({}, async (group) => {
    expect(await group.kinds({})).toEqual({});
    expect(group.calls).toHaveLength(0);
  });
});

test('somebody SALTO does not know spoils neither the batch for the others nor takes a call per person to find', async () => {
  await withGroup({ unknown: ['p42'] }, async (group) => {
    const kinds = await group.kinds({ add: people(100) });
    expect(kinds['p42']).toBe('UNKNOWN_AT_PROVIDER');
    expect(Object.values(kinds).filter((kind) => kind === 'done')).toHaveLength(99);
    expect(group.members.size).toBe(99);
    expect(group.writes().length).toBeLessThan(20);
  });
});

test('people just created are told apart from the others at once, and are tried again later', async () => {
  await withGroup({ unknown: ['fresh'] }, async (group) => {
    const { outcomes } = await group.change({ add: [...people(50), person('fresh', JUST_CREATED)] });
    expect(outcomes.get('fresh')).toMatchObject({ kind: 'later', retryAt: NOW + 5_000 });
    expect(group.members.size).toBe(50);
    expect(group.writes()).toEqual(['PATCH 51', 'PATCH 50', 'POST 1']);
  });
});

test.each([
  ['found there', 'UNKNOWN_AT_PROVIDER', SETTLED],
  ['created two minutes ago', 'UNKNOWN_AT_PROVIDER', CREATED_TWO_MINUTES_AGO],
  ['created 30 seconds ago', 'later', JUST_CREATED],
])('not found, somebody %s is %s', async (_, kind, createdThereAt) => {
  await withGroup({ unknown: ['a'] }, async (group) => {
    expect(await group.kinds({ add: [person('a', createdThereAt)] })).toEqual({ a: kind });
  });
});

test.each([
  ['found there', 'REFUSED', SETTLED],
  ['created 30 seconds ago', 'later', JUST_CREATED],
])('403 2203 for somebody %s is %s', async (_, kind, createdThereAt) => {
  const forbidden = { status: 403, json: { ErrorCode: '2203', Message: 'User does not have permission for this operation on this user' } };
  await withGroup({ instead: ({ method }) => (method === 'POST' ? forbidden : null) }, async (group) => {
    expect(await group.kinds({ add: [person('a', createdThereAt)] })).toEqual({ a: kind });
  });
});

test('whom a batch passed over in silence because they are too new is tried again', async () => {
  const skip = (call: ScriptedCall, group: Group) => {
    if (call.method !== 'PATCH') return null;
    for (const id of (call.json as { add_ids: string[] }).add_ids) if (!group.unknown.has(id)) group.members.add(id);
    return { status: 204 };
  };
  await withGroup({ unknown: ['fresh'], instead: skip }, async (group) => {
    const kinds = await group.kinds({ add: [person('a'), person('fresh', JUST_CREATED), person('known', JUST_CREATED)] });
    expect(kinds).toEqual({ a: 'done', fresh: 'later', known: 'done' });
  });
});

test('people whom a refused batch has put in all the same are done', async () => {
  const partial = (call: ScriptedCall, group: Group) => {
    if (call.method !== 'PATCH') return null;
    for (const id of (call.json as { add_ids: string[] }).add_ids) if (!group.unknown.has(id)) group.members.add(id);
    return NOT_FOUND;
  };
  await withGroup({ unknown: ['p3'], instead: partial }, async (group) => {
    const kinds = await group.kinds({ add: people(10) });
    expect(kinds['p3']).toBe('UNKNOWN_AT_PROVIDER');
    expect(Object.values(kinds).filter((kind) => kind === 'done')).toHaveLength(9);
    expect(group.writes()).toEqual(['PATCH 10', 'POST 1']);
  });
});

test.each([405, 501])('where there is no batch (%i) people go one by one, and batches are not tried again for an hour', async (status) => {
  const none = ({ method }: ScriptedCall) => (method === 'PATCH' ? { status } : null);
  await withGroup({ instead: none }, async (group) => {
    expect(await group.kinds({ add: people(3) })).toEqual({ p0: 'done', p1: 'done', p2: 'done' });
    expect(await group.kinds({ remove: people(2) })).toEqual({ p0: 'done', p1: 'done' });
    expect(group.writes()).toEqual(['PATCH 3', 'POST 1', 'POST 1', 'POST 1', 'DELETE 1', 'DELETE 1']);
    expect([...group.members]).toEqual(['p2']);
  });
});

test('a batch refused with 400 of which nobody alone is refused means that batches are', async () => {
  const invalid = { status: 400, json: { ErrorCode: '1100', Message: 'invalid' } };
  const none = ({ method }: ScriptedCall) => (method === 'PATCH' ? invalid : null);
  await withGroup({ instead: none }, async (group) => {
    expect(await group.kinds({ add: people(2) })).toEqual({ p0: 'done', p1: 'done' });
    await group.kinds({ remove: people(2) });
    expect(group.writes().filter((write) => write.startsWith('PATCH'))).toHaveLength(1);
  });
});

test.each([400, 409])('somebody in the group already is done, also where that is refused with %i, alone or in a batch', async (status) => {
  const refuseDuplicates = (call: ScriptedCall, group: Group) => {
    const { add_ids = [], user_id = '' } = (call.json ?? {}) as Body;
    const again = [...add_ids, user_id].some((id) => group.members.has(id));
    return again ? { status, json: { ErrorCode: '1101', Message: 'already' } } : null;
  };
  await withGroup({ members: ['a'], instead: refuseDuplicates }, async (group) => {
    expect(await group.kinds({ add: [person('a')] })).toEqual({ a: 'done' });
    expect(await group.kinds({ add: [person('a'), person('b'), person('c')] })).toEqual({ a: 'done', b: 'done', c: 'done' });
    expect([...group.members]).toEqual(['a', 'b', 'c']);
    // The batch was spoiled by one person; batches as such are still used.
    expect(group.writes()).toEqual(['POST 1', 'PATCH 3', 'PATCH 2']);
  });
});

test.each([400, 404])('somebody not in the group is taken out, also where that is refused with %i, alone or in a batch', async (status) => {
  const refuseAbsent = (call: ScriptedCall, group: Group) => {
    const alone = call.method === 'DELETE' ? [call.path.slice(PATH.length + 1)] : [];
    const { remove_ids = alone } = (call.json ?? {}) as Body;
    return remove_ids.some((id) => !group.members.has(id)) ? { status, json: { ErrorCode: '2202', Message: 'User not found' } } : null;
  };
  await withGroup({ members: ['b'], instead: refuseAbsent }, async (group) => {
    expect(await group.kinds({ remove: [person('a')] })).toEqual({ a: 'done' });
    expect(await group.kinds({ remove: [person('a'), person('b')] })).toEqual({ a: 'done', b: 'done' });
    expect(group.members.size).toBe(0);
  });
});

test('a list that lags behind does not leave anybody in a group', async () => {
  const lagging = (call: ScriptedCall, group: Group) => {
    if (call.method === 'GET') return { status: 200, json: [] };
    const { remove_ids = [] } = (call.json ?? {}) as Body;
    return remove_ids.some((id) => !group.members.has(id)) ? NOT_FOUND : null;
  };
  await withGroup({ members: ['just-added'], instead: lagging }, async (group) => {
    await group.kinds({ remove: [person('just-added'), person('absent')] });
    expect(group.members.size).toBe(0);
  });
});

test('somebody whom SALTO shows in the group and does not find is not called gone', async () => {
  const contradiction = ({ method }: ScriptedCall) => (method === 'DELETE' ? NOT_FOUND : null);
  await withGroup({ members: ['a'], instead: contradiction }, async (group) => {
    expect((await group.change({ remove: [person('a')] })).outcomes.get('a')).toMatchObject({ kind: 'later', countsAsFailure: true });
  });
});

test('of a group that is gone nobody is a member: additions are refused with that cause, removals are done', async () => {
  await withGroup({ instead: () => NOT_FOUND }, async (group) => {
    expect(await group.kinds({ add: [person('a'), person('b')], remove: [person('c')] })).toEqual({
      a: 'GROUP_MISSING',
      b: 'GROUP_MISSING',
      c: 'done',
    });
    expect(group.writes()).toEqual(['PATCH 3']);
  });
});

test('what stops a change half-way is told beside its outcomes, a person’s own trouble is not', async () => {
  await withGroup({ instead: () => 'cut' }, async (group) => {
    expect((await group.change({ add: people(2) })).problem).toMatchObject({ kind: 'unsure' });
  });
  const listIsOut = ({ method }: ScriptedCall) => (method === 'GET' ? { status: 503 } : null);
  await withGroup({ unknown: ['p0'], instead: listIsOut }, async (group) => {
    expect(await group.change({ add: people(2) })).toMatchObject({ problem: { kind: 'unavailable' } });
    expect(await group.kinds({ add: people(2) })).toEqual({ p0: 'later', p1: 'later' });
  });
  await withGroup({ unknown: ['p0'] }, async (group) => {
    expect((await group.change({ add: people(2) })).problem).toBeNull();
  });
});

test.each<[string, string, ScriptedAnswer]>([
  ['a broken connection', 'unsure', 'cut'],
  ['a page in place of an answer', 'unsure', { status: 200, text: '<html>' }],
  ['a 404 page of a gateway', 'unsure', { status: 404, text: '<html>' }],
  ['500', 'unsure', { status: 500 }],
  ['504', 'unsure', { status: 504 }],
  ['503', 'later', { status: 503 }],
  ['429', 'later', { status: 429 }],
])('a write that meets %s leaves each person %s, and no further call is made', async (_, kind, said) => {
  await withGroup({ instead: () => said }, async (group) => {
    expect(await group.kinds({ add: people(3) })).toEqual({ p0: kind, p1: kind, p2: kind });
    expect(group.calls).toHaveLength(1);
  });
});

test('after a lost answer those not tried yet wait, and are not in doubt', async () => {
  await withGroup({ instead: () => 'cut' }, async (group) => {
    const kinds = await group.kinds({ add: people(150) });
    expect(Object.values(kinds).filter((kind) => kind === 'unsure')).toHaveLength(100);
    expect(Object.values(kinds).filter((kind) => kind === 'later')).toHaveLength(50);
    expect(group.calls).toHaveLength(1);
  });
});

test('an instant named by SALTO is passed on to everybody who has to wait', async () => {
  const busy = () => ({ status: 429, headers: { 'retry-after': '12' } });
  await withGroup({ instead: busy }, async (group) => {
    const { outcomes, problem } = await group.change({ add: people(101) });
    expect(problem).toMatchObject({ kind: 'unavailable', retryAt: NOW + 12_000 });
    expect([...outcomes.values()].every((outcome) => outcome.kind === 'later' && outcome.retryAt === NOW + 12_000)).toBe(true);
    expect(group.calls).toHaveLength(1);
  });
});

test('when most people of a batch are unknown, the number of calls stays bounded and the rest wait', async () => {
  const unknown = people(100).map(({ platformUserId }) => platformUserId);
  await withGroup({ unknown }, async (group) => {
    const kinds = Object.values(await group.kinds({ add: people(100) }));
    expect(kinds).toHaveLength(100);
    expect(kinds.filter((kind) => kind === 'UNKNOWN_AT_PROVIDER').length).toBeGreaterThan(20);
    expect(kinds.every((kind) => kind === 'UNKNOWN_AT_PROVIDER' || kind === 'later')).toBe(true);
    expect(group.calls.length).toBeLessThanOrEqual(140);
  });
});
