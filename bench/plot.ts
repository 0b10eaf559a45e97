import { median } from './figures.ts';
import { isReached, ratio, type Row } from './row.ts';

const WIDTH = 860;
const LINE = 34;
const LEFT = 330;
const RIGHT = 90;
const TOP = 46;

/**
 * A line for each row, on a scale of its goal: 1 is the goal, left of it is better. Dots are the rounds, each beside the floor's median; the
 * bar is the median.
 */
export function plot(rows: Row[]): string {
  const worst = Math.max(2, ...rows.map((row) => Math.min(8, toGoal(row, ratio(row)))));
  const x = (value: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * Math.min(value, worst)) / worst;
  const lines = rows.map((row, index) => {
    const y = TOP + index * LINE;
    const color = isReached(row) ? '#2a7f4f' : '#b3452c';
    const here = x(toGoal(row, ratio(row)));
    const dots = row.ours.map(
      (ours) => `<circle cx="${x(toGoal(row, ours / median(row.floor))).toFixed(1)}" cy="${y}" r="3" fill="${color}" opacity="0.5"/>`,
    );
    return [
      `<text x="${LEFT - 12}" y="${y + 4}" text-anchor="end">${row.name}: ${escaped(row.what)}</text>`,
      `<line x1="${x(0)}" x2="${here.toFixed(1)}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="8"/>`,
      ...dots,
      `<text x="${(here + 10).toFixed(1)}" y="${y + 4}" fill="${color}">${ratio(row).toFixed(2)}</text>`,
    ].join('\n');
  });
  const height = TOP + rows.length * LINE;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<line x1="${x(1)}" x2="${x(1)}" y1="26" y2="${height - 8}" stroke="#555" stroke-dasharray="4 3"/>
<text x="${x(1)}" y="18" text-anchor="middle">goal</text>
<text x="${LEFT}" y="18" text-anchor="start" fill="#555">better</text>
${lines.join('\n')}
</svg>
`;
}

/** The share of the goal that is used up: at most 1 where it is reached. */
function toGoal(row: Row, value: number): number {
  return row.moreIsBetter === true ? row.goal / value : value / row.goal;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
