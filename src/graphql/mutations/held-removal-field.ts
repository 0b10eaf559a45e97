import type { Context } from '../context.ts';

/** What deciding about a held removal gives, read anew. */
export const REMOVAL_NOW = {
  type: 'HeldRemoval',
  description: 'The removal as it is now.',
  resolve: (query: object, { heldRemovalId: id }: { heldRemovalId: string }, _args: object, { db }: Context) =>
    db.heldRemoval.findUniqueOrThrow({ ...query, where: { id } }),
} as const;
