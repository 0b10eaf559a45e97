import { GraphQLClient } from 'graphql-request';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { claimsOf, signToken } from './token.ts';

/** One token's way to the API: requests over HTTP, subscriptions over a WebSocket. */
export interface ApiClient {
  ask<Result, Variables extends object>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Result>;
  /** every state that is pushed, from the one now on, until the iterator is returned */
  follow<Result, Variables extends Record<string, unknown>>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Live<Result>;
  close(): Promise<void>;
}

export interface Live<Result> {
  /** what was pushed so far, in order */
  readonly seen: readonly Result[];
  /** resolves with the first state, seen or to come, that is as wanted */
  until(wanted: (state: Result) => boolean, patienceMs?: number): Promise<Result>;
  stop(): void;
}

export async function apiClient(url: string, secret: string, args: string[]): Promise<ApiClient> {
  const token = await signToken(claimsOf(args, {}, Date.now()), secret);
  const authorization = `Bearer ${token}`;
  const http = new GraphQLClient(`${url}/graphql`, { headers: { authorization } });
  const socket = createClient({ url: `${url.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization } });
  return {
    ask: <Result, Variables extends object>(document: TypedDocumentNode<Result, Variables>, variables: Variables) =>
      http.request<Result>(print(document), { ...variables }),
    follow: (document, variables) => follow(socket, print(document), variables),
    close: async () => {
      await socket.dispose();
    },
  };
}

function follow<Result>(socket: Client, query: string, variables: Record<string, unknown>): Live<Result> {
  const seen: Result[] = [];
  const waiting = new Set<() => void>();
  let failure: unknown = null;
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  const stop = socket.subscribe<Result>(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (errors !== undefined && errors.length > 0) failure = new Error(errors[0]?.message);
        if (data != null) seen.push(data);
        wake();
      },
      error: (error) => {
        failure = error;
        wake();
      },
      complete: wake,
    },
  );
  const until = (wanted: (state: Result) => boolean, patienceMs = 20_000): Promise<Result> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => end(() => reject(new Error(`Not pushed within ${patienceMs} ms. Seen: ${JSON.stringify(seen)}`))), patienceMs);
      const end = (settle: () => void): void => {
        clearTimeout(late);
        waiting.delete(look);
        settle();
      };
      const look = (): void => {
        const found = seen.find(wanted);
        if (found !== undefined) end(() => resolve(found));
        else if (failure !== null) end(() => reject(failure instanceof Error ? failure : new Error(JSON.stringify(failure))));
      };
      waiting.add(look);
      look();
    });
  return { seen, until, stop };
}
