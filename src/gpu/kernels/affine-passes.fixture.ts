/** The projection x ← x − P(A x − b), several times over: for tests, and for what is measured. */
import { type BufferId, type Dispatch, dispatch } from './dispatch.ts';
import { affineResidual, projectAffine } from './product.ts';

/** Over arrays in this order: A[m, n], P[n, m], x[n], b[m], room for the residual[m] and for the next x[n]; and which array x ends in. */
export function affinePasses(
  m: number,
  n: number,
  passes: number,
): { readonly calls: readonly Dispatch[]; readonly into: BufferId } {
  const rowMajor = { x_offset: 0, x_stride: 1 };
  const residual = { rows: m, inner: n, a_offset: 0, a_row: n, a_inner: 1, ...rowMajor, b_offset: 0, b_stride: 1 };
  const back = {
    rows: n,
    inner: m,
    p_offset: 0,
    p_row: m,
    p_inner: 1,
    ...rowMajor,
    r_offset: 0,
    r_stride: 1,
    turns: 1,
  };
  const placeOf = (pass: number): BufferId => (pass % 2 === 0 ? 2 : 5);
  const calls = Array.from({ length: passes }, (_, pass) => [
    dispatch(affineResidual, residual, { a: 0, x: placeOf(pass), b: 3, result: 4 }),
    dispatch(projectAffine, back, { p: 1, x: placeOf(pass), r: 4, result: placeOf(pass + 1) }),
  ]);
  return { calls: calls.flat(), into: placeOf(passes) };
}
