import pLimit from 'p-limit';
import type { Outcome } from '../../core/membership.ts';
import type { Instant } from '../../core/time.ts';
import type { GroupChanged, GroupPerson, ProviderProblem, ProviderSession } from '../../ports/lock-vendor.ts';
import type { SaltoClient } from './client.ts';
import type { Refusal, SaltoAnswer } from './problems.ts';
import { anything } from './shapes.ts';
import { readGroupPeople } from './sites.ts';
import { BATCH_SIZE, isSettling, settlingOutcome, verdict, waitFor, type Move } from './verdicts.ts';

const GROUP_PEOPLE = '/v1.2/sites/{site}/access_groups/{group}/users';
const AT_A_TIME = 10;
/** Calls beyond one per person that finding out who spoils a batch may take. */
const SPARE_CALLS = 40;
/** After that, whoever has not been tried waits for the next time. */
const LONGEST_MS = 60_000;
const TRY_AGAIN_MS = 5_000;
/** The server has no batch at all. */
const NO_BATCH = new Set([405, 415, 501]);

type Members = SaltoAnswer<Set<string>>;

/** Remembers whose batches are refused, for some time: what SALTO takes may change. */
export interface BatchMemory {
  isRefused(connectionId: string): boolean;
  refuse(connectionId: string): void;
}

export interface ChangeSetting {
  client: SaltoClient;
  batches: BatchMemory;
  session: ProviderSession;
  group: string;
  /** the instant that settling is judged by */
  now: Instant;
  clock: () => Instant;
}

/**
 * One change of a group. A batch that is refused as a whole is narrowed down, by what the group's list of people shows and by halves,
 * until whoever spoils it stands alone; everybody else is done on the way.
 */
export class GroupChangeRun {
  readonly #to: ChangeSetting;
  readonly #outcomes = new Map<string, Outcome>();
  readonly #deadline: Instant;
  #callsLeft: number;
  /** what everybody not tried yet gets, once the provider is out or asks to wait */
  #halt: Outcome | null = null;
  #problem: ProviderProblem | null = null;

  constructor(to: ChangeSetting, people: number) {
    this.#to = to;
    this.#callsLeft = people + SPARE_CALLS;
    this.#deadline = to.clock() + LONGEST_MS;
  }

  async run(moves: Move[]): Promise<GroupChanged> {
    for (let start = 0; start < moves.length; start += BATCH_SIZE) await this.#batch(moves.slice(start, start + BATCH_SIZE));
    return { outcomes: this.#outcomes, problem: this.#problem };
  }

  async #batch(moves: Move[]): Promise<void> {
    if (moves.length === 0) return;
    if (moves.length === 1 || this.#to.batches.isRefused(this.#to.session.connectionId)) return this.#singles(moves, null);
    const stopped = this.#stopped();
    if (stopped) return this.#settle(moves, stopped);
    const answer = await this.#to.client.ask(this.#to.session, {
      method: 'PATCH',
      route: GROUP_PEOPLE,
      ids: this.#ids(),
      body: { add_ids: idsOf(moves, 'add'), remove_ids: idsOf(moves, 'remove') },
      answer: anything,
    });
    if (answer.ok) return this.#believe(moves);
    const passing = this.#passing(answer);
    return passing ? this.#settle(moves, passing) : this.#narrow(moves, answer);
  }

  /** A batch may pass over people it does not know yet without a word, so those are looked for. */
  async #believe(moves: Move[]): Promise<void> {
    const doubtful = moves.filter((move) => move.act === 'add' && isSettling(move.person, this.#to.now));
    this.#settle(moves, { kind: 'done' });
    if (doubtful.length === 0) return;
    const members = await this.#members();
    if (!members.ok) return this.#settle(doubtful, { kind: 'unsure', why: members.problem.why });
    const absent = doubtful.filter(({ person }) => !members.value.has(person.platformUserId));
    this.#settle(absent, settlingOutcome(this.#to.clock()));
  }

  async #narrow(moves: Move[], refusal: Refusal): Promise<void> {
    const { session, batches } = this.#to;
    if (NO_BATCH.has(refusal.status ?? 0)) {
      batches.refuse(session.connectionId);
      return this.#singles(moves, null);
    }
    const members = await this.#members();
    if (!members.ok) return this.#judge(moves, refusal, members);
    const open = moves.filter((move) => !isAsWanted(move, members.value));
    const asWanted = moves.filter((move) => isAsWanted(move, members.value));
    this.#settle(
      asWanted.filter(({ act }) => act === 'add'),
      { kind: 'done' },
    );
    // A list that lags must not leave a door open: whoever it no longer shows is taken out all the same.
    await this.#singles(
      asWanted.filter(({ act }) => act === 'remove'),
      members,
    );
    if (open.length < moves.length) return this.#batch(open);
    if (refusal.status === 404 || refusal.status === 403) return this.#halves(open);
    await this.#singles(open, members);
    // Nobody by themselves was refused: it is batches that are.
    if (open.every(({ person }) => this.#outcomes.get(person.platformUserId)?.kind === 'done')) batches.refuse(session.connectionId);
  }

  /** People whom the provider may not know yet apart from the others, where there are both. */
  async #halves(moves: Move[]): Promise<void> {
    const fresh = moves.filter(({ person }) => isSettling(person, this.#to.now));
    const settled = moves.filter(({ person }) => !isSettling(person, this.#to.now));
    const middle = Math.ceil(moves.length / 2);
    const parts = fresh.length > 0 && settled.length > 0 ? [settled, fresh] : [moves.slice(0, middle), moves.slice(middle)];
    for (const part of parts) await this.#batch(part);
  }

  /** `members` where the group's list has just been read, so that it is not read again. */
  async #singles(moves: Move[], members: Members | null): Promise<void> {
    const limit = pLimit(AT_A_TIME);
    let reading = members === null ? null : Promise.resolve(members);
    const one = async (move: Move): Promise<void> => {
      const stopped = this.#stopped();
      if (stopped) return this.#settle([move], stopped);
      const answer = await this.#single(move);
      if (answer.ok) return this.#settle([move], { kind: 'done' });
      const passing = this.#passing(answer);
      if (passing) return this.#settle([move], passing);
      reading ??= this.#members();
      this.#judge([move], answer, await reading);
    };
    await Promise.all(moves.map((move) => limit(() => one(move))));
  }

  #single({ act, person }: Move): Promise<SaltoAnswer<unknown>> {
    const { client, session } = this.#to;
    const ids = { ...this.#ids(), person: person.platformUserId };
    if (act === 'remove') return client.ask(session, { method: 'DELETE', route: `${GROUP_PEOPLE}/{person}`, ids, answer: anything });
    const body = { user_id: person.platformUserId };
    return client.ask(session, { method: 'POST', route: GROUP_PEOPLE, ids, body, answer: anything });
  }

  async #members(): Promise<Members> {
    this.#callsLeft -= 1;
    const people = await readGroupPeople(this.#to.client, this.#to.session, this.#to.group);
    if (people.ok) return { ok: true, value: new Set(people.value) };
    this.#passing(people);
    return people;
  }

  /** The outcome of an answer that says nothing about the people: out, asked to wait, lost. Null when it is a verdict on them. */
  #passing(refusal: Refusal): Outcome | null {
    const { problem } = refusal;
    if (problem.kind === 'not-found' || problem.kind === 'refused') return null;
    this.#halt = waitFor(problem);
    this.#problem ??= problem;
    return problem.kind === 'unsure' ? { kind: 'unsure', why: problem.why } : this.#halt;
  }

  #judge(moves: Move[], refusal: Refusal, members: Members): void {
    for (const move of moves) this.#settle([move], verdict(move, refusal, members, this.#to.now, this.#to.clock()));
  }

  /** Counts a call that is about to be made; an outcome when it must not be made any more. */
  #stopped(): Outcome | null {
    if (this.#halt) return this.#halt;
    const now = this.#to.clock();
    const exhausted = this.#callsLeft <= 0 || now >= this.#deadline;
    if (exhausted) return { kind: 'later', retryAt: now + TRY_AGAIN_MS, why: 'others of the same change came first' };
    this.#callsLeft -= 1;
    return null;
  }

  #settle(moves: Move[], outcome: Outcome): void {
    for (const { person } of moves) this.#outcomes.set(person.platformUserId, outcome);
  }

  #ids(): { site: string; group: string } {
    return { site: this.#to.session.siteExternalId, group: this.#to.group };
  }
}

function idsOf(moves: Move[], act: Move['act']): string[] {
  return moves.filter((move) => move.act === act).map(({ person }) => person.platformUserId);
}

function isAsWanted({ act, person }: { act: Move['act']; person: GroupPerson }, members: Set<string>): boolean {
  return members.has(person.platformUserId) === (act === 'add');
}
