import { startUnlock } from '../../app/start-unlock.ts';
import { KeyNotAvailableError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { verb } from './verb.ts';

verb('startUnlock', {
  who: 'member',
  description: 'Begins to unlock a door with a phone that has a digital key.',
  input: builder.inputType('StartUnlockInput', {
    description: 'Which location and phone.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
      deviceUid: t.string({ description: 'The phone.' }),
    }),
  }),
  errors: [NotFoundError, KeyNotAvailableError],
  run: (deps, caller, { location, deviceUid }) => startUnlock(deps, caller, { location: refTo('Location', location), deviceUid }),
  gives: (t) => ({
    unlock: t.prismaField({
      type: 'Unlock',
      description: 'The unlock, and what to tell the member.',
      resolve: (query, { unlockId }, _args, { db }) => db.unlock.findUniqueOrThrow({ ...query, where: { id: unlockId } }),
    }),
  }),
});
