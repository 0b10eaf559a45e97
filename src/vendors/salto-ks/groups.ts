import type { Instant } from '../../core/time.ts';
import type { GroupChange, GroupChanged, ProviderSession } from '../../ports/lock-vendor.ts';
import type { SaltoClient } from './client.ts';
import { GroupChangeRun, type BatchMemory } from './group-change.ts';
import type { Move } from './verdicts.ts';

const REMEMBERED_FOR_MS = 3_600_000;

/** Who is in which access group. */
export class Groups {
  readonly #client: SaltoClient;
  readonly #clock: () => Instant;
  readonly #batches: BatchMemory;

  constructor(client: SaltoClient, clock: () => Instant) {
    this.#client = client;
    this.#clock = clock;
    this.#batches = batchMemory(clock);
  }

  /** Removals first: a door left open is worse than one opened late. */
  change(session: ProviderSession, group: string, { add, remove }: GroupChange, now: Instant): Promise<GroupChanged> {
    const out = remove.map((person): Move => ({ act: 'remove', person }));
    const into = add.map((person): Move => ({ act: 'add', person }));
    const moves = [...out, ...into];
    const setting = { client: this.#client, batches: this.#batches, session, group, now, clock: this.#clock };
    return new GroupChangeRun(setting, moves.length).run(moves);
  }
}

function batchMemory(clock: () => Instant): BatchMemory {
  const refusedUntil = new Map<string, Instant>();
  return {
    isRefused: (connectionId) => (refusedUntil.get(connectionId) ?? 0) > clock(),
    refuse: (connectionId) => void refusedUntil.set(connectionId, clock() + REMEMBERED_FOR_MS),
  };
}
