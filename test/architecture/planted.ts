import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface PlantedTree {
  readonly dir: string;
  remove(): void;
}

/**
 * A small project beside the real one, with the given files and the real configuration: violations can be planted in it while others work
 * on the real tree. It lies inside the project, so that packages are found. Keys are paths from its root.
 */
export function plantTree(files: Readonly<Record<string, string>>): PlantedTree {
  mkdirSync('.latchkey', { recursive: true });
  const dir = mkdtempSync(resolve('.latchkey/planted-'));
  for (const name of ['package.json', 'tsconfig.json', 'eslint.config.js', 'test/architecture/rooms.cjs', 'test/architecture/rules.cjs']) {
    cpSync(name, join(dir, name));
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
