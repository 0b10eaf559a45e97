import { saltoKsConfig } from './salto-ks/config.ts';
import { createSaltoKs } from './salto-ks/index.ts';

export type { ObservedCall } from './http.ts';

/** Every lock maker, by provider name: the schema of its part of the configuration, and how it is made from that. */
export const vendors = {
  SALTO_KS: { config: saltoKsConfig, create: createSaltoKs },
} as const;
