/**
 * A problem in units in which its slopes at the start are of ordinary size, as interior points ask for.
 * Source: Wächter & Biegler 2006, Mathematical Programming 106, §3.8.
 */
import { at } from '../../diagnostic.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { Local, Model } from './model.ts';

/** A row or loss with a steeper slope at the start is scaled down to it. */
const STEEPEST = 100;

export const isNumeric = ({ loss, gradient, residual, jacobian }: Local): boolean =>
  Number.isFinite(loss) &&
  gradient.every(Number.isFinite) &&
  residual.every(Number.isFinite) &&
  jacobian.data.every(Number.isFinite);

/** Loss and rows divided by what makes their slopes at the start larger than 100; null where they are not finite there. */
export function scaledModel(model: Model, start: Float64Array) {
  const here = model.at(start);
  if (!isNumeric(here)) return null;
  const factor = (slope: number) => Math.min(1, STEEPEST / Math.max(slope, Number.MIN_VALUE));
  const n = model.size;
  const loss = factor(maximumNorm(here.gradient));
  const rows = Float64Array.from(here.residual, (_, row) =>
    factor(maximumNorm(here.jacobian.data.subarray(row * n, (row + 1) * n))),
  );
  const times = (residual: Float64Array) => residual.map((entry, row) => entry * at(rows, row));
  const scaled: Model = {
    ...model,
    values(x) {
      const values = model.values(x);
      return { loss: loss * values.loss, residual: times(values.residual) };
    },
    at(x) {
      const local = model.at(x);
      return {
        loss: loss * local.loss,
        gradient: local.gradient.map((entry) => loss * entry),
        residual: times(local.residual),
        jacobian: {
          ...local.jacobian,
          data: local.jacobian.data.map((entry, k) => entry * at(rows, Math.floor(k / n))),
        },
      };
    },
    hessian(x, multipliers) {
      const H = model.hessian(
        x,
        multipliers.map((entry, row) => (entry * at(rows, row)) / loss),
      );
      return { ...H, data: H.data.map((entry) => loss * entry) };
    },
    curvature: (x, multipliers) =>
      model.curvature(
        x,
        multipliers.map((entry, row) => entry * at(rows, row)),
      ),
  };
  return { model: scaled, loss, rows };
}
