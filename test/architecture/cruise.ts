import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

export interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

export interface Cruise {
  /** Every file that was read, by its path from the root. */
  readonly files: string[];
  readonly violations: Violation[];
}

interface CruiseOutput {
  readonly modules: { readonly source: string }[];
  readonly summary: { readonly violations: Violation[] };
}

/** The rules by name, each with the sentence that says what it wants. */
export function ruleComments(): Map<string, string> {
  const { forbidden } = createRequire(import.meta.url)('./rules.cjs') as { forbidden: { name: string; comment: string }[] };
  return new Map(forbidden.map((rule) => [rule.name, rule.comment]));
}

const SOURCES = ['src', 'workers', 'prisma', 'test', 'bench', 'codegen.ts', 'check.ts'];

/** Judges the imports of the project in `dir` by the rules of its test/architecture/rules.cjs. */
export async function cruise(dir: string): Promise<Cruise> {
  const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const sources = SOURCES.filter((name) => existsSync(join(dir, name)));
  const args = [program, '--config', 'test/architecture/rules.cjs', '--output-type', 'json', ...sources];
  const output = await new Promise<string>((done, fail) => {
    // The exit code counts the violations; without output something else is wrong.
    execFile(process.execPath, args, { cwd: dir, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) done(stdout);
      else fail(new Error(`dependency-cruiser said: ${stdout}${stderr}`, { cause: error }));
    });
  });
  const { modules, summary } = JSON.parse(output) as CruiseOutput;
  return { files: modules.map((module) => module.source), violations: summary.violations };
}
