import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../src/graphql/schema.ts';
import type { World } from './flow/server-world.ts';
import { startWorld } from './flow/server-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ schema });
});
afterAll(() => world.server.close());

/** All of them: what a server MUST, SHOULD and MAY do. */
const audits = serverAudits({
  url: () => `${world.server.url}/graphql`,
  fetchFn: async (url: string, init: RequestInit = {}) => {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${await world.token()}` };
    return fetch(url, { ...init, headers });
  },
});

test('none is left out', () => {
  const kinds = audits.map(({ name }) => /^(MUST|SHOULD|MAY)\b/.exec(name)?.[0]);
  expect(new Set(kinds)).toEqual(new Set(['MUST', 'SHOULD', 'MAY']));
  expect(kinds.length).toBeGreaterThanOrEqual(60);
});

test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('GraphQL over HTTP %s: %s', async (_id, _name, audit) => {
  const result = await audit.fn();
  expect(result.status === 'ok' ? 'ok' : result.reason).toBe('ok');
});
