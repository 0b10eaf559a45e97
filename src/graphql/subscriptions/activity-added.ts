import { activityTopic } from '../../app/topics.ts';
import { builder } from '../builder.ts';
import { liveIds } from '../live.ts';
import { Ref } from '../ref.ts';
import { visibleLocation } from './visible-location.ts';

builder.subscriptionField('activityAdded', (t) =>
  t.prismaField({
    type: 'Activity',
    description:
      'What happens at a location from now on, each once. Nothing is replayed: read `activity` after connecting, and drop by id what is ' +
      'known. Not for members.',
    authScopes: { staff: true },
    args: { location: t.arg({ type: Ref, description: 'The location.' }) },
    subscribe: async (_root, { location }, context) => {
      const locationId = await visibleLocation(context, location);
      return liveIds(context.deps.feed, activityTopic(locationId));
    },
    resolve: (query, id, _args, { db }) => db.activity.findUniqueOrThrow({ ...query, where: { id } }),
  }),
);
