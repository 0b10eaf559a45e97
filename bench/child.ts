import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

/** A process that is measured, started as a deployment starts it, with the probe beside it. */
export interface Child {
  /** the first line of its output that matches; rejects when the process ends instead */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** bytes of heap in use after a collection */
  heap(): Promise<number>;
  startProfile(): Promise<void>;
  /** what the V8 profiler saw since the start */
  stopProfile(): Promise<CpuProfile>;
  stop(): Promise<void>;
}

/** Of `.cpuprofile` files: a tree of call sites, and which of them each sample met. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

const STOP_PATIENCE_MS = 12_000;
const PROBE = pathToFileURL(resolve(import.meta.dirname, 'probe.mjs')).href;

export function startChild(script: string, args: string[], environment: Record<string, string | undefined>): Child {
  const child = spawn(process.execPath, ['--expose-gc', '--enable-source-maps', '--import', PROBE, script, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  let gone = false;
  const watching = new Set<() => void>();
  const look = () => [...watching].forEach((watch) => watch());
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      output = (output + text).slice(-20_000);
      look();
    });
  }
  const exited = new Promise<void>((done) =>
    child.once('close', () => {
      process.off('exit', kill);
      gone = true;
      look();
      done();
    }),
  );
  const failed = () => new Error(`${script} ended:\n${output}`);
  let asked = 0;
  const ask = <Value>(what: string): Promise<Value> =>
    new Promise((done, reject) => {
      const id = (asked += 1);
      const answer = (message: { id: number; value: Value; error?: string }) => {
        if (message.id !== id) return;
        child.off('message', answer);
        watching.delete(ended);
        if (message.error === undefined) done(message.value);
        else reject(new Error(message.error));
      };
      const ended = () => (gone ? reject(failed()) : undefined);
      watching.add(ended);
      child.on('message', answer);
      child.send({ id, ask: what });
    });
  return {
    said: (pattern) =>
      new Promise((done, reject) => {
        const watch = () => {
          const found = pattern.exec(output);
          if (found === null && !gone) return;
          watching.delete(watch);
          if (found === null) reject(failed());
          else done(found);
        };
        watching.add(watch);
        watch();
      }),
    heap: () => ask('heap'),
    startProfile: () => ask('profile-start'),
    stopProfile: () => ask('profile-stop'),
    stop: async () => {
      const late = setTimeout(kill, STOP_PATIENCE_MS);
      child.kill('SIGTERM');
      await exited;
      clearTimeout(late);
    },
  };
}
