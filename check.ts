// npm run check: everything a change must pass, the quick parts first. Each part is an npm script of its own, and says how to mend it.
import { spawnSync } from 'node:child_process';

interface Part {
  readonly script: string;
  readonly what: string;
  readonly mend: string;
}

const parts: Part[] = [
  { script: 'check:lockfile', what: 'lockfile complete, install scripts denied', mend: 'see the comment above the failing test' },
  { script: 'check:audit', what: 'no known vulnerability in what runs in production', mend: 'npm install --save-exact NAME@VERSION' },
  { script: 'check:migrations', what: 'migrations carry all of schema.prisma', mend: 'npm run migrate -- diff NAME' },
  { script: 'check:codegen', what: 'schema.graphql and typed documents are up to date', mend: 'npm run codegen' },
  { script: 'check:format', what: 'format', mend: 'npx prettier --write .' },
  { script: 'check:types', what: 'types', mend: 'npm run check:types, after each correction' },
  { script: 'check:lint', what: 'lint', mend: 'npm run check:lint -- --fix, then by hand' },
  { script: 'check:rules', what: 'who may import whom', mend: 'move the code to the room it belongs to: test/architecture/rooms.cjs' },
  { script: 'check:unused', what: 'nothing unused', mend: 'remove what is listed, or name it in knip.json with a reason' },
];

function passes(part: Part): boolean {
  const began = performance.now();
  const run = spawnSync('npm', ['run', '--silent', part.script], { encoding: 'utf8' });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${run.status === 0 ? 'ok    ' : 'FAILED'} ${part.what} (${seconds} s)`);
  if (run.status === 0) {
    for (const line of run.stdout.split('\n').filter((text) => text.startsWith('note: '))) console.log(`       ${line}`);
    return true;
  }
  console.log(`${run.stdout}${run.stderr}\nMend it with: ${part.mend}\n`);
  return false;
}

const failed = parts.filter((part) => !passes(part));
if (failed.length > 0) {
  console.log(`Failed: ${failed.map((part) => part.script).join(', ')}. The tests were not run.`);
  process.exit(1);
}
const tests = spawnSync('npm', ['test'], { stdio: 'inherit' });
process.exit(tests.status ?? 1);
