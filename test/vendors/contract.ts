import { expect } from 'vitest';
import type { DoorEntry, GroupPerson, LockVendor, ProviderPerson, ProviderSession } from '../../src/ports/lock-vendor.ts';

/** A group of the world, as its own system shows it, seen from outside the vendor's code. */
export interface WorldGroup {
  externalId: string;
  /** platform user ids, told by the simulator */
  people(): Promise<string[]>;
  /** calls that changed its people since the world began */
  writes(): Promise<number>;
}

/** A phone that can open mobile keys made for it. */
export interface WorldPhone {
  publicKey: string;
  /** Rejects when the key was made for another phone. */
  open(mobileKey: string): Promise<unknown>;
}

/** A lock maker with its own simulator, made anew for each audit, and what the audits need done behind the vendor's back. */
export interface VendorWorld {
  vendor: LockVendor;
  /** an administrator's session at the administered site */
  admin: ProviderSession;
  /** names of the sites the account administers, and of one where it is a mere user */
  administered: string[];
  notAdministered: string;
  /** an empty group with locks and a schedule */
  group: WorldGroup;
  /** names of groups at the site by what is true of them */
  named: { always: string; withoutSchedule: string; withoutLocks: string; withStrangers: string };
  redirectUri: string;
  /** drives the consent page and answers with the address the browser is sent back to */
  consent(url: string, allow: boolean): Promise<string>;
  /** somebody with an account of their own on the site, and their session */
  member(): Promise<{ session: ProviderSession; platformUserId: string; email: string }>;
  phone(): WorldPhone;
  advance(milliseconds: number): Promise<void>;
  now(): number;
  /** the seats of the site from now on */
  seats(total: number): Promise<void>;
  removeGroup(externalId: string): Promise<void>;
  /** somebody opens a door of the site at this instant; answers with their platform user id */
  openDoor(): Promise<string>;
  faults: {
    out(): Promise<void>;
    askToWait(seconds: number): Promise<void>;
    /** the next call that changes a group takes effect, and its answer is lost */
    loseAnswer(): Promise<void>;
    /** batches are not taken */
    noBatches(): Promise<void>;
    /** a person just created is unknown to groups until the world settles */
    slowToSettle(): Promise<void>;
    refuseRepetition(): Promise<void>;
    revokeSignIns(): Promise<void>;
    none(): Promise<void>;
  };
}

export interface Audit {
  name: `${'MUST' | 'SHOULD'} ${string}`;
  run(world: VendorWorld): Promise<void>;
}

const person = (name: string) => ({ email: `${name}@example.com`, firstName: name, lastName: 'Example' });

async function created({ vendor, admin }: VendorWorld, ...names: string[]): Promise<ProviderPerson[]> {
  const people: ProviderPerson[] = [];
  for (const name of names) {
    const answer = await vendor.createPerson(admin, person(name));
    if (!answer.ok) throw new Error(answer.problem.why);
    people.push(answer.value);
  }
  return people;
}

const settledPeople = (people: ProviderPerson[]): GroupPerson[] => people.map(({ platformUserId }) => ({ platformUserId, createdThereAt: null }));

const add = async ({ vendor, admin, group, now }: VendorWorld, people: GroupPerson[]) =>
  vendor.changeGroup(admin, group.externalId, { add: people, remove: [] }, now());

const remove = async ({ vendor, admin, group, now }: VendorWorld, people: GroupPerson[]) =>
  vendor.changeGroup(admin, group.externalId, { add: [], remove: people }, now());

const kinds = (changed: { outcomes: Map<string, { kind: string }> }) => [...changed.outcomes.values()].map(({ kind }) => kind);

const signIn: Audit[] = [
  {
    name: 'MUST redeem the code of a consent for tokens that work, and refresh them',
    async run({ vendor, admin, redirectUri, consent, now }) {
      const { url, verifier } = await vendor.signInUrl({ redirectUri, state: 'state-1' });
      const callbackUrl = await consent(url, true);
      const redeemed = await vendor.redeem({ callbackUrl, redirectUri, state: 'state-1', verifier });
      if (!redeemed.ok || redeemed.value.refreshToken === null) throw new Error('no tokens');
      expect(redeemed.value.expiresAt).toBeGreaterThan(now());
      const refreshed = await vendor.refresh(redeemed.value.refreshToken);
      if (!refreshed.ok) throw new Error(refreshed.problem.why);
      const { accessToken } = refreshed.value;
      expect(await vendor.sites({ ...admin, token: async () => ({ ok: true, value: accessToken }) })).toMatchObject({ ok: true });
    },
  },
  {
    name: 'MUST take a person’s refusal, a foreign state and a used code as refused',
    async run({ vendor, redirectUri, consent }) {
      const { url, verifier } = await vendor.signInUrl({ redirectUri, state: 'state-1' });
      const denied = await consent(url, false);
      expect(await vendor.redeem({ callbackUrl: denied, redirectUri, state: 'state-1', verifier })).toMatchObject({ problem: { kind: 'refused' } });
      const callbackUrl = await consent(url, true);
      expect(await vendor.redeem({ callbackUrl, redirectUri, state: 'state-2', verifier })).toMatchObject({ problem: { kind: 'refused' } });
      expect(await vendor.redeem({ callbackUrl, redirectUri, state: 'state-1', verifier })).toMatchObject({ ok: true });
      expect(await vendor.redeem({ callbackUrl, redirectUri, state: 'state-1', verifier })).toMatchObject({ problem: { kind: 'refused' } });
    },
  },
  {
    name: 'MUST tell a refresh token that is refused from a sign-in that is out',
    async run({ vendor, redirectUri, consent, faults }) {
      const { url, verifier } = await vendor.signInUrl({ redirectUri, state: 'state-1' });
      const redeemed = await vendor.redeem({ callbackUrl: await consent(url, true), redirectUri, state: 'state-1', verifier });
      const token = redeemed.ok ? (redeemed.value.refreshToken ?? '') : '';
      await faults.out();
      expect(await vendor.refresh(token)).toMatchObject({ problem: { kind: 'unavailable' } });
      await faults.none();
      await faults.revokeSignIns();
      expect(await vendor.refresh(token)).toMatchObject({ problem: { kind: 'needs-reauthorization' } });
    },
  },
  {
    name: 'MUST renew an access token that has run out',
    async run({ vendor, admin, advance }) {
      expect(await vendor.site(admin)).toMatchObject({ ok: true });
      await advance(2 * 3_600_000);
      expect(await vendor.site(admin)).toMatchObject({ ok: true });
    },
  },
];

const reading: Audit[] = [
  {
    name: 'MUST offer the sites that the account administers, and no other (C3)',
    async run({ vendor, admin, administered, notAdministered }) {
      const sites = await vendor.sites(admin);
      const names = sites.ok ? sites.value.map(({ name }) => name) : [];
      expect(names.sort()).toEqual([...administered].sort());
      expect(names).not.toContain(notAdministered);
    },
  },
  {
    name: 'MUST read groups with their locks, schedules and people (C4, C6)',
    async run({ vendor, admin, named }) {
      const directory = await vendor.directory(admin);
      if (!directory.ok) throw new Error(directory.problem.why);
      const { groups, locks, site } = directory.value;
      const called = (name: string) => groups.find((group) => group.name === name);
      expect(site.externalId).toBe(admin.siteExternalId);
      expect(called(named.always)).toMatchObject({ scheduled: true, alwaysOpen: true, people: [] });
      expect(called(named.withoutSchedule)).toMatchObject({ scheduled: false, alwaysOpen: false });
      expect(called(named.withoutLocks)?.lockExternalIds).toEqual([]);
      expect(called(named.withStrangers)?.people.length).toBeGreaterThan(0);
      const known = new Set(locks.map(({ externalId }) => externalId));
      expect(groups.flatMap(({ lockExternalIds }) => lockExternalIds).every((lock) => known.has(lock))).toBe(true);
    },
  },
  {
    name: 'MUST say that a group is gone when its people are asked for',
    async run({ vendor, admin, group, removeGroup }) {
      await removeGroup(group.externalId);
      expect(await vendor.groupPeople(admin, group.externalId)).toMatchObject({ problem: { kind: 'not-found' } });
    },
  },
  {
    name: 'MUST report door events after the cursor once each, oldest first',
    async run({ vendor, admin, now, advance, openDoor }) {
      let cursor: { at: number; externalId: string | null } = { at: now() - 1_000, externalId: null };
      const person = await openDoor();
      await openDoor();
      await advance(60_000);
      await openDoor();
      const seen: DoorEntry[] = [];
      for (let turn = 0; turn < 3; turn += 1) {
        const read = await vendor.entriesAfter(admin, cursor, 2);
        const entries = read.ok ? read.value : [];
        seen.push(...entries);
        cursor = entries.at(-1) ?? cursor;
      }
      expect(seen.map(({ platformUserId }) => platformUserId)).toEqual([person, person, person]);
      expect(new Set(seen.map(({ externalId }) => externalId)).size).toBe(3);
      expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort((one, other) => one - other));
      expect((seen.at(-1)?.at ?? 0) - (seen.at(0)?.at ?? 0)).toBeGreaterThanOrEqual(59_000);
    },
  },
];

const peopleAudits: Audit[] = [
  {
    name: 'MUST find a person whatever the case of the address, and nobody in place of nobody',
    async run(world) {
      const [ann] = await created(world, 'ann');
      expect(await world.vendor.findPerson(world.admin, 'ANN@Example.com')).toEqual({ ok: true, value: ann });
      expect(await world.vendor.findPerson(world.admin, 'nn@example.com')).toEqual({ ok: true, value: null });
    },
  },
  {
    name: 'MUST answer with the same person when one is created twice',
    async run(world) {
      const [first] = await created(world, 'ann');
      const [second] = await created(world, 'ann');
      expect(second).toEqual(first);
    },
  },
  {
    name: 'MUST refuse an address that the provider does not take, without repeating it',
    async run({ vendor, admin }) {
      const answer = await vendor.createPerson(admin, { ...person('ann'), email: 'no-address' });
      expect(answer).toMatchObject({ ok: false, problem: { kind: 'refused' } });
      expect(JSON.stringify(answer)).not.toContain('no-address');
    },
  },
  {
    name: 'MUST show whether a person has a seat, one by one and by the list',
    async run(world) {
      const names = Array.from({ length: 24 }, (_, index) => `n${index}`);
      const seated = await created(world, ...names);
      await world.seats(0);
      const [standing] = await created(world, 'late');
      const all = [...seated, ...(standing ? [standing] : [])];
      for (const asked of [all.slice(-2), all]) {
        const read = await world.vendor.readPeople(world.admin, asked.map(({ siteUserId }) => siteUserId));
        const without = read.ok ? read.value.filter(({ subscribed }) => subscribed === false) : [];
        expect(read.ok && read.value).toHaveLength(asked.length);
        expect(without.map(({ siteUserId }) => siteUserId)).toEqual([standing?.siteUserId]);
      }
    },
  },
  {
    name: 'MUST leave people out who do not exist',
    async run(world) {
      const [ann] = await created(world, 'ann');
      const read = await world.vendor.readPeople(world.admin, [ann?.siteUserId ?? '', '00000000-0000-4000-8000-000000000000']);
      expect(read).toEqual({ ok: true, value: [ann] });
    },
  },
];

const groups: Audit[] = [
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

const keys: Audit[] = [
  {
    name: 'MUST know whose session a member’s is',
    async run({ vendor, member }) {
      const { session, platformUserId, email } = await member();
      expect(await vendor.whoAmI(session)).toEqual({ ok: true, value: { platformUserId, email } });
    },
  },
  {
    name: 'MUST issue a key that the phone and no other can open, and again for the same phone',
    async run({ vendor, member, phone, now }) {
      const { session } = await member();
      const own = phone();
      const device = { uid: 'phone-1', name: 'Ann’s phone', publicKey: own.publicKey };
      const first = await vendor.issueKey(session, device);
      if (!first.ok) throw new Error(first.problem.why);
      expect(first.value.expiresAt).toBeGreaterThan(now());
      expect(first.value.issuedAt).toBeLessThanOrEqual(now());
      await own.open(first.value.mobileKey);
      await expect(phone().open(first.value.mobileKey)).rejects.toThrow();
      const renewed = await vendor.issueKey(session, device);
      expect(renewed).toMatchObject({ ok: true, value: { providerDeviceId: first.value.providerDeviceId } });
      const second = await vendor.issueKey(session, { ...device, uid: 'phone-2', publicKey: phone().publicKey });
      expect(second.ok && second.value.providerDeviceId).not.toBe(first.value.providerDeviceId);
    },
  },
  {
    name: 'MUST refuse a public key that is none',
    async run({ vendor, member }) {
      const { session } = await member();
      expect(await vendor.issueKey(session, { uid: 'phone-1', name: 'x', publicKey: 'none' })).toMatchObject({ problem: { kind: 'refused' } });
    },
  },
];

/** What every lock maker's code owes the app, whatever its system does. Those about keys are for makers that have them. */
export const audits: Audit[] = [...signIn, ...reading, ...peopleAudits, ...groups];
export const keyAudits: Audit[] = keys;
