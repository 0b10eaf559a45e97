import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from '../ports/logger.ts';

/** Turns whatever was thrown into what a client may read. */
export type MaskError = (error: unknown) => GraphQLError;

/**
 * An error thrown on purpose (GraphQLError) passes as it is; any other is hidden behind an `errorId`, under which the log has it whole.
 */
export function createMaskError(log: Logger): MaskError {
  return (error) => {
    if (isDeliberate(error)) return error;
    const errorId = randomUUID();
    const place = error instanceof GraphQLError ? error : null;
    log.error({ errorId, path: place?.path?.join('.'), ...told(place?.originalError ?? error) }, 'unexpected error');
    return new GraphQLError('Unexpected error.', {
      nodes: place?.nodes ?? null,
      source: place?.source ?? null,
      positions: place?.positions ?? null,
      path: place?.path ?? null,
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId, unexpected: true },
    });
  };
}

function isDeliberate(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError)) return false;
  return error.originalError ? isDeliberate(error.originalError) : true;
}

/** What the log says of an error: its class, sentence and stack, and never its `cause`, which may be a whole response. */
export function told(error: unknown): { error: string; stack?: string | undefined } {
  return error instanceof Error ? { error: `${error.name}: ${error.message}`, stack: error.stack } : { error: String(error) };
}

/** The body of an answer that never reached GraphQL. */
export function errorBody(code: string, message: string, extensions: Record<string, unknown> = {}): { errors: GraphQLFormattedError[] } {
  return { errors: [{ message, extensions: { code, ...extensions } }] };
}

export function rateLimited(): GraphQLError {
  return new GraphQLError('Too many requests with this token. Wait a moment and try again.', { extensions: { code: 'RATE_LIMITED' } });
}

/** As sent on a socket, where nobody takes out what only the HTTP answer is made from. */
export function formatted(error: GraphQLError): GraphQLFormattedError {
  const { extensions: all, ...rest } = error.toJSON();
  if (!all) return rest;
  const extensions = { ...all };
  delete extensions['http'];
  delete extensions['unexpected'];
  return { ...rest, extensions };
}
