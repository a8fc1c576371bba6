/** Where an inequality leaves less than a cell of its grid, as lines: |x² + y² − 1| ≤ 0.001 meets no point of a grid. */

type Place = readonly [x: number, y: number];

interface Sampled {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  /** Row-major [ys, xs]. */
  readonly values: Float64Array;
}

/** Golden sections of two cells: what is left is a millionth of a cell. */
const SECTIONS = 30;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** A least value that straight lines from both sides put above this part of what is around it is no seam. */
const HIGH = 0.2;

/**
 * Lines through points of the grid's edges at which the function is ≤ 0, in cells whose corners are all above 0. Along each line of the
 * grid its lowest points are looked for; every point on an edge is one at which the function itself was ≤ 0.
 */
export function seamsOf({ xs, ys, values }: Sampled, valueAt: (x: number, y: number) => number): Place[][] {
  const [columns, rows] = [xs.length, ys.length];
  const value = (i: number, j: number): number => values[j * columns + i] ?? Number.NaN;
  // An edge has the number of the corner that it begins at, twice, and one more where it goes up.
  const found = new Map<number, Place>();
  for (let j = 0; j < rows; j++) {
    const y = ys[j] ?? 0;
    for (const [x, i] of lowest(
      xs,
      (i) => value(i, j),
      (x) => valueAt(x, y),
    ))
      found.set(2 * (j * columns + i), [x, y]);
  }
  for (let i = 0; i < columns; i++) {
    const x = xs[i] ?? 0;
    for (const [y, j] of lowest(
      ys,
      (j) => value(i, j),
      (y) => valueAt(x, y),
    ))
      found.set(2 * (j * columns + i) + 1, [x, y]);
  }
  const neighbours = new Map<number, Set<number>>();
  const tie = (a: number, b: number) => neighbours.set(a, (neighbours.get(a) ?? new Set()).add(b));
  for (let j = 0; j + 1 < rows; j++)
    for (let i = 0; i + 1 < columns; i++) {
      const corner = j * columns + i;
      const around = [2 * corner, 2 * (corner + 1) + 1, 2 * (corner + columns), 2 * corner + 1];
      for (const [a, b] of paired(
        around.filter((edge) => found.has(edge)),
        found,
      )) {
        tie(a, b);
        tie(b, a);
      }
    }
  return chains(neighbours).map((edges) => edges.flatMap((edge) => [found.get(edge) ?? []].filter(isPlace)));
}

const isPlace = (place: Place | readonly never[]): place is Place => place.length === 2;

/** Places at which the function is ≤ 0 between values above 0, each with the number of the edge that it is on. */
function lowest(
  places: ArrayLike<number>,
  value: (i: number) => number,
  valueAt: (place: number) => number,
): [place: number, edge: number][] {
  const all: [number, number][] = [];
  for (let i = 1; i + 1 < places.length; i++) {
    const [before, here, after] = [value(i - 1), value(i), value(i + 1)];
    if (!(here > 0 && before >= here && after >= here && before + after > 2 * here)) continue;
    const [steep, steeper] = [value(i - 2) - before, value(i + 2) - after]; // NaN beyond the rim
    const straight = (before * steeper + after * steep - 2 * steep * steeper) / (steep + steeper);
    if (straight > HIGH * Math.max(before, after)) continue;
    const place = leastPlace(places[i - 1] ?? 0, places[i + 1] ?? 0, valueAt);
    if (place !== null) all.push([place, place < (places[i] ?? 0) ? i - 1 : i]);
  }
  return all;
}

/** Where the function is ≤ 0 between two places, if golden sections come to such a place. */
function leastPlace(from: number, to: number, valueAt: (place: number) => number): number | null {
  let [a, b] = [from, to];
  let [p, q] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [atP, atQ] = [valueAt(p), valueAt(q)];
  for (let k = 0; k < SECTIONS; k++) {
    if (atP <= 0) return p;
    if (atQ <= 0) return q;
    if (atP < atQ) {
      [b, q, atQ] = [q, p, atP];
      p = b - GOLDEN * (b - a);
      atP = valueAt(p);
    } else {
      [a, p, atP] = [p, q, atQ];
      q = a + GOLDEN * (b - a);
      atQ = valueAt(q);
    }
  }
  return null;
}

/** Which points on the edges of a cell belong to one line: of more than two, the nearest. */
function paired(edges: readonly number[], found: ReadonlyMap<number, Place>): (readonly [number, number])[] {
  const pairs = edges.flatMap((a, k) => edges.slice(k + 1).map((b) => [a, b] as const));
  const length = ([a, b]: readonly [number, number]) => {
    const [[x = 0, y = 0] = [], [u = 0, v = 0] = []] = [found.get(a), found.get(b)];
    return Math.hypot(x - u, y - v);
  };
  return pairs.sort((one, other) => length(one) - length(other)).slice(0, edges.length <= 2 ? 1 : 2);
}

/** Chains of neighbours, from their ends, then those that close. */
function chains(neighbours: ReadonlyMap<number, Set<number>>): number[][] {
  const seen = new Set<string>();
  const key = (a: number, b: number) => `${Math.min(a, b)} ${Math.max(a, b)}`;
  const follow = (first: number): number[] => {
    const chain = [first];
    for (let here: number | undefined = first; here !== undefined; ) {
      const from: number = here;
      here = [...(neighbours.get(from) ?? [])].find((next) => !seen.has(key(from, next)));
      if (here === undefined) break;
      seen.add(key(from, here));
      chain.push(here);
    }
    return chain;
  };
  const ends = [...neighbours].filter(([, own]) => own.size !== 2).map(([edge]) => edge);
  return [...ends, ...neighbours.keys()].map(follow).filter(({ length }) => length > 1);
}
