import { expect } from 'vitest';
import type { DoorEntry } from '../../src/ports/lock-vendor.ts';
import { groupAudits } from './contract-groups.ts';
import { created, person, type Audit } from './contract-world.ts';

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
      const redeem = (callbackUrl: string, state: string) => vendor.redeem({ callbackUrl, redirectUri, state, verifier });
      expect(await redeem(await consent(url, false), 'state-1')).toMatchObject({ problem: { kind: 'refused' } });
      const callbackUrl = await consent(url, true);
      expect(await redeem(callbackUrl, 'state-2')).toMatchObject({ problem: { kind: 'refused' } });
      expect(await redeem(callbackUrl, 'state-1')).toMatchObject({ ok: true });
      expect(await redeem(callbackUrl, 'state-1')).toMatchObject({ problem: { kind: 'refused' } });
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
        const read = await world.vendor.readPeople(
          world.admin,
          asked.map(({ siteUserId }) => siteUserId),
        );
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

/** For makers that have digital keys. */
export const keyAudits: Audit[] = [
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
      const issued = await vendor.issueKey(session, { uid: 'phone-1', name: 'x', publicKey: 'none' });
      expect(issued).toMatchObject({ problem: { kind: 'refused' } });
    },
  },
];

/** What every lock maker's code owes the app, whatever its system does. */
export const audits: Audit[] = [...signIn, ...reading, ...peopleAudits, ...groupAudits];
