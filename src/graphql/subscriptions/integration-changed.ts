import { queryFromInfo } from '@pothos/plugin-prisma';
import { locationTopic } from '../../app/topics.ts';
import { builder } from '../builder.ts';
import { liveState } from '../live.ts';
import { Ref } from '../ref.ts';
import { visibleLocation } from './visible-location.ts';

builder.subscriptionField('integrationChanged', (t) =>
  t.prismaField({
    type: 'Integration',
    nullable: true,
    description: "A location's connection to its locks: the state now, null before the first connect, then every change. Not for members.",
    authScopes: { staff: true },
    args: { location: t.arg({ type: Ref, description: 'The location.' }) },
    subscribe: async (_root, { location }, context, info) => {
      const locationId = await visibleLocation(context, location);
      const { db, deps } = context;
      // What the document selects is what the state is: nothing else of it is told, and so nothing else makes it another.
      const { select } = queryFromInfo({ context, info, select: { id: true } });
      return liveState({
        feed: deps.feed,
        clock: deps.clock,
        topics: [locationTopic(locationId)],
        read: async () => ({ locationId, state: await db.integration.findFirst({ where: { locationId }, select }) }),
        mark: ({ state }) => JSON.stringify(state),
      });
    },
    resolve: (query, event, _args, { db }) => {
      if ('error' in event) throw event.error;
      return db.integration.findFirst({ ...query, where: { locationId: event.value.locationId } });
    },
  }),
);
