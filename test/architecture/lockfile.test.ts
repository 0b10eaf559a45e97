import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

interface Manifest {
  readonly allowScripts: Record<string, boolean>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly optionalDependencies: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> };
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** The places where Node would look for a dependency of the package at `path`: its own folder, then those around it. */
function lookedUpAt(path: string, name: string): string[] {
  const places = [`${path === '' ? '' : `${path}/`}node_modules/${name}`];
  if (path === '') return places;
  const around = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')));
  return [...places, ...lookedUpAt(around, name)];
}

// Mend: pin the package that names them to a version whose parts exist (package.json, overrides), then `npm install`.
test('every optional dependency that the lockfile names is in it, or npm ci would refuse on other machines', () => {
  const missing = Object.entries(packages).flatMap(([path, locked]) => {
    const names = Object.keys(locked.optionalDependencies ?? {});
    const absent = names.filter((name) => !lookedUpAt(path, name).some((place) => place in packages));
    return absent.map((name) => `${path} needs ${name}`);
  });
  expect(missing).toEqual([]);
});

// Mend: add the name to allowScripts in package.json with `false`, after seeing that it works without its script.
test('every dependency with an install script is denied it by name, and nothing else is listed', () => {
  const scripted = Object.entries(packages).filter(([path, locked]) => path !== '' && locked.hasInstallScript);
  const names = new Set(scripted.map(([path]) => path.replace(/^.*node_modules\//, '')));
  expect(manifest.allowScripts).toEqual(Object.fromEntries([...names].map((name) => [name, false])));
  expect(readFileSync('.npmrc', 'utf8')).toContain('strict-allow-scripts=true');
});

// Mend: npm install --save-exact NAME@VERSION
test('every direct dependency is one exact version', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const direct = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

// Mend: npm install
test('the lockfile belongs to package.json', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  expect(packages['']).toMatchObject({ dependencies, devDependencies, optionalDependencies });
});
