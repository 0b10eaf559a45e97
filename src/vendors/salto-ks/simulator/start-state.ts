import { fillFromScenario } from './fill-from-scenario.ts';
import { createSigningKeys } from './identity/signing-keys.ts';
import type { WholeScenario } from './scenario.ts';
import { SimulatorState } from './state.ts';

export async function createState(scenario: WholeScenario, now: () => number): Promise<SimulatorState> {
  const state = new SimulatorState(scenario, now, await createSigningKeys());
  fillFromScenario(state);
  return state;
}

/** Everything as at the start, the signing keys excepted. */
export function resetEverything(state: SimulatorState): void {
  state.clear();
  fillFromScenario(state);
}
