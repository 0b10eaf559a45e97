import { expect, test } from 'vitest';
import { err, ok, type Result } from '../../src/core/result.ts';

const told = (result: Result<number, 'none'>): string => (result.ok ? `value ${result.value}` : `error ${result.error}`);

test('a result is either a value or an error, never both', () => {
  expect(told(ok(3))).toBe('value 3');
  expect(told(err('none'))).toBe('error none');
});
