import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const NO_REDIS =
  'The tests need a Redis: install redis-server or valkey-server (Debian: sudo apt-get install redis-server), or set REDIS_TEST_URL.';

/** Path of a Redis server: the machine's, else one installed with its package manager where we may, else one clear sentence is thrown. */
export async function redisServer(): Promise<string> {
  const found = (await find()) ?? (await installAndFind());
  if (!found) throw new Error(NO_REDIS);
  return found;
}

async function find(): Promise<string | undefined> {
  const path = process.env['PATH'] ?? '';
  const folders = [...path.split(delimiter).filter(Boolean), '/usr/sbin', '/usr/local/sbin'];
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of folders) {
      if (await isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function installAndFind(): Promise<string | undefined> {
  const asRoot = await rootPrefix();
  if (!asRoot || !(await isExecutable('/usr/bin/apt-get'))) return undefined;
  console.error('No Redis found: installing redis-server with apt-get …');
  const install = () => aptGet(asRoot, ['install', '-y', '--no-install-recommends', 'redis-server']);
  try {
    // Fresh machines have no package lists yet.
    await install().catch(() => aptGet(asRoot, ['update']).then(install));
  } catch (error) {
    // Another process may have been installing it at the same time.
    const found = await find();
    if (!found) throw new Error(`${NO_REDIS} apt-get could not install it: ${lastLine(error)}`, { cause: error });
  }
  return find();
}

/** What to put before a command that needs root; undefined when we may not. */
async function rootPrefix(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  return run('sudo', ['-n', 'true']).then(
    () => ['sudo', '-n'],
    () => undefined,
  );
}

async function aptGet(asRoot: readonly string[], args: readonly string[]): Promise<void> {
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=120'];
  const command = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...options, ...args];
  await run(command[0] ?? '', command.slice(1), { maxBuffer: 16 * 1024 * 1024 });
}

function lastLine(error: unknown): string {
  const { stderr = '' } = error as { stderr?: string };
  return stderr.trim().split('\n').pop() ?? '';
}
