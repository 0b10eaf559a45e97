import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { DAY, HOUR, isCalendarDay, isoInstant, MINUTE, startOfDay, type CalendarDay, type Instant } from '../core/time.ts';
import { builder } from './builder.ts';

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$/i;
const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;
const ZONE_LENGTH_MAX = 64;

/** NaN stands for a text of the right form that names no instant: that is for a verb to say, at the field. */
function parseInstant(text: string): Instant {
  const match = RFC_3339.exec(text);
  if (match === null) throw badInput(`DateTime must be an instant in RFC 3339 form, like "2026-03-29T00:30:00Z".`);
  const [, day = '', ...rest] = match;
  const [hours = 0, minutes = 0, seconds = 0] = rest.slice(0, 3).map(Number);
  const milliseconds = Math.floor(Number(rest[3] ?? 0) * 1_000);
  const [offsetHours, offsetMinutes] = [Number(rest[5] ?? 0), Number(rest[6] ?? 0)];
  const exists = isCalendarDay(day) && hours < 24 && minutes < 60 && seconds < 60 && offsetHours < 24 && offsetMinutes < 60;
  if (!exists) return Number.NaN;
  const offset = (offsetHours * HOUR + offsetMinutes * MINUTE) * (rest[4] === '-' ? -1 : 1);
  return startOfDay(day, 'UTC') + ((hours * HOUR + minutes * MINUTE + seconds * 1_000 + milliseconds) % DAY) - offset;
}

builder.addScalarType(
  'DateTime',
  new GraphQLScalarType<Instant, string>({
    name: 'DateTime',
    description: 'An instant, RFC 3339 in UTC: "2026-03-29T00:30:00Z".',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
    serialize: (value) => isoInstant(typeof value === 'number' ? value : (value as { getTime(): number }).getTime()),
    parseValue: (value) => parseInstant(textOf('DateTime', value)),
    parseLiteral: (node) => parseInstant(literalText('DateTime', node)),
  }),
);

builder.addScalarType(
  'Date',
  new GraphQLScalarType<CalendarDay, string>({
    name: 'Date',
    description: 'A calendar day in the location\'s own time zone: "2026-03-29".',
    serialize: (value) => (typeof value === 'string' ? value : dayOf(value as { getTime(): number })),
    parseValue: (value) => parseDay(textOf('Date', value)),
    parseLiteral: (node) => parseDay(literalText('Date', node)),
  }),
);

builder.addScalarType(
  'TimeZone',
  new GraphQLScalarType<string, string>({
    name: 'TimeZone',
    description: 'An IANA time zone: "Europe/Berlin". It is answered as it was written.',
    serialize: (value) => String(value),
    parseValue: (value) => parseZone(textOf('TimeZone', value)),
    parseLiteral: (node) => parseZone(literalText('TimeZone', node)),
  }),
);

/** The day of a `date` column, which the database client gives as midnight in UTC. */
export function dayOf(midnight: { getTime(): number }): CalendarDay {
  return isoInstant(midnight.getTime()).slice(0, 10);
}

function parseDay(text: string): CalendarDay {
  if (!DAY_FORM.test(text)) throw badInput('Date must be a day in the form "2026-03-29".');
  return text;
}

function parseZone(text: string): string {
  if (text === '' || text.length > ZONE_LENGTH_MAX) throw badInput('TimeZone must be the name of a zone, like "Europe/Berlin".');
  return text;
}

function textOf(scalar: string, value: unknown): string {
  if (typeof value !== 'string') throw badInput(`${scalar} must be a string.`);
  return value;
}

function literalText(scalar: string, node: ValueNode): string {
  if (node.kind !== Kind.STRING) throw badInput(`${scalar} must be a string.`);
  return node.value;
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
