import { expect, test } from 'vitest';
import { cruise, ruleComments } from './cruise.ts';
import { sourceFiles } from './source-files.ts';

test('every import of the project keeps to the table in rooms.cjs, and no file escapes the check', async () => {
  const { files, violations } = await cruise('.');
  const read = new Set(files);
  const typescript = sourceFiles().filter((path) => path.endsWith('.ts') && !path.endsWith('.config.ts'));
  expect(typescript.length).toBeGreaterThan(50);
  expect(typescript.filter((path) => !read.has(path))).toEqual([]);
  const comments = ruleComments();
  expect(violations.map(({ from, to, rule }) => `${from} → ${to}: ${comments.get(rule.name)}`)).toEqual([]);
}, 120_000);
