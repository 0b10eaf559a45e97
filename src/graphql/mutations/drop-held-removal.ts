import { dropHeldRemoval } from '../../app/drop-held-removal.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { idOf } from '../ref.ts';
import { REMOVAL_NOW } from './held-removal-field.ts';
import { verb } from './verb.ts';

verb('dropHeldRemoval', {
  who: 'admin',
  description: 'Lets the people of a held removal stay until what gave them access ends: it was a mistake. Dropping twice is a success.',
  input: builder.inputType('DropHeldRemovalInput', {
    description: 'Which one.',
    fields: (t) => ({ heldRemoval: t.id({ description: 'The held removal.' }) }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { heldRemoval }) => dropHeldRemoval(deps, caller, { heldRemoval: idOf('HeldRemoval', heldRemoval) }),
  gives: (t) => ({
    heldRemoval: t.prismaField(REMOVAL_NOW),
  }),
});
