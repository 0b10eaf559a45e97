import { expect, test } from 'vitest';

test('the tests of core run under the time zone that their project names', () => {
  expect(process.env['TZ']).toMatch(/^(UTC|America\/New_York|Pacific\/Chatham)$/);
  expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(process.env['TZ']);
});
