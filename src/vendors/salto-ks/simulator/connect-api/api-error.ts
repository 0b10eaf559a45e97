/** A refusal in the API's shape: `{"ErrorCode": "2202", "Message": "…"}` (SALTO facts §5). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** 401: empty body, the reason in WWW-Authenticate. */
export class InvalidToken extends Error {}

export function notFound(what: string): ApiError {
  return new ApiError(404, '2202', `${what} not found`);
}

export function invalidParameter(message: string): ApiError {
  return new ApiError(400, '1100', message);
}

export function invalidValue(message: string): ApiError {
  return new ApiError(400, '1101', message);
}

export function noPermission(message = 'User does not have permission for this operation'): ApiError {
  return new ApiError(403, '2203', message);
}

export function noPermissionOnUser(): ApiError {
  return noPermission('User does not have permission for this operation on this user');
}
