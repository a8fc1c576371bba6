/**
 * Values whose rows are affine in something that is not of the rows: r = Σ A P + Σ s B, where A[N, q] and B[N] or B[N, k] are
 * constant and have one row for each row of the data. The residuals X w + b − y of a linear model are.
 */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { sameShape, sizeOf } from '../tensor/shape.ts';
import { type Id, levelOf, type ValueOf } from '../tensor/value.ts';
import { isOfColumns } from './row-views.ts';

export interface AffineRows {
  /** N. */
  readonly rows: number;
  /** Of one row: [] or [k]. */
  readonly width: readonly number[];
  /** A[N, q] and P[q] or P[q, k]; each A once. */
  readonly linear: readonly { readonly A: Tensor; readonly P: Tensor }[];
  /** B[N] or B[N, k] with the number s before it; each B once. */
  readonly fixed: readonly { readonly B: Tensor; readonly scale: Tensor }[];
}

/** Sums of more parts are not taken apart. */
const MOST_PARTS = 16;

/** Constant in every run: a matrix of data may be factored. */
export const isConstant = (ops: Ops, id: Id): boolean => {
  const { uses, region } = at(ops.values, id);
  return region === null && levelOf(uses) === 'constant';
};

/** Changes from start to start or from step to step. */
export const isMoving = (ops: Ops, { id }: Tensor): boolean =>
  ['start', 'step'].includes(levelOf(at(ops.values, id).uses));

/** Reads a value of rank 1 or 2 whose rows lie along `axis`; where that is 1, what is told is told of its transpose. */
export function affineRows(ops: Ops, value: Tensor, axis: number): AffineRows | null {
  const found = new Reader(ops).read(value, axis);
  return found && found.linear.length + found.fixed.length <= MOST_PARTS ? found : null;
}

class Reader {
  private readonly known = new Map<string, AffineRows | null>();

  constructor(private readonly ops: Ops) {}

  read(value: Tensor, axis: number): AffineRows | null {
    const key = `${value.id} ${axis}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    this.known.set(key, null);
    const found = this.found(value, axis);
    this.known.set(key, found);
    return found;
  }

  private tensor = (id: Id): Tensor => ({ id, shape: at(this.ops.values, id).shape });

  private found(tensor: Tensor, axis: number): AffineRows | null {
    const { ops } = this;
    const value = ops.valueOf(tensor);
    const { shape } = value;
    const rows = shape[axis];
    if (rows === undefined || shape.length > 2) return null;
    if (isConstant(ops, tensor.id)) {
      const B = axis === 1 ? ops.transpose(tensor) : tensor;
      return { rows, width: B.shape.slice(1), linear: [], fixed: [{ B, scale: ops.constant(1) }] };
    }
    switch (value.op) {
      case 'identity':
        return this.read(this.tensor(value.args[0]), axis);
      case 'transpose':
        return this.read(this.tensor(value.args[0]), 1 - axis);
      case 'reshape':
        return this.reshaped(value, axis);
      case 'broadcast':
        return this.repeated(value, axis);
      case 'negate':
        return this.scaled(this.read(this.tensor(value.args[0]), axis), ops.constant(-1));
      case 'add':
      case 'subtract': {
        const [a, b] = value.args.map((id) => this.read(this.tensor(id), axis));
        if (!a || !b) return null;
        return this.sum(a, value.op === 'add' ? b : this.scaled(b, ops.constant(-1)));
      }
      case 'multiply':
        return (
          this.multiplied(value, axis) ?? this.multiplied({ ...value, args: [value.args[1], value.args[0]] }, axis)
        );
      case 'divide': {
        const [a, b] = [this.tensor(value.args[0]), this.tensor(value.args[1])];
        const divisor = this.number(b);
        if (divisor) return this.scaled(this.read(a, axis), ops.divide(1, divisor));
        return isConstant(ops, b.id) ? this.weighted(this.read(a, axis), ops.divide(1, b)) : null;
      }
      case 'matmul':
        return this.product(value, axis);
      case 'slice':
        return axis === 0 ? this.columns(value) : null;
      case 'assemble':
        return axis === 0 ? this.assembled(value) : null;
      case 'sum':
        return this.rowSums(value, axis);
      default:
        return null;
    }
  }

  /** The number that is repeated in all entries, or null. */
  private number({ id }: Tensor): Tensor | null {
    const value = at(this.ops.values, id);
    if (value.op !== 'broadcast') return null;
    const argument = this.tensor(value.args[0]);
    return sizeOf(argument.shape) === 1 ? this.ops.reshape(argument, []) : null;
  }

  private scaled(a: AffineRows | null, scale: Tensor): AffineRows | null {
    const { ops } = this;
    if (!a) return null;
    const linear = a.linear.map(({ A, P }) => ({ A, P: ops.multiply(scale, P) }));
    const fixed = a.fixed.map((part) => ({ ...part, scale: ops.multiply(scale, part.scale) }));
    if (!isMoving(ops, scale) || a.width.length > 0) return { ...a, linear, fixed };
    const columns = fixed.map(({ B, scale }) => ({ A: ops.reshape(B, [a.rows, 1]), P: ops.reshape(scale, [1]) }));
    return { ...a, linear: [...linear, ...columns], fixed: [] };
  }

  /** (A P)[:, j] = A P[:, j]. */
  private columns({ args: [argument], attributes: view, shape }: ValueOf<'slice'>): AffineRows | null {
    const { ops } = this;
    const from = this.tensor(argument);
    const a = from.shape.length === 2 && isOfColumns(view, shape, from.shape) ? this.read(from, 0) : null;
    if (!a) return null;
    const width = shape.slice(1);
    return {
      rows: a.rows,
      width,
      linear: a.linear.map(({ A, P }) => ({ A, P: ops.slice(P, { ...view, shape: [at(A.shape, 1), ...width] }) })),
      fixed: a.fixed.map(({ B, scale }) => ({ B: ops.slice(B, { ...view, shape: [a.rows, ...width] }), scale })),
    };
  }

  /** Columns put side by side, or onto each other. */
  private assembled({ args, attributes: { parts: views }, shape }: ValueOf<'assemble'>): AffineRows | null {
    const { ops } = this;
    const width = shape.slice(1);
    const parts = args.map((id, i) => {
      const view = at(views, i);
      const part = this.tensor(id);
      const a = width.length === 1 && isOfColumns(view, part.shape, shape) ? this.read(part, 0) : null;
      const put = (part: Tensor, rows: number) => ops.assemble([{ part, view }], [rows, ...width]);
      return (
        a && {
          rows: a.rows,
          width,
          linear: a.linear.map(({ A, P }) => ({ A, P: put(P, at(A.shape, 1)) })),
          fixed: a.fixed.map(({ B, scale }) => ({ B: put(B, a.rows), scale })),
        }
      );
    });
    const [first = null, ...rest] = parts;
    return rest.reduce<AffineRows | null>((sum, part) => sum && this.sum(sum, part), first);
  }

  /** Each row times its weight, a constant u[N]. */
  private weighted(a: AffineRows | null, u: Tensor): AffineRows | null {
    const { ops } = this;
    if (!a || a.width.length > 0 || u.shape.length !== 1) return null;
    return {
      ...a,
      linear: a.linear.map(({ A, P }) => ({ A: ops.multiply(A, ops.reshape(u, [a.rows, 1])), P })),
      fixed: a.fixed.map(({ B, scale }) => ({ B: ops.multiply(B, u), scale })),
    };
  }

  private sum(a: AffineRows, b: AffineRows | null): AffineRows | null {
    const { ops } = this;
    if (!b) return null;
    const linear = new Map(a.linear.map((part) => [part.A.id, part]));
    for (const { A, P } of b.linear) {
      const before = linear.get(A.id);
      linear.set(A.id, { A, P: before ? ops.add(before.P, P) : P });
    }
    const fixed = new Map(a.fixed.map((part) => [part.B.id, part]));
    for (const { B, scale } of b.fixed) {
      const before = fixed.get(B.id);
      fixed.set(B.id, { B, scale: before ? ops.add(before.scale, scale) : scale });
    }
    return { rows: a.rows, width: a.width, linear: [...linear.values()], fixed: [...fixed.values()] };
  }

  private multiplied({ args }: ValueOf<'multiply'>, axis: number): AffineRows | null {
    const [a, b] = [this.tensor(args[0]), this.tensor(args[1])];
    const factor = this.number(a);
    if (factor) return this.scaled(this.read(b, axis), factor);
    return isConstant(this.ops, a.id) ? this.weighted(this.read(b, axis), a) : null;
  }

  /** [N] and [N, 1] are the same rows. */
  private reshaped({ args: [argument], shape }: ValueOf<'reshape'>, axis: number): AffineRows | null {
    const { ops } = this;
    const from = this.tensor(argument);
    const isColumn =
      axis === 0 && [shape, from.shape].every((one) => one[0] === from.shape[0] && sizeOf(one) === one[0]);
    const a = isColumn ? this.read(from, 0) : null;
    if (!a) return null;
    const width = shape.slice(1);
    return {
      rows: a.rows,
      width,
      linear: a.linear.map(({ A, P }) => ({ A, P: ops.reshape(P, [at(A.shape, 1), ...width]) })),
      fixed: a.fixed.map(({ B, scale }) => ({ B: ops.reshape(B, [a.rows, ...width]), scale })),
    };
  }

  /** The same numbers in every row: a column of ones times them. */
  private repeated({ args: [argument], shape }: ValueOf<'broadcast'>, axis: number): AffineRows | null {
    const { ops } = this;
    const from = this.tensor(argument);
    const own = axis - (shape.length - from.shape.length);
    const isTheSame = own < 0 || from.shape[own] === 1;
    if (!isTheSame) return null;
    const rows = at(shape, axis);
    const width = shape.filter((_, i) => i !== axis);
    const P = ops.broadcast(ops.reshape(from, rowShape(from.shape, shape, axis)), [1, ...width]);
    return { rows, width, linear: [{ A: ops.ones([rows, 1]), P }], fixed: [] };
  }

  private product({ args, shape }: ValueOf<'matmul'>, axis: number): AffineRows | null {
    const { ops } = this;
    const [a, b] = [this.tensor(args[0]), this.tensor(args[1])];
    const isLeft = a.shape.length === 2 && axis === 0;
    const [data, factor] = isLeft ? [a, b] : [b, a];
    if (!isConstant(ops, data.id) || data.shape.length !== 2) return null;
    const [A, P] = isLeft ? [data, factor] : [ops.transpose(data), ops.transpose(factor)];
    return { rows: at(A.shape, 0), width: shape.filter((_, i) => i !== axis), linear: [{ A, P }], fixed: [] };
  }

  /** Σⱼ Xᵢⱼ wⱼ as `sum(X * w, axis=1)`. */
  private rowSums({ args: [argument], attributes }: ValueOf<'sum'>, axis: number): AffineRows | null {
    const { ops } = this;
    const products = at(ops.values, argument);
    if (products.op !== 'multiply' || attributes.axis === null || products.shape.length !== 2) return null;
    if (axis !== 0) return null;
    for (const [data, other] of [products.args, [products.args[1], products.args[0]] as const]) {
      const factor = at(ops.values, other);
      if (!isConstant(ops, data) || factor.op !== 'broadcast') continue;
      const w = this.tensor(factor.args[0]);
      const A = attributes.axis === 1 ? this.tensor(data) : ops.transpose(this.tensor(data));
      const columns = at(A.shape, 1);
      const isOfColumns = attributes.axis === 1 ? isRow(w.shape, columns) : sameShape(w.shape, [columns, 1]);
      if (isOfColumns) {
        return { rows: at(A.shape, 0), width: [], linear: [{ A, P: ops.reshape(w, [columns]) }], fixed: [] };
      }
    }
    return null;
  }
}

const isRow = (shape: readonly number[], columns: number): boolean =>
  sameShape(shape, [columns]) || sameShape(shape, [1, columns]);

/** The shape of what `from` repeats along the axis of the rows: one row, as [1, k] or [1]. */
function rowShape(from: readonly number[], to: readonly number[], axis: number): readonly number[] {
  const full = [...new Array<number>(to.length - from.length).fill(1), ...from];
  return [1, ...full.filter((_, i) => i !== axis)];
}
