import { z } from 'zod';

/** Where SALTO runs KS, by environment (SALTO facts §1.1). Both hosts can be set by themselves: there may be others. */
const HOSTS = {
  production: { apiUrl: 'https://connect.my-clay.com', identityUrl: 'https://identity.eu.my-clay.com' },
  accept: { apiUrl: 'https://clp-accept-user.my-clay.com', identityUrl: 'https://identity-acc.eu.my-clay.com' },
};

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .refine((url) => !/[?#]/.test(url), 'must have no query and no fragment')
  .transform((url) => url.replace(/\/+$/, ''));

/** The part of the configuration that is SALTO KS's own. `identityUrl` is also the issuer of its tokens. */
export const saltoKsConfig = z
  .object({
    environment: z.enum(['production', 'accept']).default('production'),
    apiUrl: baseUrl.optional(),
    identityUrl: baseUrl.optional(),
    clientId: z.string().min(1),
    /** none: a public client, with PKCE alone */
    clientSecret: z.string().min(1).optional(),
    /** by this name SALTO knows our identity provider; none: members sign in at SALTO themselves */
    idpHint: z.string().regex(/^\S+$/, 'must have no blanks').optional(),
  })
  .transform(({ environment, ...given }) => ({
    ...given,
    apiUrl: given.apiUrl ?? HOSTS[environment].apiUrl,
    identityUrl: given.identityUrl ?? HOSTS[environment].identityUrl,
  }));

export type SaltoKsConfig = z.output<typeof saltoKsConfig>;
