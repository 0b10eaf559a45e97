import type { AccessEffect, AccessEffectChange, AccessPreview as Preview } from '../core/preview.ts';
import { EFFECTS_MAX } from '../core/preview.ts';
import { batchAt } from './batch.ts';
import { builder } from './builder.ts';

const EffectChange = builder.enumType('AccessEffectChange', {
  description: 'What a change does to one person in one group.',
  values: {
    REVOKE: { description: 'They are taken out at once.' },
    GRANT: { description: 'They are put in at once, or that is tried again.' },
    SCHEDULE: { description: 'They are put in later: for the first time, or at another time than before.' },
    UNSCHEDULE: { description: 'They were to be put in later, and are not any more.' },
    MOVE_END: { description: 'They are in, and taken out at another time than before.' },
  } satisfies Record<AccessEffectChange, object>,
});

const Effect = builder.objectRef<AccessEffect>('AccessEffect').implement({
  description: 'What a change would do to one person in one group.',
  fields: (t) => ({
    member: t.prismaField({
      type: 'Member',
      description: 'The person.',
      resolve: (query, { memberId }, _args, context, info) => {
        const load = async (ids: string[]) => rowsById(await context.db.member.findMany({ ...query, where: { id: { in: ids } } }));
        return batchAt(context, info, load)(memberId);
      },
    }),
    accessGroup: t.prismaField({
      type: 'AccessGroup',
      description: 'The group.',
      resolve: (query, { accessGroupId }, _args, context, info) => {
        const load = async (ids: string[]) => rowsById(await context.db.accessGroup.findMany({ ...query, where: { id: { in: ids } } }));
        return batchAt(context, info, load)(accessGroupId);
      },
    }),
    change: t.expose('change', { type: EffectChange, description: 'What it does.' }),
    at: t.expose('at', {
      type: 'DateTime',
      nullable: true,
      description: 'When: of MOVE_END the new end (null: none), of UNSCHEDULE the start that does not come.',
    }),
    held: t.exposeBoolean('held', { description: 'Whether this removal would be held for an administrator to decide about.' }),
  }),
});

const count = (change: AccessEffectChange) => (preview: Preview) => preview.counts[change];

export const AccessPreview = builder.objectRef<Preview>('AccessPreview').implement({
  description: 'What a change would do to who is in which group: counted whole, and the first of it one by one.',
  fields: (t) => ({
    revoked: t.int({ description: 'How many would be taken out at once.', resolve: count('REVOKE') }),
    granted: t.int({ description: 'How many would be put in at once.', resolve: count('GRANT') }),
    scheduled: t.int({ description: 'How many would be put in later.', resolve: count('SCHEDULE') }),
    unscheduled: t.int({ description: 'How many would not be put in later any more.', resolve: count('UNSCHEDULE') }),
    endsMoved: t.int({ description: 'How many would be taken out at another time.', resolve: count('MOVE_END') }),
    held: t.exposeInt('held', { description: 'How many removals would be held.' }),
    effects: t.field({
      type: [Effect],
      description: `The first ${EFFECTS_MAX}: held removals, then the others in the order of their kinds.`,
      complexity: { field: 1, multiplier: 20 },
      resolve: ({ effects }) => effects,
    }),
    more: t.exposeBoolean('more', { description: 'Whether there are effects that are not listed.' }),
  }),
});

function rowsById<Row extends { id: string }>(rows: Row[]): (id: string) => Row {
  const found = new Map(rows.map((row) => [row.id, row]));
  return (id) => {
    const row = found.get(id);
    if (row === undefined) throw new Error('What a preview tells of is not for the caller to see.');
    return row;
  };
}
