import { upsertMember } from '../../app/upsert-member.ts';
import { ConflictError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { optionalRefTo, Ref } from '../ref.ts';
import { UserRole } from '../user-role.ts';
import { AS_OF } from './as-of.ts';
import { verb } from './verb.ts';

verb('upsertMember', {
  who: 'service',
  description: 'Tells of a member, or of what they are now. Safe to repeat. Joining and leaving a company acts at once on access.',
  input: builder.inputType('UpsertMemberInput', {
    description: 'The whole member: what is absent is null or its default.',
    fields: (t) => ({
      externalId: t.string({ description: "Their id in the caller's system: the `sub` of their tokens." }),
      email: t.string({ description: 'Their e-mail address, by which the lock system knows them. Unique in the organisation.' }),
      firstName: t.string({ description: 'Their first name.' }),
      lastName: t.string({ description: 'Their last name.' }),
      role: t.field({ type: UserRole, defaultValue: 'MEMBER', description: 'Who they are in the workspace.' }),
      company: t.field({ type: Ref, required: false, description: 'The company they belong to, if any.' }),
      asOf: t.field(AS_OF),
    }),
  }),
  errors: [NotFoundError, ConflictError],
  run: (deps, caller, { company, asOf, ...member }) =>
    upsertMember(deps, caller, { ...member, company: optionalRefTo('Company', company), asOf: asOf ?? null }),
  gives: (t) => ({
    member: t.prismaField({
      type: 'Member',
      description: 'The member as they are stored now.',
      resolve: (query, { memberId }, _args, { db }) => db.member.findUniqueOrThrow({ ...query, where: { id: memberId } }),
    }),
  }),
});
