import { isoSeconds } from '../clock.ts';
import { localTime } from '../local-time.ts';
import { seatsOf, seatsTaken } from '../people.ts';
import type { Device, Entry, Iq, Lock, PlatformUser, Site, SiteUser, TimeSchedule } from '../records.ts';
import { showRole } from '../roles.ts';
import type { SimulatorState } from '../state.ts';

type Shown = Record<string, unknown>;

const ENTRY_TTL_SECONDS = 90 * 86_400;

function showOwner(person: PlatformUser, siteId: string): Shown {
  return {
    id: person.id,
    first_name: person.firstName,
    last_name: person.lastName,
    email: person.email,
    image_url: null,
    tag_number: null,
    has_profile: person.hasProfile,
    is_managed_by_current_site: person.managedBySite === siteId,
  };
}

export function showSite(state: SimulatorState, site: Site): Shown {
  const owner = state.platformUsers.get(site.ownerId ?? '');
  const seats = seatsOf(state, site);
  return {
    id: site.id,
    site_uid: site.siteUid,
    customer_reference: site.name,
    country_code: site.countryCode,
    time_zone: site.timeZone,
    installation_state: site.released ? 'released' : 'in_progress',
    subscription_valid: true,
    subscribed_user_amount: seats,
    active_user_amount: Math.min(seatsTaken(site), seats),
    active_iq_amount: [...state.iqs.values()].filter((iq) => iq.siteId === site.id && iq.online).length,
    pin_enabled: true,
    mkey_compatible: site.mkeyCompatible,
    store_events_ttl: '90.00:00:00',
    owner: owner ? showOwner(owner, site.id) : null,
  };
}

export function showSiteUser(state: SimulatorState, siteUser: SiteUser): Shown {
  const person = state.platformUsers.get(siteUser.platformUserId);
  const perSite = state.switches.read('rolesPerSite', { part: 'api', site: siteUser.siteId });
  return {
    id: siteUser.id,
    user: person ? showOwner(person, siteUser.siteId) : null,
    roles: siteUser.roles.map((code) => showRole(code, siteUser.siteId, perSite)),
    alias: siteUser.alias,
    blocked: siteUser.blocked,
    subscription_state: siteUser.subscription,
    use_pin: siteUser.usePin,
    remote_access: siteUser.remoteAccess,
    override_privacy_mode: siteUser.overridePrivacyMode,
    toggle_easy_office_mode: siteUser.toggleEasyOfficeMode,
    toggle_manual_office_mode: siteUser.toggleManualOfficeMode,
    tag_owned_by_this_site: false,
    expires_at: siteUser.expiresAt === null ? null : isoSeconds(siteUser.expiresAt),
    data_removal_expires_at: null,
  };
}

export function showMember(person: PlatformUser): Shown {
  return { id: person.id, first_name: person.firstName, last_name: person.lastName, email: person.email, image_url: null };
}

export function showIq(site: Site, iq: Iq): Shown {
  return {
    id: iq.id,
    customer_reference: iq.name,
    time_zone: site.timeZone,
    mac: iq.mac,
    operator: null,
    state: 'active',
    online: iq.online,
    led_enabled: true,
    signal_strength: 4,
    revision: '2.0',
    otp_enabled: false,
    restore_required: false,
    reset_date: null,
    data_sync_state: 'not_synced',
  };
}

export function showLock(state: SimulatorState, lock: Lock): Shown {
  const iq = state.iqs.get(lock.iqId);
  return {
    id: lock.id,
    customer_reference: lock.name,
    mac: lock.mac,
    floor: null,
    lock_type: lock.lockType,
    locked_state: 'locked',
    online: lock.online,
    iq_link_state: 'attached',
    battery_level: 'fresh',
    privacy_mode: false,
    left_open_alarm: false,
    intrusion_alarm: false,
    tag_registration_state: 'not_started',
    communication_type: 'blue_net',
    offline_access_keys_limit: 360,
    offline_access_keys_count: 0,
    easy_office_mode_schedule: null,
    iq: iq
      ? { id: iq.id, customer_reference: iq.name, mac_address: iq.mac, is_online: iq.online, revision: '2.0', otp_enabled: false }
      : null,
    repeater: null,
    vendor: null,
  };
}

export function showSchedule(schedule: TimeSchedule): Shown {
  return {
    id: schedule.id,
    ...schedule.days,
    start_time: schedule.startTime,
    end_time: schedule.endTime,
    start_date: schedule.startDate,
    end_date: schedule.endDate,
  };
}

export function showEntry(state: SimulatorState, site: Site, entry: Entry): Shown {
  const person = state.platformUsers.get(entry.platformUserId ?? '');
  const lock = state.locks.get(entry.lockId);
  const iq = state.iqs.get(lock?.iqId ?? '');
  const local = localTime(entry.at, site.timeZone);
  return {
    id: entry.id,
    event_category: entry.category,
    event_detail: entry.detail,
    utc_date_time: isoSeconds(entry.at),
    local_date_time: `${local.date}T${local.time}`,
    lock_id: entry.lockId,
    lock_mac_address: lock?.mac ?? null,
    lock_customer_reference: entry.lockName,
    user_id: entry.platformUserId,
    user_first_name: person?.firstName ?? null,
    user_last_name: person?.lastName ?? null,
    user_alias: '',
    user_image_url: null,
    iq_id: iq?.id ?? null,
    iq_customer_reference: iq?.name ?? null,
    iq_mac_address: iq?.mac ?? null,
    iq_revision: '2.0',
    exit_requested: false,
    access_by: entry.accessBy,
    access_detail: null,
    ttl_in_seconds: ENTRY_TTL_SECONDS,
    expiration_date_time: new Date(entry.at + ENTRY_TTL_SECONDS * 1000).toISOString(),
  };
}

export function showDevice(device: Device): Shown {
  return {
    id: device.id,
    device_name: device.name,
    device_uid: device.uid,
    certificate: device.certificate,
    mkey: device.mkey
      ? {
          id: device.mkey.id,
          key_id: device.mkey.keyId,
          registration_date: isoSeconds(device.mkey.registeredAt),
          expiry_date: isoSeconds(device.mkey.expiresAt),
        }
      : null,
  };
}
