import { defineConfig } from 'vitest/config';

const zones = ['UTC', 'America/New_York', 'Pacific/Chatham'];

export default defineConfig({
  // graphql refuses to work with a second copy of itself: what packages get from Node, our files must not get as its other build.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    // The first hook that asks for Redis may wait until it is installed.
    hookTimeout: 120_000,
    globalSetup: 'test/support/setup.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: ['test/core/**', 'test/chaos/**'],
        },
      },
      // They load the whole machine, and judge within a minute: after all others, one by one.
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      // What core decides may not depend on the zone of the machine: the same tests, under three.
      ...zones.map((zone) => ({
        extends: true as const,
        test: {
          name: `core (${zone})`,
          include: ['test/core/**/*.test.ts'],
          setupFiles: 'test/support/property-runs.ts',
          env: { TZ: zone, PROPERTY_RUNS: process.env['PROPERTY_RUNS'] ?? (zone === 'UTC' ? '' : '25') },
        },
      })),
    ],
  },
});
