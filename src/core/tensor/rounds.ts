/** Nearest points of balls and of spheres, one for each group of entries. */
import { at } from '../diagnostic.ts';
import { gather, within } from './coordinates.ts';
import { knownNumbers } from './known.ts';
import type { Ops, Tensor } from './ops.ts';

/** Shapes: positions, centers [g, k], radii [g]. The positions are numbers that are known. */
export interface RoundTensors {
  readonly positions: Tensor;
  readonly centers: Tensor;
  readonly radii: Tensor;
}

/** Lengths [g] and directions [g, k] of the rows, without squares that overflow or vanish; 1 in `isAway` where a row is not 0. */
function polarRows(ops: Ops, rows: Tensor) {
  const count = at(rows.shape, 0);
  const column = (vector: Tensor) => ops.reshape(vector, [count, 1]);
  const largest = ops.max(ops.abs(rows), 1);
  const isAway = ops.less(0, largest);
  const scaled = ops.divide(rows, column(ops.where(isAway, largest, 1)));
  const length = ops.sqrt(ops.where(isAway, ops.sum(ops.multiply(scaled, scaled), 1), 1));
  return {
    length: ops.multiply(largest, length),
    unit: ops.divide(scaled, column(length)),
    isAway: column(isAway),
    column,
  };
}

const rowsOf = (ops: Ops, entries: Tensor, { centers }: RoundTensors): Tensor =>
  ops.subtract(ops.reshape(entries, centers.shape), centers);

/** Both projections in PyTorch, for exported scripts. */
export const roundsInTorch = (name: string, isFilled: boolean) => ({
  data: ['positions', 'centers', 'radii'] as const,
  project: `def ${name}(x, positions, centers, radii):
    """Nearest point with |x[group] - center| ${isFilled ? '<=' : '='} radius, group by group."""
    places, radii = positions.long(), radii[:, None]
    rows = x[places] - centers
    lengths = torch.linalg.vector_norm(rows, dim=1, keepdim=True)
    units = torch.where(lengths > 0, rows / lengths, torch.eye(rows.shape[1])[:1])
    return x.index_put((places,), ${isFilled ? 'torch.where(lengths <= radii, x[places], centers + radii * units)' : 'centers + radii * units'})`,
});

/** ‖x[group] − center‖ − radius of each group, [g]: above 0 beyond the radius. Shape: x [n]. */
export function beyondRadii(ops: Ops, x: Tensor, data: RoundTensors): Tensor {
  const lengths: Tensor[] = [];
  within(ops, x, knownNumbers(ops, data.positions), (entries) => {
    lengths.push(polarRows(ops, rowsOf(ops, entries, data)).length);
    return entries;
  });
  return ops.subtract(at(lengths, 0), data.radii);
}

/**
 * The part of a direction along the spheres at a point of theirs: v − r (r·v) / (r·r) with r = x[group] − center, group by group; v where
 * r = 0. Shapes: x, direction [n].
 */
export function alongRounds(ops: Ops, x: Tensor, direction: Tensor, data: RoundTensors): Tensor {
  const positions = knownNumbers(ops, data.positions);
  const rows = rowsOf(ops, gather(ops, x, positions), data);
  const column = (vector: Tensor) => ops.reshape(vector, [at(rows.shape, 0), 1]);
  return within(ops, direction, positions, (entries) => {
    const own = ops.reshape(entries, rows.shape);
    const squares = ops.sum(ops.multiply(rows, rows), 1);
    const share = ops.divide(ops.sum(ops.multiply(rows, own), 1), ops.where(ops.less(0, squares), squares, 1));
    return ops.reshape(ops.subtract(own, ops.multiply(column(share), rows)), entries.shape);
  });
}

/**
 * argmin ‖z − x‖ with ‖z[group] − center‖ = radius of each group, or ≤ where `isFilled`: center + radius · r/‖r‖ with r = x[group] − center;
 * from a center, where all are equally near, along the first axis. Shape: x [n].
 */
export function nearestInRounds(ops: Ops, x: Tensor, data: RoundTensors, isFilled: boolean): Tensor {
  const { positions, centers, radii } = data;
  return within(ops, x, knownNumbers(ops, positions), (entries) => {
    const { length, unit, isAway, column } = polarRows(ops, rowsOf(ops, entries, data));
    const first = ops.constant(
      Float64Array.from({ length: at(centers.shape, 1) }, (_, k) => (k === 0 ? 1 : 0)),
      [1, at(centers.shape, 1)],
    );
    const onto = ops.add(centers, ops.multiply(column(radii), isFilled ? unit : ops.where(isAway, unit, first)));
    const rows = ops.reshape(entries, centers.shape);
    const nearest = isFilled ? ops.where(column(ops.lessEqual(length, radii)), rows, onto) : onto;
    return ops.reshape(nearest, entries.shape);
  });
}
