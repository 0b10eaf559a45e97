import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const DOCUMENT = readFileSync('docs/threat-model.md', 'utf8');
const THREATS = DOCUMENT.split(/^## /m).slice(1);

/** Each test file that a text names, with what it quotes of the names of its tests. */
function proofs(text: string): { file: string; quoted: string[] }[] {
  return [...text.matchAll(/^- `(.+)`\n((?: {2}- .+\n)*)/gm)].map(([, file = '', lines = '']) => ({
    file,
    quoted: [...lines.matchAll(/^ {2}- (.+)$/gm)].map(([, quoted = '']) => quoted),
  }));
}

test.each(THREATS.map((text) => [text.split('\n', 1)[0] ?? '', text] as const))(
  'what the threat model shows against "%s" is there',
  (_who, text) => {
    const named = proofs(text);
    expect(named.length).toBeGreaterThan(0);
    const missing = named.flatMap(({ file, quoted }) => {
      if (!existsSync(file)) return [file];
      const tests = readFileSync(file, 'utf8');
      return quoted.filter((quote) => !tests.includes(quote)).map((quote) => `${file}: ${quote}`);
    });
    expect(missing).toEqual([]);
  },
);
