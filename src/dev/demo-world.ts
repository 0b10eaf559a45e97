import { apiClient, type ApiClient } from './api-client.ts';
import type { Journey } from './journey.ts';
import { open, type Phone } from './phone/phone.ts';
import type { Stack } from './stack.ts';
import { claimsOf, signToken } from './token.ts';

/** The people and things of the demo. All of them are invented. */
export interface DemoWorld {
  stack: Stack;
  journey: Journey;
  /** the booking platform */
  platform: ApiClient;
  admin: ApiClient;
  /** Mia opens the member app on her phone, before or after anybody has told of her */
  openApp(): Phone;
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
  const token = (args: string[]): Promise<string> => signToken(claimsOf([...args, '--org', ORG], {}, Date.now()), secret);
  const platform = apiClient(stack.url, await token(['--role', 'service']));
  const admin = apiClient(stack.url, await token(['--role', 'admin']));
  const mia = await token(['--role', 'member', '--sub', MIA]);
  const location = { externalId: 'harbour' };
  const device = { uid: 'mias-phone', name: 'Mia’s phone' };
  return {
    stack,
    journey,
    platform,
    admin,
    openApp: () => open({ url: stack.url, token: mia, location, device, simulatorUrl: stack.simulator.url }),
    location,
    groups: new Map(),
    doors: new Map(),
    close: async () => {
      await Promise.all([platform, admin].map((client) => client.close()));
    },
  };
}

/** What the simulator's lock does for this person, tried as with a tag. */
export async function tryDoor(world: DemoWorld, email: string, lockName: string): Promise<{ opens: boolean; reason: string | null }> {
  const response = await fetch(
    `${world.stack.simulator.url}/_simulator/doors/try?${new URLSearchParams({ email, lockName, site: 'Harbour Campus' })}`,
  );
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
