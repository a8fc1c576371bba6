/** Maps whose every value lies in a set: x(θ), and a θ to begin at. One sort of set each. */
import type { RecognizedSet, Structure } from '../analysis/structure.ts';
import type { DataTensors, SetData } from '../contracts.ts';
import { at, invariant } from '../diagnostic.ts';
import { inverseSoftplus, logit, sigmoid, softmax, softplus } from '../tensor/activations.ts';
import { polar } from '../tensor/direction.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { inRows } from '../tensor/simplex.ts';

export type SetTensors = DataTensors<SetData>;

/** A map onto the inside of sets of one sort. Points are the set's own entries. */
export interface SetMap {
  fits(set: RecognizedSet): boolean;
  /** x(θ). */
  image(ops: Ops, theta: Tensor, data: SetTensors): Tensor;
  /** A θ with x(θ) = x, for x inside; from the boundary x is moved inside a little. */
  preimage(ops: Ops, x: Tensor, data: SetTensors): Tensor;
}

/** How far inside a start is moved: on the boundary θ would be infinite, or its gradient 0. */
const INSIDE = 1e-6;

const entry = (data: SetTensors, name: string): Tensor => {
  const tensor = data[name];
  invariant(tensor, `the set has ${name}`);
  return tensor;
};

/** For each entry the finite one of its two bounds, and whether x is above (1) or below (−1) it; 0 or `lo`, and above, where the set is x ≥ 0. */
function singleBound(ops: Ops, { lower, upper }: SetTensors): { bound: Tensor | number; side: Tensor | number } {
  if (!lower || !upper) return { bound: lower ?? 0, side: 1 };
  const isAbove = ops.less(Number.NEGATIVE_INFINITY, lower);
  return { bound: ops.where(isAbove, lower, upper), side: ops.where(isAbove, 1, -1) };
}

/** x = bound ± φ(θ), where each entry has one bound. */
const fromBound = (
  phi: (ops: Ops, theta: Tensor) => Tensor,
  inverse: (ops: Ops, distance: Tensor) => Tensor,
): SetMap => ({
  fits: (set) => set.kind === 'nonnegativity' || (set.kind === 'box' && boundsOf(set).every((finite) => finite === 1)),
  image(ops, theta, data) {
    const { bound, side } = singleBound(ops, data);
    return ops.add(ops.multiply(side, phi(ops, theta)), bound);
  },
  preimage(ops, x, data) {
    const { bound, side } = singleBound(ops, data);
    return inverse(ops, ops.maximum(INSIDE, ops.multiply(side, ops.subtract(x, bound))));
  },
});

/** How many finite bounds each entry of a box has. */
function boundsOf({ data }: RecognizedSet): number[] {
  const [lower, upper] = [data.lower, data.upper].map((side) => (Array.isArray(side) ? side.map(Number.isFinite) : []));
  return (lower ?? []).map((isBounded, i) => Number(isBounded) + Number(upper?.[i]));
}

/** f of simplexes as rows and of their totals as a column. */
function byRows(ops: Ops, entries: Tensor, data: SetTensors, f: (rows: Tensor, totals: Tensor) => Tensor): Tensor {
  const totals = entry(data, 'totals');
  const column = ops.reshape(totals, [at(totals.shape, 0), 1]);
  return ops.reshape(f(inRows(ops, entries, totals), column), entries.shape);
}

const SET_MAPS = {
  softmax: {
    fits: ({ kind }) => kind === 'simplex',
    image: (ops, theta, data) => byRows(ops, theta, data, (rows, totals) => ops.multiply(totals, softmax(ops, rows))),
    preimage: (ops, x, data) =>
      byRows(ops, x, data, (rows, totals) => ops.log(ops.maximum(INSIDE, ops.divide(rows, totals)))),
  },
  softplus: fromBound(softplus, inverseSoftplus),
  exp: fromBound(
    (ops, theta) => ops.exp(theta),
    (ops, distance) => ops.log(distance),
  ),
  square: fromBound(
    (ops, theta) => ops.multiply(theta, theta),
    (ops, distance) => ops.sqrt(distance),
  ),
  sigmoid: {
    fits: (set) => set.kind === 'box' && boundsOf(set).every((finite) => finite === 2),
    image(ops, theta, data) {
      const [lower, upper] = [entry(data, 'lower'), entry(data, 'upper')];
      return ops.add(lower, ops.multiply(ops.subtract(upper, lower), sigmoid(ops, theta)));
    },
    preimage(ops, x, data) {
      const [lower, upper] = [entry(data, 'lower'), entry(data, 'upper')];
      const part = ops.divide(ops.subtract(x, lower), ops.subtract(upper, lower));
      return logit(ops, ops.minimum(ops.maximum(part, INSIDE), 1 - INSIDE));
    },
  },
  sphere: {
    fits: ({ kind }) => kind === 'sphere',
    image(ops, theta, data) {
      const unit = ops.divide(theta, ops.norm(theta));
      return ops.add(entry(data, 'center'), ops.multiply(entry(data, 'radius'), unit));
    },
    preimage(ops, x, data) {
      const offset = ops.subtract(x, entry(data, 'center'));
      return ops.where(polar(ops, offset).isAway, offset, 1);
    },
  },
} satisfies Record<string, SetMap>;

export type SetMapName = keyof typeof SET_MAPS;

export interface NamedMap extends SetMap {
  readonly name: string;
}

/** For each set the asked-for map if it fits, else the first that does; null where some set has none, or the asked-for map fits none. */
export function mapsOf({ sets }: Structure, wanted: 'auto' | SetMapName): readonly NamedMap[] | null {
  const ordered = Object.entries<SetMap>(SET_MAPS)
    .map(([name, map]) => ({ name, ...map }))
    .sort((a, b) => Number(b.name === wanted) - Number(a.name === wanted));
  const found = sets.map((set) => ordered.find((map) => map.fits(set)));
  const isUsed = wanted === 'auto' || found.some((map) => map?.name === wanted);
  const maps = found.flatMap((map) => (map ? [map] : []));
  return isUsed && maps.length === sets.length ? maps : null;
}
