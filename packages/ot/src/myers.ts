/** A stretch of both sequences that differs: [fromA, toA) of the one stands where [fromB, toB) of the other does. */
export interface Hunk {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/**
 * The differences of two sequences of tokens, as few tokens in them as there can be (Myers 1986, "An O(ND) Difference
 * Algorithm and Its Variations", the greedy form). What is equal at the start and at the end costs linear time; the
 * rest O((N + M) · D) time and O(D²) memory for D differing tokens.
 *
 * @param bound the largest D to look for; beyond it everything between the equal ends is one hunk
 * @returns the hunks from left to right; none of them empty, no two of them touching
 */
export function differences(a: ArrayLike<number>, b: ArrayLike<number>, bound: number): readonly Hunk[] {
  const start = commonStart(a, b);
  const end = commonEnd(a, b, start);
  const all = { fromA: start, toA: a.length - end, fromB: start, toB: b.length - end };
  if (all.fromA === all.toA && all.fromB === all.toB) return [];
  if (all.fromA === all.toA || all.fromB === all.toB) return [all];
  const trace = search(a, b, all, bound);
  return trace === undefined ? [all] : hunksOf(trace, all);
}

function commonStart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const limit = Math.min(a.length, b.length);
  let count = 0;
  while (count < limit && a[count] === b[count]) count += 1;
  return count;
}

function commonEnd(a: ArrayLike<number>, b: ArrayLike<number>, start: number): number {
  const limit = Math.min(a.length, b.length) - start;
  let count = 0;
  while (count < limit && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}

/**
 * For each number of differences d, how far into `a` one gets on each diagonal k = x - y (index k + d); the last entry
 * reaches the end. Undefined when it takes more than `bound` of them.
 */
function search(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  range: Hunk,
  bound: number,
): readonly Int32Array[] | undefined {
  const [n, m] = [range.toA - range.fromA, range.toB - range.fromB];
  const trace: Int32Array[] = [];
  for (let d = 0; d <= Math.min(bound, n + m); d += 1) {
    const reach = new Int32Array(2 * d + 1).fill(NOWHERE);
    trace.push(reach);
    for (let k = -d; k <= d; k += 2) {
      let x = d === 0 ? 0 : cameDown(trace, d, k) ? at(trace, d - 1, k + 1) : at(trace, d - 1, k - 1) + 1;
      let y = x - k;
      if (x < 0 || y < 0 || x > n || y > m) continue;
      while (x < n && y < m && a[range.fromA + x] === b[range.fromB + y]) {
        x += 1;
        y += 1;
      }
      reach[k + d] = x;
      if (x === n && y === m) return trace;
    }
  }
  return undefined;
}

/** Far to the left of anything that can be reached. */
const NOWHERE = -2;

function at(trace: readonly Int32Array[], d: number, k: number): number {
  if (k < -d || k > d) return NOWHERE;
  return (trace[d] as Int32Array)[k + d] as number;
}

/** Whether the best way to diagonal k with d differences ends with an insert (down) and not with a delete (right). */
function cameDown(trace: readonly Int32Array[], d: number, k: number): boolean {
  return at(trace, d - 1, k - 1) < at(trace, d - 1, k + 1);
}

/** Walks the trace back from the end and collects what was not equal. */
function hunksOf(trace: readonly Int32Array[], range: Hunk): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let x = range.toA - range.fromA;
  let k = x - (range.toB - range.fromB);
  for (let d = trace.length - 1; d > 0; d -= 1) {
    const down = cameDown(trace, d, k);
    k += down ? 1 : -1;
    x = at(trace, d - 1, k);
    const [fromA, fromB] = [range.fromA + x, range.fromB + x - k];
    const step = { fromA, toA: down ? fromA : fromA + 1, fromB, toB: down ? fromB + 1 : fromB };
    const next = hunks.at(-1);
    if (next !== undefined && step.toA === next.fromA && step.toB === next.fromB) {
      hunks[hunks.length - 1] = { ...next, fromA: step.fromA, fromB: step.fromB };
    } else {
      hunks.push(step);
    }
  }
  return hunks.reverse();
}
