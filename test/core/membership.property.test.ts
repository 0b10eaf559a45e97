import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyCoverage,
  begin,
  dueAt,
  manage,
  newMembership,
  nextStep,
  postpone,
  resync,
  settle,
  unmanage,
  type Membership,
  type Outcome,
  type Step,
} from '../../src/core/membership.ts';

/** What may happen around one call. `effect`: whether a call whose answer is lost took effect. */
type Fate =
  | { kind: 'well' }
  | { kind: 'later'; counts: boolean }
  | { kind: 'lost'; effect: boolean }
  | { kind: 'killed'; effect: boolean }
  /** killed, and the call has its effect within 10 s, but after whatever is done sooner; once in a life */
  | { kind: 'late' }
  | { kind: 'overtaken' };
type Event = { kind: 'run'; fate: Fate } | { kind: 'flip' | 'postpone' | 'resync' | 'disconnect' | 'connect' };

const fate = fc.oneof(
  fc.record({ kind: fc.constant('well' as const) }),
  fc.record({ kind: fc.constant('later' as const), counts: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('lost' as const, 'killed' as const), effect: fc.boolean() }),
  fc.record({ kind: fc.constant('overtaken' as const) }),
);
const eventOf = (fates: fc.Arbitrary<Fate>, ...others: Event['kind'][]): fc.Arbitrary<Event> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Event>({ kind: 'flip' }) },
    { weight: 10, arbitrary: fates.map((chosen): Event => ({ kind: 'run', fate: chosen })) },
    { weight: 1, arbitrary: fc.constantFrom(...others.map((kind) => ({ kind }) as Event)) },
  );
const event = eventOf(fate, 'postpone', 'resync', 'disconnect', 'connect');
/** After an outage, and when a site is connected again, what is believed is compared with what is there as a whole. */
const eventOrLate = eventOf(
  fc.oneof({ weight: 3, arbitrary: fate }, { weight: 1, arbitrary: fc.constant<Fate>({ kind: 'late' }) }),
  'resync',
);

class Life {
  membership: Membership = newMembership('m1', 'ada', 'front', true);
  inGroup = false;
  /** what a call will do that was sent and has not arrived */
  private underWay: { step: Step; at: number } | null = null;
  private wasLate = false;
  now = 0;
  /** What happened at the lock system, and what was told of it. */
  readonly happened: string[] = [];
  readonly told: string[] = [];
  failures = 0;

  take(what: Event): void {
    this.now += 1_000;
    if (what.kind === 'flip') this.flip();
    if (what.kind === 'run') this.run(what.fate);
    if (what.kind === 'postpone') this.membership = postpone(this.membership, this.now + 10_000);
    if (what.kind === 'resync') this.membership = resync(this.membership);
    if (what.kind === 'disconnect') this.membership = unmanage(this.membership);
    if (what.kind === 'connect') this.membership = manage(this.membership);
  }

  flip(): void {
    const wanted = !this.membership.wanted;
    this.failures = 0;
    this.membership = applyCoverage(this.membership, { wanted, nextChangeAt: null, from: this.now, until: null });
  }

  run(chosen: Fate): void {
    const due = dueAt(this.membership);
    if (due !== null) this.now = Math.max(this.now, due);
    const step = nextStep(this.membership, this.now);
    if (step === null) return;
    const begun = begin(this.membership, step, this.now);
    this.membership = begun;
    if (this.underWay !== null && this.now - this.underWay.at >= 10_000) this.arrive();
    const outcome = this.call(step, chosen);
    this.arrive();
    if (chosen.kind === 'late' && !this.wasLate) this.underWay = { step, at: this.now };
    if (chosen.kind === 'killed' || chosen.kind === 'late') return;
    if (chosen.kind === 'overtaken') this.flip();
    // Compare-and-set: an outcome whose version is no longer the stored one is dropped.
    if (this.membership.version !== begun.version) return;
    const { membership, activity } = settle(begun, step, outcome, this.now);
    this.membership = membership;
    if (activity === 'ACCESS_FAILED') this.failures += 1;
    else if (activity !== null) this.told.push(activity);
  }

  private arrive(): void {
    if (this.underWay === null) return;
    this.wasLate = true;
    if (this.underWay.step !== 'read-back') this.inGroup = this.underWay.step === 'grant';
    this.underWay = null;
  }

  private call(step: Step, chosen: Fate): Outcome {
    const takesEffect =
      chosen.kind === 'well' || chosen.kind === 'overtaken' || ((chosen.kind === 'lost' || chosen.kind === 'killed') && chosen.effect);
    if (takesEffect && step !== 'read-back') this.set(step === 'grant');
    if (chosen.kind === 'later') return { kind: 'later', retryAt: null, why: 'It is out.', countsAsFailure: chosen.counts };
    if (chosen.kind === 'lost' || chosen.kind === 'late') return { kind: 'unsure', why: 'The answer was lost.' };
    if (step === 'read-back') return { kind: this.inGroup ? 'there' : 'not-there' };
    return { kind: 'done' };
  }

  private set(inGroup: boolean): void {
    // Put in again, for a revoke may be under way; or a call that was looked for in vain had come late.
    if (this.inGroup === inGroup && ((inGroup && this.membership.held) || this.wasLate)) return;
    if (this.inGroup === inGroup) throw new Error(`asked to ${inGroup ? 'add' : 'remove'} twice without a look in between`);
    this.inGroup = inGroup;
    this.happened.push(inGroup ? 'ACCESS_GRANTED' : 'ACCESS_REVOKED');
  }
}

test('once the faults stop a membership is what it should be within six steps, whatever was lost or came late before (X2)', () => {
  fc.assert(
    fc.property(fc.array(eventOrLate, { maxLength: 40, size: 'max' }), (events) => {
      const life = new Life();
      for (const what of events) life.take(what);
      life.membership = manage(life.membership);
      for (let step = 0; step < 6; step += 1) life.run({ kind: 'well' });
      expect(life.membership.state).toBe(life.membership.wanted ? 'ACTIVE' : 'ABSENT');
      expect(life.inGroup).toBe(life.membership.wanted);
      expect(dueAt(life.membership)).toBeNull();
    }),
  );
});

test('each grant and revoke is told exactly once, in the order in which it happened (X3)', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40, size: 'max' }), (events) => {
      const life = new Life();
      for (const what of events) life.take(what);
      life.membership = manage(life.membership);
      for (let step = 0; step < 6; step += 1) life.run({ kind: 'well' });
      expect(life.told).toEqual(life.happened);
    }),
  );
});

test('a failure is told once per episode, however often it is tried', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40, size: 'max' }), (events) => {
      const life = new Life();
      let most = 0;
      for (const what of events) {
        life.take(what);
        if (!life.membership.failing) life.failures = 0;
        most = Math.max(most, life.failures);
      }
      expect(most).toBeLessThanOrEqual(1);
    }),
  );
});

test('with an answer that never comes it keeps trying, and never more often than its pauses allow', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.integer({ min: 1, max: 60 }), (granting, runs) => {
      const life = new Life();
      life.flip();
      if (!granting) {
        life.run({ kind: 'well' });
        life.flip();
      }
      life.run({ kind: 'lost', effect: false });
      const begun = life.now;
      for (let run = 0; run < runs; run += 1) life.run({ kind: 'later', counts: false });
      expect(dueAt(life.membership)).toBeGreaterThan(life.now);
      expect(life.now - begun).toBeLessThanOrEqual(runs * (granting ? 300_000 : 60_000));
      expect(life.membership.attempts).toBe(runs + 1);
    }),
  );
});
