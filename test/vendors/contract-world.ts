import type { LockVendor, ProviderPerson, ProviderSession } from '../../src/ports/lock-vendor.ts';

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

export const person = (name: string) => ({ email: `${name}@example.com`, firstName: name, lastName: 'Example' });

/** People of these names at the site. */
export async function created({ vendor, admin }: VendorWorld, ...names: string[]): Promise<ProviderPerson[]> {
  const people: ProviderPerson[] = [];
  for (const name of names) {
    const answer = await vendor.createPerson(admin, person(name));
    if (!answer.ok) throw new Error(answer.problem.why);
    people.push(answer.value);
  }
  return people;
}
