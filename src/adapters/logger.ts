import { pino } from 'pino';
import type { DestinationStream, LevelWithSilent, Logger as Pino } from 'pino';
import type { Logger } from '../ports/logger.ts';

export interface LoggerOptions {
  level: LevelWithSilent;
  /** standard output unless told */
  stream?: DestinationStream;
}

/** What must never be logged in the first place. This is the second net: whatever bears such a name, at the top or one level below. */
const SECRET_NAMES = [
  ...['token', 'accessToken', 'refreshToken', 'idToken', 'tokens', 'sealedTokens', 'access_token', 'refresh_token', 'id_token'],
  ...['authorization', 'Authorization', 'cookie', 'set-cookie', 'password', 'secret', 'client_secret', 'clientSecret'],
  ...['ticket', 'verifier', 'code_verifier', 'mobileKey', 'sealedKey', 'privateKey', 'pin'],
  ...['email', 'firstName', 'lastName', 'phone', 'login_hint'],
];

/** One JSON line for each entry, with the instant in ISO 8601. */
export function createLogger({ level, stream }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: plainError },
    redact: { paths: SECRET_NAMES.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: '[redacted]' },
  };
  return wrap(stream === undefined ? pino(options) : pino(options, stream));
}

/** Nothing but these: what libraries attach to their errors (statements, parameters, whole responses) may hold anything. */
function plainError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { type: name, message, ...code, stack };
}

function wrap(target: Pino): Logger {
  return {
    debug: (fields, message) => target.debug(fields, message),
    info: (fields, message) => target.info(fields, message),
    warn: (fields, message) => target.warn(fields, message),
    error: (fields, message) => target.error(fields, message),
    child: (fields) => wrap(target.child(fields)),
  };
}
