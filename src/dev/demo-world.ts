import { apiClient, type ApiClient } from './api-client.ts';
import type { Journey } from './journey.ts';
import type { Stack } from './stack.ts';

/** The people and things of the demo. All of them are invented. */
export interface DemoWorld {
  stack: Stack;
  journey: Journey;
  /** the booking platform */
  platform: ApiClient;
  admin: ApiClient;
  /** Mia's phone, running the member app */
  phone: ApiClient;
  location: { externalId: string };
  /** our ids of the access groups by name, filled when the site is selected */
  groups: Map<string, string>;
  /** the provider's ids of the doors by name */
  doors: Map<string, string>;
  close(): Promise<void>;
}

export const ORG = 'demo-space';
export const MIA = 'mia';

export async function openDemo(stack: Stack, journey: Journey): Promise<DemoWorld> {
  const { secret } = stack.config.jwt;
  if (secret === undefined) throw new Error('The demo signs its own tokens and needs JWT_SECRET.');
  const platform = await apiClient(stack.url, secret, ['--role', 'service', '--org', ORG]);
  const admin = await apiClient(stack.url, secret, ['--role', 'admin', '--org', ORG]);
  const phone = await apiClient(stack.url, secret, ['--role', 'member', '--org', ORG, '--sub', MIA]);
  return {
    stack,
    journey,
    platform,
    admin,
    phone,
    location: { externalId: 'harbour' },
    groups: new Map(),
    doors: new Map(),
    close: async () => {
      await Promise.all([platform, admin, phone].map((client) => client.close()));
    },
  };
}

/** The success of a mutation's union; an expected error ends the demo with its sentence. */
export function success<Union extends { __typename: string }, Name extends Union['__typename']>(
  result: Union,
  name: Name,
): Extract<Union, { __typename: Name }> {
  if (result.__typename === name) return result as Extract<Union, { __typename: Name }>;
  throw new Error('message' in result ? String(result.message) : `${result.__typename} instead of ${name}`);
}

/** What the simulator's lock does for this person, tried as with a tag. */
export async function tryDoor(world: DemoWorld, email: string, lockName: string): Promise<{ opens: boolean; reason: string | null }> {
  const response = await fetch(`${world.stack.simulator.url}/_simulator/doors/try?${new URLSearchParams({ email, lockName, site: 'Harbour Campus' })}`);
  if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as { opens: boolean; reason: string | null };
}

export const emailOf = (externalId: string): string => `${externalId}@example.com`;

/** What was begun or ended at the instant is seen this many milliseconds after it; never before. */
export function after(instant: string): number {
  const late = Date.now() - Date.parse(instant);
  if (late < 0) throw new Error(`It happened ${-late} ms too early.`);
  return late;
}
