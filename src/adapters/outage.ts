import type { Logger } from '../ports/logger.ts';

const PROBE_EVERY_MS = 1_000;

/** Whether a server is known to be out, so that nobody tries it again on each request. */
export interface Outage {
  isOut(): boolean;
  /** Something failed: the server is taken to be out, until a probe finds that it answers. */
  begin(error: unknown): void;
  /** Ends the probing. */
  close(): void;
}

/**
 * @param probe rejects, and soon, while the server does not answer; asked at once when an outage begins, and once per second during it
 * @param onEnd when the server answers again
 */
export function watchOutage(what: { name: string; probe: () => Promise<unknown>; onEnd: () => void; log: Logger }): Outage {
  let out = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const probe = () => {
    what.probe().then(end, () => {
      if (!closed) timer = setTimeout(probe, PROBE_EVERY_MS).unref();
    });
  };
  const end = () => {
    if (closed) return;
    out = false;
    what.log.info({ server: what.name }, 'answers again');
    what.onEnd();
  };
  return {
    isOut: () => out,
    begin: (error) => {
      if (out || closed) return;
      out = true;
      what.log.warn({ server: what.name, reason: error instanceof Error ? error.message : String(error) }, 'does not answer');
      probe();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
