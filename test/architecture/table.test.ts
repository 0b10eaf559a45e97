// The import table once more, as people read it, against the rules as the tool reads them: one violation (or permitted import) is planted
// for every cell, so that each rule is seen to fire where it must, and to be silent where it must.
import { dirname, relative } from 'node:path';
import { expect, test } from 'vitest';
import { cruise, ruleComments } from './cruise.ts';
import type { Cruise } from './cruise.ts';
import { plantTree } from './planted.ts';

/** Columns: a file of each room that may be imported. */
const TARGETS: Readonly<Record<string, string>> = {
  core: 'src/core/target.ts',
  ports: 'src/ports/target.ts',
  jobs: 'src/jobs/target.ts',
  app: 'src/app/target.ts',
  list: 'src/vendors/index.ts',
  http: 'src/vendors/http.ts',
  salto: 'src/vendors/salto-ks/target.ts',
  other: 'src/vendors/other/target.ts',
  sim: 'src/vendors/salto-ks/simulator/target.ts',
  adapt: 'src/adapters/redis/target.ts',
  where: 'src/adapters/prisma/visibility-where.ts',
  model: 'src/adapters/prisma/datamodel.ts',
  graph: 'src/graphql/target.ts',
  serve: 'src/server/target.ts',
  meter: 'src/server/metrics.ts',
  config: 'src/config.ts',
  compose: 'src/compose.ts',
  dev: 'src/dev/target.ts',
  work: 'workers/target.ts',
  test: 'test/target.ts',
};

/** Rows: a file of each room that imports. */
const IMPORTERS: Readonly<Record<string, string>> = {
  core: 'src/core/importer.ts',
  ports: 'src/ports/importer.ts',
  jobs: 'src/jobs/importer.ts',
  app: 'src/app/importer.ts',
  list: 'src/vendors/index.ts',
  salto: 'src/vendors/salto-ks/importer.ts',
  sim: 'src/vendors/salto-ks/simulator/importer.ts',
  adapt: 'src/adapters/prisma/importer.ts',
  graph: 'src/graphql/importer.ts',
  serve: 'src/server/importer.ts',
  config: 'src/config.ts',
  compose: 'src/compose.ts',
  main: 'src/main.ts',
  work: 'workers/importer.ts',
  dev: 'src/dev/importer.ts',
  test: 'test/importer.ts',
};

// x: any import   t: `import type` only   .: none
const ROOMS = `
         core ports jobs app list http salto other sim adapt where model graph serve meter config compose dev work test
core     x    .     .    .   .    .    .     .     .   .     .     .     .     .     .     .      .       .   .    .
ports    t    t     t    .   .    .    .     .     .   .     .     .     .     .     .     .      .       .   .    .
jobs     x    .     x    .   .    .    .     .     .   .     .     .     .     .     .     .      .       .   .    .
app      x    t     x    x   .    .    .     .     .   .     .     .     .     .     .     .      .       .   .    .
list     x    t     .    .   .    x    x     x     .   .     .     .     .     .     .     .      .       .   .    .
salto    x    t     .    .   .    x    x     .     .   .     .     .     .     .     .     .      .       .   .    .
sim      x    x     .    .   .    x    x     .     x   .     .     .     .     .     .     .      .       .   .    .
adapt    x    t     x    .   .    .    .     .     .   x     x     x     .     .     .     .      .       .   .    .
graph    x    t     .    x   .    .    .     .     .   t     x     x     x     .     .     .      .       .   .    .
serve    .    t     .    x   .    .    .     .     .   .     .     .     x     x     x     .      .       .   .    .
config   .    .     .    .   x    .    .     .     .   .     .     .     .     .     .     .      .       .   .    .
compose  x    t     x    t   x    .    .     .     .   x     x     x     .     .     .     t      .       .   .    .
main     .    .     .    .   .    .    .     .     .   .     .     .     .     x     x     x      x       .   .    .
work     t    t     x    x   .    .    .     .     .   .     .     .     .     .     x     x      x       .   x    .
dev      x    x     x    x   x    x    x     x     x   x     x     x     x     x     x     x      x       x   x    .
test     x    x     x    x   x    x    x     x     x   x     x     x     x     x     x     x      x       x   x    x
`;

// A package is as good for its types as for its values, so there is no `t` here.
const PACKAGES = `
         temporal-polyfill zod openid-client p-limit @prisma/client pg bullmq ioredis pino @pothos/core graphql graphql-yoga graphql-ws fastify jose oidc-provider @bull-board/api prom-client node:crypto
core     x                 .   .             .       .              .  .      .       .    .            .       .            .          .       .    .             .               .           .
ports    .                 .   .             .       .              .  .      .       .    .            .       .            .          .       .    .             .               .           .
jobs     .                 x   .             .       .              .  .      .       .    .            .       .            .          .       .    .             .               .           .
app      .                 .   .             .       .              .  .      .       .    .            .       .            .          .       .    .             .               .           .
salto    .                 x   x             x       .              .  .      .       .    .            .       .            .          .       .    .             .               .           x
adapt    .                 .   .             .       x              x  x      x       x    .            .       x            .          .       .    .             .               .           x
graph    .                 x   .             .       .              .  .      .       .    x            x       .            .          .       .    .             .               .           .
serve    .                 .   .             .       .              .  .      .       .    .            x       x            x          x       x    x             x               x           x
config   .                 x   .             .       .              .  .      .       .    .            .       .            .          .       .    .             .               .           x
compose  .                 .   .             .       .              .  .      .       .    .            .       .            .          .       .    .             .               .           x
main     .                 .   .             .       .              .  .      .       .    .            .       .            .          .       .    .             .               .           x
work     .                 .   .             .       .              .  x      .       .    .            .       .            .          .       .    .             .               .           x
dev      x                 x   x             x       x              x  x      x       x    x            x       x            x          x       x    x             x               x           x
test     x                 x   x             x       x              x  x      x       x    x            x       x            x          x       x    x             x               x           x
`;

type Table = Map<string, Map<string, string>>;

function parse(text: string): Table {
  const [head = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.map(([row = '', ...cells]) => {
      if (cells.length !== head.length) throw new Error(`The row ${row} has ${cells.length} cells, not ${head.length}.`);
      return [row, new Map(cells.map((cell, index) => [head[index] ?? '', cell]))];
    }),
  );
}

function specifier(from: string, to: string): string {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

/** A tree in which every room imports every target and every package, itself excepted. */
function importEverything(keyword: 'import' | 'import type'): Record<string, string> {
  const files: Record<string, string> = {};
  for (const path of Object.values(TARGETS)) files[path] = `export const value = 1;\n`;
  const packages = [...(parse(PACKAGES).get('core') ?? new Map<string, string>()).keys()];
  for (const from of Object.values(IMPORTERS)) {
    const targets = Object.values(TARGETS).filter((to) => to !== from);
    const specifiers = [...targets.map((to) => specifier(from, to)), ...packages];
    const lines = specifiers.map((name, index) => `${keyword} * as import${index} from '${name}';`);
    const uses = specifiers.map((_, index) => `export type Use${index} = typeof import${index};`);
    files[from] = [...lines, ...uses, 'export const value = 1;', ''].join('\n');
  }
  return files;
}

/** Whether a rule spoke about an import of `from` that leads to a path for which `leadsTo` holds. Circles are the planting's own doing. */
function refused(found: Cruise, from: string, leadsTo: (path: string) => boolean): boolean {
  return found.violations.some((violation) => violation.from === from && violation.rule.name !== 'no-circle' && leadsTo(violation.to));
}

function isPackage(name: string): (path: string) => boolean {
  if (name.startsWith('node:')) return (path) => path === name.slice('node:'.length);
  return (path) => path.includes(`node_modules/${name}/`);
}

async function cruisePlanted(files: Record<string, string>): Promise<Cruise> {
  const tree = plantTree(files);
  try {
    return await cruise(tree.dir);
  } finally {
    tree.remove();
  }
}

function verdict(byValue: boolean, byType: boolean): string {
  if (!byValue) return 'x';
  return byType ? '.' : 't';
}

function judged(table: Table, seen: { value: Cruise; type: Cruise }, leadsTo: (column: string) => (path: string) => boolean): Table {
  const rows = [...table].map(([row, cells]) => {
    const from = IMPORTERS[row] ?? '';
    const verdicts = [...cells].map(([column, expected]): [string, string] => {
      if (TARGETS[column] === from) return [column, expected]; // a file does not import itself
      const goal = leadsTo(column);
      return [column, verdict(refused(seen.value, from, goal), refused(seen.type, from, goal))];
    });
    return [row, new Map(verdicts)] as const;
  });
  return new Map(rows);
}

test('each cell of the import table is what the rules say of an import planted there, and each rule fires somewhere', async () => {
  const value = await cruisePlanted(importEverything('import'));
  const type = await cruisePlanted(importEverything('import type'));
  const rooms = parse(ROOMS);
  const packages = parse(PACKAGES);
  expect(judged(rooms, { value, type }, (column) => (path) => path === TARGETS[column])).toEqual(rooms);
  expect(judged(packages, { value, type }, isPackage)).toEqual(packages);

  const lost = await cruisePlanted({ 'src/core/importer.ts': `import { nothing } from './nowhere.ts';\nexport const value = nothing;\n` });
  const fired = new Set([value, type, lost].flatMap((found) => found.violations.map((violation) => violation.rule.name)));
  expect([...ruleComments().keys()].filter((name) => !fired.has(name))).toEqual([]);
}, 120_000);
