/** Fewer points for the same picture: ascending positions. */

/**
 * Positions of a path in the plane or in space: a point that moved less than a small distance from the last kept one is
 * left out; the distance doubles until at most `maximum` are left. The first and the last are kept. `points` is row-major [count, width]. Gaps are kept.
 */
export function thinPath(points: Float64Array, width: number, maximum: number): number[] {
  const count = Math.floor(points.length / width);
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  let kept = count;
  let distance = count > maximum ? diagonal(points, width) / (4 * maximum) : 0;
  while (kept > maximum) {
    kept = keepFarApart(points, width, rows.subarray(0, kept), distance);
    distance = distance > 0 ? 2 * distance : Number.MIN_VALUE;
    if (distance === Infinity || Number.isNaN(distance)) return everyKth([...rows.subarray(0, kept)], maximum);
  }
  return [...rows.subarray(0, kept)];
}

/** Moves the rows that stay to the front, and says how many they are. */
function keepFarApart(points: Float64Array, width: number, rows: Int32Array, distance: number): number {
  let kept = 0;
  let from = -1;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    if (from >= 0 && i < rows.length - 1 && gap(points, width, from, row) <= distance) continue;
    rows[kept++] = row;
    from = row;
  }
  return kept;
}

/** Euclidean distance of two rows; infinite where either is not finite, so that gaps stay. */
function gap(points: Float64Array, width: number, a: number, b: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const difference = (points[a * width + k] ?? 0) - (points[b * width + k] ?? 0);
    sum += difference * difference;
  }
  return Number.isFinite(sum) ? Math.sqrt(sum) : Infinity;
}

function diagonal(points: Float64Array, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) {
    let from = Infinity;
    let to = -Infinity;
    for (let i = k; i < points.length; i += width) {
      const value = points[i] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      if (value < from) from = value;
      if (value > to) to = value;
    }
    if (to > from) sum += (to - from) ** 2;
  }
  return Math.sqrt(sum);
}

function everyKth(rows: readonly number[], maximum: number): number[] {
  const stride = Math.max(1, Math.ceil((rows.length - 1) / Math.max(1, maximum - 1)));
  return rows.filter((_, i) => i % stride === 0 || i === rows.length - 1);
}

/**
 * Positions of a curve over an ascending abscissa: of each of `buckets` equal intervals the first, least, greatest and last
 * point, so that spikes stay. `at(i)` is the abscissa as drawn (its logarithm on a log axis).
 */
export function thinCurve(values: ArrayLike<number>, at: (index: number) => number, buckets: number): number[] {
  const count = values.length;
  if (count <= 4 * buckets) return Array.from({ length: count }, (_, i) => i);
  const start = at(0);
  const width = (at(count - 1) - start) / buckets;
  const bucketOf = (index: number) => Math.floor((at(index) - start) / width);
  const kept: number[] = [];
  for (let first = 0; first < count; ) {
    const end = endOf(first, count, bucketOf);
    let [low, high] = [first, first];
    for (let i = first; i < end; i++) {
      const value = values[i] ?? Number.NaN;
      if (value < (values[low] ?? Infinity)) low = i;
      if (value > (values[high] ?? -Infinity)) high = i;
    }
    for (const index of [first, Math.min(low, high), Math.max(low, high), end - 1]) {
      if (index !== kept.at(-1)) kept.push(index);
    }
    first = end;
  }
  return kept;
}

/**
 * At most `count` of ascending positions: those nearest to the places (k + phase)/count, k = 0 … count − 1, of the way from the
 * first to the last, 0 ≤ phase < 1. The way is `at`, ascending, or the number of positions where it is null.
 */
export function evenlyApart(
  positions: readonly number[],
  at: ((position: number) => number) | null,
  count: number,
  phase: number,
): number[] {
  const last = positions.length - 1;
  const placeOf = (i: number): number => (at ? at(positions[i] ?? 0) : i);
  const [from, to] = [placeOf(0), placeOf(last)];
  const chosen = new Set<number>();
  for (let k = 0, i = 0; k < count && last >= 0; k++) {
    const target = from + ((k + phase) / count) * (to - from);
    while (i < last && Math.abs(placeOf(i + 1) - target) <= Math.abs(placeOf(i) - target)) i++;
    chosen.add(positions[i] ?? 0);
  }
  return [...chosen];
}

/** The first index after `first` of a greater bucket, by bisection; `count` where there is none. `bucketOf` ascends. */
function endOf(first: number, count: number, bucketOf: (index: number) => number): number {
  const bucket = bucketOf(first);
  let [low, high] = [first + 1, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bucketOf(middle) > bucket) high = middle;
    else low = middle + 1;
  }
  return low;
}
