/**
 * Losses that are quadratic in a linear model of the data do not need its rows: Xᵀ(X w − y) = (XᵀX) w − Xᵀy, with XᵀX and Xᵀy computed
 * once, in Float64. A step then costs as many operations for a million rows as for ten.
 *
 * XᵀX squares the condition number κ of X: rounded to float32 (ε = 6e-8), the point at which the gradient is 0 moves by about κ²ε
 * relative to its length, where the rows themselves, rounded, move it by κε. So products are taken only where κ² ≤ 1e3 (after scaling
 * each column to length 1, which no rounding notices). Beyond that the data are replaced by the triangular factor R of [X y] = Q R,
 * whose few rows have the same condition number and give the same sums, because QᵀQ = I: (R_X)ᵀ(R_X w − R_y) = Xᵀ(X w − y).
 * Squares of residuals always take R: wᵀXᵀX w − 2 yᵀX w + yᵀy would be a small difference of large numbers.
 * Source: Golub & Van Loan 2013, §5.3 (normal equations, QR, and what each loses); van der Sluis 1969 for the scaling.
 */
import { QrDecomposition } from 'ml-matrix';
import { at } from '../diagnostic.ts';
import { Machine } from '../tensor/evaluate.ts';
import { fromDense, type Matrix, spectrum, toDense } from '../tensor/matrix.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { sizeOf } from '../tensor/shape.ts';
import { type Id, levelOf, type Value } from '../tensor/value.ts';
import { type AffineRows, affineRows, isConstant, isMoving } from './affine-rows.ts';
import type { Program } from './program.ts';
import { rewrite } from './rewrite.ts';

/** κ² of the data, columns scaled, up to which their products may stand for them. */
export const MOST_SQUARED_CONDITION = 1e3;

/** Factoring more columns takes longer than a run saves. */
const MOST_COLUMNS = 128;

/** Multiplications on the host for one program: about 20 ms. */
const MOST_WORK = 2e7;

/** What took the place of rows of data. */
export interface DataProduct {
  readonly rows: number;
  /** Rows that are left to a step: those of XᵀX or of R. */
  readonly left: number;
  readonly form: 'products' | 'factor';
  /** κ² of the data, columns scaled to length 1; infinite where they depend on one another. */
  readonly squaredCondition: number;
}

export interface CompressedProgram {
  readonly program: Program;
  readonly products: readonly DataProduct[];
}

/** The program with its sums over rows taken from products of the data, where they may be; null where there are none. */
export function compressData(program: Program): CompressedProgram | null {
  const compressor = new Compressor();
  const compressed = rewrite(program, (ops, value, args) => compressor.rewrite(ops, value, args));
  if (compressor.products.size === 0) return null;
  return { program: compressed, products: [...compressor.products.values()] };
}

class Compressor {
  /** By rows, form and condition: one sentence for all sums over the same data. */
  readonly products = new Map<string, DataProduct>();
  private work = 0;
  private readonly factors = new Map<string, Factored | null>();
  private readonly made = new Map<string, Tensor>();

  rewrite(ops: Ops, value: Value, args: readonly Tensor[]): Tensor | null {
    if (value.region !== null || !['start', 'step'].includes(levelOf(value.uses))) return null;
    const [a, b] = args;
    if (value.op === 'matmul' && a && b) return this.product(ops, a, b);
    if (value.op !== 'sum' || !a) return null;
    const { axis } = value.attributes;
    return this.squares(ops, a, axis) ?? this.sum(ops, a, axis);
  }

  /** L r for constant L[N] or L[m, N] and rows r, or rᵀ L for constant L[N] or L[N, m]. */
  private product(ops: Ops, a: Tensor, b: Tensor): Tensor | null {
    const inner = a.shape.length - 1;
    if (isConstant(ops, a.id)) {
      const r = affineRows(ops, b, 0);
      return r && this.linear(ops, inner === 0 ? ops.reshape(a, [1, ...a.shape]) : a, r, inner === 0);
    }
    if (!isConstant(ops, b.id)) return null;
    const r = affineRows(ops, a, inner);
    if (!r) return null;
    const L = b.shape.length === 1 ? ops.reshape(b, [1, ...b.shape]) : ops.transpose(b);
    const result = this.linear(ops, L, r, b.shape.length === 1); // (rᵀ L)ᵀ
    return result && ops.transpose(result);
  }

  /** Σᵢ rᵢ: a row of ones before r. */
  private sum(ops: Ops, argument: Tensor, axis: number | null): Tensor | null {
    const { shape } = argument;
    const candidates = axis === null ? shape.map((_, i) => i) : [axis];
    for (const own of candidates) {
      const r = affineRows(ops, argument, own);
      if (!r || r.linear.length === 0) continue;
      const ones = ops.ones([1, r.rows]);
      const sums = this.linear(ops, ones, r, true);
      if (sums) return axis === null ? ops.sum(sums) : sums;
    }
    return null;
  }

  /** L r for L[m, N]: from products Lᵀ·A where the data allow it, else from factors. `isOne`: m = 1, and the result has no axis for it. */
  private linear(ops: Ops, L: Tensor, r: AffineRows, isOne: boolean): Tensor | null {
    if (!r.linear.some(({ P }) => isMoving(ops, P))) return null;
    const left = ops.transpose(L); // [N, m]
    const m = at(L.shape, 0);
    const columns = r.linear.reduce((sum, { A }) => sum + at(A.shape, 1), 0);
    if (r.rows * (columns + m) <= 2 * m * columns || r.rows <= columns) return null;
    const factored = this.factored(ops, [left, ...r.linear.map(({ A }) => A), ...r.fixed.map(({ B }) => B)]);
    if (!factored) return null;
    const whole = factored.conditionOf(r.linear.map(({ A }) => A.id));
    const isGram = whole <= MOST_SQUARED_CONDITION;
    if (!isGram && r.rows <= factored.size) return null;
    this.note(r.rows, isGram ? m : factored.size, isGram, whole);
    const drop = (sum: Tensor) => (isOne ? ops.reshape(sum, r.width) : sum);
    if (isGram) {
      const times = (D: Tensor) => this.constant(ops, `${left.id} ${D.id}`, () => factored.product(left, D));
      const parts = [
        ...r.linear.map(({ A, P }) => ops.matmul(times(A), P)),
        ...r.fixed.map(({ B, scale }) => ops.multiply(scale, ops.reshape(times(B), [m, ...B.shape.slice(1)]))),
      ];
      return drop(parts.reduce((sum, part) => ops.add(sum, part)));
    }
    const R = this.factorOf(ops, factored, left);
    return drop(ops.matmul(ops.transpose(R), this.shortened(ops, factored, r)));
  }

  /** Σ r·s over all entries, both affine in the parameters: R's rows for those of the data. */
  private squares(ops: Ops, argument: Tensor, axis: number | null): Tensor | null {
    const value = ops.valueOf(argument);
    const isWhole = axis === null || argument.shape.length === 1;
    if (value.op !== 'multiply' || !isWhole) return null;
    const [a, b] = value.args.map((id) => affineRows(ops, { id, shape: argument.shape }, 0));
    if (!a || !b || a.linear.length === 0 || b.linear.length === 0) return null;
    const parts = [...a.linear, ...b.linear].map(({ A }) => A).concat([...a.fixed, ...b.fixed].map(({ B }) => B));
    const factored = this.factored(ops, parts);
    if (!factored || a.rows <= 2 * factored.size) return null;
    this.note(a.rows, factored.size, false, factored.conditionOf(a.linear.map(({ A }) => A.id)));
    const [first, second] = [this.shortened(ops, factored, a), this.shortened(ops, factored, b)];
    return ops.sum(ops.multiply(first, second));
  }

  /** Qᵀ r. */
  private shortened(ops: Ops, factored: Factored, { linear, fixed, width }: AffineRows): Tensor {
    const parts = [
      ...linear.map(({ A, P }) => ops.matmul(this.factorOf(ops, factored, A), P)),
      ...fixed.map(({ B, scale }) =>
        ops.multiply(scale, ops.reshape(this.factorOf(ops, factored, B), [factored.size, ...width])),
      ),
    ];
    return parts.reduce((sum, part) => ops.add(sum, part));
  }

  private factorOf = (ops: Ops, factored: Factored, D: Tensor): Tensor =>
    this.constant(ops, `factor ${factored.key} ${D.id}`, () => factored.factorOf(D));

  private constant(ops: Ops, key: string, make: () => Matrix): Tensor {
    const before = this.made.get(key);
    if (before) return before;
    const { rows, columns, data } = make();
    const tensor = ops.constant(data, [rows, columns]);
    this.made.set(key, tensor);
    return tensor;
  }

  private factored(ops: Ops, parts: readonly Tensor[]): Factored | null {
    const key = [...new Set(parts.map(({ id }) => id))].sort((a, b) => a - b).join();
    const before = this.factors.get(key);
    if (before !== undefined) return before;
    const rows = at(at(parts, 0).shape, 0);
    const width = parts.reduce((sum, { shape }) => sum + sizeOf(shape) / rows, 0);
    this.work += rows * width * width;
    const isLong = width > 2 * MOST_COLUMNS || this.work > MOST_WORK;
    const found = isLong ? null : new Factored(ops, parts, key);
    const kept = found && found.size <= MOST_COLUMNS && found.isFinite ? found : null;
    this.factors.set(key, kept);
    return kept;
  }

  private note(rows: number, left: number, isGram: boolean, squaredCondition: number): void {
    const note: DataProduct = { rows, left, form: isGram ? 'products' : 'factor', squaredCondition };
    this.products.set(JSON.stringify(note), note);
  }
}

/** Constant matrices with as many rows as the data, side by side, each column once: D[N, size]. */
class Factored {
  readonly size: number;
  readonly isFinite: boolean;
  private readonly rows: number;
  private readonly columns: Float64Array[] = [];
  /** Of each matrix, which columns of D are its own. */
  private readonly places = new Map<Id, readonly number[]>();
  private triangle: Matrix | null = null;

  constructor(
    ops: Ops,
    parts: readonly Tensor[],
    readonly key: string,
  ) {
    const machine = new Machine(ops);
    const distinct = [...new Map(parts.map((part) => [part.id, part])).values()];
    this.rows = at(at(parts, 0).shape, 0);
    machine.procedure(distinct.map(({ id }) => id))();
    const known = new Map<string, number>();
    for (const { id, shape } of distinct) {
      const numbers = machine.numbers(id);
      const width = sizeOf(shape) / this.rows;
      const places = Array.from({ length: width }, (_, j) => {
        const column = Float64Array.from({ length: this.rows }, (_, i) => at(numbers, i * width + j));
        const name = `${dot(column, column)}`; // equal columns have equal sums
        const same = known.get(name);
        if (same !== undefined && at(this.columns, same).every((entry, i) => entry === column[i])) return same;
        known.set(name, this.columns.length);
        return this.columns.push(column) - 1;
      });
      this.places.set(id, places);
    }
    this.size = this.columns.length;
    this.isFinite = this.columns.every((column) => Number.isFinite(dot(column, column)));
  }

  /** κ² of the given matrices side by side, columns scaled to length 1. */
  conditionOf(ids: readonly Id[]): number {
    const own = [...new Set(ids.flatMap((id) => this.columnsOf(id)))];
    const lengths = own.map((j) => Math.sqrt(dot(at(this.columns, j), at(this.columns, j))));
    if (lengths.some((length) => length === 0)) return Number.POSITIVE_INFINITY;
    const data = Float64Array.from({ length: own.length ** 2 }, (_, k) => {
      const [i, j] = [Math.floor(k / own.length), k % own.length];
      return dot(at(this.columns, at(own, i)), at(this.columns, at(own, j))) / (at(lengths, i) * at(lengths, j));
    });
    const { rank, conditionNumber } = spectrum({ rows: own.length, columns: own.length, data });
    return rank < own.length ? Number.POSITIVE_INFINITY : conditionNumber;
  }

  /** aᵀ b. */
  product(a: Tensor, b: Tensor): Matrix {
    const [left, right] = [this.columnsOf(a.id), this.columnsOf(b.id)];
    const data = Float64Array.from({ length: left.length * right.length }, (_, k) =>
      dot(at(this.columns, at(left, Math.floor(k / right.length))), at(this.columns, at(right, k % right.length))),
    );
    return { rows: left.length, columns: right.length, data };
  }

  /** Those columns of R that belong to one of the matrices. */
  factorOf({ id }: Tensor): Matrix {
    this.triangle ??= this.factorised();
    const R = this.triangle;
    const own = this.columnsOf(id);
    const data = Float64Array.from({ length: this.size * own.length }, (_, k) =>
      at(R.data, Math.floor(k / own.length) * this.size + at(own, k % own.length)),
    );
    return { rows: this.size, columns: own.length, data };
  }

  private columnsOf = (id: Id): readonly number[] => this.places.get(id) ?? [];

  private factorised(): Matrix {
    const data = new Float64Array(this.rows * this.size);
    this.columns.forEach((column, j) => {
      column.forEach((entry, i) => {
        data[i * this.size + j] = entry;
      });
    });
    const dense = toDense({ rows: this.rows, columns: this.size, data });
    return fromDense(new QrDecomposition(dense).upperTriangularMatrix);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
