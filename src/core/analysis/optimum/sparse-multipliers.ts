/** Multipliers of a point where the Jacobian is sparse: min ‖∇f + Jᵀm‖₂ with m ≥ 0 on the active inequality rows. */
import { at } from '../../diagnostic.ts';
import { euclideanNorm } from '../../tensor/norms.ts';
import { rowLengths, type SparseMatrix, sparseTransposed } from '../../tensor/sparse.ts';
import { isActiveRow, type Stationarity } from './kkt.ts';
import { LinkedMatrix, type LinkedRows, ProfileFactor, profileCost } from './profile-cholesky.ts';

interface SparseRows {
  readonly relations: readonly ('equality' | 'inequality')[];
  readonly jacobian: SparseMatrix;
  /** h or g of every row. */
  readonly residual: Float64Array;
}

/** What bounds do for an entry of the slope: by multipliers of their own they take away all that is above 0, or below. */
const TAKES_POSITIVE = 1;
const TAKES_NEGATIVE = 2;

const left = (value: number, takes: number): number =>
  (value > 0 && takes & TAKES_POSITIVE) || (value < 0 && takes & TAKES_NEGATIVE) ? 0 : value;

/**
 * Rows with one entry are solved for by themselves: of ∇f + Jᵀm in their column they leave the part of the sign that they cannot take
 * away. Over the other rows that makes a convex function of pieces of quadratics, minimised in each group of rows that share columns
 * by Newton steps with an exact search along each: one step for equalities alone, and for a row alone, whatever the bounds.
 * Where multipliers are not unique, rows with one entry share what they take so that the sum of squares is least, and rows that
 * depend on others have 0. Memory and time go with the entries of J and with the profile of J Jᵀ of each group.
 * Source: Lawson & Hanson 1995, Solving Least Squares Problems, ch. 23, for the problem; Madsen & Nielsen 1993, SIAM J. Optim. 3,
 * 223–235, for Newton steps on pieces of quadratics, which end after finitely many.
 */
export class SparseMultiplierSolver {
  private known: Plan | null = null;

  solve(gradient: Float64Array, { relations, jacobian, residual }: SparseRows, largest: number): Stationarity {
    const plan = this.known?.jacobian === jacobian ? this.known : new Plan(jacobian);
    this.known = plan;
    const isActive = new Uint8Array(jacobian.rows);
    for (let row = 0; row < jacobian.rows; row++) {
      const isEquality = relations[row] === 'equality';
      if (isEquality || isActiveRow(at(residual, row), at(plan.lengths, row), largest)) isActive[row] = 1;
    }
    const pieces: Pieces = {
      relations,
      isActive,
      slope: gradient.slice(),
      multipliers: new Float64Array(jacobian.rows),
      takes: takenBy(plan, relations, isActive),
    };
    plan.matrix.groups.forEach((group, k) => {
      new GroupFit(plan, k, group, pieces).run();
    });
    return finishedBy(plan, pieces);
  }
}

/** What of a Jacobian is the same at every point. */
class Plan {
  readonly lengths: Float64Array;
  /** Rows with one entry. */
  readonly singles: Int32Array;
  readonly matrix: LinkedMatrix;
  /** The factor of each group that was asked for last. */
  readonly factors: (ProfileFactor | null)[];

  constructor(readonly jacobian: SparseMatrix) {
    const { starts } = jacobian;
    const count = (row: number) => at(starts, row + 1) - at(starts, row);
    this.lengths = rowLengths(jacobian);
    this.singles = Int32Array.from(this.lengths.keys()).filter((row) => count(row) === 1);
    this.matrix = new LinkedMatrix(jacobian, sparseTransposed(jacobian), (row) => count(row) > 1);
    this.factors = this.matrix.groups.map(() => null);
  }
}

function takenBy({ jacobian, singles }: Plan, relations: SparseRows['relations'], isActive: Uint8Array): Uint8Array {
  const { starts, indices, values } = jacobian;
  const takes = new Uint8Array(jacobian.columns);
  for (const row of singles) {
    if (!isActive[row]) continue;
    const [column, entry] = [at(indices, at(starts, row)), at(values, at(starts, row))];
    const own = entry < 0 ? TAKES_POSITIVE : TAKES_NEGATIVE;
    takes[column] = at(takes, column) | (relations[row] === 'equality' ? TAKES_POSITIVE | TAKES_NEGATIVE : own);
  }
  return takes;
}

/** Multipliers of the rows with one entry, and the length of what is left. */
function finishedBy(
  { jacobian, singles }: Plan,
  { relations, isActive, slope, multipliers, takes }: Pieces,
): Stationarity {
  const { starts, indices, values } = jacobian;
  const squares = new Float64Array(slope.length);
  const helping = singles.filter((row) => {
    const [column, entry] = [at(indices, at(starts, row)), at(values, at(starts, row))];
    const helps = isActive[row] === 1 && (relations[row] === 'equality' || entry * at(slope, column) < 0);
    if (helps) squares[column] = at(squares, column) + entry * entry;
    return helps;
  });
  for (const row of helping) {
    const [column, entry] = [at(indices, at(starts, row)), at(values, at(starts, row))];
    multipliers[row] = -(at(slope, column) / at(squares, column)) * entry;
  }
  for (let j = 0; j < slope.length; j++) slope[j] = left(at(slope, j), at(takes, j));
  return { multipliers, stationarity: euclideanNorm(slope) };
}

interface Pieces {
  readonly relations: SparseRows['relations'];
  readonly isActive: Uint8Array;
  /** ∇f + Jᵀm of the rows with several entries. */
  readonly slope: Float64Array;
  readonly multipliers: Float64Array;
  /** What the bounds of each column take away. */
  readonly takes: Uint8Array;
}

/** Steps of a group; each ends it, or changes which rows and columns count. */
const MOST_TURNS = 200;
/** Of the slope in a multiplier, relative to ‖a‖‖∇f‖, and more of more columns: √n roundings. */
const ROUNDING = 1e-14;
/** Multiplications up to which rows that hang together are factorised; beyond, their steps are solved by conjugate gradients. */
const MOST_FACTORED = 3e8;

/** min Σⱼ left(∇f + Aᵀm)ⱼ² over the rows of one group, m ≥ 0 on inequalities, from m = 0 on. */
class GroupFit {
  /** Columns in which nothing is taken away, and rows that may move. */
  private readonly counted: Uint8Array;
  private readonly free: Uint8Array;
  /** Minus the slope in each multiplier of the group. */
  private readonly downhill: Float64Array;
  private readonly direction: Float64Array;
  /** Aᵀ · direction in the columns of the group. */
  private readonly moves: Float64Array;

  constructor(
    private readonly plan: Plan,
    private readonly index: number,
    private readonly group: LinkedRows,
    private readonly pieces: Pieces,
  ) {
    const { rows, columns } = group;
    this.counted = new Uint8Array(columns.length);
    this.free = new Uint8Array(rows.length);
    [this.downhill, this.direction] = [new Float64Array(rows.length), new Float64Array(rows.length)];
    this.moves = new Float64Array(columns.length);
  }

  run(): void {
    const { columns } = this.group;
    const { slope, takes } = this.pieces;
    const scale = Math.sqrt(columns.reduce((sum, j) => sum + at(slope, j) ** 2, 0));
    const tolerance = ROUNDING * Math.max(1, Math.sqrt(columns.length) / 16) * scale;
    let before: { readonly steepest: number; readonly counted: Uint8Array; readonly free: Uint8Array } | null = null;
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      columns.forEach((j, k) => {
        this.counted[k] = left(at(slope, j), at(takes, j)) === slope[j] ? 1 : 0;
      });
      const steepest = this.look(tolerance);
      const isSamePiece = before && isSame(before.counted, this.counted) && isSame(before.free, this.free);
      if (steepest <= tolerance || (isSamePiece && steepest > (before?.steepest ?? 0) / 2)) return; // what is left is rounding
      const piece = { steepest, counted: this.counted.slice(), free: this.free.slice() };
      const isWhole = this.step();
      const end = this.search();
      if (end === 'none') return;
      before = isWhole && end === 'lowest' ? piece : null; // a step that a sign cut short may well return to its piece
    }
  }

  /** Which rows may move, and the largest slope in one of them, per length of the row. */
  private look(tolerance: number): number {
    const { A } = this.plan.matrix;
    const { slope, takes, multipliers, isActive, relations } = this.pieces;
    let steepest = 0;
    this.group.rows.forEach((row, k) => {
      let sum = 0;
      for (let l = at(A.starts, row); l < at(A.starts, row + 1); l++) {
        const j = at(A.indices, l);
        sum -= at(A.values, l) * left(at(slope, j), at(takes, j));
      }
      const perLength = sum / at(this.plan.lengths, row);
      const isHeld = relations[row] === 'inequality' && at(multipliers, row) === 0 && perLength <= tolerance;
      const isFree = isActive[row] === 1 && !isHeld;
      this.free[k] = isFree ? 1 : 0;
      this.downhill[k] = isFree ? sum : 0;
      if (isFree) steepest = Math.max(steepest, Math.abs(perLength));
    });
    return steepest;
  }

  /** The Newton step of the piece; multipliers at 0 that it would make negative stay there. Whether there are none of them. */
  private step(): boolean {
    const { multipliers, relations } = this.pieces;
    const { rows } = this.group;
    let isWhole = true;
    for (;;) {
      this.direction.set(this.downhill);
      if (profileCost(this.group) <= MOST_FACTORED) this.factor().solve(this.direction);
      else this.conjugateGradients();
      let isAllowed = true;
      rows.forEach((row, k) => {
        if (relations[row] === 'equality' || at(multipliers, row) > 0 || at(this.direction, k) >= 0) return;
        [this.free[k], this.downhill[k]] = [0, 0];
        isAllowed = false;
      });
      if (isAllowed) break;
      isWhole = false;
    }
    this.carry(this.direction);
    return isWhole;
  }

  private factor(): ProfileFactor {
    const { plan, index, counted, free } = this;
    const known = plan.factors[index];
    if (known && isSame(known.counted, counted) && isSame(known.free, free)) return known;
    const factor = new ProfileFactor(plan.matrix, this.group, counted.slice(), free.slice());
    plan.factors[index] = factor;
    return factor;
  }

  /** moves = Aᵀ d. */
  private carry(d: Float64Array): void {
    const { A, placeOfColumn } = this.plan.matrix;
    this.moves.fill(0);
    this.group.rows.forEach((row, k) => {
      const weight = at(d, k);
      if (weight === 0) return;
      for (let l = at(A.starts, row); l < at(A.starts, row + 1); l++) {
        const own = at(placeOfColumn, at(A.indices, l));
        this.moves[own] = at(this.moves, own) + weight * at(A.values, l);
      }
    });
  }

  /** d with B Bᵀ d ≈ downhill, B the free rows with the counted columns. Source: Golub & Van Loan 2013, §11.3. */
  private conjugateGradients(): void {
    const { A, placeOfColumn } = this.plan.matrix;
    const { rows } = this.group;
    const rest = this.downhill.slice();
    const along = this.downhill.slice();
    const product = new Float64Array(rows.length);
    this.direction.fill(0);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, entry, k) => sum + entry * at(b, k), 0);
    let square = dot(rest, rest);
    const enough = ROUNDING ** 2 * square;
    for (let turn = 0; turn < 2 * rows.length && square > enough; turn++) {
      this.carry(along);
      rows.forEach((row, k) => {
        let sum = 0;
        for (let l = at(A.starts, row); l < at(A.starts, row + 1); l++) {
          const own = at(placeOfColumn, at(A.indices, l));
          if (this.counted[own]) sum += at(A.values, l) * at(this.moves, own);
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
    }
  }

  /** Goes to the lowest point along the direction, or to where a sign stops it first; says which, or that neither is a step. */
  private search(): 'lowest' | 'sign' | 'none' {
    const { slope, multipliers, relations } = this.pieces;
    const { rows, columns } = this.group;
    let most = Number.POSITIVE_INFINITY;
    let stop = -1;
    rows.forEach((row, k) => {
      if (relations[row] === 'equality' || at(this.direction, k) >= 0) return;
      const room = -at(multipliers, row) / at(this.direction, k);
      if (room < most) [most, stop] = [room, row];
    });
    const wanted = this.lowest();
    const length = Math.min(wanted, most);
    if (!(length > 0)) return 'none';
    rows.forEach((row, k) => {
      multipliers[row] = at(multipliers, row) + length * at(this.direction, k);
    });
    if (most <= wanted) multipliers[stop] = 0;
    columns.forEach((j, k) => {
      slope[j] = at(slope, j) + length * at(this.moves, k);
    });
    return most <= wanted ? 'sign' : 'lowest';
  }

  /** The α ≥ 0 at which Σⱼ left(slope + α·moves)ⱼ² is least: its slope is a rising chain of straight pieces. */
  private lowest(): number {
    const { slope, takes } = this.pieces;
    const { columns } = this.group;
    let [steepness, curvature] = [0, 0];
    const bends: { readonly from: number; readonly change: number }[] = [];
    columns.forEach((j, k) => {
      const [value, move, own] = [at(slope, j), at(this.moves, k), at(takes, j)];
      if (move === 0 || own === (TAKES_POSITIVE | TAKES_NEGATIVE)) return;
      const isCounted = value === 0 ? left(move, own) !== 0 : left(value, own) !== 0;
      if (isCounted) {
        steepness += value * move;
        curvature += move * move;
      }
      if (own !== 0 && value * move < 0)
        bends.push({ from: -value / move, change: (isCounted ? -1 : 1) * move * move });
    });
    if (bends.length === 0) return curvature > 0 ? -steepness / curvature : 0;
    bends.sort((a, b) => a.from - b.from);
    const [negligible, flat] = [1e-15 * Math.abs(steepness), 1e-14 * curvature];
    let length = 0;
    for (const { from, change } of bends) {
      if (steepness >= -negligible) return length;
      const here = steepness + curvature * (from - length);
      if (here >= 0 && curvature > flat) return length - steepness / curvature;
      [steepness, length] = [here, from];
      curvature += change;
    }
    return curvature > flat && steepness < -negligible ? length - steepness / curvature : length;
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.every((entry, k) => entry === b[k]);
