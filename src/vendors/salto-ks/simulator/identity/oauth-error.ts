/** An error in the shape of the token endpoint: 400 `{"error", "error_description"?}` (SALTO facts §1.3). */
export class OAuthError extends Error {
  readonly code: string;

  constructor(code: string, description = '') {
    super(description);
    this.code = code;
  }
}
