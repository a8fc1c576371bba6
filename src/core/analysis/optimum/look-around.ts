/** Whether a lower feasible point lies beside a KKT point, where second derivatives do not rule it out. */
import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { at } from '../../diagnostic.ts';
import type { Stages } from '../../stages.ts';
import { matrixVector, nullSpaceBasis, pseudoinverse, selectRows } from '../../tensor/matrix.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { Model } from './model.ts';
import { type GradedPoint, WEAK } from './polish.ts';

/** How far around a point is looked, relative to its size. */
const LOOKS = [1e-3, 1e-2, 0.1, 1];

export interface Look {
  /** A feasible point that is lower. */
  readonly lower: Float64Array | null;
  readonly isUnbounded: boolean;
}

/**
 * Along the directions that the active rows leave and in which the Lagrangian does not curve upwards, first the steepest
 * downward one: a lower feasible point, where there is one. At a strict minimum there are no such directions. With a pause at each.
 */
export function* lookAround(model: Model, found: GradedPoint): Stages<Look> {
  const x = Float64Array.from(found.x);
  const here = model.at(x);
  const strong = model.relations.flatMap((relation, row) =>
    relation === 'equality' || at(found.multipliers, row) > WEAK ? [row] : [],
  );
  const J = selectRows(here.jacobian, strong);
  const Z = nullSpaceBasis(J.rows === 0 ? { rows: 0, columns: x.length, data: new Float64Array(0) } : J);
  if (Z.columns === 0) return { lower: null, isUnbounded: false };
  const W = model.hessian(x, Float64Array.from(found.multipliers));
  if (!W.data.every(Number.isFinite)) return { lower: null, isUnbounded: false };
  const basis = Dense.from1DArray(Z.rows, Z.columns, Z.data);
  const reduced = basis
    .transpose()
    .mmul(Dense.from1DArray(W.rows, W.columns, W.data))
    .mmul(basis);
  const { realEigenvalues, eigenvectorMatrix: V } = new EigenvalueDecomposition(reduced, { assumeSymmetric: true });
  const scale = Math.max(1, ...realEigenvalues.map(Math.abs));
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => at(realEigenvalues, a) - at(realEigenvalues, b));
  for (const k of order) {
    if (at(realEigenvalues, k) > 1e-6 * scale) break;
    yield;
    const along = matrixVector(Z, V.getColumn(k));
    for (const look of LOOKS)
      for (const sign of [1, -1]) {
        const length = sign * look * (1 + maximumNorm(x));
        const trial = restored(
          model,
          x.map((entry, i) => entry + length * at(along, i)),
        );
        if (trial === null) continue;
        const { loss } = model.values(trial);
        if (loss < found.loss - 1e-9 * (1 + Math.abs(found.loss))) return { lower: trial, isUnbounded: loss < -1e12 };
      }
  }
  return { lower: null, isUnbounded: false };
}

/** The point brought back to the rows that it violates by Gauss–Newton steps; null where it does not get there. */
export function restored(model: Model, from: Float64Array): Float64Array | null {
  let x = from;
  for (let k = 0; k < 8; k++) {
    const here = model.at(x);
    const bound = 1e-12 * (1 + maximumNorm(x));
    const violated = model.relations.flatMap((relation, row) => {
      const residual = at(here.residual, row);
      return (relation === 'equality' ? Math.abs(residual) : residual) > bound || Number.isNaN(residual) ? [row] : [];
    });
    if (violated.length === 0) return x;
    const J = selectRows(here.jacobian, violated);
    if (!J.data.every(Number.isFinite)) return null;
    const step = matrixVector(
      pseudoinverse(J),
      violated.map((row) => at(here.residual, row)),
    );
    x = x.map((entry, i) => entry - at(step, i));
  }
  return null;
}
