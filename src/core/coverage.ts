import type { Instant, Window } from './time.ts';

/** What the rights of one person in one group amount to at one instant (X1). */
export interface Coverage {
  /** Whether the instant lies in a window. */
  readonly wanted: boolean;
  /** The next edge of the merged windows; an edge inside a merged window is no change. Always later than the instant judged. */
  readonly nextChangeAt: Instant | null;
  /** The merged window that holds the instant, else the next to come; both null when none is to come. */
  readonly from: Instant | null;
  readonly until: Instant | null;
}

/** `windows` are those of rights neither withdrawn nor empty of meaning; empty and inverted ones are ignored, order does not matter. */
export function coverage(windows: readonly Window[], now: Instant): Coverage {
  const current = mergeWindows(windows).find((window) => window.until === null || window.until > now);
  if (current === undefined) return { wanted: false, nextChangeAt: null, from: null, until: null };
  const wanted = current.from <= now;
  return { wanted, nextChangeAt: wanted ? current.until : current.from, from: current.from, until: current.until };
}

/** The union of the windows as disjoint windows in order; adjoining ones become one, so that access never flaps between them. */
export function mergeWindows(windows: readonly Window[]): Window[] {
  const merged: { from: Instant; until: Instant | null }[] = [];
  const real = windows.filter((window) => window.until === null || window.from < window.until);
  for (const window of real.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last === undefined || (last.until !== null && last.until < window.from)) merged.push({ ...window });
    else if (last.until !== null && (window.until === null || window.until > last.until)) last.until = window.until;
  }
  return merged;
}
