import { ConflictError } from '../core/errors.ts';
import type { Tx } from '../ports/store.ts';

export interface ToldItem {
  externalId: string;
  planId: string | null;
  resourceId: string | null;
  /** the plan's or resource's group at present: the default of a new item (S1) */
  accessGroupId: string | null;
}

/** Brings the subscription's items to what is told. What is not listed ends now; what is listed again runs again. */
export async function storeItems(tx: Tx, subscriptionId: string, told: ToldItem[]): Promise<ConflictError | null> {
  const stored = new Map((await tx.items.ofSubscription(subscriptionId)).map((item) => [item.externalId, item]));
  for (const { externalId, planId, resourceId, accessGroupId } of told) {
    const item = stored.get(externalId);
    if (item === undefined) {
      if ((await tx.items.find({ externalId })) !== null) {
        return new ConflictError(`Item ${externalId} belongs to another subscription. Use a new externalId.`);
      }
      await tx.items.insert({ externalId, subscriptionId, planId, resourceId, accessGroupId, endedAt: null });
      continue;
    }
    if (item.planId !== planId || item.resourceId !== resourceId) {
      return new ConflictError(`Item ${externalId} stays with its plan or resource. Use a new externalId.`);
    }
    if (item.endedAt !== null) await tx.items.update(item.id, { endedAt: null });
    stored.delete(externalId);
  }
  for (const item of stored.values()) {
    if (item.endedAt === null && !told.some(({ externalId }) => externalId === item.externalId)) {
      await tx.items.update(item.id, { endedAt: tx.now });
    }
  }
  return null;
}
