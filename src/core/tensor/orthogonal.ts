/**
 * Orthogonal factors of large dense matrices, by Householder reflections on rows of numbers that lie side by side. Long work pauses:
 * a worker can say that it is alive, and end what nobody waits for any more.
 */
import type { Stages } from '../stages.ts';

/** Multiplications between two pauses: some tens of milliseconds. */
const STAGE = 2e7;

/** What is left of a vector counts as rounding below this part of the longest one. */
const ROUNDING = 1e-13;

/** Pauses after so many multiplications as `did` has been told of. */
export class Pace {
  private since = 0;

  *did(multiplications: number): Stages<void> {
    this.since += multiplications;
    if (this.since < STAGE) return;
    this.since = 0;
    yield;
  }
}

/** Σ a[i] b[i] over `length` entries from these places on. Four sums, as one waits for itself. */
export function dotFrom(a: Float64Array, from: number, b: Float64Array, at: number, length: number): number {
  let [s, t, u, v] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s += (a[from + i] as number) * (b[at + i] as number);
    t += (a[from + i + 1] as number) * (b[at + i + 1] as number);
    u += (a[from + i + 2] as number) * (b[at + i + 2] as number);
    v += (a[from + i + 3] as number) * (b[at + i + 3] as number);
  }
  for (; i < length; i++) s += (a[from + i] as number) * (b[at + i] as number);
  return s + t + (u + v);
}

/** b[i] ← b[i] + factor · a[i]. */
export function addFrom(
  a: Float64Array,
  from: number,
  factor: number,
  b: Float64Array,
  at: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) b[at + i] = (b[at + i] as number) + factor * (a[from + i] as number);
}

/**
 * Vectors, the rows of V[count, length], as sums of orthonormal ones: row order[j] of V is Σ R[k, j] · (row k of Q) over k ≤ j, with
 * R[rank, count], Q[rank, length] and |R[0, 0]| ≥ |R[1, 1]| ≥ …
 */
export class PivotedQr {
  /** Row order[k], from entry k on: the k-th reflector. Row order[j] before that: R[0, j], R[1, j], … */
  private readonly work: Float64Array;
  private readonly diagonal: number[] = [];
  /** 2 / vᵀv of each reflector. */
  private readonly factors: number[] = [];
  readonly order: Int32Array;

  private constructor(
    readonly count: number,
    readonly length: number,
    rows: Float64Array,
  ) {
    this.work = Float64Array.from(rows);
    this.order = Int32Array.from({ length: count }, (_, i) => i);
  }

  /** How many vectors are independent but for rounding. */
  get rank(): number {
    return this.diagonal.length;
  }

  /** Of the rows of V[count, length]. Source: Golub & Van Loan 2013, algorithm 5.4.1, with the lengths of LAPACK's dlaqp2. */
  static *of(count: number, length: number, rows: Float64Array): Stages<PivotedQr> {
    const qr = new PivotedQr(count, length, rows);
    yield* qr.reflect();
    return qr;
  }

  private *reflect(): Stages<void> {
    const { work, order, length, count } = this;
    const pace = new Pace();
    const squares = Float64Array.from({ length: count }, (_, i) => dotFrom(work, i * length, work, i * length, length));
    const known = squares.slice();
    for (let k = 0; k < Math.min(count, length); k++) {
      let longest = k;
      for (let j = k + 1; j < count; j++) if (of(squares, of(order, j)) > of(squares, of(order, longest))) longest = j;
      const pivot = of(order, longest);
      order[longest] = of(order, k);
      order[k] = pivot;
      const place = pivot * length + k;
      const rest = length - k;
      const size = Math.sqrt(dotFrom(work, place, work, place, rest));
      if (size === 0 || size <= ROUNDING * Math.abs(this.diagonal[0] ?? 0)) break;
      const head = of(work, place);
      const value = head > 0 ? -size : size;
      work[place] = head - value;
      const factor = 1 / (size * (size + Math.abs(head)));
      this.diagonal.push(value);
      this.factors.push(factor);
      for (let j = k + 1; j < count; j++) {
        const row = of(order, j);
        const at = row * length + k;
        addFrom(work, place, -factor * dotFrom(work, place, work, at, rest), work, at, rest);
        squares[row] = of(squares, row) - of(work, at) ** 2;
        // What subtraction leaves of a length is measured anew where it is a small part of it.
        if (of(squares, row) < 1e-6 * of(known, row)) {
          squares[row] = dotFrom(work, at + 1, work, at + 1, rest - 1);
          known[row] = of(squares, row);
        }
      }
      yield* pace.did(2 * rest * (count - k));
    }
  }

  /** R[rank, count], row-major; its columns are in `order`. */
  triangle(): Float64Array {
    const { count, length, rank } = this;
    const data = new Float64Array(rank * count);
    for (let j = 0; j < count; j++)
      for (let k = 0; k <= Math.min(j, rank - 1); k++)
        data[k * count + j] = k === j ? (this.diagonal[k] as number) : of(this.work, of(this.order, j) * length + k);
    return data;
  }

  /** The first `rows` rows of Q[rank, length], which are orthonormal. */
  *basis(rows = this.rank): Stages<Float64Array> {
    const { work, order, length, factors } = this;
    const pace = new Pace();
    const data = new Float64Array(rows * length);
    for (let i = 0; i < rows; i++) data[i * length + i] = 1;
    for (let k = rows - 1; k >= 0; k--) {
      const place = of(order, k) * length + k;
      const rest = length - k;
      for (let i = k; i < rows; i++) {
        const at = i * length + k;
        addFrom(work, place, -(factors[k] as number) * dotFrom(work, place, data, at, rest), data, at, rest);
      }
      yield* pace.did(2 * rest * (rows - k));
    }
    return data;
  }
}

const of = (array: Float64Array | Int32Array, i: number): number => array[i] as number;

/** A B for A[m, k], B[k, n], row-major: four rows of B at a time, as what is written is read again otherwise. */
export function* productOf(A: Float64Array, B: Float64Array, m: number, k: number, n: number): Stages<Float64Array> {
  const out = new Float64Array(m * n);
  const pace = new Pace();
  for (let i = 0; i < m; i++) {
    const to = i * n;
    let l = 0;
    for (; l + 3 < k; l += 4) {
      const from = i * k + l;
      const [a, b, c, d] = [of(A, from), of(A, from + 1), of(A, from + 2), of(A, from + 3)];
      const [first, second, third, fourth] = [l * n, (l + 1) * n, (l + 2) * n, (l + 3) * n];
      for (let j = 0; j < n; j++)
        out[to + j] =
          of(out, to + j) +
          (a * of(B, first + j) + b * of(B, second + j) + (c * of(B, third + j) + d * of(B, fourth + j)));
    }
    for (; l < k; l++) addFrom(B, l * n, of(A, i * k + l), out, to, n);
    yield* pace.did(k * n);
  }
  return out;
}

/**
 * Singular values of T[n, n], descending: Householder reflections from both sides leave a bidiagonal matrix with the same ones, whose
 * squares are counted below a number by a recurrence of quotients, and bisected.
 * Source: Golub & Van Loan 2013, §5.4.8; Fernando & Parlett 1994 (stationary qd), with the counts of Demmel & Kahan 1990, §4.
 */
export function* singularValuesOf(T: Float64Array, n: number): Stages<Float64Array> {
  const [diagonal, beside] = yield* bidiagonal(T, n);
  const scale = Math.max(...diagonal.map(Math.abs), ...beside.map(Math.abs), Number.MIN_VALUE);
  // q and e of BᵀB, scaled so that squares neither overflow nor vanish
  const q = diagonal.map((entry) => (entry / scale) ** 2);
  const e = beside.map((entry) => (entry / scale) ** 2);
  /** How many squares of singular values are below s. */
  const below = (s: number): number => {
    let count = 0;
    let d = -s;
    for (let i = 0; i < n; i++) {
      const pivot = of(q, i) + d;
      if (pivot < 0) count += 1;
      if (i === n - 1) break;
      d = (of(e, i) * d) / (pivot === 0 ? Number.MIN_VALUE : pivot) - s;
    }
    return count;
  };
  const values = new Float64Array(n);
  const pace = new Pace();
  const top = 4 * n;
  for (let k = 0; k < n; k++) {
    // The k-th largest: above `low` there are more than k of them. Bisected in powers first, as they differ in size.
    let [low, high] = [0, k === 0 ? top : (of(values, k - 1) / scale) ** 2 * (1 + 8 * Number.EPSILON)];
    while (high - low > 4 * Number.EPSILON * high && high > 1e-36) {
      const middle = low > 0 ? (low > high / 4 ? (low + high) / 2 : Math.sqrt(low * high)) : high / 16;
      if (n - below(middle) > k) low = middle;
      else high = middle;
      yield* pace.did(5 * n);
    }
    values[k] = high > 1e-36 ? scale * Math.sqrt((low + high) / 2) : 0;
  }
  return values;
}

/** Diagonal[n] and what stands above it[n − 1] of a bidiagonal Uᵀ T V. */
function* bidiagonal(T: Float64Array, n: number): Stages<[Float64Array, Float64Array]> {
  const work = Float64Array.from(T);
  const pace = new Pace();
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(Math.max(0, n - 1));
  const column = new Float64Array(n);
  const along = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    // From the left: column k below its first entry becomes 0. All columns at once: along = vᵀ T, row by row.
    for (let i = k; i < n; i++) column[i] = of(work, i * n + k);
    const left = reflector(column, k, n - k);
    diagonal[k] = left.value;
    along.fill(0, k);
    for (let i = k; i < n; i++) addFrom(work, i * n + k + 1, of(column, i), along, k + 1, n - k - 1);
    for (let i = k; i < n; i++) addFrom(along, k + 1, -left.factor * of(column, i), work, i * n + k + 1, n - k - 1);
    if (k + 1 === n) break;
    // From the right: row k after its second entry.
    const row = k * n + k + 1;
    const right = reflector(work, row, n - k - 1);
    beside[k] = right.value;
    for (let i = k + 1; i < n; i++) {
      const at = i * n + k + 1;
      addFrom(work, row, -right.factor * dotFrom(work, row, work, at, n - k - 1), work, at, n - k - 1);
    }
    yield* pace.did(4 * (n - k) ** 2);
  }
  return [diagonal, beside];
}

/** Makes of a vector in place the v for which (I − factor v vᵀ) a = (value, 0, …, 0). */
function reflector(a: Float64Array, from: number, length: number): { readonly value: number; readonly factor: number } {
  const size = Math.sqrt(dotFrom(a, from, a, from, length));
  if (size === 0) return { value: 0, factor: 0 };
  const head = of(a, from);
  const value = head > 0 ? -size : size;
  a[from] = head - value;
  return { value, factor: 1 / (size * (size + Math.abs(head))) };
}
