import type { Instant } from '../../core/time.ts';
import type { DeviceToRegister, IssuedKey, ProviderSession } from '../../ports/lock-vendor.ts';
import type { SaltoClient } from './client.ts';
import { unavailable, type Refusal, type SaltoAnswer } from './problems.ts';
import { deviceShape, meShape, mobileKeyShape, type DeviceShape } from './shapes.ts';
import { instantFrom } from './translate.ts';

// What a person does with their own token (K3): SALTO gives mobile keys to nobody else.

const DEVICES = '/v1.1/me/devices';
const DEVICE = `${DEVICES}/{device}`;
const LONGEST_NAME = 50;
/** Where SALTO tells no expiry the key is taken to live a day: short enough to be renewed in time, long enough to be used. */
const UNTOLD_LIFE_MS = 86_400_000;
const LOOK_AGAIN_MS = 3_000;

interface Whoever {
  platformUserId: string;
  email: string | null;
}

export async function whoAmI(client: SaltoClient, session: ProviderSession): Promise<SaltoAnswer<Whoever>> {
  const me = await client.ask(session, { method: 'GET', route: '/v1.2/me', answer: meShape });
  return me.ok ? { ok: true, value: { platformUserId: me.value.id, email: me.value.email || null } } : me;
}

/** Registers the phone, or renews its certificate when it is known, and fetches its mobile key. Safe to repeat. */
export async function issueKey(
  client: SaltoClient,
  session: ProviderSession,
  toRegister: DeviceToRegister,
  clock: () => Instant,
): Promise<SaltoAnswer<IssuedKey>> {
  const device = await certifiedDevice(client, session, toRegister);
  if (!device.ok) return device;
  const ids = { device: device.value.id };
  const key = await client.ask(session, { method: 'GET', route: `${DEVICE}/mkey`, ids, answer: mobileKeyShape });
  if (!key.ok) return key.problem.kind === 'not-found' ? notYet(key, clock()) : key;
  // Read after the key: what registering answered with may tell of the key before.
  const read = await client.ask(session, { method: 'GET', route: DEVICE, ids, answer: deviceShape });
  const told = (read.ok ? read.value.mkey : null) ?? device.value.mkey;
  const now = clock();
  return {
    ok: true,
    value: {
      providerDeviceId: device.value.id,
      providerKeyId: told?.key_id ?? told?.id ?? null,
      mobileKey: key.value.mkey_data,
      issuedAt: instantFrom(told?.registration_date) ?? now,
      expiresAt: instantFrom(told?.expiry_date) ?? now + UNTOLD_LIFE_MS,
    },
  };
}

async function certifiedDevice(client: SaltoClient, session: ProviderSession, device: DeviceToRegister): Promise<SaltoAnswer<DeviceShape>> {
  const known = await findDevice(client, session, device.uid);
  if (!known.ok) return known;
  if (known.value) return renewCertificate(client, session, known.value, device.publicKey);
  const body = { device_name: [...device.name].slice(0, LONGEST_NAME).join(''), device_uid: device.uid, public_key: device.publicKey };
  const registered = await client.ask(session, { method: 'POST', route: DEVICES, body, answer: deviceShape });
  if (registered.ok || registered.problem.kind !== 'refused') return registered;
  // Registered meanwhile, by ourselves in a call whose answer was lost, or by another process.
  const meanwhile = await findDevice(client, session, device.uid);
  return meanwhile.ok && meanwhile.value ? renewCertificate(client, session, meanwhile.value, device.publicKey) : registered;
}

function findDevice(client: SaltoClient, session: ProviderSession, uid: string): Promise<SaltoAnswer<DeviceShape | null>> {
  const query = { $filter: `device_uid eq '${uid.replaceAll("'", "''")}'` };
  return client.find(session, { route: DEVICES, query, item: deviceShape }, (device) => device.device_uid === uid);
}

async function renewCertificate(
  client: SaltoClient,
  session: ProviderSession,
  device: DeviceShape,
  publicKey: string,
): Promise<SaltoAnswer<DeviceShape>> {
  const ids = { device: device.id };
  const body = { public_key: publicKey };
  const answer = deviceShape.nullish().catch(null);
  const renewed = await client.ask(session, { method: 'PUT', route: `${DEVICE}/certificate`, ids, body, answer });
  return renewed.ok ? { ok: true, value: renewed.value ?? device } : renewed;
}

function notYet(refusal: Refusal, now: Instant): Refusal {
  return unavailable(refusal.problem.why, now + LOOK_AGAIN_MS);
}
