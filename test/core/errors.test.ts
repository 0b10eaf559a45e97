import { expect, test } from 'vitest';
import * as errors from '../../src/core/errors.ts';
import { err, ok } from '../../src/core/result.ts';

test.each([
  [new errors.InvalidInputError([{ path: ['items', '0'], message: 'Name a plan or a resource.' }]), 'INVALID_INPUT'],
  [new errors.NotFoundError('No such booking.'), 'NOT_FOUND'],
  [new errors.ConflictError('Cancelled for good.'), 'CONFLICT'],
  [new errors.NotAllowedError(), 'NOT_ALLOWED'],
  [new errors.IntegrationNotConnectedError(), 'INTEGRATION_NOT_CONNECTED'],
  [new errors.ConfirmationRequiredError(), 'CONFIRMATION_REQUIRED'],
  [new errors.NoDayPassLeftError(), 'NO_DAY_PASS_LEFT'],
  [new errors.KeyNotAvailableError('There is no key here.'), 'KEY_NOT_AVAILABLE'],
  [new errors.ProviderUnavailableError(null), 'PROVIDER_UNAVAILABLE'],
])('%s has its code, its name and a sentence', (error, code) => {
  expect(error).toBeInstanceOf(errors.Expected);
  expect(error.code).toBe(code);
  expect(error.name).toBe(error.constructor.name);
  expect(error.message).toMatch(/\w.*\.$/);
});

test('an input error names every field in its message', () => {
  const error = new errors.InvalidInputError([
    { path: ['startsOn'], message: 'Is no day.' },
    { path: ['items', '1', 'plan'], message: 'Is unknown.' },
  ]);
  expect(error.message).toBe('startsOn: Is no day. items.1.plan: Is unknown.');
});

test('a result is a value or an error', () => {
  expect([ok(1), err('none-left')]).toEqual([
    { ok: true, value: 1 },
    { ok: false, error: 'none-left' },
  ]);
});
