// npm run check:audit: fails where a package that runs in production has a known vulnerability of high or critical severity. Where no
// audit service answers it says so and passes: a check must work without a network too.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

export interface AuditVerdict {
  readonly ok: boolean;
  /** for the person who reads it, a line each */
  readonly lines: string[];
}

interface Report {
  vulnerabilities?: Record<string, { severity: string; range: string; fixAvailable?: unknown }>;
}

const BAD = ['high', 'critical'];

/** What `npm audit --json` printed, judged. */
export function judgeAudit(output: string): AuditVerdict {
  const { vulnerabilities } = reportIn(output);
  if (vulnerabilities === undefined) {
    return { ok: true, lines: ['note: no audit service answered; known vulnerabilities were not looked for'] };
  }
  const found = Object.entries(vulnerabilities);
  const lines = found.map(([name, { severity, range, fixAvailable }]) => {
    const mend = fixAvailable === false ? 'no fix is known' : 'a fix is known';
    return `${BAD.includes(severity) ? '' : 'note: '}${name} ${range}: ${severity}, ${mend}`;
  });
  return { ok: found.every(([, { severity }]) => !BAD.includes(severity)), lines };
}

function reportIn(output: string): Report {
  try {
    return JSON.parse(output) as Report;
  } catch {
    return {};
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev', '--fetch-retries=0', '--fetch-timeout=15000'], {
    encoding: 'utf8',
  });
  const { ok, lines } = judgeAudit(stdout);
  for (const line of lines) console.log(line);
  process.exitCode = ok ? 0 : 1;
}
