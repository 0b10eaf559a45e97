/** Draws that follow from a seed alone, so that what was drawn can be drawn again. */
export interface Draw {
  /** 0 ≤ x < 1 */
  next(): number;
  /** a whole number, both ends included */
  int(min: number, max: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** by weight */
  weighted<T>(list: readonly (readonly [weight: number, T])[]): T;
  /** at most that many different ones */
  some<T>(list: readonly T[], most: number): T[];
}

export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int: Draw['int'] = (min, max) => min + Math.floor(next() * (max - min + 1));
  const pick: Draw['pick'] = (list) => {
    if (list.length === 0) throw new Error('There is nothing to draw from.');
    return list[int(0, list.length - 1)] as (typeof list)[number];
  };
  return {
    next,
    int,
    pick,
    chance: (share) => next() < share,
    weighted: (list) => {
      let rest = next() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of list) {
        rest -= weight;
        if (rest < 0) return value;
      }
      return pick(list)[1];
    },
    some: (list, most) => {
      const left = [...list];
      const taken = Array.from({ length: int(0, Math.min(most, list.length)) }, () => left.splice(int(0, left.length - 1), 1));
      return taken.flat();
    },
  };
}
