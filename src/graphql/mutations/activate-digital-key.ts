import { activateDigitalKey } from '../../app/activate-digital-key.ts';
import { IntegrationNotConnectedError, KeyNotAvailableError, NotFoundError } from '../../core/errors.ts';
import { builder } from '../builder.ts';
import { DigitalKey, readKey } from '../digital-key.ts';
import { Ref, refTo } from '../ref.ts';
import { verb } from './verb.ts';

const DeviceInput = builder.inputType('DeviceInput', {
  description: 'A phone.',
  fields: (t) => ({
    uid: t.string({ description: 'What the app names the phone by, the same each time.' }),
    name: t.string({ description: 'What a person calls it.' }),
    publicKey: t.string({ description: 'Its public key: P-256, SPKI DER, base64.' }),
  }),
});

verb('activateDigitalKey', {
  who: 'member',
  description: 'Begins to get a digital key onto a phone: the app opens the URL, and the rest is told by `digitalKeyChanged`.',
  input: builder.inputType('ActivateDigitalKeyInput', {
    description: 'Which location and phone.',
    fields: (t) => ({
      location: t.field({ type: Ref, description: 'The location.' }),
      device: t.field({ type: DeviceInput, description: 'The phone.' }),
    }),
  }),
  errors: [NotFoundError, IntegrationNotConnectedError, KeyNotAvailableError],
  run: (deps, caller, { location, device }) => activateDigitalKey(deps, caller, { location: refTo('Location', location), device }),
  gives: (t) => ({
    digitalKey: t.field({
      type: DigitalKey,
      description: 'The key as the phone should show it now.',
      resolve: ({ locationId, deviceUid }, _args, context) => readKey(context, { locationId, deviceUid }),
    }),
    authorizationUrl: t.exposeString('authorizationUrl', { description: 'To be opened by the app. Good once, for a minute.' }),
  }),
});
