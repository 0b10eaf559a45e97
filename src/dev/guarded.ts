import { spawn } from 'node:child_process';

/** A server process that cannot outlive the process that started it. */
export interface Guarded {
  /** Resolves when the server is gone, for whatever reason. */
  readonly exited: Promise<void>;
  hasExited(): boolean;
  /** Asks the server to shut down, and waits until it has. */
  stop(): Promise<void>;
}

export interface GuardOptions {
  readonly uid?: number;
  readonly gid?: number;
  /** File descriptor that receives the server's output; nothing is kept without it. */
  readonly log?: number;
}

// Our end of the pipe closes because we stop the server, because we crash, or because we are killed with SIGKILL. In each case `cat`
// ends and the server is asked to go until it is gone. `<&3` matters: the input of a background job is /dev/null otherwise.
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(cat <&3 >/dev/null; while kill -INT $server 2>/dev/null; do sleep 0.2; done) &
wait $server
`;

/**
 * Starts `command` in a process group of its own, so that Ctrl-C reaches only us: the server stays usable until our shutdown is through.
 */
export function startGuarded(command: string, args: readonly string[], options: GuardOptions = {}): Guarded {
  const { log, ...owner } = options;
  const output = log ?? 'ignore';
  const shell = spawn('/bin/sh', ['-c', GUARD, 'sh', command, ...args], {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['pipe', output, output],
  });
  let gone = false;
  const exited = new Promise<void>((resolve, reject) => {
    shell.once('error', reject);
    shell.once('exit', () => {
      gone = true;
      shell.stdin?.end(); // else `cat` would wait for as long as we live
      resolve();
    });
  });
  // A server that dies first leaves a broken pipe, and that is no error of ours.
  shell.stdin?.on('error', () => undefined);
  return {
    exited,
    hasExited: () => gone,
    stop: async () => {
      shell.stdin?.end();
      await exited;
    },
  };
}
