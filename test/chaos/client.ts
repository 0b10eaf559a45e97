import { setTimeout as sleep } from 'node:timers/promises';
import { tokenFor } from '../flow/stack.ts';

/** What a mutation answers with, its success and its expected errors alike. */
export type Answer = { __typename: string; message?: string } & Record<string, unknown>;

/** Somebody who sends what they have to say to any of the API processes, again and again until it is answered. */
export interface Sender {
  /** `fields`: what is wanted of the success, in braces */
  tell(mutation: string, input: object, fields?: string): Promise<Answer>;
  /** the same, once: null when there was no answer */
  tellOnce(mutation: string, input: object, fields?: string): Promise<Answer | null>;
  read<T>(query: string, variables?: object): Promise<T>;
}

export interface SenderOptions {
  apis: () => readonly string[];
  token: string;
  /** which of the processes, and for how long to wait */
  draw: () => number;
  /** told of each request that got no answer */
  onUnanswered: () => void;
}

const PATIENCE_MS = 90_000;
const ANSWER_MS = 20_000;
/** Codes of errors that are no answer: the request may have been carried out, or may not. */
const NO_ANSWER = ['INTERNAL_SERVER_ERROR', 'RATE_LIMITED'];

export function sender(options: SenderOptions): Sender {
  const once = async <T>(query: string, variables: object): Promise<T | null> => {
    const apis = options.apis();
    const api = apis[Math.floor(options.draw() * apis.length)] ?? '';
    const answered = await asked(api, options.token, { query, variables });
    if (answered === null) options.onUnanswered();
    return answered as T | null;
  };
  const untilAnswered = async <T>(query: string, variables: object): Promise<T> => {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(50 + options.draw() * 300)) {
      const data = await once<T>(query, variables);
      if (data !== null) return data;
    }
    throw new Error(`No API process answers: ${query.slice(0, 80)}`);
  };
  return {
    read: (query, variables = {}) => untilAnswered(query, variables),
    async tell(mutation, input, fields) {
      for (;;) {
        const { result } = await untilAnswered<{ result: Answer }>(document(mutation, fields), { input });
        // Said of what is being changed by somebody else at this very moment.
        if (!/Send it again/.test(result.message ?? '')) return result;
      }
    },
    tellOnce: async (mutation, input, fields) => (await once<{ result: Answer }>(document(mutation, fields), { input }))?.result ?? null,
  };
}

export function document(mutation: string, fields?: string): string {
  const name = mutation.replace(/^./, (first) => first.toUpperCase());
  const success = fields === undefined ? '' : `... on ${name}Success ${fields}`;
  return `mutation ($input: ${name}Input!) { result: ${mutation}(input: $input) { __typename ${success} ... on Error { message } } }`;
}

async function asked(api: string, token: string, body: object): Promise<unknown> {
  let answer: { data?: unknown; errors?: { message: string; extensions?: { code?: string } }[] };
  try {
    const response = await fetch(`${api}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    answer = (await response.json()) as typeof answer;
  } catch {
    return null;
  }
  const { errors = [], data } = answer;
  // A process that is closing answers that it is.
  if (errors.length === 0) return data ?? null;
  if (errors.some(({ extensions }) => NO_ANSWER.includes(extensions?.code ?? ''))) return null;
  throw new Error(`${errors.map(({ message }) => message).join(' ')} ${JSON.stringify(body)}`);
}

export const tokenOf = (org: string, role: 'admin' | 'service' | 'member', sub: string): Promise<string> =>
  tokenFor('--role', role, '--org', org, '--sub', sub, '--ttl', '86400');
