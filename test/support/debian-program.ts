import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Program {
  /** of the executable, the best first */
  names: readonly string[];
  /** beside those of PATH */
  folders: readonly string[];
  /** that Debian and Ubuntu have it in */
  package: string;
  /** what to do where it is not there and may not be installed */
  missing: string;
}

/** Path of a program: the machine's, else one installed with its package manager where we may, else one clear sentence is thrown. */
export async function debianProgram(program: Program): Promise<string> {
  const found = (await find(program)) ?? (await installAndFind(program));
  if (!found) throw new Error(program.missing);
  return found;
}

async function find({ names, folders }: Program): Promise<string | undefined> {
  const path = process.env['PATH'] ?? '';
  for (const name of names) {
    for (const folder of [...path.split(delimiter).filter(Boolean), ...folders]) {
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

async function installAndFind(program: Program): Promise<string | undefined> {
  const asRoot = await rootPrefix();
  if (!asRoot || !(await isExecutable('/usr/bin/apt-get'))) return undefined;
  console.error(`No ${program.names[0]} found: installing ${program.package} with apt-get …`);
  const install = () => aptGet(asRoot, ['install', '-y', '--no-install-recommends', program.package]);
  try {
    // Fresh machines have no package lists yet.
    await install().catch(() => aptGet(asRoot, ['update']).then(install));
  } catch (error) {
    // Another process may have been installing it at the same time.
    const found = await find(program);
    if (!found) throw new Error(`${program.missing} apt-get could not install it: ${lastLine(error)}`, { cause: error });
  }
  return find(program);
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
