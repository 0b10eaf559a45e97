import type { Instant } from './time.ts';

export type ErrorCode =
  | 'INVALID_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'NOT_ALLOWED'
  | 'INTEGRATION_NOT_CONNECTED'
  | 'CONFIRMATION_REQUIRED'
  | 'NO_DAY_PASS_LEFT'
  | 'KEY_NOT_AVAILABLE'
  | 'PROVIDER_UNAVAILABLE';

/** A failure a caller must be ready for. It is a returned value; `message` tells a person what is wrong and how to mend it. */
export abstract class Expected extends Error {
  abstract readonly code: ErrorCode;
}

/** `path` lies below the mutation's `input`: `['items', '0', 'plan']`. */
export interface InputIssue {
  readonly path: string[];
  readonly message: string;
}

export class InvalidInputError extends Expected {
  override readonly name = 'InvalidInputError';
  readonly code = 'INVALID_INPUT';
  readonly issues: InputIssue[];

  constructor(issues: InputIssue[]) {
    super(issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' '));
    this.issues = issues;
  }
}

export class NotFoundError extends Expected {
  override readonly name = 'NotFoundError';
  readonly code = 'NOT_FOUND';
}

export class ConflictError extends Expected {
  override readonly name = 'ConflictError';
  readonly code = 'CONFLICT';
}

export class NotAllowedError extends Expected {
  override readonly name = 'NotAllowedError';
  readonly code = 'NOT_ALLOWED';

  constructor(message = 'This token may not do that. Use one whose role and locations allow it.') {
    super(message);
  }
}

export class IntegrationNotConnectedError extends Expected {
  override readonly name = 'IntegrationNotConnectedError';
  readonly code = 'INTEGRATION_NOT_CONNECTED';

  constructor(message = 'This location is not connected to its locks. Connect it on the Integrations page first.') {
    super(message);
  }
}

export class ConfirmationRequiredError extends Expected {
  override readonly name = 'ConfirmationRequiredError';
  readonly code = 'CONFIRMATION_REQUIRED';

  constructor(
    message = 'Access already granted stays at the lock system and must be revoked there by hand. Send confirm: true to disconnect.',
  ) {
    super(message);
  }
}

export class NoDayPassLeftError extends Expected {
  override readonly name = 'NoDayPassLeftError';
  readonly code = 'NO_DAY_PASS_LEFT';

  constructor(message = 'Not enough day passes are left for these days. Choose fewer days, another month, or book without a day pass.') {
    super(message);
  }
}

export class KeyNotAvailableError extends Expected {
  override readonly name = 'KeyNotAvailableError';
  readonly code = 'KEY_NOT_AVAILABLE';
}

export class ProviderUnavailableError extends Expected {
  override readonly name = 'ProviderUnavailableError';
  readonly code = 'PROVIDER_UNAVAILABLE';
  /** When the lock system asked to be tried again; null when it said nothing. */
  readonly retryAt: Instant | null;

  constructor(retryAt: Instant | null, message = 'The lock system does not answer at the moment. Try again in a while.') {
    super(message);
    this.retryAt = retryAt;
  }
}
