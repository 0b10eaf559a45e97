import pg from 'pg';
import { apiClient, type ApiClient } from '../src/dev/api-client.ts';
import { connectChapter } from '../src/dev/demo-connect.ts';
import { MIA, openDemo, ORG, type DemoWorld } from '../src/dev/demo-world.ts';
import * as say from '../src/dev/documents.ts';
import { Journey } from '../src/dev/journey.ts';
import { success } from '../src/dev/success.ts';
import type { Stack } from '../src/dev/stack.ts';
import { claimsOf, signToken } from '../src/dev/token.ts';

/** A connected location, a way to the database beside the API, and a member with access. */
export interface BenchWorld {
  demo: DemoWorld;
  platform: ApiClient;
  memberToken: string;
  database: pg.Pool;
  close(): Promise<void>;
}

export async function openBench(stack: Stack): Promise<BenchWorld> {
  const demo = await openDemo(stack, new Journey());
  await connectChapter(demo);
  const database = new pg.Pool({ connectionString: stack.databaseUrl, max: 10 });
  const { secret = '' } = stack.config.jwt;
  const token = (args: string[]): Promise<string> => signToken(claimsOf([...args, '--org', ORG, '--ttl', '7200'], {}, Date.now()), secret);
  const platform = apiClient(stack.url, await token(['--role', 'service']));
  const input = { externalId: 'mia', email: 'mia@example.com', firstName: 'Mia', lastName: 'Marsh' };
  success((await platform.ask(say.UpsertMember, { input })).result, 'UpsertMemberSuccess');
  return {
    demo,
    platform,
    memberToken: await token(['--role', 'member', '--sub', MIA]),
    database,
    close: async () => {
      await Promise.all([demo.close(), platform.close(), database.end()]);
    },
  };
}
