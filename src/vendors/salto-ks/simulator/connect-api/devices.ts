import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { issueMobileKey, pemOfPublicKey } from '../mobile-key.ts';
import { sitesOf, subscribeWithMeans } from '../people.ts';
import type { Device } from '../records.ts';
import { invalidValue, noPermission, notFound } from './api-error.ts';
import { listAnswer } from './lists.ts';
import { ok, param, readBody, VERSIONS, type Answer, type ApiCall, type ApiRoute } from './route.ts';
import { showDevice } from './show.ts';

const deviceBody = z.object({ device_name: z.string().min(1).max(50), device_uid: z.string().min(1), public_key: z.string().min(1) });
const certificateBody = z.object({ public_key: z.string().min(1) });

function devicesOf(call: ApiCall): Device[] {
  return [...call.state.devices.values()].filter((device) => device.platformUserId === call.person.id);
}

/** One's own only. */
function deviceIn(call: ApiCall): Device {
  const device = call.state.devices.get(param(call, 'deviceId'));
  if (!device || device.platformUserId !== call.person.id) throw notFound('Device');
  return device;
}

function refuseBadKey(publicKey: string): void {
  if (pemOfPublicKey(publicKey) === null) throw invalidValue('The public key is not valid');
}

function createDevice(call: ApiCall): Answer {
  const body = readBody(deviceBody, call);
  refuseBadKey(body.public_key);
  const own = devicesOf(call);
  if (own.some((device) => device.uid === body.device_uid)) throw invalidValue('A device with this device_uid already exists');
  const limit = call.state.switches.read('devicesPerPerson', call.where);
  if (limit !== null && own.length >= limit) throw invalidValue('The maximum number of devices is reached');
  const device: Device = {
    id: randomUUID(),
    platformUserId: call.person.id,
    name: body.device_name,
    uid: body.device_uid,
    publicKey: body.public_key,
    certificate: randomUUID(),
    certificateCancelled: false,
    mkey: null,
  };
  call.state.devices.set(device.id, device);
  return ok(showDevice(device));
}

/** A new certificate: keys made under the one before are cancelled. */
function putCertificate(call: ApiCall): Answer {
  const device = deviceIn(call);
  const { public_key } = readBody(certificateBody, call);
  refuseBadKey(public_key);
  device.publicKey = public_key;
  device.certificate = randomUUID();
  device.certificateCancelled = false;
  device.mkey = null;
  return ok(showDevice(device));
}

/** Only for people with a profile, at a site that does mobile keys. Under a cancelled certificate the key is as cancelled as before. */
async function getMobileKey(call: ApiCall): Promise<Answer> {
  const device = deviceIn(call);
  const places = sitesOf(call.state, call.person.id).filter(({ site }) => site.mkeyCompatible && site.released);
  if (!call.person.hasProfile || call.person.email === null || places.length === 0) throw noPermission();
  const mkeyData = await issueMobileKey(call.state, device);
  for (const { site, siteUser } of places) {
    if (!siteUser.roles.includes('site_mobile_user')) siteUser.roles.push('site_mobile_user');
    subscribeWithMeans(call.state, site, siteUser);
  }
  return ok({ mkey_data: mkeyData });
}

const DEVICES = '/me/devices';
const DEVICE = `${DEVICES}/:deviceId`;

/** The person's own phones and mobile keys (SALTO facts §4.1). */
export const deviceRoutes: ApiRoute[] = [
  { method: 'GET', path: DEVICES, versions: VERSIONS, needs: 'token', handle: (call) => listAnswer(call, devicesOf(call), showDevice) },
  { method: 'POST', path: DEVICES, versions: VERSIONS, needs: 'token', handle: createDevice },
  { method: 'GET', path: DEVICE, versions: VERSIONS, needs: 'token', handle: (call) => ok(showDevice(deviceIn(call))) },
  { method: 'PUT', path: `${DEVICE}/certificate`, versions: VERSIONS, needs: 'token', handle: putCertificate },
  { method: 'GET', path: `${DEVICE}/mkey`, versions: VERSIONS, needs: 'token', handle: getMobileKey },
];
