import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const EVERY_SCRIPT = ['**/*.ts', '**/*.js', '**/*.mjs', '**/*.cjs'];
const PLAIN_SCRIPTS = ['**/*.js', '**/*.mjs', '**/*.cjs'];
const DETERMINISTIC = ['src/core/**', 'src/app/**', 'src/graphql/**'];

const TIME = 'This room is told what time it is: take an Instant as an argument (or, in app, ask deps.clock).';
const WAIT = 'This room does not wait by itself: say when as data, and let a job, a stream or an adapter wait.';
const CHANCE = 'This room draws nothing by itself: take ids and secrets as arguments, or from deps.';
const OUTSIDE = 'This room does not reach outside: describe what it needs as a port in src/ports, and implement it in src/adapters.';
const SAY = 'This room prints nothing: return it, or use the logger port.';

const bannedGlobals = [
  ...ban(TIME, 'Date', 'performance'),
  ...ban(WAIT, 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask'),
  ...ban(CHANCE, 'crypto'),
  ...ban(OUTSIDE, 'fetch', 'process', 'Buffer', 'WebSocket', 'global', 'globalThis', 'require'),
  ...ban(SAY, 'console'),
];

const bannedProperties = [
  { object: 'Math', property: 'random', message: CHANCE },
  { object: 'Temporal', property: 'Now', message: TIME },
];

const environment = {
  object: 'process',
  property: 'env',
  message: 'Only src/config.ts reads the environment. Add the variable there, and pass the value on.',
};

const vagueFolders = {
  // What a library calls itself is not ours to say.
  regex: '^(?!@graphql-tools/)(.*/)?(utils?|helpers?|common|misc|managers?|services?)(/|\\.|$)',
  message: 'A name that says nothing gathers everything. Name the file after the one thing it does, in the room that it belongs to.',
};

const defaultExports = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name, so that the thing has the same name everywhere.',
  },
  {
    selector: 'ExportSpecifier[exported.name="default"]',
    message: 'Export by name, so that the thing has the same name everywhere.',
  },
];

function ban(message, ...names) {
  return names.map((name) => ({ name, message }));
}

const ours = {
  'no-var': 'error',
  'prefer-const': 'error',
  'no-debugger': 'error',
  'no-empty': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
  'no-restricted-imports': ['error', { patterns: [vagueFolders] }],
  'no-restricted-syntax': ['error', ...defaultExports],
  '@typescript-eslint/consistent-type-imports': ['error', { prefer: 'type-imports', fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
};

const typed = {
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // A function may have to be asynchronous because its port says so.
  '@typescript-eslint/require-await': 'off',
};

export default defineConfig(
  { ignores: ['node_modules/', 'dist/', 'dist.*/', '.latchkey/', '**/generated/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: EVERY_SCRIPT,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...ours, ...typed },
  },
  {
    files: DETERMINISTIC,
    rules: {
      'no-restricted-globals': ['error', ...bannedGlobals],
      'no-restricted-properties': ['error', ...bannedProperties, environment],
    },
  },
  {
    files: ['src/**', 'workers/**'],
    ignores: [...DETERMINISTIC, 'src/config.ts', 'src/dev/**'],
    rules: { 'no-restricted-properties': ['error', environment] },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      // Matchers such as expect.any(String) are typed as any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Their tools read the default export.
    files: ['*.config.ts', '*.config.js'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // No compiler option covers these few, so nothing that needs types can be said of them.
    files: PLAIN_SCRIPTS,
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
    },
  },
);
