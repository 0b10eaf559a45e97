// postmaster.pid: what the data folder says about the server that uses it.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

// Beyond every kernel's largest pid.
const NOBODYS_PID = '4194999';

export async function readPidFile(dir: string): Promise<PidFile | undefined> {
  const text = await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  if (!lines[0]) return undefined;
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The living server of this folder, if there is one. */
export async function findRunning(dir: string): Promise<PidFile | undefined> {
  const file = await readPidFile(dir);
  if (!file || !isAlive(file.pid)) return undefined;
  return (await commandLine(file.pid)).includes(` -D ${dir} `) ? file : undefined;
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ');
  }
  const listed = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return `${listed.stdout.trim()} `;
}

/**
 * After a crash the number in the file may belong to another process by now, and PostgreSQL would refuse to start. The file itself must
 * stay: its shared-memory line keeps a new server out while backends of the old one still write.
 */
export async function renumberStalePidFile(dir: string): Promise<void> {
  const file = await readPidFile(dir);
  if (!file || !isAlive(file.pid)) return;
  const path = join(dir, 'postmaster.pid');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/^\d+/, NOBODYS_PID));
}
