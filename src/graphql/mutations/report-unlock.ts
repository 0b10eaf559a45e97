import { reportUnlock } from '../../app/report-unlock.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ref.ts';
import { UnlockOutcome } from '../unlock.ts';
import { verb } from './verb.ts';

verb('reportUnlock', {
  who: 'member',
  description: 'Tells what became of an unlock on the phone. The same again is a success.',
  input: builder.inputType('ReportUnlockInput', {
    description: 'What became of it.',
    fields: (t) => ({
      unlock: t.id({ description: 'The unlock.' }),
      outcome: t.field({ type: UnlockOutcome, description: 'What the phone reports.' }),
    }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { unlock, outcome }) => reportUnlock(deps, caller, { unlock: idOf('Unlock', unlock), outcome }),
  gives: (t) => ({
    unlock: t.prismaField({
      type: 'Unlock',
      description: 'The unlock, and what to tell the member.',
      resolve: (query, { unlockId }, _args, { db }) => db.unlock.findUniqueOrThrow({ ...query, where: { id: unlockId } }),
    }),
  }),
});
