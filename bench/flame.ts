import { mkdirSync, writeFileSync } from 'node:fs';
import type { Child, CpuProfile } from './child.ts';
import type { Setting } from './row.ts';

const FOLDER = '.latchkey/bench';
const RESULTS = 'docs/results';

/** Records what a process does, where that is asked for; of a row that is measured in rounds the last one stays. */
export function recorder(on: boolean): Setting['profiled'] {
  return async <T>(name: string, child: Child, work: () => Promise<T>): Promise<T> => {
    if (!on) return work();
    await child.startProfile();
    const answer = await work();
    const profile = await child.stopProfile();
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(`${FOLDER}/${name}.cpuprofile`, JSON.stringify(profile));
    writeFileSync(`${RESULTS}/flame-${name.toLowerCase()}.svg`, flame(name, profile));
    return answer;
  };
}

interface Frame {
  name: string;
  /** µs of processor time, in it and what it called */
  time: number;
  callees: Map<string, Frame>;
}

const WIDTH = 1_400;
const HEIGHT = 16;
/** What is no work of the process; `dispatch` is the profiler's own. */
const NO_WORK = new Set(['(idle)', '(program)', '(root)', 'dispatch']);
/** Narrower than this nothing can be read or clicked. */
const LEAST_SHARE = 0.002;

/** Processor time from the outermost caller at the top; width is time, colour the package. Hovering tells the share. */
function flame(title: string, profile: CpuProfile): string {
  const root = treeOf(profile);
  const boxes: string[] = [];
  let deepest = 0;
  const draw = (frame: Frame, x: number, depth: number): void => {
    const share = frame.time / root.time;
    if (share < LEAST_SHARE) return;
    deepest = Math.max(deepest, depth);
    const [left, width] = [x * WIDTH, share * WIDTH];
    const label = width > 40 ? escaped(frame.name.slice(0, Math.floor(width / 6.2))) : '';
    boxes.push(
      `<g><title>${escaped(frame.name)} ${(100 * share).toFixed(1)} %</title>` +
        `<rect x="${left.toFixed(1)}" y="${depth * HEIGHT + 24}" width="${width.toFixed(1)}" height="${HEIGHT - 1}" fill="${colorOf(frame.name)}"/>` +
        `<text x="${(left + 3).toFixed(1)}" y="${depth * HEIGHT + 36}">${label}</text></g>`,
    );
    let at = x;
    for (const callee of [...frame.callees.values()].sort((a, b) => b.time - a.time)) {
      draw(callee, at, depth + 1);
      at += callee.time / root.time;
    }
  };
  draw(root, 0, 0);
  const height = (deepest + 1) * HEIGHT + 30;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="monospace" font-size="10">
<rect width="100%" height="100%" fill="#fff"/>
<text x="4" y="14" font-size="12">${title}: ${(root.time / 1e6).toFixed(2)} s of processor time</text>
${boxes.join('\n')}
</svg>
`;
}

function treeOf({ nodes, samples, timeDeltas }: CpuProfile): Frame {
  const parents = new Map<number, number>();
  for (const node of nodes) for (const callee of node.children ?? []) parents.set(callee, node.id);
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const own = new Map<number, number>();
  for (const [index, id] of samples.entries()) own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  const root: Frame = { name: 'all', time: 0, callees: new Map() };
  for (const [id, time] of own) {
    if (NO_WORK.has(names.get(id) ?? '')) continue;
    const stack: string[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) stack.unshift(names.get(at) ?? '');
    let frame = root;
    root.time += time;
    for (const name of stack.slice(1)) {
      const callee: Frame = frame.callees.get(name) ?? { name, time: 0, callees: new Map() };
      frame.callees.set(name, callee);
      callee.time += time;
      frame = callee;
    }
  }
  return root;
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName;
  const file = url.replace(/^.*\/node_modules\//, '').replace(/^.*\/dist\//, 'latchkey/');
  return `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}

function colorOf(name: string): string {
  if (name.includes('latchkey/')) return '#f0a35e';
  if (name.includes('prisma')) return '#8fb6e8';
  if (/graphql|pothos|yoga|envelop/.test(name)) return '#e79ac0';
  if (/\bpg[/-]|pg-pool|pg-protocol/.test(name)) return '#9fd3a3';
  if (name.startsWith('(')) return '#ccc';
  return '#ddd0a8';
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
