/** Factors of a large matrix: its singular values without their vectors, its pseudoinverse, and bases of its rows and columns. */
import { at } from '../diagnostic.ts';
import type { Stages } from '../stages.ts';
import { decompose, type Matrix, transposed } from './dense.ts';
import { maximumNorm } from './norms.ts';
import { PivotedQr, productOf, singularValuesOf } from './orthogonal.ts';

/** V = Zᵀ C Q, with orthonormal rows of Z[r, p] and Q[r, q], and the inverse of C[r, r]. */
interface Core {
  readonly Z: Matrix;
  readonly Q: Matrix;
  readonly inverse: Matrix;
}

/**
 * V is the wide one of A and Aᵀ, V[p, q] with p ≤ q. Pivoted reflections of its rows, then of those of their triangle, leave
 * V = Zᵀ T Q with orthonormal rows of Z and Q and a triangle T: the complete orthogonal decomposition. All singular values but rounding
 * are those of T; where some of them still count as 0, T is decomposed itself.
 * Source: Golub & Van Loan 2013, §5.4.7.
 */
export class LargeFactors {
  /** The basis of the null space, once it is made. */
  complement: Matrix | null = null;
  private core: Core | null = null;
  private inverted: Matrix | null = null;

  private constructor(
    private readonly matrix: Matrix,
    /** min(rows, columns) of them, descending. */
    readonly singularValues: readonly number[],
    private readonly first: PivotedQr,
    private readonly second: PivotedQr,
    /** By which A is multiplied before: a power of 2, so that no square is beyond the range of numbers. */
    private readonly scale: number,
  ) {}

  static *of({ rows, columns, data }: Matrix): Stages<LargeFactors> {
    const matrix = { rows, columns, data: data.slice() }; // whose entries may be other numbers the next time
    const scale = 2 ** -Math.round(Math.log2(maximumNorm(data)));
    const scaled = { rows, columns, data: data.map((entry) => entry * scale) };
    const V = rows > columns ? transposed(scaled) : scaled;
    const first = yield* PivotedQr.of(V.rows, V.columns, V.data);
    const second = yield* PivotedQr.of(first.rank, V.rows, first.triangle());
    const values = yield* singularValuesOf(squareOf(second), first.rank);
    const singularValues = Array.from({ length: V.rows }, (_, k) => (values[k] ?? 0) / scale);
    return new LargeFactors(matrix, singularValues, first, second, scale);
  }

  isOf({ rows, columns, data }: Matrix): boolean {
    const own = this.matrix;
    return own.rows === rows && own.columns === columns && own.data.every((entry, i) => entry === data[i]);
  }

  private get isTall(): boolean {
    return this.matrix.rows > this.matrix.columns;
  }

  /** A⁺ with the `rank` largest singular values. */
  *inverse(rank: number): Stages<Matrix> {
    if (this.inverted && this.core?.Q.rows === rank) return this.inverted;
    const { Z, Q, inverse } = yield* this.coreOf(rank);
    const half = yield* productOf(inverse.data, Z.data, rank, rank, Z.columns);
    const data = yield* productOf(transposed(Q).data, half, Q.columns, rank, Z.columns);
    for (let i = 0; i < data.length; i++) data[i] = at(data, i) * this.scale;
    const wide = { rows: Q.columns, columns: Z.columns, data };
    this.inverted = this.isTall ? transposed(wide) : wide;
    return this.inverted;
  }

  /** Orthonormal rows that span the rows of A. */
  *rowSpace(rank: number): Stages<Matrix> {
    const { Q, Z } = yield* this.coreOf(rank);
    return this.isTall ? Z : Q;
  }

  /** Orthonormal rows that span the columns of A. */
  *columnSpace(rank: number): Stages<Matrix> {
    const { Q, Z } = yield* this.coreOf(rank);
    return this.isTall ? Q : Z;
  }

  private *coreOf(rank: number): Stages<Core> {
    if (this.core?.Q.rows === rank) return this.core;
    this.inverted = null;
    this.core = yield* this.coreMade(rank);
    return this.core;
  }

  private *coreMade(rank: number): Stages<Core> {
    const { first, second } = this;
    const size = first.rank;
    const Q = { rows: size, columns: first.length, data: new Float64Array(size * first.length) };
    const plain = yield* first.basis();
    second.order.forEach((row, k) => {
      Q.data.set(plain.subarray(row * first.length, (row + 1) * first.length), k * first.length);
    });
    const inner = yield* second.basis();
    const Z = { rows: second.rank, columns: first.count, data: new Float64Array(second.rank * first.count) };
    first.order.forEach((row, j) => {
      for (let k = 0; k < Z.rows; k++) Z.data[k * Z.columns + row] = at(inner, k * Z.columns + j);
    });
    if (rank === size && rank === second.rank) {
      const inverse = { rows: rank, columns: rank, data: triangleInverse(second.triangle(), rank) };
      return { Z, Q, inverse };
    }
    const { left, right, singularValues } = decompose({ rows: Z.rows, columns: size, data: second.triangle() }, 0);
    const among = function* (vectors: Matrix, basis: Matrix): Stages<Matrix> {
      const weights = transposed(vectors).data.slice(0, rank * vectors.rows);
      return {
        rows: rank,
        columns: basis.columns,
        data: yield* productOf(weights, basis.data, rank, vectors.rows, basis.columns),
      };
    };
    const inverse = { rows: rank, columns: rank, data: new Float64Array(rank * rank) };
    for (let k = 0; k < rank; k++) inverse.data[k * rank + k] = 1 / at(singularValues, k);
    return { Z: yield* among(left, Z), Q: yield* among(right, Q), inverse };
  }
}

/** T, with rows of 0 where it has fewer than columns. */
function squareOf(qr: PivotedQr): Float64Array {
  const data = new Float64Array(qr.count ** 2);
  data.set(qr.triangle());
  return data;
}

/** T⁻¹ of an upper triangle without a 0 on its diagonal, from below, a row at a time. */
function triangleInverse(T: Float64Array, n: number): Float64Array {
  const data = new Float64Array(n * n);
  for (let i = n - 1; i >= 0; i--) {
    const head = 1 / at(T, i * n + i);
    data[i * n + i] = head;
    for (let k = i + 1; k < n; k++) {
      const factor = -head * at(T, i * n + k);
      for (let j = k; j < n; j++) data[i * n + j] = at(data, i * n + j) + factor * at(data, k * n + j);
    }
  }
  return data;
}
