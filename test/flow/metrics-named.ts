import { readFileSync } from 'node:fs';

const ALERTS = 'docs/operating/alerts.yml';
const DASHBOARD = 'docs/operating/dashboard.json';

/** Words of PromQL that the expressions use; whatever else stands in them is a metric. */
const WORDS = new Set(['sum', 'max', 'by', 'le', 'rate', 'increase', 'histogram_quantile', 'absent', 'and', 'or', 'on']);

/** The metrics that the alerting rules and the panels of the dashboard ask for. */
export function metricsNamed(): Set<string> {
  const alerts = [...readFileSync(ALERTS, 'utf8').matchAll(/^\s+expr: (.+)$/gm)].map(([, expression = '']) => expression);
  const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: { targets?: { expr: string }[] }[] };
  const panels = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  return new Set([...alerts, ...panels].flatMap(namesIn));
}

function namesIn(expression: string): string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|on) *\([^)]*\)/g, '');
  return [...bare.matchAll(/\b[a-z_]\w*\b/g)].map(([name]) => name).filter((name) => !WORDS.has(name));
}
