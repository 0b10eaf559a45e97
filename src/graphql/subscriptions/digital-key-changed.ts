import { locationTopic, memberTopic, subjectTopic } from '../../app/topics.ts';
import { builder } from '../builder.ts';
import { DigitalKey, readKey } from '../digital-key.ts';
import { liveState } from '../live.ts';
import { Ref, storable } from '../ref.ts';
import { visibleLocation } from './visible-location.ts';

builder.subscriptionField('digitalKeyChanged', (t) =>
  t.field({
    type: DigitalKey,
    description: "The member's own key at a location: the state now, then every change. For members.",
    authScopes: { member: true },
    args: {
      location: t.arg({ type: Ref, description: 'The location.' }),
      deviceUid: t.arg.string({ required: false, description: "The phone that asks; any of the member's phones unless given." }),
    },
    subscribe: async (_root, { location, deviceUid }, context) => {
      const at = { locationId: await visibleLocation(context, location), deviceUid: storable('deviceUid', deviceUid) ?? null };
      const { caller, deps } = context;
      return liveState({
        feed: deps.feed,
        clock: deps.clock,
        topics: [locationTopic(at.locationId), subjectTopic(caller.orgId, caller.subject)],
        read: () => readKey(context, at),
        mark: ({ memberId, view }) => JSON.stringify([memberId, view]),
        // Somebody the booking platform has not told of yet becomes a member while they look.
        topicsOf: ({ memberId }) => (memberId === null ? [] : [memberTopic(memberId)]),
        changesAt: ({ changesAt }) => changesAt,
      });
    },
    resolve: (event) => {
      if ('error' in event) throw event.error;
      return event.value;
    },
  }),
);
