import { defineConfig } from 'prisma/config';

// `prisma generate` looks for its schema engine but never runs it: any existing file satisfies it, so nothing has to be downloaded.
// `prisma migrate` and `prisma db` do run it, and fetch the real one where there is a network.
const runsEngine = process.argv.some((argument) => argument === 'migrate' || argument === 'db');
if (!runsEngine) process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? '' },
});
