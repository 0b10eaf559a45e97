import { expect, test } from 'vitest';
import { judgeAudit } from '../../audit.ts';

const report = (vulnerabilities: object): string => JSON.stringify({ auditReportVersion: 2, vulnerabilities });

test.each([
  ['nothing was printed', ''],
  ['the service refuses', '{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":""}}'],
  ['there is no network', '{"error":{"code":"ENOTFOUND","summary":"request failed"}}'],
  ['something else was printed', 'npm ERR! audit'],
])('where %s the audit passes, and says that it did not look', (_what, output) => {
  expect(judgeAudit(output)).toEqual({ ok: true, lines: [expect.stringMatching(/^note: no audit service answered/) as string] });
});

test('a high or critical vulnerability fails the audit, a lesser one is a note', () => {
  const lesser = { left: { severity: 'moderate', range: '<2', fixAvailable: true } };
  expect(judgeAudit(report({}))).toEqual({ ok: true, lines: [] });
  expect(judgeAudit(report(lesser))).toEqual({ ok: true, lines: ['note: left <2: moderate, a fix is known'] });
  for (const severity of ['high', 'critical']) {
    const verdict = judgeAudit(report({ ...lesser, right: { severity, range: '*', fixAvailable: false } }));
    expect(verdict).toMatchObject({ ok: false });
    expect(verdict.lines).toContain(`right *: ${severity}, no fix is known`);
  }
});
