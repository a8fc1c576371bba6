/** Multipliers of rows that share columns: the least that they leave of a slope, of which bounds of entries take their part. */
import { at } from '../../diagnostic.ts';
import type { Stages } from '../../stages.ts';
import { Pace } from '../../tensor/orthogonal.ts';
import { type LinkedMatrix, type LinkedRows, ProfileFactor, profileCost } from './profile-cholesky.ts';

/** What bounds do for an entry of the slope: by multipliers of their own they take away all that is above 0, or below. */
export const TAKES_POSITIVE = 1;
export const TAKES_NEGATIVE = 2;

/** What of a slope bounds leave. */
export const left = (value: number, takes: number): number =>
  (value > 0 && takes & TAKES_POSITIVE) || (value < 0 && takes & TAKES_NEGATIVE) ? 0 : value;

/** What of a Jacobian is the same at every point. */
export interface GroupPlan {
  /** ‖aᵢ‖₂ of each row. */
  readonly lengths: Float64Array;
  readonly matrix: LinkedMatrix;
  /** The factor of each group that was asked for last. */
  readonly factors: (ProfileFactor | null)[];
}

/** The point, and how far its multipliers are. */
export interface Pieces {
  readonly relations: readonly ('equality' | 'inequality')[];
  readonly isActive: Uint8Array;
  /** ∇f + Jᵀm of the rows with several entries. */
  readonly slope: Float64Array;
  readonly multipliers: Float64Array;
  /** What the bounds of each column take away. */
  readonly takes: Uint8Array;
  /** Multiplications so far, of all groups. */
  work: number;
}

/** Steps of a group; each ends it, or changes which rows and columns count. */
const MOST_TURNS = 200;
/** Of the slope in a multiplier, relative to ‖a‖‖∇f‖, and more of more columns: √n roundings. */
const ROUNDING = 1e-14;
/** Of a step: what it must take away of what it promises, and how short it may become. */
const ENOUGH = 1e-4;
const SHORTEST = 1e-9;
/**
 * Multiplications up to which rows that hang together are factorised: equalities alone once for all points, others anew for each piece.
 * Beyond, steps are solved by conjugate gradients, of so many turns, which end where they come no nearer.
 */
const MOST_FACTORED = { once: 2e9, often: 1e8 } as const;
const MOST_CONJUGATE = 2000;
/** How near they come, relatively, to a step of a piece that will be left. */
const COARSE = 1e-3;
const PATIENCE = 100;
/** Of a turn of conjugate gradients, beside the same of a factorisation, which reads in order; */
const WORK_OF_ENTRY = 50;
/** and of a look at all rows and columns. */
const LOOK_AT_ENTRY = 35;
/** At one point, in multiplications: then multipliers are admissible, and what they leave is a bound from above. */
const MOST_WORK = 1e9;

/**
 * min Σⱼ left(∇f + Aᵀm)ⱼ² over the rows of one group, m ≥ 0 on inequalities, from m = 0 on: by Newton steps, of which equalities alone
 * take one. On pieces of quadratics they end after finitely many: Madsen & Nielsen 1993, SIAM J. Optim. 3, 223–235.
 */
export class GroupFit {
  /** Columns in which nothing is taken away, and rows that may move. */
  private readonly counted: Uint8Array;
  private readonly free: Uint8Array;
  /** Minus the slope in each multiplier of the group. */
  private readonly downhill: Float64Array;
  private readonly direction: Float64Array;
  /** What a step adds to the multipliers. */
  private readonly steps: Float64Array;
  /** Aᵀ · steps in the columns of the group. */
  private readonly moves: Float64Array;
  /** What bounds leave of the slope in the columns of the group. */
  private readonly rest: Float64Array;
  /** Whether all rows are equalities without bounds, which are solved for at once, and at all points alike. */
  private readonly areSettled: boolean;
  private readonly isFactored: boolean;
  /** Of the rows of the group. */
  private readonly entries: number;

  constructor(
    private readonly plan: GroupPlan,
    private readonly index: number,
    private readonly group: LinkedRows,
    private readonly pieces: Pieces,
  ) {
    const { rows, columns } = group;
    const { starts } = plan.matrix.A;
    this.entries = rows.reduce((sum, row) => sum + at(starts, row + 1) - at(starts, row), 0);
    this.counted = new Uint8Array(columns.length);
    this.free = new Uint8Array(rows.length);
    const perRow = () => new Float64Array(rows.length);
    [this.downhill, this.direction, this.steps] = [perRow(), perRow(), perRow()];
    this.moves = new Float64Array(columns.length);
    this.rest = new Float64Array(columns.length);
    this.areSettled =
      rows.every((row) => pieces.relations[row] === 'equality') && columns.every((j) => pieces.takes[j] === 0);
    this.isFactored = profileCost(group) <= MOST_FACTORED[this.areSettled ? 'once' : 'often'];
  }

  /** With pauses where rows have many entries, or a factorisation is long. */
  *run(): Stages<void> {
    const { columns } = this.group;
    const pace = new Pace();
    const { slope, takes } = this.pieces;
    const scale = Math.sqrt(columns.reduce((sum, j) => sum + at(slope, j) ** 2, 0));
    const tolerance = ROUNDING * Math.max(1, Math.sqrt(columns.length) / 16) * scale;
    let before: { readonly steepest: number; readonly counted: Uint8Array; readonly free: Uint8Array } | null = null;
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      columns.forEach((j, k) => {
        this.counted[k] = left(at(slope, j), at(takes, j)) === slope[j] ? 1 : 0;
      });
      yield* pace.did(LOOK_AT_ENTRY * (this.entries + columns.length));
      const steepest = this.look(tolerance);
      const isSamePiece = before && isSame(before.counted, this.counted) && isSame(before.free, this.free);
      if (steepest <= tolerance || (isSamePiece && steepest > (before?.steepest ?? 0) / 2)) return; // what is left is rounding
      before = { steepest, counted: this.counted.slice(), free: this.free.slice() };
      this.direction.set(this.downhill);
      if (this.isFactored) (yield* this.factor()).solve(this.direction);
      else yield* this.conjugateGradients(isSamePiece || this.areSettled ? ROUNDING : COARSE);
      yield* pace.did(LOOK_AT_ENTRY * (this.entries + columns.length));
      const length = this.search();
      if (length === 0 || this.pieces.work > MOST_WORK) return;
      if (length < 1) before = null; // what a step goes only a part of may well return to its piece
    }
  }

  /** Which rows may move, and the largest slope in one of them, per length of the row. */
  private look(tolerance: number): number {
    const { A, placeOfColumn } = this.plan.matrix;
    const { slope, takes, multipliers, isActive, relations } = this.pieces;
    const { rest } = this;
    this.group.columns.forEach((j, k) => {
      rest[k] = left(at(slope, j), at(takes, j));
    });
    let steepest = 0;
    this.group.rows.forEach((row, k) => {
      let sum = 0;
      for (let l = at(A.starts, row), end = at(A.starts, row + 1); l < end; l++)
        sum -= (A.values[l] as number) * (rest[placeOfColumn[A.indices[l] as number] as number] as number); // at every entry of A
      const perLength = sum / at(this.plan.lengths, row);
      const isHeld = relations[row] === 'inequality' && at(multipliers, row) === 0 && perLength <= tolerance;
      const isFree = isActive[row] === 1 && !isHeld;
      this.free[k] = isFree ? 1 : 0;
      this.downhill[k] = isFree ? sum : 0;
      if (isFree) steepest = Math.max(steepest, Math.abs(perLength));
    });
    return steepest;
  }

  private *factor(): Stages<ProfileFactor> {
    const { plan, index, counted, free } = this;
    const known = plan.factors[index];
    if (known && isSame(known.counted, counted) && isSame(known.free, free)) return known;
    const factor = yield* ProfileFactor.of(plan.matrix, this.group, counted.slice(), free.slice());
    plan.factors[index] = factor;
    this.pieces.work += profileCost(this.group);
    return factor;
  }

  /** moves = Aᵀ d. */
  private carry(d: Float64Array): void {
    const { A, placeOfColumn } = this.plan.matrix;
    const { moves } = this;
    moves.fill(0);
    this.group.rows.forEach((row, k) => {
      const weight = at(d, k);
      if (weight === 0) return;
      for (let l = at(A.starts, row), end = at(A.starts, row + 1); l < end; l++) {
        const own = placeOfColumn[A.indices[l] as number] as number;
        moves[own] = (moves[own] as number) + weight * (A.values[l] as number);
      }
    });
  }

  /** d with B Bᵀ d ≈ downhill, B the free rows with the counted columns. Source: Golub & Van Loan 2013, §11.3. */
  private *conjugateGradients(relative: number): Stages<void> {
    const { A, placeOfColumn } = this.plan.matrix;
    const { moves, counted } = this;
    const { rows } = this.group;
    const pace = new Pace();
    const rest = this.downhill.slice();
    const along = this.downhill.slice();
    const product = new Float64Array(rows.length);
    this.direction.fill(0);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, entry, k) => sum + entry * at(b, k), 0);
    let square = dot(rest, rest);
    const enough = relative ** 2 * square;
    let [least, since] = [square, 0];
    for (let turn = 0; turn < MOST_CONJUGATE && square > enough && since < PATIENCE; turn++) {
      this.pieces.work += WORK_OF_ENTRY * this.entries;
      yield* pace.did(WORK_OF_ENTRY * this.entries);
      this.carry(along);
      rows.forEach((row, k) => {
        let sum = 0;
        for (let l = at(A.starts, row), end = at(A.starts, row + 1); l < end; l++) {
          const own = placeOfColumn[A.indices[l] as number] as number;
          if (counted[own]) sum += (A.values[l] as number) * (moves[own] as number);
        }
        product[k] = this.free[k] ? sum : 0;
      });
      const curvature = dot(along, product);
      if (!(curvature > 0)) break;
      const length = square / curvature;
      for (let k = 0; k < rows.length; k++) {
        this.direction[k] = at(this.direction, k) + length * at(along, k);
        rest[k] = at(rest, k) - length * at(product, k);
      }
      const next = dot(rest, rest);
      for (let k = 0; k < rows.length; k++) along[k] = at(rest, k) + (next / square) * at(along, k);
      square = next;
      since = next < least / 2 ? 0 : since + 1;
      if (since === 0) least = next;
    }
  }

  /**
   * Goes along the direction, multipliers that would become negative staying at 0, by the whole of it, a half, a quarter …: the first
   * that takes away a share of what its slope promises. How far that was, or 0 where rounding is all that moves.
   * Source: Bertsekas 1982, SIAM J. Control Optim. 20, 221–246, for the arc, along which a Newton step of the free rows descends.
   */
  private search(): number {
    const { slope, multipliers, relations } = this.pieces;
    const { rows, columns } = this.group;
    for (let length = 1; length > SHORTEST; length /= 2) {
      let promised = 0;
      rows.forEach((row, k) => {
        const wanted = at(multipliers, row) + length * at(this.direction, k);
        const next = relations[row] === 'inequality' ? Math.max(0, wanted) : wanted;
        this.steps[k] = next - at(multipliers, row);
        promised += at(this.downhill, k) * at(this.steps, k);
      });
      this.carry(this.steps);
      if (!(promised > 0) || !(this.fallen() >= ENOUGH * promised)) continue;
      rows.forEach((row, k) => {
        multipliers[row] = at(multipliers, row) + at(this.steps, k);
      });
      columns.forEach((j, k) => {
        slope[j] = at(slope, j) + at(this.moves, k);
      });
      return length;
    }
    return 0;
  }

  /** How much less ½ Σⱼ left(slope)ⱼ² is after the moves. */
  private fallen(): number {
    const { slope, takes } = this.pieces;
    return this.group.columns.reduce((sum, j, k) => {
      const [own, move] = [at(takes, j), at(this.moves, k)];
      const [before, after] = [left(at(slope, j), own), left(at(slope, j) + move, own)];
      const isCounted = this.counted[k] === 1 && after === at(slope, j) + move;
      return sum - ((isCounted ? move : after - before) * (before + after)) / 2; // not a difference of what is nearly equal
    }, 0);
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.every((entry, k) => entry === b[k]);
