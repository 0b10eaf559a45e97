import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from './calls.ts';
import type { SimulatorState } from './state.ts';
import type { Part, Where } from './switches.ts';

type Fault =
  | { kind: 'refuse'; status: number; headers?: Record<string, string> }
  | { kind: 'hang' }
  | { kind: 'perform'; then: 'lose' | 'hang' | { status: number } }
  | null;

/** Windows of `rateLimit`, per rule, so that a rule set anew starts at zero. */
const windows = new WeakMap<object, { endsAt: number; calls: number }>();

export function whereOf(request: FastifyRequest, part: Part): Where {
  const site = (request.params as Record<string, string | undefined>)['siteId'];
  return { part, method: request.method, path: request.url, ...(site === undefined ? {} : { site }) };
}

/** True when the fault strikes this call; a `next` counts down and its rule ends at zero. */
function strikes(state: SimulatorState, name: 'loseAnswers' | 'hang' | 'errors' | 'rateLimit', where: Where): boolean {
  const rule = state.switches.rule(name, where);
  if (!rule?.value) return false;
  const value = rule.value;
  if ('rate' in value) return state.switches.random() < value.rate;
  if ('next' in value) {
    if (value.next === 0) return false;
    value.next -= 1;
    return true;
  }
  const now = state.clock.now();
  const window = windows.get(value);
  const current = window && window.endsAt > now ? window : { endsAt: now + value.windowMs, calls: 0 };
  windows.set(value, current);
  current.calls += 1;
  return current.calls > value.calls;
}

/** Values are read before `strikes`, which may count them down. */
function drawFault(state: SimulatorState, where: Where): Fault {
  if (where.part === 'api' && state.switches.read('apiOutage', where)) return { kind: 'refuse', status: 503 };
  if (where.part === 'identity' && state.switches.read('identityOutage', where)) return { kind: 'refuse', status: 404 };
  const limit = state.switches.read('rateLimit', where);
  if (limit && strikes(state, 'rateLimit', where)) {
    return { kind: 'refuse', status: 429, headers: { 'retry-after': String(limit.retryAfterSeconds) } };
  }
  const errors = state.switches.read('errors', where);
  if (errors && strikes(state, 'errors', where)) {
    return errors.performed ? { kind: 'perform', then: { status: errors.status } } : { kind: 'refuse', status: errors.status };
  }
  const hang = state.switches.read('hang', where);
  if (hang && strikes(state, 'hang', where)) return hang.performed ? { kind: 'perform', then: 'hang' } : { kind: 'hang' };
  if (strikes(state, 'loseAnswers', where)) return { kind: 'perform', then: 'lose' };
  return null;
}

/** Lets a limited number of calls in at a time, first come first served. */
class Turnstile {
  #inside = 0;
  #line: (() => void)[] = [];

  async enter(limit: number): Promise<void> {
    if (this.#inside >= limit) await new Promise<void>((resolve) => this.#line.push(resolve));
    else this.#inside += 1;
  }

  leave(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#inside -= 1;
  }
}

async function holdUp(state: SimulatorState, where: Where, turnstile: Turnstile, reply: FastifyReply): Promise<void> {
  const limit = state.switches.read('maxConcurrentCalls', where);
  if (limit !== null) {
    await turnstile.enter(limit);
    if (reply.raw.destroyed) turnstile.leave();
    else reply.raw.once('close', () => turnstile.leave());
  }
  const latency = state.switches.read('latencyMs', where);
  // Open connections keep the process alive, a call held up does not.
  if (latency > 0) await wait(latency, undefined, { ref: false });
}

/** Records every call of this scope and lets the switched faults strike it. */
export function exposeToFaults(app: FastifyInstance, state: SimulatorState, part: Part): void {
  const turnstile = new Turnstile();
  const running = new WeakMap<FastifyRequest, { call: Call; fault: Fault }>();

  app.addHook('onRequest', async (request, reply) => {
    const where = whereOf(request, part);
    const call = state.calls.begin({ part, method: request.method, route: request.routeOptions.url ?? '', path: request.url });
    reply.raw.once('close', () => state.calls.end(call, reply.raw.writableFinished ? reply.raw.statusCode : null));
    const fault = drawFault(state, where);
    running.set(request, { call, fault });
    await holdUp(state, where, turnstile, reply);
    if (fault?.kind === 'hang') return reply.hijack();
    if (fault?.kind === 'refuse')
      return reply
        .code(fault.status)
        .headers(fault.headers ?? {})
        .send();
    return undefined;
  });

  app.addHook('preHandler', async (request) => {
    const current = running.get(request);
    if (current && part === 'api') current.call.body = request.body ?? null;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const fault = running.get(request)?.fault;
    if (fault?.kind !== 'perform') return payload;
    if (fault.then === 'lose') {
      request.raw.socket.destroy();
      return payload;
    }
    // Never settles: the connection stays open until the caller gives up or the simulator closes.
    if (fault.then === 'hang') return new Promise<never>(() => undefined);
    reply.code(fault.then.status).removeHeader('content-type').removeHeader('content-length');
    return '';
  });
}
