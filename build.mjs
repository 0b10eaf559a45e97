// node build.mjs              compiles src and workers to dist
// node build.mjs --if-stale   the same, only when a source is newer than the last build
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';

const SOURCES = ['src', 'workers', 'prisma', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

const LOCK = 'dist.lock';
const onlyIfStale = process.argv.includes('--if-stale');
process.chdir(import.meta.dirname);
if (!onlyIfStale || isStale()) inTurn(build);

/**
 * One build at a time: the API and a worker started together must not take the compiled files away from each other while they load them.
 * Whoever waited looks again, and mostly finds the other's build.
 */
function inTurn(act) {
  while (!taken()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  try {
    if (!onlyIfStale || isStale()) act();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function taken() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    // Left by a build that was killed: its place is free.
    if (!isAlive(Number(readFileIfAny(LOCK)))) rmSync(LOCK, { force: true });
    return false;
  }
}

function readFileIfAny(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return String(process.pid);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** @returns {boolean} whether a source was changed since the last build began */
function isStale() {
  const newest = Math.max(...SOURCES.map(newestChange));
  return modified('dist/.built') <= newest;
}

/** Milliseconds; 0 when there is nothing. Folders count too, so that a deleted file shows. */
function newestChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(`${path}/${name}`)));
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function build() {
  if (!existsSync('node_modules/typescript')) {
    // A production image keeps the compiled output and leaves the compiler out.
    if (onlyIfStale && existsSync('dist/.built')) return;
    console.error('The compiler is not installed. Run: npm ci && npm run build');
    process.exitCode = 1;
    return;
  }
  console.error('Compiling …');
  const fresh = `dist.new-${process.pid}`;
  let began;
  try {
    generateClient();
    began = new Date();
    run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', fresh);
  } catch {
    rmSync(fresh, { recursive: true, force: true });
    process.exitCode = 1;
    return;
  }
  // Stamped with the beginning: what was edited during the build is newer. The generated client is older: it is no edit.
  writeFileSync(`${fresh}/.built`, began.toISOString());
  utimesSync(`${fresh}/.built`, began, began);
  replaceDist(fresh);
}

/** Only when it is out of date: whatever else runs from the sources at this moment reads the client too. */
function generateClient() {
  if (modified('src/adapters/prisma/generated/client.ts') > modified('prisma/schema.prisma')) return;
  run('node_modules/prisma/build/index.js', 'generate');
}

function run(script, ...args) {
  // Prisma starts its generators by name.
  const path = `${import.meta.dirname}/node_modules/.bin${delimiter}${process.env.PATH}`;
  execFileSync(process.execPath, [script, ...args], { stdio: ['ignore', 2, 2], env: { ...process.env, PATH: path } });
}

/** Whole or not at all: the API and a worker started together never meet half a build, and of two builds at once the later wins. */
function replaceDist(fresh) {
  const attempts = 3;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const old = `dist.old-${process.pid}-${attempt}`;
    if (renamed('dist', old)) rmSync(old, { recursive: true, force: true });
    if (renamed(fresh, 'dist')) return;
  }
  rmSync(fresh, { recursive: true, force: true });
}

function renamed(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false; // missing, or another build was faster
  }
}
