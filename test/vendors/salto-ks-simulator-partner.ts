import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

export interface Partner {
  issuer: string;
  /** Query parameters of each authorization request received. */
  asked: URLSearchParams[];
}

/** An OpenID provider that lets everybody in: the person of `person(login_hint)`, or nobody when that is null. */
export async function startPartner(
  person: (hint: string | null) => string | null,
  emailIn: 'id_token' | 'userinfo' = 'id_token',
): Promise<Partner> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'p1', alg: 'RS256' };
  const codes = new Map<string, { email: string; nonce: string }>();
  const partner: Partner = { issuer: '', asked: [] };

  const answer = async (url: URL, body: URLSearchParams): Promise<{ location: string } | { json: object; status?: number }> => {
    if (url.pathname === '/.well-known/openid-configuration') {
      const at = (path: string) => `${partner.issuer}${path}`;
      const endpoints = { authorization_endpoint: at('/auth'), token_endpoint: at('/token'), userinfo_endpoint: at('/me') };
      return { json: { issuer: partner.issuer, ...endpoints, jwks_uri: at('/jwks') } };
    }
    if (url.pathname === '/jwks') return { json: { keys: [jwk] } };
    if (url.pathname === '/me') return { json: { sub: '1', email: [...codes.values()].at(-1)?.email } };
    if (url.pathname === '/auth') {
      partner.asked.push(url.searchParams);
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      const email = person(url.searchParams.get('login_hint'));
      const code = randomUUID();
      if (email === null) back.searchParams.set('error', 'access_denied');
      else back.searchParams.set('code', code);
      if (email !== null) codes.set(code, { email, nonce: url.searchParams.get('nonce') ?? '' });
      return { location: back.toString() };
    }
    const code = codes.get(body.get('code') ?? '');
    if (!code || body.get('client_secret') !== 'partner-secret') return { status: 400, json: { error: 'invalid_grant' } };
    const claims = emailIn === 'id_token' ? { email: code.email, nonce: code.nonce } : { nonce: code.nonce };
    const token = new SignJWT({ ...claims, iss: partner.issuer, aud: 'salto', sub: '1' }).setExpirationTime('1m');
    return { json: { access_token: 'a', id_token: await token.setProtectedHeader({ alg: 'RS256', kid: 'p1' }).sign(privateKey) } };
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void answer(new URL(request.url ?? '/', partner.issuer), new URLSearchParams(Buffer.concat(chunks).toString())).then((result) => {
        if ('location' in result) response.writeHead(302, { location: result.location }).end();
        else response.writeHead(result.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(result.json));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  partner.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return partner;
}
