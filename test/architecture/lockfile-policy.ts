interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

export interface Manifest {
  readonly allowScripts: Record<string, boolean>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly optionalDependencies: Record<string, string>;
}

export interface Lock {
  readonly packages: Record<string, LockedPackage>;
}

/** The places where Node would look for a dependency of the package at `path`: its own folder, then those around it. */
function lookedUpAt(path: string, name: string): string[] {
  const places = [`${path === '' ? '' : `${path}/`}node_modules/${name}`];
  if (path === '') return places;
  const around = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')));
  return [...places, ...lookedUpAt(around, name)];
}

/** Optional dependencies that the lockfile names and does not have: npm ci would refuse on other machines. */
export function missingParts({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([path, locked]) => {
    const names = Object.keys(locked.optionalDependencies ?? {});
    const absent = names.filter((name) => !lookedUpAt(path, name).some((place) => place in packages));
    return absent.map((name) => `${path} needs ${name}`);
  });
}

/** Dependencies with an install script that is not denied by name, names that are denied for nothing, and scripts that are allowed. */
export function scriptsNotDenied({ packages }: Lock, { allowScripts }: Manifest): string[] {
  const scripted = Object.entries(packages).filter(([path, locked]) => path !== '' && locked.hasInstallScript);
  const names = new Set(scripted.map(([path]) => path.replace(/^.*node_modules\//, '')));
  return [
    ...[...names].filter((name) => allowScripts[name] !== false).map((name) => `${name} may run its script`),
    ...Object.keys(allowScripts)
      .filter((name) => !names.has(name))
      .map((name) => `${name} has no script`),
  ];
}

/** Direct dependencies that are a range, a tag or an address. */
export function inexact({ dependencies, devDependencies, optionalDependencies }: Manifest): string[] {
  const direct = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  return direct.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)).map(([name, version]) => `${name}@${version}`);
}

/** Packages whose content the lockfile does not pin. */
export function unpinned({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([path, { version, integrity }]) =>
    path === '' || (version !== undefined && /^sha512-/.test(integrity ?? '')) ? [] : [path],
  );
}
