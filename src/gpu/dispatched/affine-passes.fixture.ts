/** The projection x ← x − P(A x − b), several times over, as plans have it: for tests, and for what is measured. */
import { type BufferId, type Dispatch, dispatch } from '../kernels/dispatch.ts';
import { ELEMENTWISE, elementwise } from '../kernels/elementwise.ts';
import { matvec } from '../kernels/product.ts';
import { callsOf, fuseRuns } from './runs.ts';

/** Over arrays in this order: A[m, n], P[n, m], x[n], b[m], room for the residual[m] and for the next x[n]; and which array x ends in. */
export function affinePasses(
  m: number,
  n: number,
  passes: number,
): { readonly calls: readonly Dispatch[]; readonly into: BufferId } {
  const ROOM = 6; // from here on what is passed on, which needs none
  const times = (matrix: BufferId, rows: number, inner: number, x: BufferId, result: BufferId) =>
    dispatch(
      matvec,
      { rows, inner, a_offset: 0, a_row: inner, a_inner: 1, x_offset: 0, x_stride: 1, piece: inner },
      { a: matrix, x, result },
    );
  const difference = (count: number, a: BufferId, b: BufferId, result: BufferId) => {
    const strides = [0, 0, 0, 1] as const;
    const views = { a_strides: strides, b_strides: strides, c_strides: strides, a_offset: 0, b_offset: 0, c_offset: 0 };
    const operation = { operation: ELEMENTWISE.indexOf('subtract'), rank: 1 };
    return dispatch(elementwise, { shape: [1, 1, 1, count], count, ...views }, { a, b, c: a, result }, operation);
  };
  const placeOf = (pass: number): BufferId => (pass % 2 === 0 ? 2 : 5);
  const calls = Array.from({ length: passes }, (_, pass) => [
    times(0, m, n, placeOf(pass), ROOM + 2 * pass),
    difference(m, ROOM + 2 * pass, 3, 4),
    times(1, n, m, 4, ROOM + 2 * pass + 1),
    difference(n, placeOf(pass), ROOM + 2 * pass + 1, placeOf(pass + 1)),
  ]);
  const fused = calls.flat().map((call) => ({ kind: 'call', label: 'pass', dispatch: call }) as const);
  return {
    calls: callsOf(fuseRuns(fused, (buffer) => buffer < ROOM)).map((call) => call.dispatch),
    into: placeOf(passes),
  };
}
