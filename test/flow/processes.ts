import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { Services } from './stack.ts';

/** One of our processes, compiled and started as `npm start` and `npm run worker` do. */
export interface RunningProcess {
  readonly pid: number;
  /** resolves with the first line of its log that has this message, said before or to come; rejects when the process ends instead */
  said(message: string): Promise<Record<string, unknown>>;
  /** everything it wrote */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** resolves when it is gone: with its exit code, null when a signal ended it */
  readonly exited: Promise<number | null>;
}

/** What a process is started with. */
export interface ProcessPlan {
  environment: Services['environment'];
  /** modules that are loaded before anything of ours */
  first?: string[];
}

let build: Promise<unknown> | undefined;

async function startProcess({ environment, first = [] }: ProcessPlan, script: 'src/main.js' | 'workers/main.js'): Promise<RunningProcess> {
  build ??= promisify(execFile)(process.execPath, ['build.mjs', '--if-stale']);
  await build;
  const env = { PATH: process.env['PATH'], ...environment, LOG_LEVEL: 'info' };
  const imports = first.flatMap((module) => ['--import', module]);
  const child = spawn(process.execPath, ['--enable-source-maps', ...imports, `dist/${script}`], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  // Whatever becomes of the test, the process does not outlive it.
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  let text = '';
  let gone = false;
  const watchers = new Set<() => void>();
  const look = () => [...watchers].forEach((watch) => watch());
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text += chunk;
      look();
    });
  }
  const exited = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      process.off('exit', end);
      gone = true;
      resolve(code);
      look();
    }),
  );
  return {
    pid: child.pid ?? -1,
    output: () => text,
    kill: (signal) => void child.kill(signal),
    exited,
    said: (message) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          const line = linesOf(text).find(({ msg }) => msg === message);
          if (line === undefined && !gone) return;
          watchers.delete(watch);
          if (line === undefined) reject(new Error(`${script} ended before it said "${message}":\n${text}`));
          else resolve(line);
        };
        watchers.add(watch);
        watch();
      }),
  };
}

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line) as Record<string, unknown>] : []));
}

export async function startApiProcess(plan: ProcessPlan): Promise<RunningProcess & { url: string }> {
  const api = await startProcess(plan, 'src/main.js');
  const { url } = await api.said('the API answers');
  return { ...api, url: String(url) };
}

export async function startWorkerProcess(plan: ProcessPlan): Promise<RunningProcess> {
  const worker = await startProcess(plan, 'workers/main.js');
  await worker.said('the worker takes jobs');
  return worker;
}
