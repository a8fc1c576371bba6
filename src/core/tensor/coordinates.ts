/** Functions of some entries of a vector, by views: nothing else of the vector is read or moved. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';
import { sizeOf } from './shape.ts';

/** Positions first, first + stride, …: `count` of them. */
interface Run {
  readonly first: number;
  readonly stride: number;
  readonly count: number;
}

/** Positions in their order as few rising arithmetic progressions, greedily. */
export function runsOf(positions: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let k = 0; k < positions.length; ) {
    const first = at(positions, k);
    const stride = (positions[k + 1] ?? first + 1) - first;
    let count = 1;
    while (stride > 0 && positions[k + count] === first + count * stride) count += 1;
    // Two entries that happen to stand apart are left to the run that begins with the second.
    if (count === 2 && stride !== 1 && k + 2 < positions.length) count = 1;
    runs.push({ first, stride: count === 1 ? 1 : stride, count });
    k += count;
  }
  return runs;
}

const isWhole = (positions: readonly number[], size: number): boolean =>
  positions.length === size && positions.every((position, k) => position === k);

/** x[positions] in their order. */
export function gather(ops: Ops, x: Tensor, positions: readonly number[]): Tensor {
  if (isWhole(positions, sizeOf(x.shape))) return x;
  return ops.concat(
    runsOf(positions).map(({ first, stride, count }) =>
      ops.slice(x, { offset: first, strides: [stride], shape: [count] }),
    ),
  );
}

/** x with x[positions] replaced by f(x[positions]). */
export function within(ops: Ops, x: Tensor, positions: readonly number[], f: (entries: Tensor) => Tensor): Tensor {
  const size = sizeOf(x.shape);
  if (positions.length === 0) return x;
  const moved = f(gather(ops, x, positions));
  if (isWhole(positions, size)) return moved;
  const taken = new Set(positions);
  const others = Array.from({ length: size }, (_, i) => i).filter((i) => !taken.has(i));
  const placed = (source: Tensor, runs: readonly Run[], own: boolean) => {
    let offset = 0;
    return runs.map(({ first, stride, count }) => {
      const from = own ? { offset, strides: [1] } : { offset: first, strides: [stride] };
      offset += count;
      return { part: ops.slice(source, { ...from, shape: [count] }), view: { offset: first, strides: [stride] } };
    });
  };
  return ops.assemble([...placed(x, runsOf(others), false), ...placed(moved, runsOf(positions), true)], [size]);
}
