import { coverage, type Coverage } from '../../src/core/coverage.ts';
import { diffRights, rightsFromFacts, type Facts, type FoundedRight } from '../../src/core/rights.ts';
import type { World } from './oracle.ts';

export interface LedgerRow extends FoundedRight {
  readonly id: string;
  readonly createdAt: number;
  withdrawnAt: number | null;
  closedAt: number | null;
}

/** The rights as a database would keep them: follows the world by facts and diffs alone, and refuses what a constraint would refuse. */
export class Ledger {
  readonly rows: LedgerRow[] = [];
  private readonly joined = new Map<string, number>();
  private readonly invited = new Map<string, number>();

  follow(world: World, now: number): void {
    this.remember(this.joined, world.employees, now);
    const invitations = Object.entries(world.bookings).flatMap(([id, booking]) => booking.invitees.map((person) => `${id}/${person}`));
    this.remember(this.invited, invitations, now);
    const diff = diffRights(rightsFromFacts(this.facts(world), now), this.open(), now);
    for (const id of diff.close) this.row(id).closedAt = now;
    for (const { id } of diff.withdraw) {
      const { endsAt } = this.row(id);
      if (endsAt !== null && endsAt <= now) throw new Error(`${id} is over and was withdrawn`);
      Object.assign(this.row(id), { withdrawnAt: now, closedAt: now });
    }
    for (const { id, startsAt, endsAt } of diff.move) {
      const row = this.row(id);
      if (row.startsAt <= now && startsAt !== row.startsAt) throw new Error(`${id} has begun and was given another start`);
      Object.assign(row, { startsAt, endsAt });
    }
    for (const right of diff.add) {
      this.rows.push({ ...right, id: String(this.rows.length), createdAt: now, withdrawnAt: null, closedAt: null });
    }
    this.check();
  }

  /** What a worker does once it has acted on the end of a right. */
  workOffEnds(now: number): void {
    for (const row of this.open()) if (row.endsAt !== null && row.endsAt <= now) this.row(row.id).closedAt = now;
  }

  open(): LedgerRow[] {
    return this.rows.filter((row) => row.closedAt === null);
  }

  coverage(person: string, group: string, now: number): Coverage {
    const rows = this.open().filter((row) => row.memberId === person && row.accessGroupId === group);
    return coverage(
      rows.map((row) => ({ from: row.startsAt, until: row.endsAt })),
      now,
    );
  }

  /** What the ledger says of an instant, past ones included. */
  inForce(person: string, group: string, at: number): boolean {
    return this.rows.some((row) => {
      const known = row.createdAt <= at && (row.withdrawnAt === null || at < row.withdrawnAt);
      const holds = row.startsAt <= at && (row.endsAt === null || at < row.endsAt);
      return known && holds && row.memberId === person && row.accessGroupId === group;
    });
  }

  private facts(world: World): Facts {
    return {
      subscriptions: Object.values(world.subscriptions).map((subscription) => ({
        zone: world.zone,
        startsOn: subscription.startsOn,
        endsOn: subscription.endsOn,
        canceledAt: subscription.canceledAt,
        people:
          'member' in subscription.subscriber
            ? [{ memberId: subscription.subscriber.member, since: null }]
            : world.employees.map((memberId) => ({ memberId, since: this.joined.get(memberId) ?? null })),
        items: subscription.items.map(({ id, group, endedAt }) => ({ id, accessGroupId: group, endedAt })),
      })),
      bookings: Object.entries(world.bookings).map(([id, booking]) => ({
        id,
        kind: world.resources[booking.resource]?.kind ?? 'DESK',
        accessGroupId: world.resources[booking.resource]?.group ?? null,
        startsAt: booking.startsAt,
        endsAt: booking.endsAt,
        canceledAt: booking.canceled ? 0 : null,
        graceBeforeMinutes: world.graceBefore,
        graceAfterMinutes: world.graceAfter,
        memberId: booking.member,
        invitees: booking.invitees.map((memberId) => ({ memberId, since: this.invited.get(`${id}/${memberId}`) ?? 0 })),
      })),
    };
  }

  private remember(since: Map<string, number>, present: readonly string[], now: number): void {
    for (const key of [...since.keys()]) if (!present.includes(key)) since.delete(key);
    for (const key of present) if (!since.has(key)) since.set(key, now);
  }

  private row(id: string): LedgerRow {
    const row = this.rows.find((candidate) => candidate.id === id);
    if (row === undefined || row.closedAt !== null) throw new Error(`${id} is not open`);
    return row;
  }

  private check(): void {
    const keys = this.open().map((row) => `${row.source.kind} ${row.source.id} ${row.memberId} ${row.accessGroupId}`);
    if (new Set(keys).size !== keys.length) throw new Error('two open rights of one source, person and group');
    const empty = this.rows.find((row) => row.endsAt !== null && row.endsAt <= row.startsAt);
    if (empty !== undefined) throw new Error(`${empty.id} has an empty window`);
  }
}
