import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newMembership, nextStep, type Membership, type MembershipState } from '../../src/core/membership.ts';
import { compareWithProvider, plan } from '../../src/core/reconcile.ts';

const NOW = 1_000;
const a = (id: string, state: MembershipState, change: Partial<Membership> = {}): Membership => ({
  ...newMembership(id, `person-${id}`, 'front', true),
  state,
  ...change,
});
const ids = (batches: Membership[][]): string[][] => batches.map((batch) => batch.map((membership) => membership.id));

test('a plan holds what each membership owes, grants by the start of their window', () => {
  const steps = plan(
    [
      a('late', 'ABSENT', { wanted: true, from: 9 }),
      a('early', 'ABSENT', { wanted: true, from: 1 }),
      a('again', 'GRANTING', { wanted: true, from: 5, retryAt: NOW }),
      a('out', 'ACTIVE'),
      a('lost', 'UNKNOWN'),
      a('well', 'ACTIVE', { wanted: true }),
      a('waits', 'ABSENT', { wanted: true, retryAt: NOW + 1 }),
      a('foreign', 'ACTIVE', { managed: false }),
    ],
    NOW,
    { batch: 100 },
  );
  expect(steps.readBack.map((membership) => membership.id)).toEqual(['lost']);
  expect(ids(steps.revoke)).toEqual([['out']]);
  expect(ids(steps.grant)).toEqual([['early', 'again', 'late']]);
});

test('nothing owed is nothing planned', () => {
  expect(plan([a('well', 'ACTIVE', { wanted: true })], NOW, { batch: 2 })).toEqual({ readBack: [], revoke: [], grant: [] });
});

test('every step owed is in exactly one batch, none of which is empty or too large, whatever the order of the rows', () => {
  const membership = fc.record({
    state: fc.constantFrom<MembershipState>('ABSENT', 'GRANTING', 'ACTIVE', 'REVOKING', 'UNKNOWN', 'BLOCKED'),
    wanted: fc.boolean(),
    from: fc.option(fc.nat(5)),
    retryAt: fc.option(fc.constantFrom(NOW - 1, NOW + 1)),
  });
  fc.assert(
    fc.property(fc.array(membership), fc.integer({ min: 1, max: 5 }), (changes, batch) => {
      const rows = changes.map((change, index) => a(String(index), change.state, change));
      const steps = plan(rows, NOW, { batch });
      for (const one of [...steps.grant, ...steps.revoke]) expect([one.length > 0, one.length <= batch]).toEqual([true, true]);
      const planned = [...steps.readBack, ...steps.revoke.flat(), ...steps.grant.flat()].map((row) => row.id);
      expect(planned.toSorted()).toEqual(
        rows
          .filter((row) => nextStep(row, NOW) !== null)
          .map((row) => row.id)
          .toSorted(),
      );
      expect(plan(rows.toReversed(), NOW, { batch })).toEqual(steps);
    }),
  );
});

test('an audit finds who is gone, who strayed in, and who is a stranger, and lets pass what is in motion', () => {
  const memberships = [
    a('gone', 'ACTIVE', { wanted: true }),
    a('here', 'ACTIVE', { wanted: true }),
    a('strayed', 'ABSENT'),
    a('absent', 'ABSENT'),
    a('coming', 'GRANTING', { wanted: true }),
    a('leaving', 'REVOKING'),
    a('unheard', 'ACTIVE', { wanted: true }),
    a('released', 'ACTIVE', { managed: false }),
  ];
  const platformIds = ['gone', 'here', 'strayed', 'absent', 'coming', 'leaving', 'released', 'elsewhere'];
  const byPlatformId = new Map(platformIds.map((id) => [`p-${id}`, `person-${id}`]));
  const found = compareWithProvider(memberships, ['p-here', 'p-strayed', 'p-coming', 'p-leaving', 'p-elsewhere', 'p-nobody'], byPlatformId);
  expect(found.gone.map((membership) => membership.id)).toEqual(['gone']);
  expect(found.strayed.map((membership) => membership.id)).toEqual(['strayed']);
  expect(found.strangers).toEqual(['p-elsewhere', 'p-nobody']);
});
