import { readCredential, type Credential } from '../app/read-credential.ts';
import { judgeStored, readDigitalKey, type DigitalKeyReading } from '../app/read-digital-key.ts';
import { Expected } from '../core/errors.ts';
import { digitalKeyId, digitalKeyParts, type DigitalKeyParts } from '../core/ids.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { keyThatCameWith } from './location-with-key.ts';
import { storable } from './ref.ts';

const DigitalKeyStatus = builder.enumType('DigitalKeyStatus', {
  description: 'What a member is shown of their key.',
  values: {
    HIDDEN: { description: 'Nothing; `hiddenReason` says why.' },
    AVAILABLE: { description: 'It can be got.' },
    ACTIVATING: { description: 'It is being got, for a minute at most.' },
    UNLOCK_AVAILABLE: { description: 'It is on the phone: doors can be unlocked.' },
    FAILED: { description: 'Getting it failed; trying again is allowed.' },
  },
});

const DigitalKeyHiddenReason = builder.enumType('DigitalKeyHiddenReason', {
  description: 'Why a key is hidden.',
  values: {
    NOT_CONNECTED: { description: 'The location is not connected to its locks.' },
    ROLE_NOT_ALLOWED: { description: "The location does not offer keys to the member's role." },
    MOBILE_APP_ONLY: { description: 'Keys are shown in the member mobile app only.' },
    NO_ACCESS_YET: { description: "No access of the member's has ever begun here." },
    KEYS_NOT_SUPPORTED: { description: 'The locks of the location do not take digital keys.' },
  },
});

const DigitalKeyCredential = builder.objectRef<Credential>('DigitalKeyCredential').implement({
  description: 'What a phone gives to a lock.',
  fields: (t) => ({
    deviceUid: t.exposeString('deviceUid', { description: 'The phone it was made for.' }),
    mobileKey: t.exposeString('mobileKey', { description: "The mobile key, for the lock maker's SDK on the phone. A secret." }),
    expiresAt: t.field({ type: 'DateTime', description: 'Until when it can be used.', resolve: ({ expiresAt }) => expiresAt }),
  }),
});

export const DigitalKey = builder.objectRef<DigitalKeyReading>('DigitalKey');

/** The one place where keys get their id, so that a pushed state replaces the one on screen. */
function partsOf({ locationId, deviceUid, memberId }: DigitalKeyReading, { caller }: Context): DigitalKeyParts {
  const viewer = memberId === null ? ({ kind: 'subject', id: caller.subject } as const) : ({ kind: 'member', id: memberId } as const);
  return { locationId, viewer, deviceUid };
}

builder.node(DigitalKey, {
  description: 'What the viewer sees of their own digital key at a location. Everybody but members in the mobile app sees it HIDDEN.',
  id: { resolve: (reading, _args, context) => digitalKeyId(partsOf(reading, context)) },
  loadWithoutCache: keyByNodeId,
  fields: (t) => ({
    location: t.prismaField({
      type: 'Location',
      description: 'Where it opens doors.',
      resolve: (query, { locationId }, _args, { db }) => db.location.findUniqueOrThrow({ ...query, where: { id: locationId } }),
    }),
    status: t.field({ type: DigitalKeyStatus, description: 'What to show.', resolve: ({ view }) => view.status }),
    hiddenReason: t.field({
      type: DigitalKeyHiddenReason,
      nullable: true,
      description: 'Why it is hidden; set while HIDDEN.',
      resolve: ({ view }) => view.hiddenReason,
    }),
    label: t.string({
      nullable: true,
      description: 'The words on the button: "Get digital key", "Activating digital key…" or "Unlock"; null while HIDDEN.',
      resolve: ({ view }) => view.label,
    }),
    availableFrom: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it will appear, where it is hidden for want of access and access is scheduled.',
      resolve: ({ view }) => view.availableFrom,
    }),
    failureMessage: t.string({
      nullable: true,
      description: 'Why getting it failed; set while FAILED.',
      resolve: ({ view }) => view.failureMessage,
    }),
    activatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it reached the phone; set while UNLOCK_AVAILABLE.',
      resolve: ({ view }) => view.activatedAt,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when the phone can use it; set while UNLOCK_AVAILABLE. It is renewed well before.',
      resolve: ({ view }) => view.expiresAt,
    }),
    credential: t.field({
      type: DigitalKeyCredential,
      nullable: true,
      description: 'The key itself: only for its owner, on the phone it was made for, in the mobile app; else null.',
      args: { deviceUid: t.arg.string({ description: 'The phone that asks.' }) },
      resolve: ({ locationId }, { deviceUid }, { deps, caller }) =>
        readCredential(deps, caller, { locationId, deviceUid: storable('deviceUid', deviceUid) }),
    }),
  }),
});

builder.prismaObjectField('Location', 'digitalKey', (t) =>
  t.field({
    type: DigitalKey,
    description: "The viewer's own key here; with `deviceUid`, as that phone should show it.",
    complexity: 3,
    args: { deviceUid: t.arg.string({ required: false, description: "The phone that asks; any of the viewer's phones unless given." }) },
    resolve: (location, { deviceUid }, context) => {
      const phone = storable('deviceUid', deviceUid) ?? null;
      const stored = keyThatCameWith(location);
      if (stored !== undefined) return judgeStored(context.deps, context.caller, stored, phone);
      return readKey(context, { locationId: location.id, deviceUid: phone });
    },
  }),
);

/** The key at a location that was found visible. */
export async function readKey({ deps, caller }: Context, at: { locationId: string; deviceUid: string | null }): Promise<DigitalKeyReading> {
  const reading = await readDigitalKey(deps, caller, { location: { id: at.locationId }, deviceUid: at.deviceUid });
  if (reading instanceof Expected) throw reading;
  return reading;
}

/** Null for a key that is not the viewer's, as for a location that is not theirs to see. */
async function keyByNodeId(id: string, context: Context): Promise<DigitalKeyReading | null> {
  const parts = digitalKeyParts(id);
  if (parts === null) return null;
  const location = await context.db.location.findFirst({ where: { id: parts.locationId }, select: { id: true } });
  if (location === null) return null;
  const reading = await readKey(context, parts);
  return digitalKeyId(partsOf(reading, context)) === id ? reading : null;
}
