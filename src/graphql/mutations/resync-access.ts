import { previewResync } from '../../app/preview-resync.ts';
import { doOrRehearse } from '../../app/rehearse.ts';
import { resyncAccess } from '../../app/resync-access.ts';
import { IntegrationNotConnectedError, NotFoundError, ProviderUnavailableError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { optionalIdOf, optionalRefTo, Ref, refTo } from '../ref.ts';
import { DRY_RUN, PREVIEW } from './dry-run.ts';
import { verb } from './verb.ts';

verb('resyncAccess', {
  who: 'admin',
  description: 'Compares who is in the access groups of a location with who should be, and tries again what failed.',
  input: builder.inputType('ResyncAccessInput', {
    description: 'What to compare: everything at the location, or less.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
      member: t.field({ type: Ref, required: false, description: 'Only this member.' }),
      accessGroup: t.id({ required: false, description: 'Only this access group.' }),
      dryRun: t.boolean({ defaultValue: false, description: DRY_RUN }),
    }),
  }),
  errors: [NotFoundError, IntegrationNotConnectedError, ProviderUnavailableError],
  run: (deps, caller, { location, member, accessGroup, dryRun }) => {
    const scope = {
      location: refTo('Location', location),
      member: optionalRefTo('Member', member),
      accessGroup: optionalIdOf('AccessGroup', accessGroup),
    };
    if (dryRun === true) return previewResync(deps, caller, scope);
    return doOrRehearse(deps, caller, false, (played) => resyncAccess(played, caller, scope));
  },
  gives: (t) => ({
    queued: t.exposeInt('queued', { description: 'How many memberships are looked at.' }),
    preview: t.field(PREVIEW),
  }),
});
