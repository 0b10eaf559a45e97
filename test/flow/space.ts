import { randomUUID } from 'node:crypto';
import { apiClient, picked, type ApiClient, type Live } from '../../src/dev/api-client.ts';
import * as say from '../../src/dev/documents.ts';
import type { DemoActivitySubscription, UserRole } from '../../src/dev/generated/graphql.ts';
import { open, type Phone, type PhoneOptions } from '../../src/dev/phone/phone.ts';
import { success } from '../../src/dev/success.ts';
import { consentOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { IntegrationOf } from './documents.ts';
import { tokenFor, type Services } from './stack.ts';

/** The default grace of a location (B2). */
const GRACE_MS = 30 * 60_000;
export const ROOM = 'Meeting room 1';

interface PhoneChoice {
  uid?: string;
  /** the `client_id` of the token */
  client?: string;
  /** which API it talks to */
  api?: string;
  location?: { externalId: string };
  sdk?: PhoneOptions['sdk'];
}

interface AccessWindow {
  from?: number;
  until?: number;
  /** a booking of before, to be changed */
  booking?: string;
  location?: { externalId: string };
}

/** A workspace connected to a site of the simulator, and the people who ask something of it. */
export interface Space {
  org: string;
  location: { externalId: string };
  platform: ApiClient;
  admin: ApiClient;
  /** every row of the location's activity since the space was opened */
  activity: Live<DemoActivitySubscription['row']>;
  /** the provider's id of a door */
  lock(name: string): string;
  /** Tells of a member, under a name that no other test has. */
  member(role?: UserRole): Promise<string>;
  tellMember(externalId: string, role?: UserRole): Promise<void>;
  /**
   * Books the room so that access is from and until these instants: from a minute ago for an hour, unless told. Answers with the booking.
   */
  access(member: string, window?: AccessWindow): Promise<string>;
  /** A member who has access at SALTO KS by now, in their words: the key is AVAILABLE and the lock would open. */
  guest(): Promise<string>;
  phone(member: string, choice?: PhoneChoice): Promise<Phone>;
  /** The consent, over the real redirects; leads to SELECTING_SITE or straight to CONNECTED. */
  consent(location?: { externalId: string }): Promise<void>;
  selectSite(name?: string, location?: { externalId: string }): Promise<void>;
  /** Tells the simulator something, as its control is asked over HTTP. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** ends all sockets */
  close(): Promise<void>;
}

export const emailOf = (member: string): string => `${member}@example.com`;

/** `apis`: where the API processes listen. */
export async function openSpace(services: Services, apis: readonly string[]): Promise<Space> {
  const org = `org-${randomUUID().slice(0, 8)}`;
  const location = { externalId: 'harbour' };
  const [api = ''] = apis;
  const platform = apiClient(api, await tokenFor('--role', 'service', '--org', org));
  const admin = apiClient(api, await tokenFor('--role', 'admin', '--org', org));
  const phones: Phone[] = [];
  const locks = new Map<string, string>();

  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${services.simulator.url}/_simulator/${path}`, { method, ...json });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const tellMember: Space['tellMember'] = async (externalId, role = 'MEMBER') => {
    const input = { externalId, email: emailOf(externalId), firstName: 'Mia', lastName: 'Marsh', role };
    success((await platform.ask(say.UpsertMember, { input })).result, 'UpsertMemberSuccess');
  };
  const member: Space['member'] = async (role) => {
    const externalId = `mia-${randomUUID().slice(0, 8)}`;
    await tellMember(externalId, role);
    return externalId;
  };
  const consent: Space['consent'] = async (at = location) => {
    const { result } = await admin.ask(say.ConnectIntegration, { input: { location: at } });
    const { authorizationUrl } = success(result, 'ConnectIntegrationSuccess');
    const back = await consentOverHttp(authorizationUrl, { email: 'owner@example.com', password: 'harbour-light', allow: true });
    const page = await fetch(back);
    if (!page.ok) throw new Error(await page.text());
  };
  const selectSite: Space['selectSite'] = async (name = 'Harbour Campus', at = location) => {
    const found = await admin.ask(IntegrationOf, { location: at });
    const site = found.location?.integration?.availableSites.find((candidate) => candidate.name === name);
    const { result } = await admin.ask(say.SelectSite, { input: { location: at, siteExternalId: site?.externalId ?? name } });
    const { integration } = success(result, 'SelectSiteSuccess');
    for (const { node } of integration.accessGroups.edges) {
      for (const lock of node.locks) locks.set(lock.name, lock.externalId);
      if (node.name === ROOM || node.name === 'Annex members') await mapRoom(at, node.id);
    }
  };
  const mapRoom = async (at: { externalId: string }, accessGroup: string): Promise<void> => {
    const resource = { externalId: `room-${at.externalId}` };
    success(
      (await platform.ask(say.UpsertResource, { input: { ...resource, location: at, name: ROOM, kind: 'ROOM' } })).result,
      'UpsertResourceSuccess',
    );
    success((await admin.ask(say.SetResourceAccess, { input: { resource, accessGroup } })).result, 'SetResourceAccessSuccess');
  };
  const access: Space['access'] = async (of, window = {}) => {
    const { from = Date.now() - 60_000, until = from + 2 * GRACE_MS + 60_000, booking = randomUUID(), location: at = location } = window;
    const input = {
      externalId: booking,
      resource: { externalId: `room-${at.externalId}` },
      member: { externalId: of },
      startsAt: new Date(from + GRACE_MS).toISOString(),
      endsAt: new Date(until - GRACE_MS).toISOString(),
    };
    success((await platform.ask(say.UpsertBooking, { input })).result, 'UpsertBookingSuccess');
    return booking;
  };

  success(
    (await platform.ask(say.UpsertLocation, { input: { ...location, name: 'Harbour', timeZone: 'Europe/Berlin' } })).result,
    'UpsertLocationSuccess',
  );
  const activity = picked(admin.follow(say.ActivityAdded, { location }), ({ row }) => row);
  await consent();
  await selectSite();
  // From here on nothing is missed.
  await activity.until(({ type }) => type === 'SITE_SELECTED');
  const granted = (of: string) => activity.until((row) => row.type === 'ACCESS_GRANTED' && row.member?.externalId === of);
  return {
    org,
    location,
    platform,
    admin,
    activity,
    control,
    consent,
    selectSite,
    lock: (name) => locks.get(name) ?? name,
    member,
    tellMember,
    access,
    async guest() {
      const externalId = await member();
      await access(externalId);
      await granted(externalId);
      return externalId;
    },
    async phone(of, { uid = `${of}-phone`, client = 'member-mobile-app', api: at = api, location: place = location, sdk } = {}) {
      const token = await tokenFor('--role', 'member', '--org', org, '--sub', of, '--client', client);
      const device = { uid, name: 'Mia’s phone' };
      const phone = open({
        url: at,
        token,
        location: place,
        device,
        simulatorUrl: services.simulator.url,
        ...(sdk === undefined ? {} : { sdk }),
      });
      phones.push(phone);
      return phone;
    },
    close: async () => {
      await Promise.all([platform, admin, ...phones].map((client) => client.close()));
    },
  };
}
