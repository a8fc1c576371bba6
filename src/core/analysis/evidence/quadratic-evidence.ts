/** The proof that a residual is ½ xᵀH x + q·x + c: its gradient at 0, and its Hessian by products with vectors. */
import type { QuadraticEvidence } from '../../contracts.ts';
import { at, invariant } from '../../diagnostic.ts';
import { degreeIn } from '../../tensor/degree.ts';
import { gradient, jvp } from '../../tensor/derivatives.ts';
import { reachable } from '../../tensor/evaluate.ts';
import type { Tensor } from '../../tensor/ops.ts';
import type { Id } from '../../tensor/value.ts';
import { singleReads } from '../recorded/reads.ts';
import { affineIn, cut, squareOf } from '../recorded/roots.ts';
import { machineOf, type Symbols } from '../recorded/symbols.ts';

/** A Hessian that may have entries off its diagonal is computed column by column up to this size. */
const COLUMNS = 256;

/** H, q and c of a residual of degree 2 with one row, in its coordinates; null where H or q depends on the step. */
export function quadraticEvidence(
  symbols: Symbols,
  residual: (x: Tensor) => Tensor,
  coordinates: readonly number[],
): QuadraticEvidence | null {
  const { ops, x, t } = symbols;
  const slope = (point: Tensor) => gradient(ops, (at) => ops.reshape(residual(at), []), point);
  const [value, q] = [residual(x), slope(x)];
  const direction = ops.input('setting', 'direction', x.shape);
  const curvature = jvp(ops, slope, x, direction);
  if (reachable(ops, [q.id, curvature.id]).has(t.id)) return null;
  const machine = machineOf(symbols);
  const run = machine.procedure([value.id, q.id, curvature.id]);
  const along = (entries: readonly number[]) => {
    const vector = machine.numbers(direction.id).fill(0);
    for (const j of entries) vector[j] = 1;
    run();
    return machine.numbers(curvature.id);
  };
  const evidence = (diagonal: readonly number[], isDiagonal: boolean): QuadraticEvidence | null => {
    const slopes = machine.numbers(q.id);
    const found = {
      diagonal,
      isDiagonal,
      q: coordinates.map((j) => at(slopes, j)),
      c: at(machine.numbers(value.id), 0),
    };
    return [...found.diagonal, ...found.q, found.c].every(Number.isFinite) ? found : null;
  };
  // Where each entry of the gradient reads no entry but one, and its own, H is its diagonal, and H·1 tells it.
  const reads = singleReads(ops, q.id, x.id);
  if (reads?.every((entry, j) => entry < 0 || entry === j)) {
    const sums = along(coordinates);
    return evidence(
      coordinates.map((j) => at(sums, j)),
      true,
    );
  }
  if (coordinates.length > COLUMNS) return null;
  const columns = coordinates.map((j) => along([j]).slice());
  const isDiagonal = columns.every((column, k) => column.every((entry, i) => entry === 0 || i === coordinates[k]));
  return evidence(
    columns.map((column, k) => at(column, at(coordinates, k))),
    isDiagonal,
  );
}

/** Of a residual with one row that is weight·‖…‖ − radius, as one of its squares; null where it is anything else, or moves. */
export function lengthEvidence(
  symbols: Symbols,
  residual: (x: Tensor) => Tensor,
  coordinates: readonly number[],
): QuadraticEvidence | null {
  const { ops, x, t } = symbols;
  const value = residual(x).id;
  const isQuadratic = (square: Id | null, point: Id) => square !== null && degreeIn(ops, square, point) === 2;
  const lengths = (y: Id, point: Id) => cut(ops, y, point, (found) => isQuadratic(squareOf(ops, found), point));
  const [length, second] = reachable(ops, [value]).has(t.id) ? [] : (lengths(value, x.id) ?? []);
  const outer = length === undefined || second !== undefined ? null : affineIn(symbols, value, [length]);
  const radius = outer ? -outer.offset / at(outer.weights, 0) : -1;
  if (!outer || at(outer.weights, 0) < 0 || radius < 0) return null;
  const square = (point: Tensor): Tensor => {
    const id = squareOf(ops, at(ops.values, at(lengths(residual(point).id, point.id) ?? [], 0)));
    invariant(id !== null, 'the same residual has the same root');
    return { id, shape: at(ops.values, id).shape };
  };
  return quadraticEvidence(symbols, (point) => ops.subtract(square(point), radius ** 2), coordinates);
}
