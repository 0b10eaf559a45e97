// Who may import whom, as data. `may` names the rooms (or doors) that a file of the room may import, `mayType` those it may import with
// `import type` only, `npm` its packages (a trailing slash means a whole scope), `node` whether it may touch Node's built-in modules.
// What is not here (src/dev, bench, test, prisma, the files of the root) may import everything.
const PACKAGES = {
  adapters: ['@prisma/client', '@prisma/adapter-pg', 'bullmq', 'graphql-yoga', 'ioredis', 'pg', 'pino', 'standardwebhooks'],
  graphql: ['@graphql-tools/utils', '@pothos/', 'graphql', 'zod'],
  server: [
    '@bull-board/',
    '@envelop/',
    '@escape.tech/',
    '@fastify/',
    '@graphql-yoga/',
    'fastify',
    'graphql',
    'graphql-ws',
    'graphql-yoga',
    'jose',
    'oidc-provider',
    'prom-client',
    'ws',
  ],
};

const rooms = [
  { room: 'core', path: 'src/core/', may: ['core'], npm: ['temporal-polyfill'], node: false },
  { room: 'ports', path: 'src/ports/', may: [], mayType: ['core', 'jobs', 'ports'], npm: [], node: false },
  { room: 'jobs', path: 'src/jobs/', may: ['core', 'jobs'], npm: ['zod'], node: false },
  { room: 'app', path: 'src/app/', may: ['core', 'jobs', 'app'], mayType: ['ports'], npm: [], node: false },
  {
    room: 'vendors',
    path: 'src/vendors/',
    may: ['core', 'vendors'],
    mayType: ['ports'],
    npm: ['openid-client', 'p-limit', 'zod'],
    node: true,
  },
  { room: 'adapters', path: 'src/adapters/', may: ['core', 'jobs', 'adapters'], mayType: ['ports'], npm: PACKAGES.adapters, node: true },
  {
    room: 'graphql',
    path: 'src/graphql/',
    may: ['core', 'app', 'graphql', 'visibility', 'datamodel'],
    mayType: ['ports', 'adapters'],
    npm: PACKAGES.graphql,
    node: false,
  },
  { room: 'server', path: 'src/server/', may: ['app', 'graphql', 'server'], mayType: ['ports'], npm: PACKAGES.server, node: true },
  { room: 'config', path: 'src/config.ts', may: ['vendorList'], npm: ['zod'], node: true },
  {
    room: 'compose',
    path: 'src/compose.ts',
    may: ['core', 'jobs', 'adapters', 'vendorList'],
    mayType: ['app', 'ports', 'config'],
    npm: [],
    node: true,
  },
  { room: 'main', path: 'src/main.ts', may: ['config', 'compose', 'server'], npm: [], node: true },
  {
    room: 'workers',
    path: 'workers/',
    may: ['app', 'jobs', 'config', 'compose', 'workers', 'metrics'],
    mayType: ['core', 'ports'],
    npm: ['bullmq'],
    node: true,
  },
];

// Named files that a room may import although their room is closed to it.
const doors = {
  visibility: '^src/adapters/prisma/(visibility-where|read-client)\\.ts$',
  datamodel: '^src/adapters/prisma/datamodel\\.ts$',
  metrics: '^src/server/metrics\\.ts$',
  vendorList: '^src/vendors/index\\.ts$',
};

module.exports = { rooms, doors };
