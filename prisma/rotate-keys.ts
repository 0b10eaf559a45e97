// npm run rotate-keys              seals with the first of ENCRYPTION_KEYS whatever an older one sealed
// npm run rotate-keys -- --check   counts what an older key is still needed for, and writes nothing
// Exit code 1: an older key is still needed, or something cannot be opened with any of them. To be run with the environment of the
// processes, after all of them were started anew with the new key in front; safe beside them, at any time, as often as wanted.
import { createSecrets } from '../src/adapters/crypto/secrets.ts';
import { connect } from '../src/adapters/prisma/connection.ts';
import { rotate, type RotatedColumn } from '../src/adapters/prisma/rotation.ts';
import { readConfig } from '../src/config.ts';

function line({ table, column, current, resealed, old, lost }: RotatedColumn): string {
  const counts = [`${current} under the first key`, `${resealed} sealed anew`, `${old} under an older key`, `${lost} cannot be opened`];
  return `${`${table}.${column}`.padEnd(32)} ${counts.join(', ')}`;
}

function verdict(found: readonly RotatedColumn[], checkOnly: boolean): string {
  const old = found.reduce((sum, column) => sum + column.old, 0);
  const lost = found.reduce((sum, column) => sum + column.lost, 0);
  if (lost > 0) return `${lost} cannot be opened: put the key that sealed them back into ENCRYPTION_KEYS, behind the first.`;
  if (old === 0) return 'Everything is sealed with the first key. The older ones are needed no more.';
  if (checkOnly) return `${old} still need an older key: npm run rotate-keys`;
  return `${old} were written with an older key meanwhile: start every process anew with the new key in front, then run this again.`;
}

async function main(): Promise<boolean> {
  const checkOnly = process.argv.includes('--check');
  const config = readConfig();
  const { pool, close } = connect(config.databaseUrl, { poolSize: 1 });
  try {
    const found = await rotate({ pool, secrets: createSecrets(config.encryptionKeys), checkOnly });
    console.log([...found.map(line), verdict(found, checkOnly)].join('\n'));
    return found.every(({ old, lost }) => old + lost === 0);
  } finally {
    await close();
  }
}

process.exitCode = await main().then(
  (done) => (done ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  },
);
