/** The proof that a residual is Σ wᵢ |xᵢ − cᵢ| − r: affine in its absolute values, which read one entry each. */
import type { AbsoluteEvidence, BoundEvidence } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { degreeIn } from '../../tensor/degree.ts';
import { reachable } from '../../tensor/evaluate.ts';
import type { Tensor } from '../../tensor/ops.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Id, Value } from '../../tensor/value.ts';
import { singleReads } from '../recorded/reads.ts';
import { affineIn, cut } from '../recorded/roots.ts';
import { machineOf, type Symbols } from '../recorded/symbols.ts';

/** w, c and r of a residual with one row, Σ wᵢ |xᵢ − cᵢ| − r; null where it is anything else, or depends on the step. */
export function absoluteEvidence(
  symbols: Symbols,
  residual: Id,
  coordinates: readonly number[],
): AbsoluteEvidence | null {
  const { ops, x, t } = symbols;
  if (reachable(ops, [residual]).has(t.id)) return null;
  const nodes = cut(ops, residual, x.id, ({ op }) => op === 'abs');
  const distances = nodes?.map((id) => distancesOf(symbols, at(at(ops.values, id).args, 0)));
  const outer = nodes && affineIn(symbols, residual, nodes);
  if (!outer || !distances?.every((found) => found !== null)) return null;
  const all = distances.flat();
  const places = new Map(all.map(({ entry }, k) => [entry, k]));
  const order = coordinates.flatMap((entry) => places.get(entry) ?? []);
  if (all.length !== coordinates.length || order.length !== all.length) return null; // an entry with two distances
  return {
    weights: order.map((k) => at(outer.weights, k) * Math.abs(at(all, k).scale)),
    center: order.map((k) => at(all, k).b / at(all, k).scale || 0),
    radius: -outer.offset || 0,
  };
}

/**
 * Rows weight·|scale·x[entry] − b| − radius ≤ 0, one distance each, say two bounds each: ±weight·(scale·x − b) ≤ radius.
 * Null where a row is anything else, or depends on the step.
 */
export function distanceBounds(symbols: Symbols, residual: Id): BoundEvidence | null {
  const { ops, x, t } = symbols;
  if (reachable(ops, [residual]).has(t.id)) return null;
  const [node, second] = cut(ops, residual, x.id, ({ op }) => op === 'abs') ?? [];
  const rows = node === undefined || second !== undefined ? null : singleReads(ops, residual, node);
  if (node === undefined || !rows?.every((k) => k >= 0) || degreeIn(ops, residual, node) !== 1) return null;
  const distances = distancesOf(symbols, at(at(ops.values, node).args, 0));
  if (!distances) return null;
  const machine = machineOf(symbols);
  const run = machine.procedure([residual], (value) => value !== at(ops.values, node));
  const evaluated = (everywhere: number) => {
    machine.numbers(node).fill(everywhere);
    run();
    return machine.numbers(residual).slice();
  };
  const [far, near] = [evaluated(1), evaluated(0)];
  const weights = Array.from(far, (value, row) => value - at(near, row));
  if (!weights.every((weight) => weight > 0 && Number.isFinite(weight)) || !near.every(Number.isFinite)) return null;
  const found = weights.map((weight, row) => ({ ...at(distances, at(rows, row)), weight, room: -at(near, row) }));
  return {
    entries: found.flatMap(({ entry }) => [entry, entry]),
    scales: found.flatMap(({ weight, scale }) => [weight * scale, -weight * scale]),
    b: found.flatMap(({ weight, b, room }) => [weight * b + room, room - weight * b]),
  };
}

/**
 * A row weight·max(v) + offset ≤ 0, where each entry of v is scale·x[entry] − b or the absolute value of such a thing: as many
 * bounds. So are max(abs(x)) ≤ r, norm(x, inf) ≤ r, max(x[0], x[1]) ≤ 1 and min(x) ≥ 0. Null where it is anything else.
 */
export function largestBounds(symbols: Symbols, residual: Id): BoundEvidence | null {
  const { ops, x, t } = symbols;
  if (reachable(ops, [residual]).has(t.id)) return null;
  const isLargest = ({ op, shape, attributes }: Value): boolean =>
    (op === 'max' && (attributes as { axis: number | null }).axis === null) || (op === 'maximum' && shape.length === 0);
  const nodes = cut(ops, residual, x.id, isLargest);
  const [node, second] = nodes ?? [];
  const outer = node === undefined || second !== undefined ? null : affineIn(symbols, residual, [node]);
  const weight = outer?.weights[0] ?? 0;
  if (node === undefined || !outer || !(weight > 0)) return null;
  const flat = (id: Id): Tensor =>
    ops.reshape({ id, shape: at(ops.values, id).shape }, [sizeOf(at(ops.values, id).shape)]);
  /** Numbers and vectors end to end, every entry from one of them. */
  const isWhole = ({ op, args, shape }: Value): boolean =>
    op === 'reshape' ||
    (op === 'assemble' && args.reduce((sum, part) => sum + sizeOf(at(ops.values, part).shape), 0) === sizeOf(shape));
  const partsOf = (id: Id): Tensor[] => {
    const value = at(ops.values, id);
    return isLargest(value) || isWhole(value) ? value.args.flatMap(partsOf) : [flat(id)];
  };
  const found = partsOf(node).map((part): BoundEvidence | null => {
    const rows = ops.add(ops.multiply(weight, part), outer.offset).id;
    const affine = degreeIn(ops, rows, x.id) === 1 ? distancesOf(symbols, rows) : null;
    return affine
      ? {
          entries: affine.map(({ entry }) => entry),
          scales: affine.map(({ scale }) => scale),
          b: affine.map(({ b }) => b),
        }
      : distanceBounds(symbols, rows);
  });
  return found.every((bounds) => bounds !== null)
    ? {
        entries: found.flatMap(({ entries }) => entries),
        scales: found.flatMap(({ scales }) => scales),
        b: found.flatMap(({ b }) => b),
      }
    : null;
}

/** Of more rows or entries a polyhedron is not made. */
const MOST_ROWS = 32;
const MOST_READ = 200;

/**
 * Rows weight·|a·x − c| − radius ≤ 0 of one absolute value, such as abs(w[1:] - w[:-1]) <= 1, as half-spaces
 * ±weight·(a·x − c) ≤ radius. Null where a row is anything else, or depends on the step.
 */
export function distanceHalfSpaces(
  symbols: Symbols,
  residual: Id,
  coordinates: readonly number[],
): { A: number[][]; b: number[] } | null {
  const { ops, x, t } = symbols;
  if (sizeOf(at(ops.values, residual).shape) > MOST_ROWS || coordinates.length > MOST_READ) return null;
  const [node, second] = cut(ops, residual, x.id, ({ op }) => op === 'abs') ?? [];
  if (node === undefined || second !== undefined || reachable(ops, [residual]).has(t.id)) return null;
  const inside = at(at(ops.values, node).args, 0);
  const rows = singleReads(ops, residual, node);
  const isAffine = degreeIn(ops, residual, node) === 1 && degreeIn(ops, inside, x.id) === 1;
  if (!isAffine || !rows?.every((k) => k >= 0)) return null;
  const machine = machineOf(symbols);
  const outer = machine.procedure([residual], (value) => value !== at(ops.values, node));
  const evaluated = (everywhere: number) => {
    machine.numbers(node).fill(everywhere);
    outer();
    return machine.numbers(residual).slice();
  };
  const [far, near] = [evaluated(1), evaluated(0)];
  const inner = machine.procedure([inside]);
  const point = machine.numbers(x.id);
  const insideAt = (entry: number | null) => {
    point.fill(0);
    if (entry !== null) point[entry] = 1;
    inner();
    return machine.numbers(inside).slice();
  };
  const origin = insideAt(null);
  const slopes = coordinates.map((entry) => insideAt(entry).map((value, k) => value - at(origin, k)));
  const size = at(x.shape, 0);
  const [A, b]: [number[][], number[]] = [[], []];
  for (const [row, k] of rows.entries()) {
    const weight = at(far, row) - at(near, row);
    if (!(weight > 0)) return null;
    for (const sign of [weight, -weight]) {
      const a = new Array<number>(size).fill(0);
      coordinates.forEach((entry, j) => {
        a[entry] = sign * at(at(slopes, j), k);
      });
      A.push(a);
      b.push(-at(near, row) - sign * at(origin, k));
    }
  }
  return A.flat().every(Number.isFinite) && b.every(Number.isFinite) ? { A, b } : null;
}

/** Inside of an absolute value: scale·x[entry] − b, one entry of x for each; null where it is anything else. */
function distancesOf(symbols: Symbols, inside: Id): { entry: number; scale: number; b: number }[] | null {
  const { ops, x } = symbols;
  const entries = degreeIn(ops, inside, x.id) === 1 ? singleReads(ops, inside, x.id) : null;
  if (!entries?.every((entry) => entry >= 0)) return null;
  const machine = machineOf(symbols);
  const run = machine.procedure([inside]);
  const evaluated = (everywhere: number) => {
    machine.numbers(x.id).fill(everywhere);
    run();
    return machine.numbers(inside).slice();
  };
  const [above, below, middle] = [evaluated(1), evaluated(-1), evaluated(0)];
  const found = Array.from(entries, (entry, k) => ({
    entry,
    scale: (at(above, k) - at(below, k)) / 2,
    b: -at(middle, k),
  }));
  return found.every(({ scale, b }) => scale !== 0 && Number.isFinite(scale) && Number.isFinite(b)) ? found : null;
}
