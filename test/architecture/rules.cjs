// The rules of dependency-cruiser, derived from the table in rooms.cjs.
const { rooms, doors } = require('./rooms.cjs');

const LOCAL = '^(src|workers|test|prisma|bench)/';
const SIMULATOR = '^src/vendors/[^/]+/simulator/';
const GENERATED = '^src/.+/generated/';
const PACKAGE = ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown', 'npm-bundled'];

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function whereIs(name) {
  const room = rooms.find((candidate) => candidate.room === name);
  return doors[name] ?? `^${escape(room.path)}`;
}

function packagePath(name) {
  return `node_modules/${escape(name)}${name.endsWith('/') ? '' : '/'}`;
}

/** An empty `pathNot` would match everything, so it is left out. */
function except(patterns) {
  return patterns.length > 0 ? { pathNot: patterns } : {};
}

function rulesOf({ room, path, may, mayType = [], npm, node }) {
  const from = { path: `^${escape(path)}`, pathNot: [SIMULATOR, GENERATED] };
  const value = may.map(whereIs);
  const type = mayType.map(whereIs);
  const open = [...may, ...mayType.map((name) => `${name} (types)`)].join(', ');
  const rules = [
    { name: `${room}-rooms`, comment: `${room} may import only: ${open}`, from, to: { path: LOCAL, ...except([...value, ...type]) } },
    {
      name: `${room}-packages`,
      comment: `${room} may use ${npm.length > 0 ? `only these packages: ${npm.join(', ')}` : 'no package'}`,
      from,
      to: { dependencyTypes: PACKAGE, ...except(npm.map(packagePath)) },
    },
  ];
  if (mayType.length > 0) {
    const to = { path: type, ...except(value), dependencyTypesNot: ['type-only'] };
    rules.push({ name: `${room}-types-only`, comment: `${room} may use these with 'import type' only: ${mayType.join(', ')}`, from, to });
  }
  if (!node) rules.push({ name: `${room}-no-node`, comment: `${room} touches no Node built-in`, from, to: { dependencyTypes: ['core'] } });
  return rules;
}

const everywhere = [
  {
    name: 'vendor-knows-no-other-vendor',
    comment: 'a lock maker is one folder; what two of them share is src/vendors/http.ts',
    from: { path: '^src/vendors/([^/]+)/' },
    to: { path: '^src/vendors/', pathNot: ['^src/vendors/$1/', '^src/vendors/http\\.ts$'] },
  },
  {
    name: 'vendors-by-their-list-only',
    comment: 'the only door to a lock maker is src/vendors/index.ts',
    from: { pathNot: ['^src/vendors/', '^src/dev/', '^bench/', '^test/', '^prisma/seed\\.ts$'] },
    to: { path: '^src/vendors/', pathNot: doors.vendorList },
  },
  {
    name: 'simulator-is-for-tests-and-development',
    comment: 'nothing that runs in production may know a simulator',
    from: { pathNot: ['^test/', '^bench/', '^src/dev/', '^prisma/seed\\.ts$', SIMULATOR] },
    to: { path: SIMULATOR },
  },
  {
    name: 'simulator-stands-alone',
    comment: 'a simulator that shares code with what it tests would share its mistakes',
    from: { path: SIMULATOR },
    to: { path: ['^src/(app|jobs|adapters|graphql|server|dev)/', '^src/[^/]+\\.ts$', '^workers/'] },
  },
  { name: 'nobody-imports-tests', comment: 'test/ is read by the runner alone', from: { pathNot: '^test/' }, to: { path: '^test/' } },
  {
    name: 'src-knows-no-worker',
    comment: 'only the all-in-one stack of src/dev runs workers in its own process',
    from: { path: '^src/', pathNot: '^src/dev/' },
    to: { path: '^workers/' },
  },
  { name: 'no-circle', comment: 'data travels one way', from: { pathNot: GENERATED }, to: { circular: true } },
  {
    name: 'no-unresolved',
    comment: 'an import that does not resolve matches no other rule, so it would slip past them all',
    // The one file that imports what a build makes: dist is not there yet when a fresh clone is checked.
    from: { pathNot: '^test/chaos/newer\\.mjs$' },
    to: { couldNotResolve: true },
  },
];

module.exports = {
  forbidden: [...rooms.flatMap(rulesOf), ...everywhere].map((rule) => ({ ...rule, severity: 'error' })),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      // Packages that are nothing but types have no `main`.
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};
