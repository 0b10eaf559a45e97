// npm run rotate-keys              seal everything with the first of ENCRYPTION_KEYS
// npm run rotate-keys -- --check   write nothing
// Exit 1 while something still needs another key, or is opened by none.
import { createSecrets } from '../src/adapters/crypto/secrets.ts';
import { connect } from '../src/adapters/prisma/connection.ts';
import { rotateKeys } from '../src/adapters/prisma/rotate-keys.ts';
import { readConfig } from '../src/config.ts';

const dry = process.argv.includes('--check');
const { databaseUrl, encryptionKeys } = readConfig();
const secrets = createSecrets(encryptionKeys);
const database = connect(databaseUrl, { poolSize: 1 });
try {
  const columns = await rotateKeys(database.pool, secrets, { dry });
  console.table(
    Object.fromEntries(
      columns.map(({ column, current, renewed, unreadable }) => [
        column,
        { 'first key': current, [dry ? 'other key' : 'sealed anew']: renewed, 'no known key': unreadable },
      ]),
    ),
  );
  // Looked at once more: a process that was not started anew may have written with an older key meanwhile.
  const now = dry ? columns : await rotateKeys(database.pool, secrets, { dry: true });
  const left = now.some(({ renewed, unreadable }) => unreadable + renewed > 0);
  console.log(left ? 'Not everything is sealed with the first key.' : 'Everything is sealed with the first key: the others may go.');
  if (left) process.exitCode = 1;
} finally {
  await database.close();
}
