import { createHash } from 'node:crypto';
import { errors } from 'oidc-provider';
import type { Adapter, AdapterPayload } from 'oidc-provider';
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

/**
 * One kind of record of the OpenID provider (codes, grants, access tokens), kept where every process finds it. The library's id of a code
 * or token is the code or token itself: only its hash is stored.
 */
export function oidcAdapter(model: string, store: OidcStore): Adapter {
  return {
    ...forgetful,
    upsert: (id, payload, lifeSeconds) => store.upsert(model, hashed(id), withoutId(payload), lifeSeconds),
    find: async (id) => {
      const payload = await store.find(model, hashed(id));
      return payload === null ? undefined : { ...payload, jti: id };
    },
    // The library reads before it consumes. Of two processes that read the same unused code only one may go on.
    consume: async (id) => {
      if (!(await store.consume(model, hashed(id)))) throw new errors.InvalidGrant('the code was used already');
    },
    destroy: (id) => store.destroy(model, hashed(id)),
    revokeByGrantId: (grantId) => store.revokeByGrantId(grantId),
  };
}

function hashed(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

function withoutId({ jti: _jti, ...payload }: AdapterPayload): Record<string, unknown> {
  return payload;
}
