import { AccessRightConnection } from './access-right.ts';
import { builder } from './builder.ts';

const RemovalCause = builder.enumType('RemovalCause', {
  description: 'What kind of change would take people out.',
  values: {
    IMPORT: { description: 'A bulk call told of bookings or subscriptions as they are now.' },
    MAPPING: { description: 'A resource or subscription item was given another access group, or none.' },
    AUDIT: { description: 'Rights were found that no booking or subscription gives.' },
  },
});

const RemovalResolution = builder.enumType('RemovalResolution', {
  description: 'How a held removal ended.',
  values: {
    RELEASED: { description: 'An administrator released it: the people were taken out.' },
    DROPPED: { description: 'An administrator dropped it: the people stay until what gave them access ends.' },
    OVERTAKEN: { description: 'Nothing was left to decide: the rights ended by themselves, or came back.' },
  },
});

const HeldRemoval = builder.prismaNode('HeldRemoval', {
  description: 'What one change would have taken out of one group, held for an administrator to decide about. Not for members.',
  id: { field: 'id' },
  nullable: true,
  select: { id: true },
  authScopes: { staff: true },
  fields: (t) => ({
    accessGroup: t.relation('accessGroup', { description: 'The group.' }),
    cause: t.expose('cause', { type: RemovalCause, description: 'What kind of change it was.' }),
    detail: t.exposeString('detail', { description: 'Which change it was: "the import of 120 bookings".' }),
    actor: t.exposeString('actor', { description: 'Who made the change: "admin:…", "service:…" or "system".' }),
    since: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    people: t.exposeInt('people', { description: 'How many people it would have taken out.' }),
    inGroup: t.exposeInt('inGroup', { description: 'How many were in the group before.' }),
    rights: t.relatedConnection(
      'rights',
      { cursor: 'id', description: 'Who, and why: the rights that it would have taken back.', query: { orderBy: { id: 'asc' } } },
      AccessRightConnection,
    ),
    resolution: t.expose('resolution', { type: RemovalResolution, nullable: true, description: 'How it ended; null while it is held.' }),
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime', nullable: true, description: 'When it ended; null while it is held.' }),
    resolvedBy: t.exposeString('resolvedBy', { nullable: true, description: 'Who ended it; null while it is held.' }),
  }),
});

export const HeldRemovalConnection = builder.connectionObject(
  { type: HeldRemoval, name: 'HeldRemovalConnection', description: 'A page of held removals.' },
  { name: 'HeldRemovalEdge', description: 'A held removal in its list.' },
);
