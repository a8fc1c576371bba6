/** Parts of a vector that are products C B of two matrices, and the rest of it as it is: what is trained is one vector of C, B and the rest. */
import { at } from '../diagnostic.ts';
import { gather } from './coordinates.ts';
import type { Ops, Tensor } from './ops.ts';

/** X = C B, with X [rows, columns], C [rows, rank], B [rank, columns]. */
export interface Factor {
  /** Where the entries of X stand in x, row by row. */
  readonly coordinates: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
}

/** Numbers that are trained: C and, where it is learned, B of each product, then the other entries of x. */
export function trainedSize(factors: readonly Factor[], size: number, isLearned: boolean): number {
  const inside = factors.reduce((sum, { coordinates }) => sum + coordinates.length, 0);
  const own = factors.reduce((sum, { rows, columns, rank }) => sum + rank * (rows + (isLearned ? columns : 0)), 0);
  return size - inside + own;
}

const others = (factors: readonly Factor[], size: number): number[] => {
  const taken = new Set(factors.flatMap(({ coordinates }) => coordinates));
  return Array.from({ length: size }, (_, i) => i).filter((i) => !taken.has(i));
};

/** x(θ). `bases`: the fixed B of each product, or null where they are part of θ. */
export function productsOf(
  ops: Ops,
  theta: Tensor,
  factors: readonly Factor[],
  size: number,
  bases: readonly Tensor[] | null,
): Tensor {
  let offset = 0;
  const take = (...shape: readonly number[]): Tensor => {
    const length = shape.reduce((product, extent) => product * extent, 1);
    const part = ops.slice(theta, { offset, strides: [1], shape: [length] });
    offset += length;
    return ops.reshape(part, shape);
  };
  const products = factors.map(({ rows, columns, rank }, k) => {
    const C = take(rows, rank);
    return ops.reshape(ops.matmul(C, bases ? at(bases, k) : take(rank, columns)), [rows * columns]);
  });
  const free = others(factors, size);
  const order = [...factors.flatMap(({ coordinates }) => coordinates), ...free];
  const places = new Array<number>(size);
  order.forEach((entry, place) => {
    places[entry] = place;
  });
  return gather(ops, ops.concat([...products, ...(free.length > 0 ? [take(free.length)] : [])]), places);
}

/** θ with the x(θ) that is nearest to x for these bases: C = X B⁺. */
export function factorsOf(
  ops: Ops,
  x: Tensor,
  factors: readonly Factor[],
  size: number,
  bases: readonly Tensor[],
  isLearned: boolean,
): Tensor {
  const pieces = factors.flatMap(({ coordinates, rows, columns, rank }, k) => {
    const B = at(bases, k);
    const X = ops.reshape(gather(ops, x, coordinates), [rows, columns]);
    const C = ops.reshape(ops.matmul(X, ops.pinv(B)), [rows * rank]);
    return isLearned ? [C, ops.reshape(B, [rank * columns])] : [C];
  });
  const free = others(factors, size);
  return ops.concat([...pieces, ...(free.length > 0 ? [gather(ops, x, free)] : [])]);
}
