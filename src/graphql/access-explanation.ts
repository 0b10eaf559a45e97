import { explainAccess } from '../app/explain-access.ts';
import { NotFoundError } from '../core/errors.ts';
import type { AccessExplanation as Explanation, ExplanationStep as Step } from '../core/explain.ts';
import { AccessRight } from './access-right.ts';
import { builder } from './builder.ts';
import { existing, idOf, Ref, refTo } from './ref.ts';

const ExplanationStep = builder.objectRef<Step>('ExplanationStep').implement({
  description: 'One thing that must hold for a door to open.',
  fields: (t) => ({
    holds: t.exposeBoolean('holds', { description: 'Whether it does.' }),
    subject: t.exposeString('subject', { description: 'What it is about.' }),
    detail: t.exposeString('detail', { description: 'How it stands, in a sentence.' }),
  }),
});

const AccessExplanation = builder.objectRef<Explanation>('AccessExplanation').implement({
  description: 'Why somebody may or may not open the doors of a group at an instant.',
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', { description: 'Whether they may, as far as is known here. The lock decides.' }),
    rights: t.prismaField({
      type: [AccessRight],
      description: 'Their rights in force at that instant.',
      resolve: (query, { rightIds }, _args, { db }) =>
        db.accessRight.findMany({ ...query, where: { id: { in: rightIds } }, orderBy: { id: 'asc' } }),
    }),
    steps: t.field({
      type: [ExplanationStep],
      description: 'From the reason to the lock, in order: the first that does not hold is the cause.',
      resolve: ({ steps }) => steps,
    }),
    memberMessage: t.exposeString('memberMessage', { description: 'What to tell the member.' }),
    staffMessage: t.exposeString('staffMessage', {
      nullable: true,
      description: 'What staff should know; null for a member.',
      authScopes: { staff: true },
      unauthorizedResolver: () => null,
    }),
  }),
});

builder.queryField('explainAccess', (t) =>
  t.field({
    type: AccessExplanation,
    nullable: true,
    description: 'Why a member may or may not open the doors of a group; null when one of them is not known, or not for the caller to see.',
    complexity: 10,
    args: {
      member: t.arg({ type: Ref, description: 'The member. Members may ask about themselves.' }),
      accessGroup: t.arg.id({ description: 'The access group.' }),
      at: t.arg({
        type: 'DateTime',
        required: false,
        description: 'The instant asked about: now unless given. The past is judged by the rights.',
      }),
    },
    resolve: async (_root, { member, accessGroup, at }, { deps, caller }) => {
      const asked = { member: refTo('Member', member), accessGroupId: idOf('AccessGroup', accessGroup), at: existing('at', at) };
      const answer = await explainAccess(deps, caller, asked);
      return answer instanceof NotFoundError ? null : answer;
    },
  }),
);
