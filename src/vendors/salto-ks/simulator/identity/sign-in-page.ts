import { escapeHtml, page } from '../html.ts';
import type { SimulatorState } from '../state.ts';
import type { AuthorizeRequest } from './identity-state.ts';

export const SIGN_IN_PATH = '/connect/sign-in';

/** Sign-in and consent on one page. Works without scripts and cookies: the form carries the request's id. */
export function signInPage(state: SimulatorState, request: AuthorizeRequest, error: string | null): string {
  const options = [...state.platformUsers.values()]
    .filter((user) => user.email !== null && user.password !== null)
    .map((user) => {
      const email = escapeHtml(user.email ?? '');
      const selected = user.email?.toLowerCase() === request.loginHint?.toLowerCase() ? ' selected' : '';
      return `<option value="${email}"${selected}>${escapeHtml(`${user.firstName} ${user.lastName}`)} (${email})</option>`;
    });
  return page(
    'Sign in',
    `<body class="narrow">
<h1>Sign in to SALTO KS <span class="quiet">(simulator)</span></h1>
${error === null ? '' : `<p class="no" role="alert">${escapeHtml(error)}</p>`}
<form method="post" action="${SIGN_IN_PATH}">
<input type="hidden" name="request" value="${request.id}">
<label>Account <select name="email">${options.join('')}</select></label>
<label>Password <input type="password" name="password" autocomplete="current-password"></label>
<p><strong>${escapeHtml(request.client.id)}</strong> asks for: ${escapeHtml(request.scopes.join(', '))}.</p>
<div class="choice">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</div>
</form>
</body>`,
  );
}
