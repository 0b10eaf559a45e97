import { expect } from 'vitest';
import type { GroupPerson, ProviderPerson } from '../../src/ports/lock-vendor.ts';
import { created, type Audit, type VendorWorld } from './contract-world.ts';

const settledPeople = (people: ProviderPerson[]): GroupPerson[] =>
  people.map(({ platformUserId }) => ({ platformUserId, createdThereAt: null }));

const add = async ({ vendor, admin, group, now }: VendorWorld, people: GroupPerson[]) =>
  vendor.changeGroup(admin, group.externalId, { add: people, remove: [] }, now());

const remove = async ({ vendor, admin, group, now }: VendorWorld, people: GroupPerson[]) =>
  vendor.changeGroup(admin, group.externalId, { add: [], remove: people }, now());

const kinds = (changed: { outcomes: Map<string, { kind: string }> }) => [...changed.outcomes.values()].map(({ kind }) => kind);

/** Putting people into groups and taking them out. */
export const groupAudits: Audit[] = [
  {
    name: 'MUST put people into a group and take them out, and nobody else',
    async run(world) {
      const [ann, ben, cleo] = await created(world, 'ann', 'ben', 'cleo');
      const people = settledPeople([ann, ben, cleo].filter((known) => known !== undefined));
      expect(kinds(await add(world, people))).toEqual(['done', 'done', 'done']);
      expect((await world.group.people()).sort()).toEqual(people.map(({ platformUserId }) => platformUserId).sort());
      expect(kinds(await remove(world, people.slice(1)))).toEqual(['done', 'done']);
      expect(await world.group.people()).toEqual([ann?.platformUserId]);
    },
  },
  {
    name: 'MUST be done with what is so already, whatever the provider says to repetition',
    async run(world) {
      const people = settledPeople(await created(world, 'ann', 'ben', 'cleo'));
      await world.faults.refuseRepetition();
      await add(world, people.slice(0, 1));
      expect(kinds(await add(world, people))).toEqual(['done', 'done', 'done']);
      expect(kinds(await add(world, people.slice(0, 1)))).toEqual(['done']);
      expect(await world.group.people()).toHaveLength(3);
      await remove(world, people.slice(0, 1));
      expect(kinds(await remove(world, people))).toEqual(['done', 'done', 'done']);
      expect(kinds(await remove(world, people.slice(0, 1)))).toEqual(['done']);
      expect(await world.group.people()).toEqual([]);
    },
  },
  {
    name: 'MUST not let one unknown person keep the others out',
    async run(world) {
      const people = settledPeople(await created(world, 'ann', 'ben', 'cleo'));
      const stranger = { platformUserId: '00000000-0000-4000-8000-000000000000', createdThereAt: null };
      const { outcomes, problem } = await add(world, [...people, stranger]);
      expect(outcomes.get(stranger.platformUserId)).toMatchObject({ kind: 'refused', cause: 'UNKNOWN_AT_PROVIDER' });
      expect(problem).toBeNull();
      expect(await world.group.people()).toHaveLength(3);
    },
  },
  {
    name: 'MUST ask for patience with people just created, and only as long as they settle',
    async run(world) {
      await world.faults.slowToSettle();
      const fresh = (await created(world, 'ann', 'ben')).map(({ platformUserId }) => ({ platformUserId, createdThereAt: world.now() }));
      const { outcomes } = await add(world, fresh);
      for (const outcome of outcomes.values()) expect(outcome).toMatchObject({ kind: 'later', retryAt: expect.any(Number) });
      await world.advance(world.vendor.can.settlesWithinMs);
      expect(kinds(await add(world, fresh))).toEqual(['done', 'done']);
      expect(await world.group.people()).toHaveLength(2);
    },
  },
  {
    name: 'MUST go one by one where batches are not taken',
    async run(world) {
      await world.faults.noBatches();
      const people = settledPeople(await created(world, 'ann', 'ben', 'cleo'));
      expect(kinds(await add(world, people))).toEqual(['done', 'done', 'done']);
      expect(await world.group.people()).toHaveLength(3);
    },
  },
  {
    name: 'MUST be unsure when an answer is lost, and do no harm by repeating',
    async run(world) {
      const people = settledPeople(await created(world, 'ann', 'ben'));
      await world.faults.loseAnswer();
      const lost = await add(world, people);
      expect(kinds(lost)).toEqual(['unsure', 'unsure']);
      expect(lost.problem).toMatchObject({ kind: 'unsure' });
      expect(kinds(await add(world, people))).toEqual(['done', 'done']);
      expect(await world.group.people()).toHaveLength(2);
    },
  },
  {
    name: 'MUST change nothing and say when to come back while asked to wait',
    async run(world) {
      const people = settledPeople(await created(world, 'ann', 'ben'));
      await world.faults.askToWait(30);
      const { outcomes, problem } = await add(world, people);
      for (const outcome of outcomes.values()) expect(outcome).toMatchObject({ kind: 'later', retryAt: expect.any(Number) });
      expect(problem).toMatchObject({ kind: 'unavailable', retryAt: expect.any(Number) });
      expect(await world.group.people()).toEqual([]);
    },
  },
  {
    name: 'MUST take an outage as no verdict on anybody',
    async run(world) {
      const people = settledPeople(await created(world, 'ann', 'ben'));
      await world.faults.out();
      expect(kinds(await add(world, people))).toEqual(['later', 'later']);
      expect(await world.vendor.groupPeople(world.admin, world.group.externalId)).toMatchObject({ problem: { kind: 'unavailable' } });
      expect(await world.vendor.findPerson(world.admin, 'ann@example.com')).toMatchObject({ problem: { kind: 'unavailable' } });
    },
  },
  {
    name: 'MUST tell a group that is gone from people who are unknown',
    async run(world) {
      const people = settledPeople(await created(world, 'ann', 'ben'));
      await world.removeGroup(world.group.externalId);
      const { outcomes } = await add(world, people);
      for (const outcome of outcomes.values()) expect(outcome).toMatchObject({ kind: 'refused', cause: 'GROUP_MISSING' });
      expect(kinds(await remove(world, people))).toEqual(['done', 'done']);
    },
  },
  {
    name: 'SHOULD need no more calls than the people fill batches',
    async run(world) {
      const { batchSize } = world.vendor.can;
      const names = Array.from({ length: Math.min(120, batchSize + 20) }, (_, index) => `n${index}`);
      const people = settledPeople(await created(world, ...names));
      await world.seats(1_000);
      expect(new Set(kinds(await add(world, people)))).toEqual(new Set(['done']));
      expect(await world.group.writes()).toBe(Math.ceil(people.length / batchSize));
    },
  },
];
