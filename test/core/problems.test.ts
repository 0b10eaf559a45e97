import { expect, test } from 'vitest';
import { whatToDo, type IntegrationProblemCode } from '../../src/core/problems.ts';

const CODES: IntegrationProblemCode[] = [
  'REAUTHORIZATION_NEEDED',
  'PROVIDER_UNAVAILABLE',
  'SEATS_ALMOST_FULL',
  'SEATS_FULL',
  'SITE_NOT_RELEASED',
  'CLOCK_OR_ZONE_MISMATCH',
  'ACCESS_AT_RISK',
];

test('each kind of problem has a sentence of its own on what to do', () => {
  const told = CODES.map(whatToDo);
  for (const sentence of told) expect(sentence).toMatch(/^[A-Z].+\.$/);
  expect(new Set(told).size).toBe(CODES.length);
});
