import type { Child } from './child.ts';
import type { Deployment } from './deployment.ts';
import { median } from './figures.ts';
import type { Space } from './space.ts';

/** One line of the table: what was measured, beside a floor measured in turns with it on the same machine. */
export interface Row {
  name: string;
  what: string;
  /** a figure per round; the table shows their median and spread */
  ours: number[];
  floor: number[];
  unit: string;
  /** ours ÷ floor that is to be reached; smaller is better unless `moreIsBetter` */
  goal: number;
  moreIsBetter?: boolean;
  note: string;
}

/** What a row is measured with. */
export interface Setting {
  deployment: Deployment;
  space: Space;
  /** small sizes: seconds instead of minutes, and figures that say nothing */
  quick: boolean;
  progress: (text: string) => void;
  /** runs `work` as it is, and with `--profile` records what this process does meanwhile */
  profiled: <T>(name: string, child: Child, work: () => Promise<T>) => Promise<T>;
}

export type Measure = (setting: Setting) => Promise<Row[]>;

export function ratio(row: Row): number {
  return median(row.ours) / median(row.floor);
}

export function isReached(row: Row): boolean {
  return row.moreIsBetter === true ? ratio(row) >= row.goal : ratio(row) <= row.goal;
}

/** Ours and the floor in turns, the other one first each time, so that whatever else the machine does meets both. */
export async function inTurns(
  rounds: number,
  ours: (round: number) => Promise<void>,
  floor: (round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? [ours, floor] : [floor, ours];
    for (const side of order) await side(round);
  }
}
