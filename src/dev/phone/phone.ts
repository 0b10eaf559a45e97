import { CookieJar, followOverHttp, type LastPage } from '../../vendors/salto-ks/simulator/consent-driver.ts';
import { createPhone, type Phone as Sdk } from '../../vendors/salto-ks/simulator/phone-stand-in.ts';
import { apiClient, picked, type Live } from '../api-client.ts';
import type { PhoneKeySubscription, PhoneStartUnlockMutation, UnlockOutcome } from '../generated/graphql.ts';
import { success } from '../success.ts';
import * as say from './documents.ts';

export interface PhoneOptions {
  /** where the API listens, without a path */
  url: string;
  /** of a member, from a client that counts as the mobile app */
  token: string;
  location: { externalId: string };
  device: { uid: string; name: string };
  /** whose locks the phone is held to */
  simulatorUrl: string;
  /** the part that the lock maker's SDK plays in an app, with the phone's private key; a new one unless given */
  sdk?: Sdk;
}

export type KeyState = PhoneKeySubscription['key'];
export type UnlockState = Extract<PhoneStartUnlockMutation['result'], { __typename: 'StartUnlockSuccess' }>['unlock'];
type TapResult = Awaited<ReturnType<Sdk['tap']>>['result'];

/** A member's app on one phone, as a reference for apps: what it asks, what it waits for, and what it tells the member. */
export interface Phone {
  /** what the button shows, as it is pushed */
  readonly key: Live<KeyState>;
  /** "Get digital key", from the tap on the button until the key is on the phone; rejects with the sentence for the member */
  getDigitalKey(): Promise<KeyState>;
  /** "Unlock", with the phone held to this lock: every state on the way, the last one being how it ended */
  unlock(lockId: string): Promise<UnlockState[]>;
  close(): Promise<void>;

  /** Asks for a key. Answers with the URL to be opened in a browser session that shares nothing with others. */
  activate(): Promise<string>;
  /** Opens that URL as such a session would, up to its last page. */
  signIn(authorizationUrl: string, session?: CookieJar): Promise<LastPage>;
  /** The key itself, for the lock maker's SDK; null while this phone has none. */
  credential(): Promise<string | null>;
  startUnlock(): Promise<UnlockState>;
  report(unlockId: string, outcome: UnlockOutcome): Promise<UnlockState>;
  /** Has the SDK hold the key to a lock. */
  tap(lockId: string, mobileKey: string): Promise<TapResult>;
}

/** What the SDK's results are called by the API. A lock that lets the phone learn nothing was reached all the same. */
const OUTCOME: Record<TapResult, UnlockOutcome> = {
  accepted: 'SIGNAL_SENT',
  unknown: 'SIGNAL_SENT',
  rejected: 'REFUSED',
  failure: 'REFUSED',
  no_lock: 'NO_LOCK_FOUND',
  cancelled_key: 'KEY_CANCELLED',
};

/** The app is opened: it follows its key from now on. The private key never leaves the phone. */
export function open(options: PhoneOptions): Phone {
  const { location, device, simulatorUrl, sdk = createPhone() } = options;
  const at = { location, deviceUid: device.uid };
  const client = apiClient(options.url, options.token);
  const key = picked(client.follow(say.DigitalKeyChanged, at), (pushed) => pushed.key);
  const steps: Omit<Phone, 'getDigitalKey' | 'unlock'> = {
    key,
    async activate() {
      const { result } = await client.ask(say.ActivateDigitalKey, { input: { location, device: { ...device, publicKey: sdk.publicKey } } });
      return success(result, 'ActivateDigitalKeySuccess').authorizationUrl;
    },
    signIn: (authorizationUrl, session = new CookieJar()) => followOverHttp(authorizationUrl, session),
    async credential() {
      const found = await client.ask(say.Credential, at);
      return found.location?.digitalKey.credential?.mobileKey ?? null;
    },
    async startUnlock() {
      const { result } = await client.ask(say.StartUnlock, { input: at });
      return success(result, 'StartUnlockSuccess').unlock;
    },
    async report(unlock, outcome) {
      const { result } = await client.ask(say.ReportUnlock, { input: { unlock, outcome } });
      return success(result, 'ReportUnlockSuccess').unlock;
    },
    tap: async (lockId, mobileKey) => (await sdk.tap(simulatorUrl, lockId, mobileKey)).result,
    close: () => client.close(),
  };
  return { ...steps, getDigitalKey: () => getDigitalKey(steps), unlock: (lockId) => unlock(steps, lockId, true) };
}

async function getDigitalKey(phone: Omit<Phone, 'getDigitalKey' | 'unlock'>): Promise<KeyState> {
  // The page says the same as what is pushed, for people who look at it: nothing is read from it.
  await phone.signIn(await phone.activate());
  await phone.key.next(({ status }) => status === 'ACTIVATING');
  const state = await phone.key.next(({ status }) => status !== 'ACTIVATING');
  if (state.status !== 'UNLOCK_AVAILABLE') throw new Error(state.failureMessage ?? `The key is ${state.status}.`);
  return state;
}

async function unlock(phone: Omit<Phone, 'getDigitalKey' | 'unlock'>, lockId: string, again: boolean): Promise<UnlockState[]> {
  const states = [await phone.startUnlock()];
  const [{ id, status }] = states as [UnlockState];
  // Here the phone's own question "May this app use Bluetooth?" is asked.
  if (status === 'WAITING_FOR_BLUETOOTH_PERMISSION') states.push(await phone.report(id, 'BLUETOOTH_ALLOWED'));
  // Read for each unlock: a key is renewed behind the app's back.
  const mobileKey = await phone.credential();
  if (mobileKey === null) throw new Error('This phone has no digital key.');
  const outcome = OUTCOME[await phone.tap(lockId, mobileKey)];
  const before = phone.key.seen.length;
  states.push(await phone.report(id, outcome));
  if (outcome !== 'KEY_CANCELLED' || !again) return states;
  await phone.key.until((state) => state.status === 'UNLOCK_AVAILABLE' && phone.key.seen.indexOf(state) >= before);
  return [...states, ...(await unlock(phone, lockId, false))];
}
