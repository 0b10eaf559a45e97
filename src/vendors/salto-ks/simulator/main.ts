import { parseArgs } from 'node:util';
import { harbour, readScenario } from './scenario.ts';
import { startSimulator } from './server.ts';

const DEFAULT_PORT = 4010;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' }, scenario: { type: 'string' } },
  });
  const port = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be a number from 0 to 65535');
  const scenario = values.scenario === undefined ? harbour() : readScenario(values.scenario);
  const simulator = await startSimulator({ port, host: values.host, scenario });
  console.log(`SALTO KS simulator at ${simulator.url} (identity server and Connect API)`);
  console.log(`  doors      ${simulator.url}/_simulator/`);
  console.log(`  clients    ${scenario.clients.map((client) => client.id).join(', ')}`);
  console.log(`  accounts   ${scenario.accounts.map((account) => account.email).join(', ')}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
