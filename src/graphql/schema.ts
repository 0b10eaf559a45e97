import { builder } from './builder.ts';
import './scalars.ts';
import './errors.ts';
import './access-explanation.ts';
import './activity.ts';
import './booking.ts';
import './company.ts';
import './digital-key.ts';
import './integration.ts';
import './location.ts';
import './member-subscription.ts';
import './node.ts';
import './unlock.ts';
import './viewer.ts';
import './webhooks.ts';
import './mutations/all.ts';
import './subscriptions/activity-added.ts';
import './subscriptions/digital-key-changed.ts';
import './subscriptions/integration-changed.ts';

builder.queryType({ description: 'What can be read. What is not for the caller to see is as if it did not exist.' });
builder.mutationType({ description: 'What can be changed. Each mutation answers with its success or with an expected error, as data.' });
builder.subscriptionType({ description: 'What can be watched: the state now, then its newest form after each change.' });

/** Everything of the public contract, under its names. */
export const schema = builder.toSchema();
