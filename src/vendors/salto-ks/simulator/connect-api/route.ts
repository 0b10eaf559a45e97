import type { z } from 'zod';
import type { PlatformUser, Site, SiteUser } from '../records.ts';
import type { SimulatorState } from '../state.ts';
import type { Where } from '../switches.ts';
import { invalidParameter } from './api-error.ts';

export const VERSIONS = ['v1.1', 'v1.2'] as const;
export type Version = (typeof VERSIONS)[number];
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A call with a good token. */
export interface ApiCall {
  state: SimulatorState;
  version: Version;
  /** Absolute address as called, for `next_page_link`. */
  address: URL;
  where: Where;
  person: PlatformUser;
  params: Record<string, string>;
  body: unknown;
}

/** A call on a site at which the person is known. */
export interface SiteCall extends ApiCall {
  site: Site;
  me: SiteUser;
}

export interface Answer {
  status: number;
  body?: unknown;
}

interface Place {
  method: Method;
  path: string;
  /** Where the path exists; elsewhere it answers 405. */
  versions: readonly Version[];
}

/** `needs` says who may call: anybody with a token, people of the site, its administrators. */
export type ApiRoute =
  | (Place & { needs: 'token'; handle: (call: ApiCall) => Answer | Promise<Answer> })
  | (Place & { needs: 'site' | 'admin'; handle: (call: SiteCall) => Answer | Promise<Answer> });

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export const NO_CONTENT: Answer = { status: 204 };

export function param(call: ApiCall, name: string): string {
  return call.params[name]?.toLowerCase() ?? '';
}

/** @throws ApiError 1100 that names the first field in the wrong. */
export function readBody<S extends z.ZodType>(schema: S, call: ApiCall): z.output<S> {
  const parsed = schema.safeParse(call.body ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw invalidParameter(field === '' ? 'The request is invalid.' : `The ${field} field is required or invalid.`);
}
