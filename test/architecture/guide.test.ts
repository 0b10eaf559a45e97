import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(path, 'utf8');
const guide = read('docs/operating.md');

/** The values of an enum of a schema file, GraphQL's or Prisma's. */
function values(file: string, name: string): string[] {
  const body = new RegExp(`^enum ${name} \\{\\n([^}]+)\\}`, 'm').exec(read(file))?.[1] ?? '';
  return [...body.matchAll(/^ +([A-Z_]+)$/gm)].map(([, value = '']) => value);
}

test.each([
  ['schema.graphql', 'IntegrationProblemCode'],
  ['schema.graphql', 'AccessGroupWarningCode'],
  ['schema.graphql', 'MembershipState'],
  ['prisma/schema.prisma', 'BlockedCause'],
])('%s: each value of %s has a row of its own in the operations guide', (file, name) => {
  const known = values(file, name);
  const cells = guide.split('\n').flatMap((line) => /^\| ([^|]+) \|/.exec(line)?.[1]?.split(', ') ?? []);
  expect(known.length).toBeGreaterThan(3);
  expect(known.filter((value) => !cells.includes(value))).toEqual([]);
});

test('each alert has a row in the operations guide, and no row is of an alert that is not', () => {
  const alerts = [...read('docs/operating/alerts.yml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  const table = guide.slice(guide.indexOf('| alert |')).split('\n\n', 1)[0] ?? '';
  const rows = [...table.matchAll(/^\| ([A-Z][^|]+) \|/gm)].flatMap(([, names = '']) => names.split(', '));
  expect(alerts.length).toBeGreaterThan(10);
  expect(rows.sort()).toEqual(alerts.sort());
});

test('what the documentation shows or links to is there', () => {
  for (const [document, text] of [
    ['docs/operating.md', guide],
    ['README.md', read('README.md')],
  ] as const) {
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(new URL(link, new URL(document, `file://${process.cwd()}/`))))).toEqual([]);
  }
});
