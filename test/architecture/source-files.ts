import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['src', 'workers', 'prisma', 'test', 'bench', 'docs', '.ci'];
const LEFT_OUT = new Set(['generated', 'migrations', 'node_modules']);

/** Every file of the project that somebody wrote, by its path from the root. */
export function sourceFiles(): string[] {
  const here = readdirSync('.', { withFileTypes: true }).filter((entry) => entry.isFile());
  const written = here
    .map((entry) => entry.name)
    .filter((name) => name !== 'package-lock.json' && !name.endsWith('.log') && name !== '.env');
  return [...written, ...FOLDERS.flatMap(filesBelow)];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
