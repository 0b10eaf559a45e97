import { errors } from 'oidc-provider';
import type { Adapter } from 'oidc-provider';
import type { OidcStore } from '../ports/oidc-store.ts';

const nothing = () => Promise.resolve(undefined);

/** For sessions: none outlives the request that made it. */
export const forgetful: Adapter = {
  upsert: nothing,
  find: nothing,
  findByUid: nothing,
  findByUserCode: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
};

/** One kind of record of the OpenID provider (codes, grants, access tokens), kept where every process finds it. */
export function oidcAdapter(model: string, store: OidcStore): Adapter {
  return {
    ...forgetful,
    upsert: (id, payload, lifeSeconds) => store.upsert(model, id, payload, lifeSeconds),
    find: async (id) => (await store.find(model, id)) ?? undefined,
    // The library reads before it consumes. Of two processes that read the same unused code only one may go on.
    consume: async (id) => {
      if (!(await store.consume(model, id))) throw new errors.InvalidGrant('the code was used already');
    },
    destroy: (id) => store.destroy(model, id),
    revokeByGrantId: (grantId) => store.revokeByGrantId(grantId),
  };
}
