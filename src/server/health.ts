import type { FastifyInstance } from 'fastify';
import type { Logger } from '../ports/logger.ts';
import { told } from './errors.ts';

/** Asks whether something answers: resolves when it does, rejects when it does not. */
export type Probe = () => Promise<void>;

export interface Probes {
  database: Probe;
  queue: Probe;
  feed: Probe;
}

interface Check {
  ok: boolean;
  milliseconds: number;
  reason?: string;
}

const PATIENCE_MS = 2_000;

/**
 * `/healthz`: the process is alive. `/readyz`: it can do its work; 503 with the reason of each check that failed, and while it is closing.
 */
export function mountHealth(app: FastifyInstance, options: { probes: Probes; log: Logger; closing: () => boolean }): void {
  let underWay: Promise<[string, Check][]> | null = null;
  // Whoever asks while a round is under way gets its answer: asking often costs the database nothing.
  const names = Object.keys(options.probes) as (keyof Probes)[];
  const check = async (name: keyof Probes): Promise<[string, Check]> => [name, await run(name, options.probes[name], options.log)];
  const round = () =>
    (underWay ??= Promise.all(names.map(check)).finally(() => {
      underWay = null;
    }));

  app.get('/healthz', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (options.closing()) return reply.code(503).send({ status: 'closing' });
    const checks = await round();
    const ready = checks.every(([, { ok }]) => ok);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(checks) });
  });
}

/** The sentence for the outside names no host and no user; the log has the error itself. */
async function run(name: string, probe: Probe, log: Logger): Promise<Check> {
  const from = performance.now();
  const took = () => Math.round((performance.now() - from) * 10) / 10;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`did not answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
  });
  const asked = probe().then(
    () => null,
    (error: unknown) => {
      log.warn({ check: name, ...told(error) }, 'a readiness check failed');
      return 'cannot be reached';
    },
  );
  const reason = await Promise.race([asked, late]);
  clearTimeout(timer);
  return reason === null ? { ok: true, milliseconds: took() } : { ok: false, milliseconds: took(), reason };
}
