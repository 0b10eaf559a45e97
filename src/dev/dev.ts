// npm run dev: the whole stack, seeded and left running. Ctrl-C leaves nothing behind.
import { resolve } from 'node:path';
import { connectChapter } from './demo-connect.ts';
import { openDemo, ORG, MIA } from './demo-world.ts';
import { Journey } from './journey.ts';
import { seedPeople } from './seed.ts';
import { startStack } from './stack.ts';
import { claimsOf, signToken } from './token.ts';

const stack = await startStack({
  dir: resolve('.latchkey/postgres'),
  // The simulator forgets everything when it stops: a database that remembers it would know people and tokens nobody has.
  fresh: true,
  port: Number(process.env['PORT'] ?? 4000),
  simulatorPort: 4100,
  logLevel: process.env['LOG_LEVEL'] ?? 'info',
  redisUrl: process.env['REDIS_URL'],
});
const stop = (): void => {
  stack.close().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);

const world = await openDemo(stack, new Journey());
try {
  await connectChapter(world);
  await seedPeople(world);
} finally {
  await world.close();
}
const { secret = '' } = stack.config.jwt;
const day = String(24 * 60 * 60);
const token = (args: string[]): Promise<string> => signToken(claimsOf([...args, '--org', ORG, '--ttl', day], {}, Date.now()), secret);
console.log(`
GraphQL and GraphiQL   ${stack.url}/graphql
Queue dashboard        ${stack.url}/admin/queues
SALTO KS simulator     ${stack.simulator.url}/
Health and metrics     ${stack.url}/readyz  ${stack.url}/metrics

Tokens of the organisation ${ORG}, good for a day: send as "Authorization: Bearer …"
service   ${await token(['--role', 'service'])}
admin     ${await token(['--role', 'admin'])}
member    ${await token(['--role', 'member', '--sub', MIA])}

Ctrl-C stops everything.`);
