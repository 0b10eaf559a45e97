// Every ban of eslint.config.js, planted once and seen to be caught; and what is permitted elsewhere, seen to pass.
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, expect, test } from 'vitest';
import { plantTree } from './planted.ts';

interface Plant {
  readonly path: string;
  readonly code: string;
  /** The rule that must speak; none may when it is missing. */
  readonly rule?: string;
}

const GLOBALS = [
  'new Date()',
  'Date.now()',
  'performance.now()',
  'setTimeout(() => undefined, 1)',
  'setInterval(() => undefined, 1)',
  'setImmediate(() => undefined)',
  'queueMicrotask(() => undefined)',
  'crypto.randomUUID()',
  `fetch('https://example.com/')`,
  'process.pid',
  'typeof globalThis',
  `Buffer.from('')`,
  'console',
];

const banned: Plant[] = ['src/core', 'src/app', 'src/graphql'].flatMap((room) => [
  ...GLOBALS.map((expression, index) => ({
    path: `${room}/global-${index}.ts`,
    code: `export const planted = ${expression};`,
    rule: 'no-restricted-globals',
  })),
  { path: `${room}/chance.ts`, code: 'export const planted = Math.random();', rule: 'no-restricted-properties' },
  {
    path: `${room}/now.ts`,
    code: `import { Temporal } from 'temporal-polyfill';\nexport const planted = Temporal.Now.instant();`,
    rule: 'no-restricted-properties',
  },
]);

const long = (count: number) => Array.from({ length: count }, (_, index) => `  console.info(${index});`).join('\n');

const elsewhere: Plant[] = [
  { path: 'src/adapters/environment.ts', code: `export const planted = process.env['HOME'];`, rule: 'no-restricted-properties' },
  { path: 'workers/environment.ts', code: `export const planted = process.env['HOME'];`, rule: 'no-restricted-properties' },
  { path: 'src/vague.ts', code: `export { planted } from './utils/planted.ts';`, rule: 'no-restricted-imports' },
  { path: 'src/vaguer.ts', code: `export { planted } from './dates/helpers.ts';`, rule: 'no-restricted-imports' },
  { path: 'src/default.ts', code: 'const planted = 1;\nexport default planted;', rule: 'no-restricted-syntax' },
  { path: 'src/renamed.ts', code: 'const planted = 1;\nexport { planted as default };', rule: 'no-restricted-syntax' },
  {
    path: 'src/any.ts',
    code: 'export const planted = (value: any): unknown => value as unknown;',
    rule: '@typescript-eslint/no-explicit-any',
  },
  {
    path: 'src/unsafe.ts',
    code: `export const planted: string = JSON.parse('1');`,
    rule: '@typescript-eslint/no-unsafe-assignment',
  },
  {
    path: 'src/floating.ts',
    code: 'export function planted(): void {\n  Promise.resolve(1);\n}',
    rule: '@typescript-eslint/no-floating-promises',
  },
  {
    path: 'src/switch.ts',
    code: `export function planted(state: 'on' | 'off'): void {\n  switch (state) {\n    case 'on':\n      return;\n  }\n}`,
    rule: '@typescript-eslint/switch-exhaustiveness-check',
  },
  {
    path: 'src/types.ts',
    code: `import { Server } from 'node:http';\nexport type Planted = Server;`,
    rule: '@typescript-eslint/consistent-type-imports',
  },
  { path: 'src/unused.ts', code: 'const planted = 1;\nexport {};', rule: '@typescript-eslint/no-unused-vars' },
  { path: 'src/equal.ts', code: 'export const planted = (a: string, b: string) => a == b;', rule: 'eqeqeq' },
  { path: 'src/long-file.ts', code: long(301), rule: 'max-lines' },
  { path: 'src/long-function.ts', code: `export function planted(): void {\n${long(70)}\n}`, rule: 'max-lines-per-function' },
  {
    path: 'src/needless.ts',
    code: '// eslint-disable-next-line no-var\nexport const planted = 1;',
    rule: 'unused disable directive',
  },
];

const permitted: Plant[] = [
  { path: 'src/config.ts', code: `export const planted = process.env['HOME'];` },
  { path: 'src/dev/environment.ts', code: `export const planted = process.env['HOME'];` },
  { path: 'src/adapters/clock.ts', code: 'export const planted = () => Date.now();' },
  { path: 'vitest.config.ts', code: 'export default { test: {} };' },
  { path: 'test/long-function.ts', code: `export function planted(): void {\n${long(70)}\n}` },
];

const plants = [...banned, ...elsewhere, ...permitted];
const tree = plantTree(Object.fromEntries(plants.map((plant) => [plant.path, `${plant.code}\n`])));
afterAll(tree.remove);

test('each ban is caught where it holds, and nothing is said where it does not', async () => {
  const eslint = new ESLint({ cwd: tree.dir });
  const results = await eslint.lintFiles(plants.map((plant) => join(tree.dir, plant.path)));
  const said = new Map(results.map((result) => [result.filePath, result.messages]));
  const found = plants.map(({ path }) => {
    const messages = said.get(join(tree.dir, path)) ?? [];
    const rules = messages.map((message) => message.ruleId ?? (message.fatal ? message.message : 'unused disable directive'));
    return `${path}: ${[...new Set(rules)].join(', ')}`;
  });
  expect(found).toEqual(plants.map(({ path, rule }) => `${path}: ${rule ?? ''}`));
}, 120_000);

test('a banned global tells what to do instead', async () => {
  const eslint = new ESLint({ cwd: tree.dir });
  const [result] = await eslint.lintFiles([join(tree.dir, 'src/core/global-1.ts')]);
  expect(result?.messages.map((message) => message.message)).toEqual([expect.stringContaining('take an Instant as an argument')]);
}, 120_000);
