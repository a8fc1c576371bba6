import { expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { draws } from '../problem/draws.ts';
import { gradient, jacobian } from './derivatives.ts';
import { determinant } from './determinant.ts';
import { evaluator } from './evaluate.ts';
import type { Tensor } from './ops.ts';

const { uniform } = draws(3);

/** By the first row, the definition. */
function byMinors(A: readonly (readonly number[])[]): number {
  const [first = [], ...rest] = A;
  if (rest.length === 0) return first[0] ?? 1;
  return first.reduce((sum, entry, k) => {
    const minor = rest.map((row) => row.filter((_, column) => column !== k));
    return sum + (k % 2 === 0 ? 1 : -1) * entry * byMinors(minor);
  }, 0);
}

/** d det / d A[i, j]: the minor with its sign. */
const cofactors = (A: readonly (readonly number[])[]): number[] =>
  A.flatMap((row, i) =>
    row.map((_, j) => {
      const minor = A.filter((_, other) => other !== i).map((own) => own.filter((_, column) => column !== j));
      return ((i + j) % 2 === 0 ? 1 : -1) * (minor.length === 0 ? 1 : byMinors(minor));
    }),
  );

const random = (n: number): number[][] =>
  Array.from({ length: n }, () => Array.from({ length: n }, () => 4 * uniform() - 2));

/** Matrices of rank n, n − 1 and n − 2, with zeros on the diagonal, and with equal entries. */
const matrices = [1, 2, 3, 4, 5, 7].flatMap((n) => {
  const A = random(n);
  const first = at(A, 0);
  const last = n > 1 ? A.with(n - 1, first) : A;
  const lowest =
    n > 2
      ? last.with(
          n - 2,
          first.map((entry) => -entry),
        )
      : last;
  const rotation = A.map((_, i) => A.map((_, j) => ((i + 1) % n === j ? 1 : 0)));
  return [A, last, lowest, rotation, A.map((row) => row.map(() => 0)), A.map((row, i) => row.map((_, j) => i + j))];
});

it('is that of the expansion by minors, and its slopes are the cofactors, at singular matrices too', () => {
  for (const A of matrices) {
    const n = A.length;
    const det = (x: Tensor, ops: Parameters<typeof determinant>[0]) => determinant(ops, ops.reshape(x, [n, n]));
    const value = evaluator(n * n, (ops, x) => det(x, ops))(A.flat());
    const slopes = evaluator(n * n, (ops, x) => gradient(ops, (p) => det(p, ops), x))(A.flat());
    const scale = 1e-11 * 10 ** n;
    expect(Math.abs(at(value, 0) - byMinors(A))).toBeLessThan(scale);
    cofactors(A).forEach((cofactor, k) => expect(Math.abs(at(slopes, k) - cofactor)).toBeLessThan(scale));
  }
});

it('has the second derivatives of its slopes', () => {
  const A = random(4).flat();
  const slope = (ops: Parameters<typeof determinant>[0]) => (x: Tensor) =>
    gradient(ops, (p) => determinant(ops, ops.reshape(p, [4, 4])), x);
  const slopes = evaluator(16, (ops, x) => slope(ops)(x));
  const bends = evaluator(16, (ops, x) => jacobian(ops, slope(ops), x))(A);
  for (let j = 0; j < 16; j++) {
    const [above, below] = [1e-5, -1e-5].map((step) => slopes(A.with(j, at(A, j) + step)));
    for (let i = 0; i < 16; i++)
      expect(at(bends, i * 16 + j)).toBeCloseTo((at(above ?? [], i) - at(below ?? [], i)) / 2e-5, 5);
  }
});
