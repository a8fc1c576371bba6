/** Moves a point to the feasible set, near where it was. */
import { at, invariant } from '../diagnostic.ts';
import type { Measure } from '../program/measure.ts';
import { Machine } from '../tensor/evaluate.ts';
import { maximumNorm } from '../tensor/norms.ts';

const MOST_TURNS = 40;
const TOLERANCE = 1e-9;
/** Relative to the trace of J Jᵀ: rows that depend on each other do not stop the step. */
const RIDGE = 1e-12;

/**
 * x ← x − J_Vᵀ (J_V J_Vᵀ + εI)⁻¹ r_V over the violated rows V, until none is violated: the least step to their linearisation.
 * A point that finds no feasible one nearby stays where the last step left it.
 * Source: Nocedal & Wright 2006, §11.1 (Newton's method for nonlinear equations), with the step of least norm.
 */
export class FeasiblePoint {
  private readonly machine: Machine;
  private readonly evaluate: () => void;

  constructor(
    private readonly measure: Measure,
    steps: number,
  ) {
    invariant(!measure.steady, 'all rows of the Jacobian are in one matrix');
    this.machine = new Machine(measure);
    this.machine.numbers(measure.steps)[0] = steps;
    this.evaluate = this.machine.procedure([measure.residual, measure.jacobian]);
  }

  /** Moves x in place, at t = 0. */
  move(x: Float64Array): void {
    const { measure, machine } = this;
    const residual = machine.numbers(measure.residual);
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      machine.numbers(measure.x).set(x);
      this.evaluate();
      const bound = TOLERANCE * (1 + maximumNorm(x));
      const violated = measure.relations.flatMap((relation, i) => {
        const value = at(residual, i);
        return (relation === 'equality' ? Math.abs(value) : value) > bound ? [i] : [];
      });
      if (violated.length === 0) return;
      const step = leastStep(machine.numbers(measure.jacobian), residual, violated, x.length);
      if (!step.every(Number.isFinite)) return;
      for (let j = 0; j < x.length; j++) x[j] = at(x, j) - at(step, j);
    }
  }
}

/** Jᵀ(J Jᵀ + εI)⁻¹ r on the given rows, by Cholesky. */
function leastStep(
  jacobian: Float64Array,
  residual: Float64Array,
  rows: readonly number[],
  size: number,
): Float64Array {
  const m = rows.length;
  const gram = new Float64Array(m * m);
  let trace = 0;
  for (let a = 0; a < m; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += at(jacobian, at(rows, a) * size + j) * at(jacobian, at(rows, b) * size + j);
      gram[a * m + b] = sum;
      if (a === b) trace += sum;
    }
  }
  const y = Float64Array.from(rows, (row) => at(residual, row));
  for (let a = 0; a < m; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = at(gram, a * m + b) + (a === b ? RIDGE * trace : 0);
      for (let k = 0; k < b; k++) sum -= at(gram, a * m + k) * at(gram, b * m + k);
      gram[a * m + b] = a === b ? Math.sqrt(sum) : sum / at(gram, b * m + b);
    }
    let sum = at(y, a);
    for (let k = 0; k < a; k++) sum -= at(gram, a * m + k) * at(y, k);
    y[a] = sum / at(gram, a * m + a);
  }
  for (let a = m - 1; a >= 0; a--) {
    let sum = at(y, a);
    for (let k = a + 1; k < m; k++) sum -= at(gram, k * m + a) * at(y, k);
    y[a] = sum / at(gram, a * m + a);
  }
  const step = new Float64Array(size);
  for (let a = 0; a < m; a++)
    for (let j = 0; j < size; j++) step[j] = at(step, j) + at(y, a) * at(jacobian, at(rows, a) * size + j);
  return step;
}
