import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { resetEverything } from '../start-state.ts';
import type { SimulatorState } from '../state.ts';
import { read } from './control-error.ts';

const regExp = z.string().transform((text, context) => {
  try {
    return new RegExp(text);
  } catch {
    context.addIssue('must be a regular expression');
    return z.NEVER;
  }
});
const filterQuery = {
  method: z.string().toUpperCase().optional(),
  path: regExp.optional(),
  finished: z.stringbool().optional(),
};
const callsQuery = z.strictObject({ ...filterQuery, last: z.coerce.number().int().min(0).default(100) });
const waitQuery = z.strictObject({
  ...filterQuery,
  count: z.coerce.number().int().min(1).default(1),
  timeoutMs: z.coerce.number().int().min(1).max(120_000).default(10_000),
});

function registerCalls(app: FastifyInstance, state: SimulatorState, closing: AbortSignal): void {
  app.get('/_simulator/calls', (http) => {
    const { last, ...filter } = read(callsQuery, http.query);
    const found = state.calls.find(filter);
    return {
      matching: found.length,
      totals: state.calls.totals(),
      maxConcurrency: state.calls.maxConcurrency,
      calls: last === 0 ? [] : found.slice(-last),
    };
  });
  app.delete('/_simulator/calls', (_http, reply) => {
    state.calls.clear();
    return reply.code(204).send();
  });
  app.get('/_simulator/calls/wait', async (http) => {
    const { count, timeoutMs, ...filter } = read(waitQuery, http.query);
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    const calls = await state.calls.wait(filter, count, AbortSignal.any([timeout.signal, closing]));
    clearTimeout(timer);
    return { reached: calls.length >= count, matching: calls.length, calls };
  });
}

/** Switches, clock, call log: what concerns the run, not the sites. `closing` ends those who wait. */
export function registerRuntime(app: FastifyInstance, state: SimulatorState, closing: AbortSignal): void {
  app.get('/_simulator/switches', () => state.switches.show());
  app.patch('/_simulator/switches', (http) => {
    state.switches.set(read(z.record(z.string(), z.unknown()), http.body));
    return state.switches.show();
  });
  app.post('/_simulator/reset', (http) => {
    const { everything } = read(z.strictObject({ everything: z.boolean().default(false) }), http.body);
    if (everything) resetEverything(state);
    else state.resetSwitches();
    return state.switches.show();
  });
  const showClock = () => ({ now: new Date(state.clock.now()).toISOString() });
  app.get('/_simulator/clock', showClock);
  app.post('/_simulator/clock', (http) => {
    state.clock.advance(read(z.strictObject({ advanceMs: z.number() }), http.body).advanceMs);
    return showClock();
  });
  registerCalls(app, state, closing);
}
