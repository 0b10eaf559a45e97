import { releaseHeldRemoval } from '../../app/release-held-removal.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ref.ts';
import { REMOVAL_NOW } from './held-removal-field.ts';
import { verb } from './verb.ts';

verb('releaseHeldRemoval', {
  who: 'admin',
  description: 'Takes out the people of a held removal, at once: it was meant. Releasing twice is a success.',
  input: builder.inputType('ReleaseHeldRemovalInput', {
    description: 'Which one.',
    fields: (t) => ({ heldRemoval: t.id({ description: 'The held removal.' }) }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { heldRemoval }) => releaseHeldRemoval(deps, caller, { heldRemoval: idOf('HeldRemoval', heldRemoval) }),
  gives: (t) => ({
    heldRemoval: t.prismaField(REMOVAL_NOW),
  }),
});
