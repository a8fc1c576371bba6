/** Points where the slopes of constraints cancel, as at a cusp or where two disks touch: an optimum there has no multipliers to prove it by. */
import { at } from '../../diagnostic.ts';
import { matrixVector, pseudoinverse, selectRows, transposed } from '../../tensor/matrix.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import type { Arrival } from './interior-point.ts';
import type { Model } from './model.ts';
import { graded } from './polish.ts';

/** Where slopes cancel, and the loss as it is searched. */
export interface Cusp {
  readonly x: Float64Array;
  readonly loss: number;
}

/** ‖m‖ of the multipliers from which on, next to 1 + ‖∇f‖, slopes of ordinary length may cancel. */
const LARGE = 10;
/** Weights below this share of the largest are of rows that do not take part. */
const SHARE = 1e-2;
/** Newton steps: at a cusp each only halves the way. */
const STEPS = 80;
const TOLERANCE = 1e-9;
/** It is looked for this near to where a search ended, relative to 1 + |x|. */
const NEAR = 0.1;
/** A KKT residual from which on there are no multipliers. */
const UNBALANCED = 1e-4;

/**
 * From a point with large multipliers by Gauss–Newton steps on Jᵀw = 0, r = 0, ‖w‖ = 1 of the rows that take part: the conditions of Fritz
 * John with no weight on the loss. Null where that leads to no feasible point beside it, or to one with multipliers.
 * Source: Bertsekas 1999, Nonlinear Programming, §3.3.5 (Fritz John conditions).
 */
export function cuspNear(model: Model, { x: from, multipliers }: Arrival): Cusp | null {
  const size = maximumNorm(multipliers);
  if (!(size > LARGE * (1 + euclideanNorm(model.at(from).gradient)))) return null;
  const rows = [...multipliers].flatMap((entry, row) => (Math.abs(entry) >= SHARE * size ? [row] : []));
  const weights = rows.map((row) => at(multipliers, row));
  const length = euclideanNorm(weights);
  let [x, w] = [from.slice(), Float64Array.from(weights, (entry) => entry / length)];
  const n = x.length;
  const none = new Float64Array(model.relations.length);
  for (let k = 0; k < STEPS; k++) {
    const here = model.at(x);
    const J = selectRows(here.jacobian, rows);
    const spread = none.slice();
    rows.forEach((row, i) => {
      spread[row] = at(w, i);
    });
    const [bent, plain] = [model.hessian(x, spread), model.hessian(x, none)];
    const left = [
      ...matrixVector(transposed(J), w),
      ...rows.map((row) => at(here.residual, row)),
      euclideanNorm(w) ** 2 - 1,
    ];
    const columns = n + rows.length;
    const data = new Float64Array((columns + 1) * columns);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) data[i * columns + j] = at(bent.data, i * n + j) - at(plain.data, i * n + j);
      for (let r = 0; r < rows.length; r++) data[i * columns + n + r] = at(J.data, r * n + i);
    }
    for (let r = 0; r < rows.length; r++) {
      for (let j = 0; j < n; j++) data[(n + r) * columns + j] = at(J.data, r * n + j);
      data[columns * columns + n + r] = 2 * at(w, r);
    }
    if (![...data, ...left].every(Number.isFinite)) return null;
    const step = matrixVector(pseudoinverse({ rows: columns + 1, columns, data }, 1e-12), left);
    x = x.map((entry, i) => entry - at(step, i));
    w = w.map((entry, r) => entry - at(step, n + r));
    if (maximumNorm(x.map((entry, i) => entry - at(from, i))) > NEAR * (1 + maximumNorm(from))) return null;
    if (maximumNorm(step) <= 1e-14 * (1 + maximumNorm(x))) break;
  }
  return isCusp(model, x, rows, w) ? { x, loss: model.values(x).loss } : null;
}

function isCusp(model: Model, x: Float64Array, rows: readonly number[], w: Float64Array): boolean {
  const { residual, jacobian } = model.at(x);
  const room = TOLERANCE * (1 + maximumNorm(x));
  const isFeasible = model.relations.every(
    (relation, row) => (relation === 'equality' ? Math.abs(at(residual, row)) : at(residual, row)) <= room,
  );
  const pull = matrixVector(transposed(selectRows(jacobian, rows)), w);
  const areForces = rows.every((row, i) => at(model.relations, row) === 'equality' || at(w, i) >= -TOLERANCE);
  const grade = graded(model, x);
  return isFeasible && areForces && euclideanNorm(pull) <= 1e-6 && grade !== null && grade.kktResidual > UNBALANCED;
}
