import type { OidcPayload, OidcStore } from '../../ports/oidc-store.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { PrismaClient } from './generated/client.ts';

/** Tells the only key there is from those a rotation may add. */
const KEY_ID = 'oidc';
const SEALED_FOR = `signing_key:${KEY_ID}`;

/** Time is the database's, so that processes agree on what has expired. */
export function createOidcStore({ prisma, secrets }: { prisma: PrismaClient; secrets: Secrets }): OidcStore {
  return {
    upsert: async (model, id, payload, lifeSeconds) => {
      const grantId = typeof payload['grantId'] === 'string' ? payload['grantId'] : null;
      await prisma.$executeRaw`
        insert into oidc_record (model, id, payload, "grantId", "expiresAt")
        values (${model}, ${id}, ${JSON.stringify(payload)}::jsonb, ${grantId}, now() + make_interval(secs => ${lifeSeconds}::float8))
        on conflict (model, id) do update
        set payload = excluded.payload, "grantId" = excluded."grantId", "expiresAt" = excluded."expiresAt"`;
    },

    find: async (model, id) => {
      const [row] = await prisma.$queryRaw<{ payload: OidcPayload; consumed: number | null }[]>`
        select payload, extract(epoch from "consumedAt")::int as consumed from oidc_record
        where model = ${model} and id = ${id} and "expiresAt" > now()`;
      if (!row) return null;
      return row.consumed === null ? row.payload : { ...row.payload, consumed: row.consumed };
    },

    // One statement: to read first and write then would let two processes redeem the same code.
    consume: async (model, id) => {
      const consumed = await prisma.$executeRaw`
        update oidc_record set "consumedAt" = now() where model = ${model} and id = ${id} and "consumedAt" is null and "expiresAt" > now()`;
      return consumed === 1;
    },

    destroy: async (model, id) => {
      await prisma.oidcRecord.deleteMany({ where: { model, id } });
    },

    revokeByGrantId: async (grantId) => {
      await prisma.oidcRecord.deleteMany({ where: { grantId } });
    },

    signingKey: async (make) => {
      const stored = (await readKey(prisma)) ?? (await addKey(prisma, secrets.seal(await make(), SEALED_FOR)));
      const key = secrets.open(stored, SEALED_FOR);
      if (!secrets.isCurrent(stored)) await sealAnew(prisma, stored, secrets.seal(key, SEALED_FOR));
      return key;
    },

    person: (memberId) =>
      prisma.member.findFirst({
        where: { id: memberId, removedAt: null },
        select: { email: true, firstName: true, lastName: true },
      }),
  };
}

async function readKey(prisma: PrismaClient): Promise<string | null> {
  const row = await prisma.signingKey.findUnique({ where: { id: KEY_ID } });
  return row?.sealedKey ?? null;
}

/** Of several processes that start at once, all take the key of the first. */
async function addKey(prisma: PrismaClient, sealedKey: string): Promise<string> {
  await prisma.signingKey.createMany({ data: [{ id: KEY_ID, sealedKey }], skipDuplicates: true });
  return (await readKey(prisma)) ?? sealedKey;
}

async function sealAnew(prisma: PrismaClient, old: string, sealedKey: string): Promise<void> {
  await prisma.signingKey.updateMany({ where: { id: KEY_ID, sealedKey: old }, data: { sealedKey } });
}
