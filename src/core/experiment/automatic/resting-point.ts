/** Where a run with multipliers is likely to come to rest: what its step lengths follow from where constraints are curved. */
import type { RestMeasures } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { objectiveOf, residualOf } from '../../problem/elaborate.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { gradient, jacobian, jvp, vjp } from '../../tensor/derivatives.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { type Matrix, matrixVector, pseudoinverse, selectRows, transposed } from '../../tensor/matrix.ts';
import { euclideanNorm } from '../../tensor/norms.ts';
import { Ops, type Tensor } from '../../tensor/ops.ts';
import { sizeOf } from '../../tensor/shape.ts';
import { greatest } from './start-probe.ts';

/** Entries of J beyond which nothing is estimated: it is made anew at some hundreds of points. */
const SIZE_LIMIT = 2000;
/** Steps down the loss, and Newton steps back after each. After the first few, rows are as steep as the run will find them. */
const [DESCENTS, RETURNS, SWINGS] = [100, 6, 2];
/** A row binds above it. */
const BINDING = 1e-9;

/**
 * From x₀ by steps −η∇f, each followed by Newton steps −J⁺r to the rows that are violated; at the last point λ = −(J⁺)ᵀ∇f, μ ≥ 0.
 * Null where no row binds, J is large, or numbers are not finite.
 */
export function restOf(problem: Problem, step: number): RestMeasures | null {
  const start = startOf(problem);
  const rows = new Rows(problem);
  if (rows.count * problem.size > SIZE_LIMIT || !rows.moveTo(start)) return null;
  let [point, pull] = [Float64Array.from(start), rows.pull()];
  let bound = rows.equalities;
  for (let k = 0; k < DESCENTS; k++) {
    point = point.map((entry, i) => entry - step * at(rows.slope, i));
    if (!rows.moveTo(point)) return null;
    if (k < SWINGS) pull = Math.max(pull, rows.pull());
    bound = rows.equalities;
    for (let way = 0; way < RETURNS; way++) {
      bound = rows.binding(bound);
      if (bound.length === 0) break;
      const back = rows.back(bound);
      point = point.map((entry, i) => entry - at(back, i));
      if (!rows.moveTo(point)) return null;
    }
  }
  if (bound.length === 0) return null;
  const multipliers = rows.multipliers(bound);
  return {
    curvature: rows.curvature(multipliers),
    pull: Math.sqrt(pull * rows.pull()),
    multipliers: euclideanNorm(multipliers),
    distance: euclideanNorm(point.map((entry, i) => entry - at(start, i))),
  };
}

/** All rows r of a problem at a point that can be set, and the slope of the loss there. */
class Rows {
  readonly count: number;
  /** Rows that must be 0. */
  readonly equalities: readonly number[];
  readonly slope: Float64Array;
  private readonly machine: Machine;
  private readonly x: Tensor;
  private readonly residuals: Float64Array;
  private readonly J: Matrix;
  private readonly look: () => void;
  private readonly bend: (weights: Float64Array, d: Float64Array) => Float64Array;

  constructor(private readonly problem: Problem) {
    const { size, constraints } = problem;
    const ops = new Ops();
    this.x = ops.input('start', 'x', [size]);
    const [t, T] = [ops.input('time', 't', []), ops.input('setting', 'T', [])];
    const each = (point: Tensor) => constraints.map((one) => residualOf(ops, problem, one, point, t, T));
    const all = (point: Tensor) => ops.concat(each(point));
    const residuals = all(this.x);
    this.count = sizeOf(residuals.shape);
    const isEquality = each(this.x).flatMap(({ shape }, i) =>
      new Array<boolean>(sizeOf(shape)).fill(at(constraints, i).relation === 'equality'),
    );
    this.equalities = isEquality.flatMap((is, i) => (is ? [i] : []));
    const [weights, d] = [ops.input('setting', 'λ', [this.count]), ops.input('setting', 'd', [size])];
    const slope = gradient(ops, (point) => objectiveOf(ops, problem, point, t, T), this.x);
    const J = jacobian(ops, all, this.x);
    const bent = jvp(ops, (point) => vjp(ops, all, point, weights), this.x, d);
    this.machine = new Machine(ops);
    const numbers = ({ id }: Tensor) => this.machine.numbers(id);
    numbers(T)[0] = 1;
    this.look = this.machine.procedure([slope.id, residuals.id, J.id]);
    this.slope = numbers(slope);
    this.residuals = numbers(residuals);
    this.J = { rows: this.count, columns: size, data: numbers(J) };
    const bend = this.machine.procedure([bent.id]);
    this.bend = (multipliers, along) => {
      numbers(weights).set(multipliers);
      numbers(d).set(along);
      bend();
      return numbers(bent);
    };
  }

  /** Whether all is finite there. */
  moveTo(point: ArrayLike<number>): boolean {
    this.machine.numbers(this.x.id).set(point);
    this.look();
    return [this.slope, this.residuals, this.J.data].every((numbers) => numbers.every(Number.isFinite));
  }

  /** These rows, and those that are violated. */
  binding(bound: readonly number[]): readonly number[] {
    const known = new Set(bound);
    this.residuals.forEach((entry, i) => {
      if (entry > BINDING) known.add(i);
    });
    return [...known];
  }

  /** J⁺r of some rows. */
  back(rows: readonly number[]): Float64Array {
    return matrixVector(
      pseudoinverse(selectRows(this.J, rows)),
      rows.map((i) => at(this.residuals, i)),
    );
  }

  /** λ_max of JᵀJ. */
  pull(): number {
    const transpose = transposed(this.J);
    return greatest(this.problem.size, (d) => matrixVector(transpose, matrixVector(this.J, d)));
  }

  /** −(J⁺)ᵀ∇f of some rows, 0 of the others; of inequalities not below 0. */
  multipliers(rows: readonly number[]): Float64Array {
    const weights = matrixVector(transposed(pseudoinverse(selectRows(this.J, rows))), this.slope);
    const all = new Float64Array(this.count);
    rows.forEach((i, k) => {
      all[i] = this.equalities.includes(i) ? -at(weights, k) : Math.max(0, -at(weights, k));
    });
    return all;
  }

  /** |λ|_max of Σ λᵢ ∇²rᵢ. */
  curvature(multipliers: Float64Array): number {
    return greatest(this.problem.size, (d) => this.bend(multipliers, d));
  }
}
