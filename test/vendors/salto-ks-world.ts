import type { ProviderSession } from '../../src/ports/lock-vendor.ts';
import { createSaltoKs, type VendorOptions } from '../../src/vendors/salto-ks/index.ts';

export const SITE = 'site-1';
export const GROUP = 'group-1';
export const PEOPLE_PATH = `/v1.2/sites/${SITE}/users`;
export const GROUP_PEOPLE_PATH = `/v1.2/sites/${SITE}/access_groups/${GROUP}/users`;

export function vendorAt(url: string, options: VendorOptions = {}, clientSecret?: string) {
  const config = { apiUrl: url, identityUrl: url, clientId: 'latchkey', idpHint: 'latchkey-idp' };
  return createSaltoKs(clientSecret === undefined ? config : { ...config, clientSecret }, options);
}

export function session(overrides: Partial<ProviderSession> = {}): ProviderSession {
  return {
    connectionId: 'connection-1',
    siteExternalId: SITE,
    token: async () => ({ ok: true, value: 'token-1' }),
    ...overrides,
  };
}

export function siteUser(name: string, overrides: object = {}): object {
  return {
    id: `site-user-${name}`,
    user: { id: `platform-${name}`, email: `${name}@example.com`, first_name: name, last_name: 'Example' },
    roles: [],
    blocked: false,
    subscription_state: 'subscribed',
    ...overrides,
  };
}

export const NOT_FOUND = { status: 404, json: { ErrorCode: '2202', Message: 'User not found' } };
