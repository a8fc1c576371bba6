/** Loss, gradient, residuals and Jacobian at a point, as runs are graded. */
import type { Local } from '../analysis/optimum/model.ts';
import { at } from '../diagnostic.ts';
import type { Problem } from '../problem/problem.ts';
import { type Measure, recordMeasure } from '../program/measure.ts';
import { Machine } from '../tensor/evaluate.ts';

export type FirstOrder = (x: Float64Array, t?: number) => Local;

/**
 * f, ∇f, residuals and Jacobian of a problem as functions of x[n] and t, in Float64: with the subgradient that the slope chooses where
 * a set has a corner. `steps` is T.
 */
export function firstOrder(problem: Problem, steps = 1): FirstOrder & { readonly relations: Measure['relations'] } {
  const measure = recordMeasure(problem, null);
  const { loss, gradient, residual, jacobian, relations } = measure;
  const machine = new Machine(measure);
  machine.numbers(measure.steps)[0] = steps;
  const compute = machine.procedure([loss, gradient, residual, jacobian]);
  const numbers = (id: number) => machine.numbers(id).slice();
  const local: FirstOrder = (x, t = 0) => {
    machine.numbers(measure.x).set(x);
    machine.numbers(measure.time)[0] = t;
    compute();
    return {
      loss: at(machine.numbers(loss), 0),
      gradient: numbers(gradient),
      residual: numbers(residual),
      jacobian: { rows: relations.length, columns: problem.size, data: numbers(jacobian) },
    };
  };
  return Object.assign(local, { relations });
}
