import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from './source-files.ts';

const files = sourceFiles();
const isCode = (path: string) => /\.(ts|js|mjs|cjs)$/.test(path);
const isText = (path: string) => isCode(path) || /\.(md|prisma|json|sql|graphql|example|sh)$/.test(path) || !basename(path).includes('.');

interface Line {
  readonly where: string;
  readonly text: string;
}

function linesOf(path: string): Line[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.map((text, index) => ({ where: `${path}:${index + 1}`, text }));
}

// This file has to name what it forbids.
const lines = files.filter((path) => isText(path) && path !== 'test/architecture/tidy.test.ts').flatMap(linesOf);

function linesWith(pattern: RegExp, among: (path: string) => boolean = () => true): string[] {
  const found = lines.filter((line) => pattern.test(line.text) && among(line.where.replace(/:\d+$/, '')));
  return found.map((line) => `${line.where} ${line.text.trim()}`);
}

test('no file or folder has a name that says nothing', () => {
  const vague = /(^|\/)(utils?|helpers?|common|misc|managers?|services?)(\/|\.|$)/;
  expect(files.filter((path) => vague.test(path))).toEqual([]);
});

test('nothing is left to be done later', () => {
  expect(linesWith(/\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
});

test('no test is skipped, and none keeps the others from running', () => {
  const isTest = (path: string) => path.endsWith('.test.ts');
  expect(linesWith(/\b(test|it|describe)\.(only|skip|todo|skipIf|runIf|fails)\b/, isTest)).toEqual([]);
});

test('no test waits for time to pass', () => {
  const isTest = (path: string) => path.startsWith('test/') && path.endsWith('.test.ts');
  expect(linesWith(/\bsleep\(|timers\/promises|setTimeout\(\s*(resolve|done|ok)\b/, isTest)).toEqual([]);
});

test('the type checker and the linter are not talked out of it without a reason', () => {
  expect(linesWith(/@ts-(ignore|nocheck)/)).toEqual([]);
  expect(linesWith(/@ts-expect-error\s*$/)).toEqual([]);
  expect(linesWith(/eslint-disable(?!.* -- \S)/, (path) => path !== 'test/architecture/lint.test.ts')).toEqual([]);
});

test('nothing refers to the machine it was written on', () => {
  expect(linesWith(/\/(home|Users|work|root|mnt)\/[a-z]/)).toEqual([]);
});

test('people in tests and examples have addresses that reach nobody', () => {
  const reserved = /@([a-z0-9-]+\.)*(example\.(com|org|net)|[a-z0-9-]+\.(example|test|invalid))\b/i;
  const address = /\b[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|io|de|eu|app|test|example|invalid)\b/gi;
  const found = lines.flatMap((line) => [...line.text.matchAll(address)].map(([text]) => `${line.where} ${text}`));
  expect(found.filter((text) => !reserved.test(text))).toEqual([]);
});

test('each file of core has its tests beside it, under the same name', () => {
  const core = files.filter((path) => dirname(path) === 'src/core' && path.endsWith('.ts'));
  expect(core.length).toBeGreaterThan(5);
  const typesOnly = (path: string) => !/^export (async )?(function|const|class|let)\b/m.test(readFileSync(path, 'utf8'));
  const mirror = (path: string) => path.replace('src/core/', 'test/core/').replace(/\.ts$/, '.test.ts');
  expect(core.filter((path) => !typesOnly(path) && !existsSync(mirror(path)))).toEqual([]);
});
