import { createHash, randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { consentOverHttp } from '../../src/vendors/salto-ks/simulator/consent-driver.ts';
import { startSimulator, type SimulatorOptions } from '../../src/vendors/salto-ks/simulator/server.ts';

/** The fields of all answers that tests read; which of them an answer has is for the test to know. */
export interface Json {
  id: string;
  code: string;
  customer_reference: string;
  user: Json;
  roles: Json[];
  items: Json[];
  [field: string]: unknown;
  email: string | null;
  subscription_state: string;
  next_page_link: string | null;
  continuation_token: string | null;
  count: number | null;
  active_user_amount: number;
  ErrorCode: string;
  Message: string;
  access_token: string;
  refresh_token: string;
  id_token: string;
  error: string;
  mkey_data: string;
  mkey: { key_id: string; expiry_date: string } | null;
  result: string;
  reason: string | null;
  opens: boolean;
  calls: { method: string; route: string; path: string; status: number | null; receivedAt: number; body: unknown }[];
  matching: number;
  maxConcurrency: number;
  reached: boolean;
  totals: Record<string, number>;
  status: number;
  siteUserId: string;
  platformUserId: string;
  invitations: string[];
  keys: Json[];
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** An empty object where the body is empty or no JSON. */
  json: Json;
}

export type Ask = (method: string, path: string, body?: unknown) => Promise<Reply>;

export const OWNER = { email: 'owner@example.com', password: 'harbour-light' };
export const BACK = 'http://127.0.0.1:4999/integrations/salto-ks/callback';

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return { status: response.status, headers: response.headers, text, json: (isJson ? JSON.parse(text) : {}) as Json };
}

function asking(base: string, headers: Record<string, string>): Ask {
  return async (method, path, body) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const contentType = body === undefined ? {} : { 'content-type': 'application/json' };
    const url = path.startsWith('http') ? path : `${base}${path}`;
    return reply(await fetch(url, { method, redirect: 'manual', headers: { ...headers, ...contentType }, ...content }));
  };
}

export interface Session {
  url: string;
  /** The simulator's own levers, under /_simulator. */
  control: Ask;
  /** POST of a form to the identity server. */
  form: (path: string, fields: Record<string, string>, headers?: Record<string, string>) => Promise<Reply>;
  /** The API with a token of that person, who signs in with a password. */
  as: (email: string, password: string) => Promise<Ask>;
  withToken: (token: string) => Ask;
  /** An authorization request of the confidential client, with its PKCE verifier. */
  authorization: (more?: Record<string, string>) => { url: string; verifier: string };
}

/** A simulator of this test alone, gone when the test ends. Driven over HTTP only. */
export async function simulated(options: SimulatorOptions = {}): Promise<Session> {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  const { url } = simulator;
  const form: Session['form'] = async (path, fields, headers = {}) =>
    reply(await fetch(`${url}${path}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields), headers }));
  const withToken = (token: string) => asking(url, { authorization: `Bearer ${token}` });
  return {
    url,
    control: asking(`${url}/_simulator`, {}),
    form,
    withToken,
    async as(email, password) {
      const credentials = Buffer.from('back-office:back-office-simulated-secret').toString('base64');
      const scope = 'user_api.full_access';
      const fields = { grant_type: 'password', username: email, password, scope };
      const granted = await form('/connect/token', fields, { authorization: `Basic ${credentials}` });
      if (granted.status !== 200) throw new Error(`no token for ${email}: ${granted.text}`);
      return withToken(granted.json.access_token);
    },
    authorization(more = {}) {
      const verifier = randomBytes(32).toString('base64url');
      const parameters = {
        client_id: 'latchkey',
        redirect_uri: BACK,
        response_type: 'code',
        scope: 'openid profile offline_access user_api.full_access',
        state: 'the-state',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...more,
      };
      return { url: `${url}/connect/authorize?${new URLSearchParams(parameters)}`, verifier };
    },
  };
}

export const CLIENT = { client_id: 'latchkey', client_secret: 'latchkey-simulated-secret' };

/** Signs the owner in by authorization code and answers the token response. */
export async function ownerTokens(session: Session): Promise<Reply> {
  const { url, verifier } = session.authorization();
  const back = new URL(await consentOverHttp(url, { ...OWNER, allow: true }));
  const code = back.searchParams.get('code') ?? '';
  return session.form('/connect/token', { ...CLIENT, grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: verifier });
}

/** A Tuesday, 10:00 in Berlin. */
export const TUESDAY = Date.UTC(2026, 4, 5, 8, 0, 0);

/** A site of a person's list, by name. */
export async function siteCalled(api: Ask, name: string): Promise<Json> {
  const sites = (await api('GET', '/v1.2/sites')).json as unknown as Json[];
  const found = sites.find((site) => site.customer_reference === name);
  if (!found) throw new Error(`no site ${name}`);
  return found;
}

/** A group of a site, by name. */
export async function groupCalled(api: Ask, siteId: string, name: string): Promise<string> {
  const groups = (await api('GET', `/v1.2/sites/${siteId}/access_groups`)).json.items;
  const found = groups.find((group) => group.customer_reference === name);
  if (!found) throw new Error(`no group ${name}`);
  return found.id;
}

export async function roleId(api: Ask, siteId: string, code: string): Promise<string> {
  const roles = (await api('GET', `/v1.2/sites/${siteId}/roles`)).json.items;
  const found = roles.find((role) => role.code === code);
  if (!found) throw new Error(`no role ${code}`);
  return found.id;
}

/** The owner's view of Harbour Campus, with a way to create people. */
export async function harbourCampus(session: Session) {
  const api = await session.as(OWNER.email, OWNER.password);
  const site = await siteCalled(api, 'Harbour Campus');
  const siteUserRole = await roleId(api, site.id, 'site_user');
  const create = (email: string | undefined, more: Record<string, unknown> = {}) =>
    api('POST', `/v1.2/sites/${site.id}/users`, {
      first_name: 'Ann',
      last_name: 'Lee',
      role_ids: [siteUserRole],
      ...(email === undefined ? {} : { email }),
      ...more,
    });
  const members = async (groupId: string): Promise<string[]> =>
    (await api('GET', `/v1.2/sites/${site.id}/access_groups/${groupId}/users`)).json.items.map((member) => member.id);
  return { api, path: `/v1.2/sites/${site.id}`, v11: `/v1.1/sites/${site.id}`, siteId: site.id, create, members, siteUserRole };
}
