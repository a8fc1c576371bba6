/** Multipliers of a point where the Jacobian is sparse: min ‖∇f + Jᵀm‖₂ with m ≥ 0 on the active inequality rows. */
import { at } from '../../diagnostic.ts';
import { finished, type Stages } from '../../stages.ts';
import { euclideanNorm } from '../../tensor/norms.ts';
import { Pace } from '../../tensor/orthogonal.ts';
import { rowLengths, type SparseMatrix, sparseTransposed } from '../../tensor/sparse.ts';
import { GroupFit, type GroupPlan, left, type Pieces, TAKES_NEGATIVE, TAKES_POSITIVE } from './group-fit.ts';
import { isActiveRow, type Stationarity } from './kkt.ts';
import { LinkedMatrix } from './profile-cholesky.ts';

interface SparseRows {
  readonly relations: readonly ('equality' | 'inequality')[];
  readonly jacobian: SparseMatrix;
  /** h or g of every row. */
  readonly residual: Float64Array;
}

/**
 * Rows with one entry are solved for by themselves: of ∇f + Jᵀm in their column they leave the part of the sign that they cannot take
 * away. Over the other rows that makes a convex function of pieces of quadratics, minimised in each group of rows that share columns
 * (`GroupFit`). Where multipliers are not unique, rows with one entry share what they take so that the sum of squares is least, and
 * rows that depend on others have 0. Memory and time go with the entries of J and with the profile of J Jᵀ of each group.
 * Source: Lawson & Hanson 1995, Solving Least Squares Problems, ch. 23.
 */
export class SparseMultiplierSolver {
  private known: Plan | null = null;

  solve(gradient: Float64Array, rows: SparseRows, largest: number): Stationarity {
    return finished(this.stages(gradient, rows, largest));
  }

  /** `solve`, with pauses where rows are many. What it is given stays as it is until it ends. */
  *stages(
    gradient: Float64Array,
    { relations, jacobian, residual }: SparseRows,
    largest: number,
  ): Stages<Stationarity> {
    const plan = this.known?.jacobian === jacobian ? this.known : yield* planOf(jacobian);
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
      work: 0,
    };
    const pace = new Pace();
    yield* pace.did(LOOK * extentOf(jacobian));
    for (const [k, group] of plan.matrix.groups.entries()) yield* new GroupFit(plan, k, group, pieces).run();
    yield* pace.did(LOOK * extentOf(jacobian));
    return finishedBy(plan, pieces);
  }
}

/** What of a Jacobian is the same at every point. */
interface Plan extends GroupPlan {
  readonly jacobian: SparseMatrix;
  /** Rows with one entry. */
  readonly singles: Int32Array;
}

/** For each entry, row and column, in multiplications of a factorisation: of what goes through all of them once, and of a part of a plan. */
const LOOK = 35;
const BUILD = 50;
const extentOf = ({ rows, columns, values }: SparseMatrix): number => rows + columns + values.length;

/** With pauses between its parts where they are many. */
function* planOf(jacobian: SparseMatrix): Stages<Plan> {
  const { starts } = jacobian;
  const pace = new Pace();
  const pause = () => pace.did(BUILD * extentOf(jacobian));
  const count = (row: number) => at(starts, row + 1) - at(starts, row);
  const lengths = rowLengths(jacobian);
  const singles = Int32Array.from(lengths.keys()).filter((row) => count(row) === 1);
  yield* pause();
  const transposed = sparseTransposed(jacobian);
  yield* pause();
  const matrix = new LinkedMatrix(jacobian, transposed, (row) => count(row) > 1);
  yield* pause();
  return { jacobian, lengths, singles, matrix, factors: matrix.groups.map(() => null) };
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
