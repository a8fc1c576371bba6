/** Rows that keep groups of entries at, or within, distances of points: lengths of the rows or columns of a matrix. */
import type { ConstraintFacts, RoundEvidence } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { degreeIn } from '../../tensor/degree.ts';
import { jvp, vjp } from '../../tensor/derivatives.ts';
import { reachable } from '../../tensor/evaluate.ts';
import type { Tensor } from '../../tensor/ops.ts';
import type { Id } from '../../tensor/value.ts';
import { NONE, singleReads } from '../recorded/reads.ts';
import { cut, squareOf } from '../recorded/roots.ts';
import { machineOf, type Symbols } from '../recorded/symbols.ts';
import { asDistance } from './balls.ts';

/** Of rows whose structure does not show which entries they read, as diag(V @ V.T), second derivatives are computed one by one. */
const MOST_BY_ENTRIES = 600;

/** Of a residual of several rows; null where a row is anything else than ½h‖x[group] − c‖² − …, groups share entries, or one moves. */
export function roundEvidence(
  symbols: Symbols,
  residual: (x: Tensor) => Tensor,
  relation: ConstraintFacts['relation'],
  coordinates: readonly number[],
): RoundEvidence | null {
  const { ops, x, t } = symbols;
  if (reachable(ops, [residual(x).id]).has(t.id)) return null;
  const squares = inSquares(symbols, residual);
  if (!squares) return null;
  const rows = quadraticRows(symbols, squares, coordinates);
  if (!rows) return null;
  const found = rows.map(({ entries, diagonal, q, c }) =>
    entries.length === 0 ? null : asDistance({ relation, quadratic: { diagonal, isDiagonal: true, q, c } }),
  );
  const all = rows.flatMap(({ entries }) => entries);
  const areApart =
    new Set(all).size === all.length && rows.every(({ entries }) => entries.length === all.length / rows.length);
  const areRound = found.every((round) => round !== null && Number.isFinite(round.square) && round.square >= 0);
  if (!areApart || !areRound) return null;
  return {
    groups: rows.map(({ entries }) => entries),
    centers: found.map((round) => round?.center ?? []),
    radii: found.map((round) => Math.sqrt(round?.square ?? 0)),
  };
}

/** The residual itself where it is quadratic; of weight·‖a‖ − radius in every row ‖a‖² − radius². */
function inSquares(symbols: Symbols, residual: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) | null {
  const { ops, x } = symbols;
  const value = residual(x).id;
  if (degreeIn(ops, value, x.id) === 2) return residual;
  const isLength = (square: Id | null, point: Id) => square !== null && degreeIn(ops, square, point) === 2;
  const lengthsIn = (y: Id, point: Id) => cut(ops, y, point, (node) => isLength(squareOf(ops, node), point)) ?? [];
  const [length, second] = lengthsIn(value, x.id);
  const owners = length === undefined || second !== undefined ? null : singleReads(ops, value, length);
  if (length === undefined || !owners?.every((k) => k >= 0) || degreeIn(ops, value, length) !== 1) return null;
  const machine = machineOf(symbols);
  const run = machine.procedure([value], (node) => node !== at(ops.values, length));
  const evaluated = (everywhere: number) => {
    machine.numbers(length).fill(everywhere);
    run();
    return machine.numbers(value).slice();
  };
  const [far, near] = [evaluated(1), evaluated(0)];
  const radii = Array.from(near, (offset, row) => -offset / (at(far, row) - offset));
  if (!radii.every((radius, row) => at(far, row) - at(near, row) > 0 && radius >= 0)) return null;
  return (point) => {
    const [node = 0] = lengthsIn(residual(point).id, point.id);
    const square = squareOf(ops, at(ops.values, node)) ?? node;
    const { shape } = at(ops.values, square);
    const flat = ops.reshape({ id: square, shape }, [owners.length]);
    const inOrder = owners.every((owner, row) => owner === row);
    const own = inOrder
      ? flat
      : ops.concat(Array.from(owners, (k) => ops.slice(flat, { offset: k, strides: [1], shape: [1] })));
    return ops.subtract(own, ops.constant(radii.map((radius) => radius ** 2)));
  };
}

interface QuadraticRow {
  readonly entries: readonly number[];
  readonly diagonal: readonly number[];
  readonly q: readonly number[];
  readonly c: number;
}

/** Of residuals of degree 2, row by row; null where a second derivative is off the diagonal, or could be. */
function quadraticRows(
  symbols: Symbols,
  residual: (x: Tensor) => Tensor,
  coordinates: readonly number[],
): QuadraticRow[] | null {
  const { ops, x } = symbols;
  const value = residual(x);
  const [count] = value.shape;
  if (count === undefined) return null;
  const seed = ops.input('setting', 'seed', [count]);
  const slope = (point: Tensor) => vjp(ops, residual, point, seed);
  const own = slope(x);
  const direction = ops.input('setting', 'direction', x.shape);
  const curvature = jvp(ops, slope, x, direction);
  const machine = machineOf(symbols);
  const run = machine.procedure([value.id, own.id, curvature.id]);
  const [weights, along, zero] = [machine.numbers(seed.id), machine.numbers(direction.id), machine.numbers(x.id)];
  const rowOf = singleReads(ops, own.id, seed.id);
  const readBy = singleReads(ops, own.id, x.id);
  if (rowOf && readBy?.every((entry, j) => entry === NONE || entry === j)) {
    zero.fill(0);
    weights.fill(1);
    along.fill(1);
    run();
    const entries = Array.from({ length: count }, (): number[] => []);
    for (const j of coordinates) entries[at(rowOf, j)]?.push(j);
    const [h, q, c] = [machine.numbers(curvature.id), machine.numbers(own.id), machine.numbers(value.id)];
    return entries.map((group, row) => ({
      entries: group,
      diagonal: group.map((j) => at(h, j)),
      q: group.map((j) => at(q, j)),
      c: at(c, row),
    }));
  }
  if (count * coordinates.length > MOST_BY_ENTRIES) return null;
  const found = Array.from({ length: count }, (_, row): QuadraticRow | null => {
    zero.fill(0);
    weights.fill(0)[row] = 1;
    const diagonal = new Map<number, number>();
    for (const j of coordinates) {
      along.fill(0)[j] = 1;
      run();
      const column = machine.numbers(curvature.id);
      if (column.some((entry, i) => entry !== 0 && i !== j)) return null;
      diagonal.set(j, at(column, j));
    }
    const [slopes, c] = [machine.numbers(own.id), at(machine.numbers(value.id), row)];
    const entries = coordinates.filter((j) => diagonal.get(j) !== 0 || at(slopes, j) !== 0);
    return { entries, diagonal: entries.map((j) => diagonal.get(j) ?? 0), q: entries.map((j) => at(slopes, j)), c };
  });
  return found.every((row) => row !== null) ? found : null;
}
