import { errors, jwtVerify } from 'jose';
import type { PlatformUser } from '../records.ts';
import type { SimulatorState } from '../state.ts';
import { InvalidToken } from './api-error.ts';

/** The person whose token it is. @throws InvalidToken */
export async function personOfToken(state: SimulatorState, authorization: string | undefined): Promise<PlatformUser> {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new InvalidToken();
  try {
    const { payload } = await jwtVerify(token, state.keys.tokens.publicKey, {
      issuer: state.url,
      audience: 'user_api',
      typ: 'at+jwt',
      currentDate: new Date(state.clock.now()),
    });
    const person = state.platformUsersBySubject.get(payload.sub ?? '');
    const scopes = payload['scope'];
    const forApi = Array.isArray(scopes) && scopes.includes('user_api.full_access');
    if (!person || !forApi) throw new InvalidToken('The token is not valid here');
    if ((payload.iat ?? 0) * 1000 < person.tokensRevokedAt) throw new InvalidToken('The token was revoked');
    return person;
  } catch (error) {
    if (error instanceof InvalidToken) throw error;
    if (error instanceof errors.JWTExpired) throw new InvalidToken('The token expired');
    throw new InvalidToken('The token is invalid');
  }
}
