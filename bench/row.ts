/** One row of the table: what was measured, beside a floor measured in the same run on the same machine. */
export interface Row {
  name: string;
  what: string;
  ours: number;
  floor: number;
  unit: string;
  /** ours ÷ floor that is to be reached; smaller is better unless `moreIsBetter` */
  goal: number;
  moreIsBetter?: boolean;
  note: string;
}

export function ratio(row: Row): number {
  return row.ours / row.floor;
}

export function isReached(row: Row): boolean {
  return row.moreIsBetter === true ? ratio(row) >= row.goal : ratio(row) <= row.goal;
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** `count` runs of `act`, at most `concurrency` at a time; milliseconds of each. */
export async function timed(count: number, concurrency: number, act: (index: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const from = performance.now();
      await act(index);
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return took;
}
