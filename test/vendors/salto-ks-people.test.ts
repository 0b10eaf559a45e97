import { expect, test } from 'vitest';
import { scriptedServer, type ScriptedAnswer, type ScriptedCall } from './scripted-server.ts';
import { NOT_FOUND, PEOPLE_PATH, session, SITE, siteUser, vendorAt } from './salto-ks-world.ts';

const ROLES = {
  status: 200,
  json: [
    { id: 'role-guest', code: 'site_guest' },
    { id: 'role-user', code: 'site_user' },
  ],
};
const EMPTY = { status: 200, json: { items: [], next_page_link: null } };
const ANN = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Lee' };
const FOUND_ANN = { siteUserId: 'site-user-ann', platformUserId: 'platform-ann', email: ANN.email, subscribed: true, blocked: false };

type Answers = (call: ScriptedCall) => ScriptedAnswer;

test('a person is found by a filter on the address, whatever its case', async () => {
  await using server = await scriptedServer(() => ({ status: 200, json: [siteUser('ann')] }));
  expect(await vendorAt(server.url).findPerson(session(), ' Ann@Example.COM ')).toEqual({ ok: true, value: FOUND_ANN });
  expect(server.calls[0]?.query.get('$filter')).toBe("user/email eq 'Ann@Example.COM'");
});

test('a quote in an address cannot end the filter', async () => {
  await using server = await scriptedServer(() => EMPTY);
  expect(await vendorAt(server.url).findPerson(session(), "o'neil@example.com")).toEqual({ ok: true, value: null });
  expect(server.calls[0]?.query.get('$filter')).toBe("user/email eq 'o''neil@example.com'");
});

test('where the filter is ignored nobody else is taken for the person asked for', async () => {
  await using server = await scriptedServer(() => ({ status: 200, json: [siteUser('ben'), siteUser('cleo', { user: null })] }));
  expect(await vendorAt(server.url).findPerson(session(), 'ann@example.com')).toEqual({ ok: true, value: null });
});

test('where the filter is refused the list is read page by page, and the filter not tried again for an hour', async () => {
  let now = 0;
  const answers: Answers = ({ query }) => {
    if (query.has('$filter')) return { status: 400, json: { ErrorCode: '1100', Message: 'no filter' } };
    if (query.get('$skip') === '1') return { status: 200, json: { items: [siteUser('ann')] } };
    return { status: 200, json: { items: [siteUser('ben')], next_page_link: `${PEOPLE_PATH}?$skip=1` } };
  };
  await using server = await scriptedServer(answers);
  const vendor = vendorAt(server.url, { now: () => now });
  const filters = () => server.calls.filter(({ query }) => query.has('$filter')).length;
  expect(await vendor.findPerson(session(), 'ann@example.com')).toEqual({ ok: true, value: FOUND_ANN });
  expect(await vendor.findPerson(session(), 'ben@example.com')).toMatchObject({ ok: true, value: { siteUserId: 'site-user-ben' } });
  expect(filters()).toBe(1);
  now = 3_600_001;
  await vendor.findPerson(session(), 'ben@example.com');
  expect(filters()).toBe(2);
});

test('a person is created with the role looked up by its code, which is looked up once', async () => {
  const made = { status: 201, json: siteUser('ann', { subscription_state: 'suspended' }) };
  await using server = await scriptedServer(({ method }) => (method === 'GET' ? ROLES : made));
  const vendor = vendorAt(server.url);
  expect(await vendor.createPerson(session(), ANN)).toEqual({ ok: true, value: { ...FOUND_ANN, subscribed: false } });
  await vendor.createPerson(session(), ANN);
  expect(server.log()).toEqual([`GET /v1.2/sites/${SITE}/roles`, `POST ${PEOPLE_PATH}`, `POST ${PEOPLE_PATH}`]);
  const names = { first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com' };
  expect(server.calls[1]?.json).toMatchObject({ ...names, role_ids: ['role-user'], blocked: false });
});

test('an address that is on the site already, written in another case, answers with its person', async () => {
  const everybody = { status: 200, json: [siteUser('ann', { user: { id: 'platform-ann', email: 'Ann@Example.com' } })] };
  const answers: Answers = ({ method, path, query }) => {
    if (path.endsWith('/roles')) return ROLES;
    if (method === 'POST') return { status: 400, json: { ErrorCode: '1101', Message: 'exists' } };
    return query.has('$filter') ? EMPTY : everybody;
  };
  await using server = await scriptedServer(answers);
  expect(await vendorAt(server.url).createPerson(session(), ANN)).toEqual({ ok: true, value: { ...FOUND_ANN, email: 'Ann@Example.com' } });
});

test('a refused creation tells the reason without the address', async () => {
  const answers: Answers = ({ method, path }) => {
    if (path.endsWith('/roles')) return ROLES;
    return method === 'POST' ? { status: 400, json: { ErrorCode: '1101', Message: "Email 'ann@example.com' is not valid" } } : EMPTY;
  };
  await using server = await scriptedServer(answers);
  expect(await vendorAt(server.url).createPerson(session(), ANN)).toEqual({
    ok: false,
    problem: { kind: 'refused', why: "SALTO KS POST /v1.2/sites/{site}/users: HTTP 400 1101 Email '…' is not valid" },
  });
});

test('a creation whose answer is lost is unsure', async () => {
  await using server = await scriptedServer(({ method }) => (method === 'POST' ? 'cut' : ROLES));
  expect(await vendorAt(server.url).createPerson(session(), ANN)).toMatchObject({ ok: false, problem: { kind: 'unsure' } });
});

test('a creation that answers with less than a person is looked up', async () => {
  const answers: Answers = ({ method, path }) => {
    if (path.endsWith('/roles')) return ROLES;
    return method === 'POST' ? { status: 200 } : { status: 200, json: [siteUser('ann')] };
  };
  await using server = await scriptedServer(answers);
  expect(await vendorAt(server.url).createPerson(session(), ANN)).toEqual({ ok: true, value: FOUND_ANN });
});

test('without a role to hand out nobody is created', async () => {
  await using server = await scriptedServer(() => ({ status: 200, json: [] }));
  expect(await vendorAt(server.url).createPerson(session(), ANN)).toMatchObject({ ok: false, problem: { kind: 'refused' } });
  expect(server.log()).toEqual([`GET /v1.2/sites/${SITE}/roles`]);
});

const everybody = Array.from({ length: 450 }, (_, index) => `n${index}`);

/** A site of 450 people; `counts` whether it tells their number, `gone` who is listed nowhere. */
function siteOf450(counts: boolean, gone: string[] = []): Answers {
  return ({ path, query }) => {
    if (path !== PEOPLE_PATH) {
      const name = path.slice(`${PEOPLE_PATH}/site-user-`.length);
      return gone.includes(name) ? NOT_FOUND : { status: 200, json: siteUser(name) };
    }
    const [top, skip] = [Number(query.get('$top')), Number(query.get('$skip'))];
    const items = everybody.filter((name) => !gone.includes(name)).slice(skip, skip + top);
    const next = skip + top < everybody.length ? `${PEOPLE_PATH}?$top=${top}&$skip=${skip + top}` : null;
    const count = counts ? everybody.length - gone.length : null;
    return { status: 200, json: { items: items.map((name) => siteUser(name)), next_page_link: next, count } };
  };
}

const idsOf = (names: string[]) => names.map((name) => `site-user-${name}`);

test('few people are read one by one, and those who are gone are left out', async () => {
  await using server = await scriptedServer(siteOf450(true, ['n7']));
  const read = await vendorAt(server.url).readPeople(session(), idsOf(['n3', 'n7', 'n3']));
  expect(read).toMatchObject({ ok: true, value: [{ siteUserId: 'site-user-n3', subscribed: true }] });
  expect(server.log()).toEqual([`GET ${PEOPLE_PATH}/site-user-n3`, `GET ${PEOPLE_PATH}/site-user-n7`]);
});

test.each([true, false])('many people are read by the list (number told: %s), those it does not show one by one', async (counts) => {
  await using server = await scriptedServer(siteOf450(counts, ['n7']));
  const read = await vendorAt(server.url).readPeople(session(), idsOf(everybody));
  expect(read.ok && read.value.map(({ siteUserId }) => siteUserId).sort()).toEqual(idsOf(everybody.filter((name) => name !== 'n7')).sort());
  expect(server.calls).toHaveLength(6);
  expect(server.log().at(-1)).toBe(`GET ${PEOPLE_PATH}/site-user-n7`);
});

test('readings asked for at one time share the list', async () => {
  await using server = await scriptedServer(siteOf450(true));
  const vendor = vendorAt(server.url);
  const thirds = [everybody.slice(0, 150), everybody.slice(150, 300), everybody.slice(300)];
  const reads = await Promise.all(thirds.map((names) => vendor.readPeople(session(), idsOf(names))));
  expect(reads.map((read) => read.ok && read.value.length)).toEqual([150, 150, 150]);
  expect(server.calls).toHaveLength(5);
});

test('whoever asks while a list is being read gets a reading begun after that', async () => {
  await using server = await scriptedServer(siteOf450(true));
  const vendor = vendorAt(server.url);
  const first = vendor.readPeople(session(), idsOf(everybody));
  await server.arrived(1);
  const second = vendor.readPeople(session(), idsOf(everybody));
  expect((await first).ok && (await second).ok).toBe(true);
  expect(server.calls).toHaveLength(10);
});

test('people of a site are never taken for those of another', async () => {
  const all = { status: 200, json: everybody.map((name) => siteUser(name)) };
  await using server = await scriptedServer(({ path }) => (path.startsWith('/v1.2/sites/site-2/') ? EMPTY : all));
  const vendor = vendorAt(server.url);
  const twelve = idsOf(everybody.slice(0, 12));
  const [one, two] = await Promise.all([
    vendor.readPeople(session(), twelve),
    vendor.readPeople(session({ siteExternalId: 'site-2' }), twelve),
  ]);
  expect(one.ok && one.value.length).toBe(12);
  // The second site's list shows nobody and its people, asked for one by one, answer with a list, which is no person.
  expect(two).toMatchObject({ ok: false, problem: { kind: 'unavailable' } });
});

test.each([
  ['subscribed', true],
  ['suspended', false],
])('a seat is asked for, and whether it was given is read: %s', async (state, subscribed) => {
  const person = { status: 200, json: siteUser('ann', { subscription_state: state }) };
  await using server = await scriptedServer(() => person);
  expect(await vendorAt(server.url).giveSeat(session(), 'site-user-ann')).toEqual({ ok: true, value: { ...FOUND_ANN, subscribed } });
  expect(server.log()).toEqual([`PATCH ${PEOPLE_PATH}/site-user-ann/subscription`, `GET ${PEOPLE_PATH}/site-user-ann`]);
  expect(server.calls[0]?.json).toEqual({ state: 'subscribed' });
});

test('a seat for somebody who is gone is not given', async () => {
  await using server = await scriptedServer(() => NOT_FOUND);
  expect(await vendorAt(server.url).giveSeat(session(), 'site-user-ann')).toMatchObject({ ok: false, problem: { kind: 'not-found' } });
});
