/** Multipliers of a point: the solution of min ‖∇f + Jᵀm‖₂ with m ≥ 0 on the active inequality rows. */
import { at } from '../../diagnostic.ts';
import { type Matrix, pseudoinverse } from '../../tensor/matrix.ts';
import { euclideanNorm } from '../../tensor/norms.ts';

export interface Rows {
  readonly relations: readonly ('equality' | 'inequality')[];
  /** J[rows, n], row-major. */
  readonly jacobian: Float64Array;
  /** h or g of every row. */
  readonly residual: Float64Array;
}

/**
 * A row with g ≥ −ACTIVE·(1 + |x|∞)·max(1, ‖∇g‖) counts as active: of a steep row g/‖∇g‖ is about the distance to its boundary, and
 * rounding of x alone makes more of g.
 */
const ACTIVE = 1e-6;

/** Whether an inequality with residual g and ‖∇g‖ = length counts as active at a point with |x|∞ = largest. */
export const isActiveRow = (residual: number, length: number, largest: number): boolean =>
  residual >= -ACTIVE * (1 + largest) || residual >= -ACTIVE * (1 + largest) * length;

export interface Stationarity {
  /** One a row, in the order of the rows; 0 for inactive inequalities. */
  readonly multipliers: Float64Array;
  /** ‖∇f + Jᵀm‖₂. */
  readonly stationarity: number;
}

/** Rows that enter one by one: beyond it the multipliers are admissible, but their stationarity is a bound from above. */
const MOST_TURNS = 64;
/** Times that a guess of the active rows is shrunk. */
const MOST_ROUNDS = 6;

/** The pseudoinverse of J_P that was asked for last: while the Jacobian and the rows P stay the same, so does it. */
export class RowsInverse {
  private key: { readonly jacobian: Float64Array; readonly passive: readonly number[] } | null = null;
  private inverse: Matrix = { rows: 0, columns: 0, data: new Float64Array(0) };

  of(jacobian: Float64Array, passive: readonly number[], n: number): Matrix {
    const known = this.key;
    const isSame =
      known && String(known.passive) === String(passive) && known.jacobian.every((entry, i) => entry === jacobian[i]);
    if (isSame) return this.inverse;
    const data = Float64Array.from(passive.flatMap((row) => [...jacobian.subarray(row * n, (row + 1) * n)]));
    this.key = { jacobian: jacobian.slice(), passive: [...passive] };
    this.inverse = pseudoinverse({ rows: passive.length, columns: n, data });
    return this.inverse;
  }
}

/** Begins with the rows that were active last. Solvers of one problem may share what they invert. */
export class MultiplierSolver {
  private passive: readonly number[] = [];

  constructor(private readonly inverses = new RowsInverse()) {}

  /** Lawson & Hanson 1995, Solving Least Squares Problems, ch. 23 (NNLS), with free variables for the equalities. */
  solve(gradient: Float64Array, { relations, jacobian, residual }: Rows, largest: number): Stationarity {
    const lengthOf = (i: number) => euclideanNorm(jacobian.subarray(i * gradient.length, (i + 1) * gradient.length));
    const isActive = (i: number) => isActiveRow(at(residual, i), lengthOf(i), largest);
    const candidates = relations.flatMap((relation, i) => (relation === 'inequality' && isActive(i) ? [i] : []));
    const equalities = relations.flatMap((relation, i) => (relation === 'equality' ? [i] : []));
    const tolerance = 1e-12 * (1 + euclideanNorm(gradient));
    const enteringAt = (multipliers: Float64Array, passive: readonly number[]) =>
      steepest(
        candidates.filter((i) => !passive.includes(i)),
        jacobian,
        remainderOf(gradient, jacobian, multipliers),
        tolerance,
      );
    const multipliers = new Float64Array(relations.length);
    const isOptimal = (passive: readonly number[]) => enteringAt(multipliers, passive) === null;
    // Most records end here: by the active rows of the record before, or by all candidates but those that pull inwards.
    const guesses = [this.passive.filter((i) => candidates.includes(i)), candidates];
    let passive =
      guesses.find((guess) => this.shrink(gradient, jacobian, equalities, guess, multipliers, isOptimal)) ?? null;
    if (passive === null) {
      passive = [];
      this.fit(gradient, jacobian, equalities, multipliers);
      // Each turn adds a row or ends; rounding could cycle, and many rows take long, so the turns are counted.
      for (let turn = 0; turn < Math.min(3 * candidates.length, MOST_TURNS); turn++) {
        const entering = enteringAt(multipliers, passive);
        if (entering === null) break;
        passive = this.admit(gradient, jacobian, equalities, [...passive, entering], multipliers);
      }
    }
    this.passive = relations.flatMap((relation, i) => (relation === 'inequality' && at(multipliers, i) > 0 ? [i] : []));
    return { multipliers, stationarity: euclideanNorm(remainderOf(gradient, jacobian, multipliers)) };
  }

  /** Leaves out rows with multipliers that are not positive until none has; whether that is the solution. */
  private shrink(
    gradient: Float64Array,
    jacobian: Float64Array,
    equalities: readonly number[],
    guess: readonly number[],
    multipliers: Float64Array,
    isOptimal: (passive: readonly number[]) => boolean,
  ): boolean {
    let passive = guess;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      this.fit(gradient, jacobian, [...equalities, ...passive], multipliers);
      const kept = passive.filter((i) => at(multipliers, i) > 0);
      if (kept.length === passive.length) return isOptimal(passive);
      passive = kept;
    }
    return false;
  }

  /** Solves on the passive rows, moving back to the boundary and dropping rows until none is negative. */
  private admit(
    gradient: Float64Array,
    jacobian: Float64Array,
    equalities: readonly number[],
    rows: readonly number[],
    multipliers: Float64Array,
  ): number[] {
    let passive = [...rows];
    for (;;) {
      const trial = new Float64Array(multipliers.length);
      this.fit(gradient, jacobian, [...equalities, ...passive], trial);
      const negative = passive.filter((i) => at(trial, i) <= 0);
      if (negative.length === 0 || passive.length === 0) {
        multipliers.set(trial);
        return passive;
      }
      const step = Math.min(...negative.map((i) => at(multipliers, i) / (at(multipliers, i) - at(trial, i) || 1)));
      for (let i = 0; i < multipliers.length; i++)
        multipliers[i] = at(multipliers, i) + step * (at(trial, i) - at(multipliers, i));
      const dropped = negative.filter((i) => at(multipliers, i) <= 1e-15);
      passive = passive.filter((i) => !(dropped.length > 0 ? dropped : negative).includes(i));
    }
  }

  /** m = −(J_P⁺)ᵀ ∇f on the rows P, 0 elsewhere. */
  private fit(
    gradient: Float64Array,
    jacobian: Float64Array,
    rows: readonly number[],
    multipliers: Float64Array,
  ): void {
    multipliers.fill(0);
    if (rows.length === 0) return;
    const n = gradient.length;
    const inverse = this.inverses.of(jacobian, rows, n);
    rows.forEach((row, k) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += at(inverse.data, j * rows.length + k) * at(gradient, j);
      multipliers[row] = -sum;
    });
  }
}

/** ∇f + Jᵀm. */
function remainderOf(gradient: Float64Array, jacobian: Float64Array, multipliers: Float64Array): Float64Array {
  const n = gradient.length;
  const remainder = gradient.slice();
  multipliers.forEach((multiplier, i) => {
    if (multiplier === 0) return;
    for (let j = 0; j < n; j++) remainder[j] = at(remainder, j) + multiplier * at(jacobian, i * n + j);
  });
  return remainder;
}

/** The row along which ‖∇f + Jᵀm‖ falls fastest as its multiplier grows, or null. */
function steepest(
  rows: readonly number[],
  jacobian: Float64Array,
  remainder: Float64Array,
  tolerance: number,
): number | null {
  const n = remainder.length;
  let best: number | null = null;
  let slope = -tolerance;
  for (const i of rows) {
    let product = 0;
    for (let j = 0; j < n; j++) product += at(jacobian, i * n + j) * at(remainder, j);
    if (product < slope) {
      slope = product;
      best = i;
    }
  }
  return best;
}
