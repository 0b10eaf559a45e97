import { GraphQLClient } from 'graphql-request';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

/** One token's way to the API: requests over HTTP, subscriptions over a WebSocket. */
export interface ApiClient {
  ask<Result, Variables extends object>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Result>;
  /** every state that is pushed, from the one now on, until it is stopped */
  follow<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
  ): Live<Result>;
  close(): Promise<void>;
}

export interface Live<State> {
  /** what was pushed so far, in order */
  readonly seen: readonly State[];
  /** resolves with the first state, seen or to come, that is as wanted */
  until(wanted: (state: State) => boolean, patienceMs?: number): Promise<State>;
  /** resolves with the first state that is as wanted and was pushed after the one that it answered with before */
  next(wanted?: (state: State) => boolean, patienceMs?: number): Promise<State>;
  stop(): void;
}

const PATIENCE_MS = 20_000;

/** `url` is where the API listens, without a path. */
export function apiClient(url: string, token: string): ApiClient {
  const authorization = `Bearer ${token}`;
  const http = new GraphQLClient(`${url}/graphql`, { headers: { authorization } });
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
  });
  return {
    ask: <Result, Variables extends object>(document: TypedDocumentNode<Result, Variables>, variables: Variables) =>
      http.request<Result>(print(document), { ...variables }),
    follow: (document, variables) => follow(socket, print(document), variables),
    close: async () => {
      await socket.dispose();
    },
  };
}

/** What is pushed, picked out of its answer. */
export function picked<Result, State>(live: Live<Result>, pick: (result: Result) => State): Live<State> {
  const all = (wanted: (state: State) => boolean) => (result: Result) => wanted(pick(result));
  return {
    get seen() {
      return live.seen.map(pick);
    },
    until: async (wanted, patienceMs) => pick(await live.until(all(wanted), patienceMs)),
    next: async (wanted = () => true, patienceMs) => pick(await live.next(all(wanted), patienceMs)),
    stop: () => live.stop(),
  };
}

function follow<Result>(socket: Client, query: string, variables: Record<string, unknown>): Live<Result> {
  const seen: Result[] = [];
  const waiting = new Set<() => void>();
  let failure: unknown = null;
  let from = 0;
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  const fail = (error: unknown): void => {
    failure = error;
    wake();
  };
  const stop = socket.subscribe<Result>(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (data != null) seen.push(data);
        if (errors !== undefined && errors.length > 0) fail(new Error(errors[0]?.message));
        else wake();
      },
      error: fail,
      complete: () => fail(new Error('The subscription has ended.')),
    },
  );
  const found = (position: () => number, patienceMs: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(
        () => end(() => reject(new Error(`Not pushed within ${patienceMs} ms. Seen: ${JSON.stringify(seen)}`))),
        patienceMs,
      );
      const end = (settle: () => void): void => {
        clearTimeout(late);
        waiting.delete(look);
        settle();
      };
      const look = (): void => {
        const at = position();
        if (at >= 0) end(() => resolve(at));
        else if (failure !== null) end(() => reject(failure instanceof Error ? failure : new Error(JSON.stringify(failure))));
      };
      waiting.add(look);
      look();
    });
  return {
    seen,
    until: async (wanted, patienceMs = PATIENCE_MS) => seen[await found(() => seen.findIndex(wanted), patienceMs)] as Result,
    next: async (wanted = () => true, patienceMs = PATIENCE_MS) => {
      const at = await found(() => seen.findIndex((state, index) => index >= from && wanted(state)), patienceMs);
      from = at + 1;
      return seen[at] as Result;
    },
    stop,
  };
}
