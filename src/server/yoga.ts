import { useExtendContextValuePerExecuteSubscriptionEvent } from '@envelop/execute-subscription-event';
import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention';
import { getOperationAST, GraphQLError } from 'graphql';
import type { ExecutionArgs, ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, isAsyncIterable } from 'graphql-yoga';
import type { Plugin, YogaServerInstance } from 'graphql-yoga';
import type { Caller } from '../app/caller.ts';
import type { Clock } from '../ports/clock.ts';
import type { MaskError } from './errors.ts';
import { limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { guardStream } from './stream.ts';
import { EXPIRED, NO_TOKEN } from './tokens.ts';

/** What a request or a socket's operation brings along. */
export interface Arrival {
  /** null: nobody, who may read the GraphiQL page and nothing else */
  caller: Caller | null;
  requestId: string;
  /** what binds an administrator's consent to the browser it is started in, where that has it */
  browserCookie: string | null;
  /** a socket ends with its token by itself, together with all of its streams */
  onSocket?: boolean;
}

export type Asked = Pick<Arrival, 'requestId' | 'browserCookie'> & { caller: Caller };
export type Yoga = YogaServerInstance<Arrival, object>;

export interface YogaOptions {
  schema: GraphQLSchema;
  makeContext(asked: Asked): object;
  /** spread over the context for each event of a stream: what was loaded for one event must not answer the next */
  freshCaches: () => object;
  production: boolean;
  clock: Clock;
  mask: MaskError;
  metrics: Metrics;
}

export async function createGraphql(options: YogaOptions): Promise<Yoga> {
  const { schema, production, mask } = options;
  return createYoga<Arrival, object>({
    schema,
    context: (arrival) => options.makeContext(identified(arrival)),
    graphqlEndpoint: '/graphql',
    ...(production ? { graphiql: false as const } : await graphiql()),
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    // Fastify has read the body, and refused what is too large: Yoga would send it through a stream of its own to count it again.
    maxRequestBodySize: false,
    logging: false,
    maskedErrors: { maskError: mask },
    plugins: [
      // Browsers send a bearer token only where the page's own script asked for it.
      useCSRFPrevention({ requestHeaders: ['authorization'] }),
      ...limits(production),
      useExtendContextValuePerExecuteSubscriptionEvent(() => ({ contextPartial: options.freshCaches() })),
      guardedStreams(options),
      measured(options),
      statusByCode,
    ],
  });
}

function identified({ caller, requestId, browserCookie }: Arrival): Asked {
  if (!caller) throw new GraphQLError(NO_TOKEN, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
  return { caller, requestId, browserCookie };
}

/** In letters that a header may have: the page sends it as it stands, until a token is put in. */
const HEADERS = '{ "authorization": "Bearer PUT-A-TOKEN-HERE" }';
const QUERY = `# Put a token below, under Headers; then the documentation on the left fills, and this runs.
query WhoAmI {
  viewer {
    role
    member { externalId }
  }
  locations(first: 10) { edges { node { externalId name timeZone } } }
}
`;

/** The page is 9 MB, comes from our own files, and is for development. */
async function graphiql() {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return {
    renderGraphiQL,
    graphiql: { title: 'latchkey', defaultHeaders: HEADERS, defaultQuery: QUERY, subscriptionsProtocol: 'SSE' as const },
  };
}

/** Every stream is counted, fails politely, and ends with the token it was opened with. */
function guardedStreams({ clock, mask, metrics }: YogaOptions): Plugin<Arrival> {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult: ({ result, setResult }) => {
        if (!isAsyncIterable(result)) return;
        const ended = new AbortController();
        metrics.streamOpened();
        const onEnd = () => {
          ended.abort();
          metrics.streamClosed();
        };
        const stream = guardStream(result as AsyncIterable<ExecutionResult>, { mask, onEnd });
        setResult(stream);
        const { caller, onSocket } = args.contextValue;
        if (!caller || onSocket) return;
        void clock.until(caller.expiresAt, ended.signal).then(() => {
          stream.end({ errors: [new GraphQLError(EXPIRED, { extensions: { code: 'UNAUTHENTICATED' } })] });
        });
      },
    }),
  };
}

function measured({ clock, metrics }: YogaOptions): Plugin {
  const measure = (args: ExecutionArgs) => {
    const type = getOperationAST(args.document, args.operationName)?.operation ?? 'unknown';
    const from = clock.now();
    return (result: unknown) => {
      const outcome = hasErrors(result) ? 'error' : 'ok';
      metrics.observeOperation({ type, outcome, milliseconds: clock.now() - from });
    };
  };
  return {
    onExecute: ({ args }) => {
      const done = measure(args);
      return { onExecuteDone: ({ result }) => done(result) };
    },
    onSubscribe: ({ args }) => {
      const done = measure(args);
      return { onSubscribeResult: ({ result }) => done(result) };
    },
  };
}

function hasErrors(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'errors' in result && Array.isArray(result.errors) && result.errors.length > 0;
}

const STATUS: Record<string, number> = { BAD_USER_INPUT: 400, QUERY_TOO_LARGE: 400, UNAUTHENTICATED: 401 };

/**
 * Gives an answer without data its HTTP status, where the asked media type has one (`application/json` says 200 of whatever was
 * understood). Variables of the wrong form are refused before any field runs, and without a code of their own.
 */
const statusByCode: Plugin = {
  onExecute: () => ({
    onExecuteDone: ({ result }) => {
      if (isAsyncIterable(result) || result.data || !result.errors) return;
      for (const error of result.errors as readonly GraphQLError[]) {
        if (!('data' in result) && !error.path && !error.extensions['code']) error.extensions['code'] = 'BAD_USER_INPUT';
        const status = STATUS[String(error.extensions['code'])];
        if (status) error.extensions['http'] ??= { status, spec: status === 400 };
      }
    },
  }),
};
