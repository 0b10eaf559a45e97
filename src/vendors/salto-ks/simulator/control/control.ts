import type { FastifyInstance } from 'fastify';
import type { SimulatorState } from '../state.ts';
import { explainErrors } from './control-error.ts';
import { registerDashboardEdits } from './dashboard-edits.ts';
import { registerDoors } from './doors.ts';
import { registerIdentityEdits } from './identity-edits.ts';
import { registerRuntime } from './runtime.ts';

/** Everything under /_simulator: no part of the original, never struck by a fault, never counted. */
export function registerControl(app: FastifyInstance, state: SimulatorState, closing: AbortSignal): void {
  explainErrors(app);
  registerRuntime(app, state, closing);
  registerDashboardEdits(app, state);
  registerIdentityEdits(app, state);
  registerDoors(app, state);
}
