import { removeMember } from '../../app/remove-member.ts';
import { NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { Ref, refTo } from '../ref.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

verb('removeMember', {
  who: 'service',
  description: 'Removes a member: every right of theirs is withdrawn at once. Telling of them again brings them back.',
  input: builder.inputType('RemoveMemberInput', {
    description: 'Which member.',
    fields: (t) => ({
      member: t.field({ type: Ref, description: 'The member.' }),
      asOf: t.field(AS_OF),
    }),
  }),
  errors: [NotFoundError],
  run: (deps, caller, { member, asOf }) => removeMember(deps, caller, { member: refTo('Member', member), asOf: asOf ?? null }),
  gives: (t) => ({
    member: t.prismaField({
      type: 'Member',
      description: 'The member as they were.',
      resolve: (query, { memberId }, _args, { db }) => db.member.findUniqueOrThrow({ ...query, where: { id: memberId } }),
    }),
  }),
});
