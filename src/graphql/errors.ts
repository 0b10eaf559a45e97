import * as core from '../core/errors.ts';
import { builder } from './builder.ts';

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'The kind of an expected failure, for programs. It is the same as the type of the error.',
  values: {
    INVALID_INPUT: { description: 'The input is well-formed, but has no meaning or breaks a rule.' },
    NOT_FOUND: { description: 'Something the input names does not exist.' },
    CONFLICT: { description: 'What is stored does not allow the change.' },
    NOT_ALLOWED: { description: "The caller's token does not allow it." },
    INTEGRATION_NOT_CONNECTED: { description: 'The location is not connected to its locks.' },
    CONFIRMATION_REQUIRED: { description: 'It cannot be undone from here, and was not confirmed.' },
    NO_DAY_PASS_LEFT: { description: 'Too few day passes are left for the days of the booking.' },
    KEY_NOT_AVAILABLE: { description: 'There is no digital key for this member here at the moment.' },
    PROVIDER_UNAVAILABLE: { description: 'The lock system does not answer at the moment.' },
  } satisfies Record<core.ErrorCode, { description: string }>,
});

const EXPECTED = [
  core.InvalidInputError,
  core.NotFoundError,
  core.ConflictError,
  core.NotAllowedError,
  core.IntegrationNotConnectedError,
  core.ConfirmationRequiredError,
  core.NoDayPassLeftError,
  core.KeyNotAvailableError,
  core.ProviderUnavailableError,
];

export const ErrorInterface = builder.interfaceRef<core.Expected>('Error').implement({
  description: 'An expected failure. Every mutation answers with its success or with one of these, as data.',
  // GraphQL takes an Error for a failure of the field. Where a field's type is this interface, the errors plugin hands it on as data.
  extensions: { pothosErrorTypes: EXPECTED },
  resolveType: ({ name }) => name,
  fields: (t) => ({
    message: t.exposeString('message', { description: 'Says to a person what is wrong, and how to mend it.' }),
    code: t.field({ type: ErrorCode, description: 'The kind of the failure, for programs.', resolve: (error) => error.code }),
  }),
});

const InputIssue = builder.objectRef<core.InputIssue>('InputIssue').implement({
  description: 'One thing that is wrong with an input.',
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description: 'The offending field, as names and list positions below `input`: ["items", "0", "plan"].',
    }),
    message: t.exposeString('message', { description: 'What is wrong with it, and how to mend it.' }),
  }),
});

builder.objectType(core.InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input has no meaning or breaks a rule. Nothing was changed; all issues are listed at once.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({ type: [InputIssue], description: 'Everything that is wrong with the input.', resolve: (error) => error.issues }),
  }),
});

builder.objectType(core.NotFoundError, {
  name: 'NotFoundError',
  description: 'Something the input names does not exist, or is not of this organisation, or not for this caller to see.',
  interfaces: [ErrorInterface],
});

builder.objectType(core.ConflictError, {
  name: 'ConflictError',
  description: 'What is stored does not allow the change.',
  interfaces: [ErrorInterface],
});

builder.objectType(core.NotAllowedError, {
  name: 'NotAllowedError',
  description: "The caller's token does not allow this mutation, or not at this location.",
  interfaces: [ErrorInterface],
});

builder.objectType(core.IntegrationNotConnectedError, {
  name: 'IntegrationNotConnectedError',
  description: 'The location is not connected to its locks.',
  interfaces: [ErrorInterface],
});

builder.objectType(core.ConfirmationRequiredError, {
  name: 'ConfirmationRequiredError',
  description: 'What was granted stays at the lock system and is to be revoked there by hand: this must be confirmed.',
  interfaces: [ErrorInterface],
});

builder.objectType(core.NoDayPassLeftError, {
  name: 'NoDayPassLeftError',
  description: 'Too few day passes are left for the days of the booking. Nothing was booked.',
  interfaces: [ErrorInterface],
});

builder.objectType(core.KeyNotAvailableError, {
  name: 'KeyNotAvailableError',
  description: 'There is no digital key for this member here at the moment; the message says why.',
  interfaces: [ErrorInterface],
});

builder.objectType(core.ProviderUnavailableError, {
  name: 'ProviderUnavailableError',
  description: 'The lock system does not answer at the moment.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the lock system asked to be tried again; null when it said nothing.',
      resolve: (error) => error.retryAt,
    }),
  }),
});
