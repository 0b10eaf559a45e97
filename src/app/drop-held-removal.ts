import type { Caller } from './caller.ts';
import { decideRemoval, type Decided, type DecideRemovalInput } from './decide-removal.ts';
import type { Deps } from './deps.ts';

/** The removal was a mistake: its rights stay until what gave them ends, whatever group it gives by now. */
export async function dropHeldRemoval(deps: Deps, caller: Caller, input: DecideRemovalInput): Promise<Decided> {
  return decideRemoval(deps, caller, input, {
    resolution: 'DROPPED',
    tell: (group) => `A held removal from ${group} was dropped: the people stay until what gave them access ends.`,
    act: () => Promise.resolve(),
  });
}
