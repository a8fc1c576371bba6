/** Sums and largest entries of long axes, in pieces: each piece is short enough to be exact to a few roundings. */
import type { Shape } from '../../core/tensor/shape.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { dispatch } from '../kernels/dispatch.ts';
import { REDUCTION, reduce } from '../kernels/reduce.ts';
import type { Phase } from './phase.ts';
import type { BufferView } from './view.ts';

/** Longer sums are made in pieces of about the root of their length. */
const ONE_PIECE = 64;

/** Around the reduced axis. */
export interface Extents {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** Σ or max along the middle axis of the row-major entries of `view`, as `shape`. All extents at least 1, but for an empty result. */
export function reduced(
  phase: Phase,
  operation: keyof typeof REDUCTION,
  view: BufferView,
  { outer, length, inner }: Extents,
  shape: Shape,
  label: string,
): BufferView {
  const inPieces = (from: BufferView, count: number, piece: number, into: BufferView): BufferView => {
    if (sizeOf(into.shape) === 0) return into;
    const params = { outer, length: count, inner, piece, offset: from.offset };
    const arrays = { a: from.buffer, result: into.buffer };
    phase.emit(label, dispatch(reduce, params, arrays, { operation: REDUCTION[operation] }));
    return into;
  };
  if (length <= ONE_PIECE) return inPieces(view, length, length, phase.fresh(shape));
  const piece = Math.ceil(Math.sqrt(length));
  const pieces = Math.ceil(length / piece);
  const parts = inPieces(view, length, piece, phase.fresh([outer, pieces, inner]));
  return inPieces(parts, pieces, pieces, phase.fresh(shape));
}
