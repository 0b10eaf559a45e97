import { expect, test } from 'vitest';
import type { ProviderAnswer } from '../../src/ports/lock-vendor.ts';
import { scriptedServer, type ScriptedAnswer } from './scripted-server.ts';
import { GROUP, GROUP_PEOPLE_PATH, NOT_FOUND, session, vendorAt } from './salto-ks-world.ts';

const readAgainst = async (answer: ScriptedAnswer) => {
  await using server = await scriptedServer(() => answer);
  return await vendorAt(server.url, { now: () => 0, timeoutMs: answer === 'hang' ? 50 : 20_000 }).groupPeople(session(), GROUP);
};

const PAGE_OF_A_PROXY = '<html>Sorry</html>';

test.each<[string, string, ScriptedAnswer]>([
  ['404 in SALTO’s words', 'not-found', NOT_FOUND],
  ['404 without a body', 'not-found', { status: 404 }],
  ['404 as a page', 'unavailable', { status: 404, text: PAGE_OF_A_PROXY }],
  ['403 2203', 'refused', { status: 403, json: { ErrorCode: '2203', Message: 'no' } }],
  ['400 1100 with the code as a number', 'refused', { status: 400, json: { ErrorCode: 1100, Message: 'no' } }],
  ['405', 'refused', { status: 405 }],
  ['429', 'unavailable', { status: 429 }],
  ['500', 'unavailable', { status: 500 }],
  ['503', 'unavailable', { status: 503 }],
  ['504', 'unavailable', { status: 504 }],
  ['a redirect', 'unavailable', { status: 302, headers: { location: 'https://example.com/' } }],
  ['a page in place of JSON', 'unavailable', { status: 200, text: PAGE_OF_A_PROXY }],
  ['half an answer', 'unavailable', { status: 200, text: '{"items":[' }],
  ['a list of things without ids', 'unavailable', { status: 200, json: { items: [{ name: 'x' }] } }],
  ['an error inside a success', 'not-found', { status: 200, json: { ErrorCode: 2202, Message: 'not here' } }],
  ['a broken connection', 'unavailable', 'cut'],
  ['no answer', 'unavailable', 'hang'],
])('a read that meets %s is %s', async (_, kind, answer) => {
  expect(await readAgainst(answer)).toMatchObject({ ok: false, problem: { kind } });
});

test('a bare array and {items} are the same list, and an ErrorCode of nought is no error', async () => {
  const ids = ['platform-a', 'platform-b'];
  const items = ids.map((id) => ({ id, first_name: 'A', unheard_of: { of: true } }));
  expect(await readAgainst({ status: 200, json: items })).toEqual({ ok: true, value: ids });
  expect(await readAgainst({ status: 200, json: { items, ErrorCode: '0' } })).toEqual({ ok: true, value: ids });
});

test('a problem’s sentence names the call without ids, addresses or tokens', async () => {
  const answer = await readAgainst({ status: 400, json: { ErrorCode: '1101', Message: "Email 'ann@example.com' is not valid" } });
  const why = "SALTO KS GET /v1.2/sites/{site}/access_groups/{group}/users: HTTP 400 1101 Email '…' is not valid";
  expect(answer).toEqual({ ok: false, problem: { kind: 'refused', why } });
});

test('a list is followed to its end, at the host, scheme and port that are configured', async () => {
  await using server = await scriptedServer(({ query }) => {
    if (query.get('$skip') === '2') return { status: 200, json: { items: [{ id: 'c' }], next_page_link: null } };
    // SALTO was seen to say http where it is asked by https; here it forgets the port.
    const next = `http://127.0.0.1${GROUP_PEOPLE_PATH}?$top=2&$skip=2`;
    return { status: 200, json: { items: [{ id: 'a' }, { id: 'b' }], next_page_link: next } };
  });
  expect(await vendorAt(server.url).groupPeople(session(), GROUP)).toEqual({ ok: true, value: ['a', 'b', 'c'] });
  expect(server.log()).toEqual([`GET ${GROUP_PEOPLE_PATH}`, `GET ${GROUP_PEOPLE_PATH}`]);
});

test.each(['https://elsewhere.example.com/v1.2/x', 'http://127.0.0.1.example.com/', '//elsewhere.example.com/', 'http://['])(
  'a next page at another host (%s) is not followed, so that no token goes there',
  async (link) => {
    expect(await readAgainst({ status: 200, json: { items: [{ id: 'a' }], next_page_link: link } })).toMatchObject({
      ok: false,
      problem: { kind: 'unavailable', why: expect.stringContaining('another host') },
    });
  },
);

test('a list that goes in circles ends', async () => {
  await using server = await scriptedServer(() => ({ status: 200, json: { items: [{ id: 'a' }], next_page_link: GROUP_PEOPLE_PATH } }));
  expect(await vendorAt(server.url).groupPeople(session(), GROUP)).toMatchObject({ ok: false, problem: { kind: 'unavailable' } });
  expect(server.calls.length).toBeLessThan(4);
});

test('a rejected token is renewed once and the call made again', async () => {
  await using server = await scriptedServer(({ headers }) =>
    headers['authorization'] === 'Bearer new' ? { status: 200, json: [{ id: 'a' }] } : { status: 401 },
  );
  const rejected: (string | null)[] = [];
  const renewing = session({
    async token(old) {
      rejected.push(old);
      return { ok: true, value: old === null ? 'old' : 'new' };
    },
  });
  expect(await vendorAt(server.url).groupPeople(renewing, GROUP)).toEqual({ ok: true, value: ['a'] });
  expect(rejected).toEqual([null, 'old']);
});

test('a renewed token that is rejected too needs an administrator', async () => {
  await using server = await scriptedServer(() => ({ status: 401 }));
  expect(await vendorAt(server.url).groupPeople(session(), GROUP)).toMatchObject({ ok: false, problem: { kind: 'needs-reauthorization' } });
  expect(server.calls).toHaveLength(2);
});

test('why there is no token is passed on, and nothing is sent', async () => {
  await using server = await scriptedServer(() => ({ status: 200, json: [] }));
  const lost: ProviderAnswer<string> = { ok: false, problem: { kind: 'needs-reauthorization', why: 'lost' } };
  expect(await vendorAt(server.url).groupPeople(session({ token: async () => lost }), GROUP)).toEqual(lost);
  expect(server.calls).toHaveLength(0);
});

test('a read whose connection breaks is made once more: the server may just have closed an idle one', async () => {
  let cut = true;
  await using server = await scriptedServer(() => {
    const answer: ScriptedAnswer = cut ? 'cut' : { status: 200, json: [{ id: 'a' }] };
    cut = false;
    return answer;
  });
  expect(await vendorAt(server.url).groupPeople(session(), GROUP)).toEqual({ ok: true, value: ['a'] });
});
