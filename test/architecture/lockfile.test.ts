import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inexact, missingParts, scriptsNotDenied, unpinned, type Lock, type Manifest } from './lockfile-policy.ts';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

// Mend: pin the package that names them to a version whose parts exist (package.json, overrides), then `npm install`.
test('every optional dependency that the lockfile names is in it, or npm ci would refuse on other machines', () => {
  expect(missingParts(lock)).toEqual([]);
});

// Mend: add the name to allowScripts in package.json with `false`, after seeing that it works without its script.
test('every dependency with an install script is denied it by name, and nothing else is listed', () => {
  expect(scriptsNotDenied(lock, manifest)).toEqual([]);
  expect(readFileSync('.npmrc', 'utf8')).toMatch(/^strict-allow-scripts=true$/m);
});

// Mend: npm install --save-exact NAME@VERSION
test('every direct dependency is one exact version', () => {
  expect(inexact(manifest)).toEqual([]);
});

// Mend: npm install NAME@VERSION, from a registry
test('every package that is installed is pinned by the hash of its content', () => {
  expect(unpinned(lock)).toEqual([]);
});

// Mend: npm install
test('the lockfile belongs to package.json', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  expect(lock.packages['']).toMatchObject({ dependencies, devDependencies, optionalDependencies });
});

const LEFT = { version: '1.0.0', integrity: 'sha512-x' };
const planted = (more: object): Lock => ({ packages: { '': {}, 'node_modules/left': { ...LEFT, ...more } } });

test('a violation of each kind is seen', () => {
  expect(missingParts(planted({ optionalDependencies: { 'left-darwin': '1.0.0' } }))).toEqual(['node_modules/left needs left-darwin']);
  const scripted = planted({ hasInstallScript: true });
  expect(scriptsNotDenied(scripted, { ...manifest, allowScripts: {} })).toEqual(['left may run its script']);
  expect(scriptsNotDenied(scripted, { ...manifest, allowScripts: { left: true } })).toEqual(['left may run its script']);
  expect(scriptsNotDenied(planted({}), { ...manifest, allowScripts: { left: false } })).toEqual(['left has no script']);
  for (const version of ['^1.0.0', 'latest', '*', 'git+https://example.com/left.git', 'file:../left']) {
    expect(inexact({ ...manifest, dependencies: { left: version } })).toEqual([`left@${version}`]);
  }
  expect(unpinned(planted({ integrity: undefined }))).toEqual(['node_modules/left']);
  expect(unpinned(planted({ integrity: 'sha1-x' }))).toEqual(['node_modules/left']);
});
