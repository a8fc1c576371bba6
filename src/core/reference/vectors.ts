/** Vectors and matrices as lists, for definitions that read as in a book. Test support. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { at } from '../diagnostic.ts';

export type Vector = readonly number[];
export type Rows = readonly Vector[];

export const plus = (a: Vector, b: Vector): number[] => a.map((entry, i) => entry + at(b, i));
export const minus = (a: Vector, b: Vector): number[] => a.map((entry, i) => entry - at(b, i));
export const times = (factor: number, a: Vector): number[] => a.map((entry) => factor * entry);
export const dot = (a: Vector, b: Vector): number => a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);
export const norm = (a: Vector): number => Math.sqrt(dot(a, a));
export const product = (A: Rows, x: Vector): number[] => A.map((row) => dot(row, x));
/** Aᵀ w, of length n also where A has no rows. */
export const transposed = (A: Rows, w: Vector, n: number): number[] =>
  A.reduce<number[]>((sum, row, i) => plus(sum, times(at(w, i), row)), new Array<number>(n).fill(0));
export const positive = (a: Vector): number[] => a.map((entry) => Math.max(0, entry));

/** A⁺ with relative cut-off 1e-10 on the singular values. */
export function pseudoinverse(A: Rows): number[][] {
  const svd = new SingularValueDecomposition(new Matrix(A.map((row) => [...row])), { autoTranspose: true });
  const cut = 1e-10 * Math.max(...svd.diagonal);
  const inverted = svd.diagonal.map((value) => (value > cut ? 1 / value : 0));
  return svd.rightSingularVectors.mmul(Matrix.diag(inverted)).mmul(svd.leftSingularVectors.transpose()).to2DArray();
}
