import { test } from 'vitest';
import { grown } from './grown.ts';
test('x', async () => {
  const world = await grown({ locations: 10, groupsPerLocation: 6, members: 4_000, rights: 20_000, ahead: 1_000 });
  const [l] = await world.sql<{id: string}>('select id from location limit 1');
  for (const q of [`select id from access_right where "locationId" = $1 and "orgId" = 'grown' and "withdrawnAt" is null and "startsAt" <= now() and ("endsAt" is null or "endsAt" > now()) and "closedAt" is null order by id limit 21`])
  console.log((await world.sql<any>('explain (analyze, buffers) ' + q, [l!.id])).map((r: any) => r['QUERY PLAN']).join('\n'));
  await world.close();
}, 120000);
