import type { ActivationRow, DeviceRow, MobileKeyRow, UnlockRow } from '../../ports/rows.ts';
import type { KeyStore } from '../../ports/store.ts';
import { ACTIVATION, DEVICE, MOBILE_KEY, UNLOCK } from './records.ts';
import { mustExist } from './scope.ts';
import type { Scope } from './scope.ts';
import { instant, sql, uuid } from './sql.ts';
import type { Sql } from './sql.ts';
import { insertInto, takenOver, updateSet } from './table.ts';
import type { Table } from './table.ts';

export function keys(scope: Scope): KeyStore {
  return { ...devices(scope), ...activations(scope), ...mobileKeys(scope), ...unlocks(scope) };
}

/** The first row of the organisation where `where` holds. */
function finder<Row>(scope: Scope, of: Table<Row>): (where: Sql) => Promise<Row | null> {
  return async (where) => {
    const [row] = await scope.rows<Row>(sql`
      select ${of.selected} from ${of.name} where ${of.name}."orgId" = ${scope.orgId} and ${where} limit 1`);
    return row ?? null;
  };
}

function devices(scope: Scope): Pick<KeyStore, 'device' | 'deviceById' | 'saveDevice' | 'allowBluetooth'> {
  const { orgId } = scope;
  const find = finder(scope, DEVICE);
  return {
    device: (memberId, uid) => find(sql`"memberId" = ${uuid(memberId)} and uid = ${uid}`),
    deviceById: (id) => find(sql`id = ${uuid(id)}`),
    async saveDevice(device) {
      const conflict = sql`on conflict ("memberId", uid) do update set ${takenOver(DEVICE, ['name', 'publicKey'])}`;
      const values = { id: scope.secrets.newId(), ...device };
      return mustExist(await scope.rows<DeviceRow>(insertInto(DEVICE, orgId, values, conflict)), 'member');
    },
    async allowBluetooth(deviceId, at) {
      await scope.count(sql`
        update device set "bluetoothAllowedAt" = ${instant(at)} where "orgId" = ${orgId} and id = ${uuid(deviceId)}`);
    },
  };
}

function activations(scope: Scope): Pick<KeyStore, 'activation' | 'beginActivation' | 'updateActivation'> {
  const { orgId } = scope;
  const find = finder(scope, ACTIVATION);
  return {
    activation: (id) => find(sql`id = ${uuid(id)}`),
    async beginActivation(row, replaced, forgetBefore) {
      const { memberId, locationId, deviceId } = row;
      const ofPhone = sql`"orgId" = ${orgId} and "memberId" = ${uuid(memberId)} and "locationId" = ${uuid(locationId)}
        and "deviceId" = ${uuid(deviceId)}`;
      // None of the three sees what the others do: the new row is neither replaced nor forgotten.
      const begun = await scope.rows(sql`
        with forgotten as (
          delete from activation where ${ofPhone} and "startedAt" < ${instant(forgetBefore)} and status in ('DONE', 'FAILED')),
        replaced as (
          update activation
          set status = 'FAILED', "finishedAt" = ${instant(scope.now)}, "failureMessage" = ${replaced}, "sealedTokens" = null
          where ${ofPhone} and status in ('ACTIVATING', 'SIGNED_IN'))
        ${insertInto(ACTIVATION, orgId, row)}`);
      mustExist(begun, 'row to refer to');
    },
    async updateActivation(id, was, change) {
      const where = sql`id = ${uuid(id)} and status::text = any(${was}::text[])`;
      const [row] = await scope.rows<ActivationRow>(updateSet(ACTIVATION, orgId, where, change));
      return row ?? null;
    },
  };
}

/** What a renewal writes anew. Device and integration are what the key is, and its secret is bound to its id. */
const RENEWED = [
  ...(['memberId', 'locationId', 'siteExternalId', 'providerDeviceId', 'providerKeyId', 'sealedKey', 'issuedAt', 'expiresAt'] as const),
  ...(['renewAt', 'cancelledAt', 'sealedTokens', 'tokensExpireAt', 'activatedAt'] as const),
];

type MobileKeys = Pick<
  KeyStore,
  'mobileKeys' | 'mobileKey' | 'mobileKeysOfDevice' | 'saveMobileKey' | 'mobileKeyIdFor' | 'updateMobileKey'
>;

function mobileKeys(scope: Scope): MobileKeys {
  const { orgId } = scope;
  const find = finder(scope, MOBILE_KEY);
  return {
    mobileKeys: (memberId, locationId) =>
      scope.rows<MobileKeyRow & { deviceUid: string }>(sql`
        select ${MOBILE_KEY.selected}, device.uid as "deviceUid"
        from mobile_key join device on device.id = mobile_key."deviceId" and device."orgId" = ${orgId}
        where mobile_key."orgId" = ${orgId} and mobile_key."memberId" = ${uuid(memberId)} and mobile_key."locationId" = ${uuid(locationId)}
        order by mobile_key.id`),
    mobileKey: (id) => find(sql`id = ${uuid(id)}`),
    mobileKeysOfDevice: (deviceId) =>
      scope.rows<MobileKeyRow>(sql`
        select ${MOBILE_KEY.selected} from mobile_key where "orgId" = ${orgId} and "deviceId" = ${uuid(deviceId)} order by id`),
    async saveMobileKey(row) {
      // Another key of the same phone and connection is a conflict: what is sealed for one row cannot be opened in another. The transaction
      // runs again and finds that key's id.
      const conflict = sql`on conflict (id) do update set ${takenOver(MOBILE_KEY, RENEWED)} where mobile_key."orgId" = excluded."orgId"`;
      return mustExist(await scope.rows<MobileKeyRow>(insertInto(MOBILE_KEY, orgId, row, conflict)), 'row to refer to');
    },
    async mobileKeyIdFor(deviceId, integrationId) {
      const key = await find(sql`"deviceId" = ${uuid(deviceId)} and "integrationId" = ${uuid(integrationId)}`);
      return key?.id ?? null;
    },
    async updateMobileKey(id, change) {
      mustExist(await scope.rows(updateSet(MOBILE_KEY, orgId, sql`id = ${uuid(id)}`, change)), 'mobile key');
    },
  };
}

function unlocks(scope: Scope): Pick<KeyStore, 'unlock' | 'insertUnlock' | 'updateUnlock' | 'forgetUnlocks'> {
  const { orgId } = scope;
  const find = finder(scope, UNLOCK);
  return {
    unlock: (id) => find(sql`id = ${uuid(id)}`),
    async insertUnlock(row) {
      return mustExist(await scope.rows<UnlockRow>(insertInto(UNLOCK, orgId, { id: scope.secrets.newId(), ...row })), 'row to refer to');
    },
    async forgetUnlocks(memberId, before) {
      await scope.count(sql`
        delete from unlock where "orgId" = ${orgId} and "memberId" = ${uuid(memberId)} and "startedAt" < ${instant(before)}`);
    },
    async updateUnlock(id, change) {
      const [row] = await scope.rows<UnlockRow>(updateSet(UNLOCK, orgId, sql`id = ${uuid(id)} and "finishedAt" is null`, change));
      return row ?? null;
    },
  };
}
