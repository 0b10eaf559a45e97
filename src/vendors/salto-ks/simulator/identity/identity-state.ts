import type { Client, Partner } from '../scenario.ts';

/** One authorization request of an application, from /connect/authorize until its answer. */
export interface AuthorizeRequest {
  id: string;
  client: Client;
  redirectUri: string;
  scopes: string[];
  state: string | null;
  nonce: string | null;
  codeChallenge: string | null;
  responseMode: 'query' | 'form_post';
  loginHint: string | null;
}

/** How somebody signed in: `idp` is 'local' or the hint of a partner. */
export interface SignIn {
  platformUserId: string;
  idp: string;
  at: number;
}

export interface Code {
  request: AuthorizeRequest;
  signIn: SignIn;
  expiresAt: number;
}

/** All refresh tokens that descend from one sign-in. */
export interface RefreshFamily {
  clientId: string;
  scopes: string[];
  signIn: SignIn;
  revoked: boolean;
}

export interface RefreshToken {
  family: RefreshFamily;
  used: boolean;
  expiresAt: number | null;
}

/** A sign-in on its way through a partner's provider. */
export interface Federation {
  request: AuthorizeRequest;
  partner: Partner;
  verifier: string;
  nonce: string;
}

export class IdentityState {
  readonly clients = new Map<string, Client>();
  readonly partners = new Map<string, Partner>();
  readonly requests = new Map<string, AuthorizeRequest>();
  readonly codes = new Map<string, Code>();
  readonly refreshTokens = new Map<string, RefreshToken>();
  readonly sessions = new Map<string, SignIn>();
  /** By the `state` sent to the partner. */
  readonly federations = new Map<string, Federation>();
}
