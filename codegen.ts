// Writes what follows from the GraphQL schema: schema.graphql, and the types of the documents in src/dev and test.
//   npm run codegen              writes
//   npm run codegen -- --check   writes nothing, exit 1 when something would change
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { printSchema } from 'graphql';
import { schema } from './src/graphql/schema.ts';

const SCHEMA_FILE = 'schema.graphql';
const DOCUMENT_TYPES = 'src/dev/generated/';

interface Generated {
  readonly path: string;
  readonly content: string;
}

async function documentTypes(sdl: string): Promise<Generated[]> {
  const config: CodegenConfig = {
    schema: sdl,
    documents: ['src/dev/**/*.ts', 'test/**/*.ts', `!${DOCUMENT_TYPES}**`],
    ignoreNoDocuments: true,
    silent: true,
    importExtension: '.ts',
    emitLegacyCommonJSImports: false,
    generates: {
      [DOCUMENT_TYPES]: {
        preset: 'client',
        presetConfig: { fragmentMasking: false },
        config: {
          enumsAsTypes: true,
          useTypeImports: true,
          scalars: { ID: 'string', DateTime: 'string', Date: 'string', TimeZone: 'string' },
        },
      },
    },
  };
  const files = (await generate(config, false)) as { filename: string; content: string }[];
  return files.map(({ filename, content }) => ({ path: normalize(filename), content }));
}

/** Files of an earlier run that no document needs any more. */
function leftOver(files: readonly Generated[]): string[] {
  const wanted = new Set(files.map((file) => file.path));
  const there = existsSync(DOCUMENT_TYPES) ? readdirSync(DOCUMENT_TYPES) : [];
  return there.map((name) => join(DOCUMENT_TYPES, name)).filter((path) => !wanted.has(path));
}

function differs(file: Generated): boolean {
  return !existsSync(file.path) || readFileSync(file.path, 'utf8') !== file.content;
}

function write(file: Generated): void {
  mkdirSync(dirname(file.path), { recursive: true });
  writeFileSync(file.path, file.content);
}

async function main(): Promise<void> {
  process.chdir(import.meta.dirname);
  const sdl = `${printSchema(schema)}\n`;
  const files = [{ path: SCHEMA_FILE, content: sdl }, ...(await documentTypes(sdl))];
  const changed = files.filter(differs);
  const stale = leftOver(files);
  const paths = [...changed.map((file) => file.path), ...stale];
  if (process.argv.includes('--check')) {
    if (paths.length === 0) console.log('generated files agree with the schema');
    else console.error(`Out of date: ${paths.join(', ')}. Mend it with: npm run codegen`);
    process.exitCode = paths.length === 0 ? 0 : 1;
    return;
  }
  changed.forEach(write);
  for (const path of stale) rmSync(path);
  console.log(paths.length === 0 ? 'nothing to write' : `written: ${paths.join(', ')}`);
}

await main();
