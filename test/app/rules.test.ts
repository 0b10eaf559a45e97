import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const RULES = Object.entries({ C: 8, S: 6, B: 6, X: 4, K: 6 }).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
);

/** what docs/rules.md says of each rule: the files, and what it quotes of the names of their tests */
function proofs(): Map<string, { file: string; quoted: string }[]> {
  const found = new Map<string, { file: string; quoted: string }[]>();
  let [rule, file] = ['', ''];
  for (const line of read('docs/rules.md').split('\n')) {
    rule = /^### (\w+): /.exec(line)?.[1] ?? rule;
    file = /^- `(.+)`$/.exec(line)?.[1] ?? file;
    const quoted = /^ {2}- (.+)$/.exec(line)?.[1];
    if (quoted !== undefined) found.set(rule, [...(found.get(rule) ?? []), { file, quoted }]);
  }
  return found;
}

test('docs/rules.md has each rule, and no other', () => {
  expect([...proofs().keys()]).toEqual(RULES);
});

test.each(RULES)('what docs/rules.md quotes as proof of %s is there', (rule) => {
  const missing = (proofs().get(rule) ?? []).filter(({ file, quoted }) => !read(file).includes(quoted));
  expect(missing).toEqual([]);
});
