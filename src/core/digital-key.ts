import type { UserRole } from './rights.ts';
import { MINUTE, type Instant } from './time.ts';

export type DigitalKeyStatus = 'HIDDEN' | 'AVAILABLE' | 'ACTIVATING' | 'UNLOCK_AVAILABLE' | 'FAILED';
export type DigitalKeyHiddenReason = 'NOT_CONNECTED' | 'ROLE_NOT_ALLOWED' | 'MOBILE_APP_ONLY' | 'NO_ACCESS_YET' | 'KEYS_NOT_SUPPORTED';
export type ActivationStatus = 'ACTIVATING' | 'SIGNED_IN' | 'DONE' | 'FAILED';

/** One phone's way to a key. SIGNED_IN is a stage of being activated: members see ACTIVATING. */
export interface Activation {
  readonly status: ActivationStatus;
  readonly deadline: Instant;
  /** A sentence for the member; set while FAILED. */
  readonly failureMessage: string | null;
}

/** A phone's key as it is stored. */
export interface DeviceKey {
  readonly deviceUid: string;
  readonly activatedAt: Instant;
  readonly expiresAt: Instant;
  /** The lock said the key is cancelled; it opens nothing until it is renewed. */
  readonly cancelled: boolean;
}

/** All that what one viewer sees of the key at one location depends on. */
export interface DigitalKeyFacts {
  readonly viewer: {
    /** The member's role; null for a service or a subject nobody has told us of. */
    readonly role: UserRole | null;
    readonly isMemberApp: boolean;
    /** Whether the viewer is a member we know. */
    readonly known: boolean;
  };
  /** Null before the first connection. `connected`: CONNECTED, NEEDS_REAUTHORIZATION, or connecting again from one of these. */
  readonly integration: {
    readonly connected: boolean;
    readonly siteSupportsKeys: boolean;
    readonly visibility: readonly UserRole[];
  } | null;
  /** Of the viewer's rights here: when the first one began that ever did, and when the next one will (see `hasBegun`). */
  readonly rights: { readonly firstBegunAt: Instant | null; readonly nextStartsAt: Instant | null };
  /** The latest activation of each phone. */
  readonly activations: readonly (Activation & { readonly deviceUid: string })[];
  readonly devices: readonly DeviceKey[];
}

export interface DigitalKeyView {
  readonly status: DigitalKeyStatus;
  readonly hiddenReason: DigitalKeyHiddenReason | null;
  readonly label: string | null;
  readonly availableFrom: Instant | null;
  readonly failureMessage: string | null;
  readonly activatedAt: Instant | null;
  readonly expiresAt: Instant | null;
}

export type ActivationFailure =
  'TIMED_OUT' | 'SIGN_IN_REFUSED' | 'NOT_SETTLED' | 'KEY_REFUSED' | 'PROVIDER_UNAVAILABLE' | 'NO_ACCESS' | 'DISCONNECTED';

export const ACTIVATION_TIME = MINUTE;

const LABEL: Record<DigitalKeyStatus, string | null> = {
  HIDDEN: null,
  AVAILABLE: 'Get digital key',
  ACTIVATING: 'Activating digital key…',
  UNLOCK_AVAILABLE: 'Unlock',
  FAILED: 'Get digital key',
};

const FAILURE: Record<ActivationFailure, string> = {
  TIMED_OUT: 'Activating your digital key took too long. Please try again.',
  SIGN_IN_REFUSED: 'The sign-in for your digital key was refused. Please try again, and ask your workspace if it happens again.',
  NOT_SETTLED: 'Your access is still being set up. Please try again in a minute.',
  KEY_REFUSED: 'No digital key was issued for this phone. Please try again, and ask your workspace if it happens again.',
  PROVIDER_UNAVAILABLE: 'The lock system does not answer at the moment. Please try again in a few minutes.',
  NO_ACCESS: 'You have no access here yet, so there is no digital key to get.',
  DISCONNECTED: 'This location is no longer connected to its locks. Please ask your workspace.',
};

const HIDDEN: Record<DigitalKeyHiddenReason, string> = {
  NOT_CONNECTED: 'This location is not connected to its locks, so there is no digital key here.',
  KEYS_NOT_SUPPORTED: 'The locks of this location do not take digital keys.',
  ROLE_NOT_ALLOWED: 'Digital keys of this location are not offered to your role.',
  MOBILE_APP_ONLY: 'Digital keys work in the member mobile app only.',
  NO_ACCESS_YET: 'There is no digital key before the first access begins here.',
};

/** Best first: what a viewer who names no phone is shown of several phones. */
const BEST: readonly DigitalKeyStatus[] = ['UNLOCK_AVAILABLE', 'ACTIVATING', 'FAILED', 'AVAILABLE'];

/** What a viewer sees at `now`, for the phone named, or for any phone of theirs when `deviceUid` is null (K1, K2, K3, K4). */
export function judgeDigitalKey(facts: DigitalKeyFacts, deviceUid: string | null, now: Instant): DigitalKeyView {
  const hiddenReason = whyHidden(facts, now);
  if (hiddenReason !== null) {
    return { ...view('HIDDEN'), hiddenReason, availableFrom: hiddenReason === 'NO_ACCESS_YET' ? facts.rights.nextStartsAt : null };
  }
  const phones = new Set([...facts.devices, ...facts.activations].map((phone) => phone.deviceUid));
  const uids = deviceUid === null ? [...phones] : [deviceUid];
  const views = uids.map((uid) => viewOfPhone(facts, uid, now));
  views.sort((a, b) => BEST.indexOf(a.status) - BEST.indexOf(b.status) || (b.expiresAt ?? 0) - (a.expiresAt ?? 0));
  return views[0] ?? view('AVAILABLE');
}

/** Why the key is HIDDEN, or null when it is not: the reasons in the order in which they are told. */
function whyHidden(facts: DigitalKeyFacts, now: Instant): DigitalKeyHiddenReason | null {
  const { viewer, integration, rights } = facts;
  if (integration === null || !integration.connected) return 'NOT_CONNECTED';
  if (!integration.siteSupportsKeys) return 'KEYS_NOT_SUPPORTED';
  if (viewer.role !== null && !integration.visibility.includes(viewer.role)) return 'ROLE_NOT_ALLOWED';
  if (!viewer.isMemberApp) return 'MOBILE_APP_ONLY';
  const begun = rights.firstBegunAt !== null && rights.firstBegunAt <= now;
  return viewer.known && begun ? null : 'NO_ACCESS_YET';
}

function viewOfPhone(facts: DigitalKeyFacts, deviceUid: string, now: Instant): DigitalKeyView {
  const stored = facts.activations.find((candidate) => candidate.deviceUid === deviceUid);
  const activation = stored === undefined ? null : expireActivation(stored, now);
  if (activation !== null && isUnderWay(activation)) return view('ACTIVATING');
  const key = facts.devices.find((device) => device.deviceUid === deviceUid && !device.cancelled && device.expiresAt > now);
  if (key !== undefined) return { ...view('UNLOCK_AVAILABLE'), activatedAt: key.activatedAt, expiresAt: key.expiresAt };
  if (activation?.status === 'FAILED') return { ...view('FAILED'), failureMessage: activation.failureMessage };
  return view('AVAILABLE');
}

function view(status: DigitalKeyStatus): DigitalKeyView {
  return {
    status,
    hiddenReason: null,
    label: LABEL[status],
    availableFrom: null,
    failureMessage: null,
    activatedAt: null,
    expiresAt: null,
  };
}

/** The sentence for a member who asks for what is hidden. */
export function hiddenMessage(reason: DigitalKeyHiddenReason): string {
  return HIDDEN[reason];
}

/** The sentence for a member whose activation failed. */
export function failureMessage(failure: ActivationFailure): string {
  return FAILURE[failure];
}

/** Asked for, or asked for again: the time runs anew. */
export function beginActivation(now: Instant): Activation {
  return { status: 'ACTIVATING', deadline: now + ACTIVATION_TIME, failureMessage: null };
}

/** The member came back signed in. Null when it is too late, or when the activation has been used: a sign-in counts once. */
export function signedIn(activation: Activation, now: Instant): Activation | null {
  if (activation.status !== 'ACTIVATING' || now >= activation.deadline) return null;
  return { ...activation, status: 'SIGNED_IN' };
}

/** The key has been fetched and stored. It is as good when it comes late: it does away with a failure told meanwhile. */
export function keyReceived(activation: Activation): Activation {
  return { ...activation, status: 'DONE', failureMessage: null };
}

/** What is done or has failed already stays as it is, the same object. */
export function failActivation<T extends Activation>(activation: T, failure: ActivationFailure): T {
  return isUnderWay(activation) ? { ...activation, status: 'FAILED', failureMessage: FAILURE[failure] } : activation;
}

/** FAILED from the deadline on, whether or not anybody has stored it so (K4). */
export function expireActivation<T extends Activation>(activation: T, now: Instant): T {
  return now >= activation.deadline ? failActivation(activation, 'TIMED_OUT') : activation;
}

function isUnderWay(activation: Activation): boolean {
  return activation.status === 'ACTIVATING' || activation.status === 'SIGNED_IN';
}

/** A key is renewed when a fifth of its life is left. */
export function renewAt(issuedAt: Instant, expiresAt: Instant): Instant {
  return expiresAt - Math.floor(Math.max(0, expiresAt - issuedAt) / 5);
}
