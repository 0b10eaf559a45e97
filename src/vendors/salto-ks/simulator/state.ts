import { Calls } from './calls.ts';
import { Clock } from './clock.ts';
import type { SigningKeys } from './identity/signing-keys.ts';
import { IdentityState } from './identity/identity-state.ts';
import type { AccessGroup, Device, Entry, Iq, Lock, PlatformUser, Site, SiteUser, TimeSchedule } from './records.ts';
import type { WholeScenario } from './scenario.ts';
import { Switches } from './switches.ts';

/** All that the simulator knows. In memory only. */
export class SimulatorState {
  /** Base address of identity server and API alike, without a slash at the end; known once it listens. */
  url = '';
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly switches = new Switches();
  readonly calls = new Calls();
  readonly scenario: WholeScenario;

  identity = new IdentityState();
  platformUsers = new Map<string, PlatformUser>();
  platformUsersByEmail = new Map<string, PlatformUser>();
  platformUsersBySubject = new Map<string, PlatformUser>();
  sites = new Map<string, Site>();
  siteUsers = new Map<string, SiteUser>();
  iqs = new Map<string, Iq>();
  locks = new Map<string, Lock>();
  groups = new Map<string, AccessGroup>();
  schedules = new Map<string, TimeSchedule>();
  devices = new Map<string, Device>();
  entries: Entry[] = [];
  /** E-mail addresses to which an invitation would have gone out. */
  invitations: string[] = [];

  constructor(scenario: WholeScenario, now: () => number, keys: SigningKeys) {
    this.scenario = scenario;
    this.clock = new Clock(now);
    this.keys = keys;
    this.resetSwitches();
  }

  resetSwitches(): void {
    this.switches.reset();
    this.switches.set(this.scenario.switches);
  }

  /** Forgets everything but scenario and keys. */
  clear(): void {
    this.resetSwitches();
    this.clock.reset();
    this.calls.clear();
    this.identity = new IdentityState();
    for (const map of [this.platformUsers, this.platformUsersByEmail, this.platformUsersBySubject, this.sites, this.siteUsers]) map.clear();
    for (const map of [this.iqs, this.locks, this.groups, this.schedules, this.devices]) map.clear();
    this.entries = [];
    this.invitations = [];
  }
}
