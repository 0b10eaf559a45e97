import { GraphQLError, type GraphQLScalarType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const scalar = (name: string) => schema.getType(name) as GraphQLScalarType;
const parsed = (name: string, value: unknown): unknown => scalar(name).parseValue(value);
const refusal = (name: string, value: unknown): unknown => {
  try {
    return `taken as ${String(parsed(name, value))}`;
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions['code'] : error;
  }
};

describe('DateTime', () => {
  test.each([
    ['2026-03-29T00:30:00Z', Date.UTC(2026, 2, 29, 0, 30)],
    ['2026-03-29T00:30:00.250Z', Date.UTC(2026, 2, 29, 0, 30, 0, 250)],
    ['2026-03-29T00:30:00.2504999Z', Date.UTC(2026, 2, 29, 0, 30, 0, 250)],
    ['2026-03-29T01:30:00+01:00', Date.UTC(2026, 2, 29, 0, 30)],
    ['2026-03-28T19:00:00-05:30', Date.UTC(2026, 2, 29, 0, 30)],
    ['2026-12-31T23:59:59Z', Date.UTC(2026, 11, 31, 23, 59, 59)],
    ['2028-02-29t12:00:00z', Date.UTC(2028, 1, 29, 12)],
  ])('%s is an instant', (text, instant) => expect(parsed('DateTime', text)).toBe(instant));

  test.each([
    '2026-02-30T00:00:00Z',
    '2026-03-29T24:00:00Z',
    '2026-03-29T00:60:00Z',
    '2026-03-29T00:00:60Z',
    '2101-01-01T00:00:00Z',
    '2026-03-29T00:00:00+24:00',
  ])('%s has the form of an instant and names none, which is for the verb to say', (text) =>
    expect(parsed('DateTime', text)).toBe(Number.NaN),
  );

  test.each([
    '2026-03-29',
    '2026-03-29T00:30Z',
    '20260329T003000Z',
    '2026-03-29T00:30:00',
    '2026-03-29T00:30:00Z[Europe/Berlin]',
    '',
    1_774_744_200_000,
    null,
    true,
  ])('%s does not have the form of an instant', (value) => expect(refusal('DateTime', value)).toBe('BAD_USER_INPUT'));

  test('is written in UTC, with milliseconds only where there are some', () => {
    expect(scalar('DateTime').serialize(Date.UTC(2026, 2, 29, 0, 30))).toBe('2026-03-29T00:30:00Z');
    expect(scalar('DateTime').serialize(new Date(Date.UTC(2026, 2, 29, 0, 30, 0, 5)))).toBe('2026-03-29T00:30:00.005Z');
  });
});

describe('Date', () => {
  test('is taken and written as a day', () => {
    expect(parsed('Date', '2026-03-29')).toBe('2026-03-29');
    expect(parsed('Date', '2026-02-30')).toBe('2026-02-30');
    expect(scalar('Date').serialize(new Date('2026-03-29'))).toBe('2026-03-29');
    expect(scalar('Date').serialize('2026-03-29')).toBe('2026-03-29');
  });

  test.each(['2026-3-29', '2026-03-29T00:00:00Z', '29.03.2026', '', 20_260_329, null])('%s does not have the form of a day', (value) =>
    expect(refusal('Date', value)).toBe('BAD_USER_INPUT'),
  );
});

describe('TimeZone', () => {
  test.each(['Europe/Kiev', 'Europe/Kyiv', 'EST', 'Nowhere/Land'])('%s is taken and written as it is', (zone) => {
    expect(parsed('TimeZone', zone)).toBe(zone);
    expect(scalar('TimeZone').serialize(zone)).toBe(zone);
  });

  test.each(['', 'x'.repeat(65), 1, null])('%s does not have the form of a zone', (value) =>
    expect(refusal('TimeZone', value)).toBe('BAD_USER_INPUT'),
  );
});
