/** The tensor operations by which methods and problems are written: NumPy's meaning, recorded. */
import { at, invariant } from '../diagnostic.ts';
import { type Operand, Recorder, type Tensor } from './recorder.ts';
import { broadcastShapes, matmulShape, type Shape, sameShape, sizeOf, stridesOf } from './shape.ts';
import { type Evidence, type Id, type Level, levelOf, type Random, type View } from './value.ts';

export type { Operand, Tensor } from './recorder.ts';

/** What random numbers are a function of, beside their position. */
export interface RandomSource {
  /** [2]: seed modulo 65536, and the rest of it divided by 65536. */
  readonly seed: Tensor;
  /** Number of the start. */
  readonly start: Tensor;
  /** A whole number ≥ 0. */
  readonly t: Tensor;
  readonly stream: number;
}

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A tensor in the place of each, under the same name. */
export const mapTensors = <Named extends Tensors>(tensors: Named, f: (tensor: Tensor, name: string) => Tensor): Named =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, f(tensor, name)])) as Named;

/** A value of a map, and w ↦ Jᵀ w there. */
export interface DifferentiableMap {
  readonly value: Tensor;
  pull(weights: Tensor): Tensor;
}

export class Ops extends Recorder {
  // ── what an exported script calls by a name ──

  /**
   * f of these tensors alone, which an exported script holds as a function of this name; here it is what f records. In a script no
   * derivative reaches through it.
   */
  named<Args extends Tensors, Results extends Tensors>(
    _name: string,
    args: Args,
    f: (ops: Ops, args: Args) => Results,
  ): Results {
    return f(this, args);
  }

  /** What these values are called in an exported script. */
  label(_names: Tensors): void {}

  /** The method's iterate as a function of what is trained, where a script has one. */
  readonly iterateMap: ((trained: Tensor, t: Tensor) => DifferentiableMap) | null = null;

  // ── leaves ──

  zeros = (shape: Shape | number): Tensor => this.filled(0, shape);
  ones = (shape: Shape | number): Tensor => this.filled(1, shape);

  private filled(value: number, shape: Shape | number): Tensor {
    return this.broadcast(this.constant(value), typeof shape === 'number' ? [shape] : shape);
  }

  identityMatrix(size: number): Tensor {
    const data = new Float64Array(size * size);
    for (let i = 0; i < size; i++) data[i * (size + 1)] = 1;
    return this.constant(data, [size, size]);
  }

  // ── elementwise ──

  /** The value itself, as a point at which derivatives stop. */
  identity = (a: Operand): Tensor => this.unary('identity', a);
  /** The value itself, which derivatives take for a constant. */
  still(a: Operand): Tensor {
    const argument = this.tensor(a);
    return this.record('identity', [argument.id], { still: true }, argument.shape);
  }
  negate = (a: Operand): Tensor => this.unary('negate', a);
  abs = (a: Operand): Tensor => this.unary('abs', a);
  sign = (a: Operand): Tensor => this.unary('sign', a);
  exp = (a: Operand): Tensor => this.unary('exp', a);
  log = (a: Operand): Tensor => this.unary('log', a);
  sqrt = (a: Operand): Tensor => this.unary('sqrt', a);
  sin = (a: Operand): Tensor => this.unary('sin', a);
  cos = (a: Operand): Tensor => this.unary('cos', a);
  tan = (a: Operand): Tensor => this.unary('tan', a);
  tanh = (a: Operand): Tensor => this.unary('tanh', a);
  floor = (a: Operand): Tensor => this.unary('floor', a);

  add(a: Operand, b: Operand): Tensor {
    if (this.isConstant(a, 0)) return this.shapedLike(b, a);
    if (this.isConstant(b, 0)) return this.shapedLike(a, b);
    return this.binary('add', a, b);
  }

  subtract(a: Operand, b: Operand): Tensor {
    if (this.isConstant(b, 0)) return this.shapedLike(a, b);
    if (this.isConstant(a, 0)) return this.negate(this.shapedLike(b, a));
    return this.binary('subtract', a, b);
  }

  multiply(a: Operand, b: Operand): Tensor {
    if (this.isConstant(a, 1)) return this.shapedLike(b, a);
    if (this.isConstant(b, 1)) return this.shapedLike(a, b);
    return this.binary('multiply', a, b);
  }

  divide(a: Operand, b: Operand): Tensor {
    return this.isConstant(b, 1) ? this.shapedLike(a, b) : this.binary('divide', a, b);
  }

  /** aᵇ. A constant integer exponent becomes multiplications (right for negative a); any other needs a ≥ 0. */
  power(a: Operand, b: Operand): Tensor {
    const exponent = typeof b === 'number' ? b : this.scalarConstant(b);
    if (exponent === null || !Number.isInteger(exponent) || Math.abs(exponent) > 64) {
      return exponent === 0.5 ? this.sqrt(this.shapedLike(a, b)) : this.binary('power', a, b);
    }
    const base = typeof b === 'number' ? this.tensor(a) : this.shapedLike(a, b);
    const positive = this.integerPower(base, Math.abs(exponent));
    return exponent < 0 ? this.divide(1, positive) : positive;
  }

  /** By repeated squaring. */
  private integerPower(base: Tensor, exponent: number): Tensor {
    if (exponent === 0) return this.ones(base.shape);
    if (exponent === 1) return base;
    const half = this.integerPower(base, Math.floor(exponent / 2));
    const square = this.multiply(half, half);
    return exponent % 2 === 1 ? this.multiply(square, base) : square;
  }

  maximum = (a: Operand, b: Operand): Tensor => this.binary('maximum', a, b);
  minimum = (a: Operand, b: Operand): Tensor => this.binary('minimum', a, b);
  less = (a: Operand, b: Operand): Tensor => this.binary('less', a, b);
  lessEqual = (a: Operand, b: Operand): Tensor => this.binary('lessEqual', a, b);
  equal = (a: Operand, b: Operand): Tensor => this.binary('equal', a, b);

  /** b where a ≠ 0, else c. Both are computed: keep the one that is not taken finite. */
  where(a: Operand, b: Operand, c: Operand): Tensor {
    const [condition, yes, no] = [this.tensor(a), this.tensor(b), this.tensor(c)];
    if (yes.id === no.id && sameShape(this.commonShape(condition.shape, yes.shape), yes.shape)) return yes;
    const shape = this.commonShape(condition.shape, this.commonShape(yes.shape, no.shape));
    return this.record('where', [this.to(condition, shape), this.to(yes, shape), this.to(no, shape)], {}, shape);
  }

  /** 1 where t is a multiple of `count`, else 0; t is a whole number. */
  isMultiple(t: Operand, count: number): Tensor {
    if (count === 1) return this.ones(this.tensor(t).shape);
    const quotient = this.floor(this.divide(this.add(t, 0.5), count)); // the half keeps t / count off the integers
    return this.equal(this.multiply(quotient, count), t);
  }

  /** `body()` at every `count`-th step, else what is `held`; names of both must agree. */
  every<State extends Tensors>(count: number, t: Tensor, held: State, body: () => State): State {
    if (count === 1) return body();
    const due = this.isMultiple(t, count);
    const moved = body();
    return mapTensors(held, (old, name) => this.where(due, entryOf(moved, name), old));
  }

  // ── shape ──

  broadcast(a: Operand, shape: Shape): Tensor {
    const argument = this.tensor(a);
    if (sameShape(argument.shape, shape)) return argument;
    const common = broadcastShapes(argument.shape, shape);
    invariant(common && sameShape(common, shape), `[${argument.shape}] does not broadcast to [${shape}]`);
    return this.record('broadcast', [argument.id], {}, shape);
  }

  /** The same entries in row-major order under another shape. */
  reshape(a: Operand, shape: Shape): Tensor {
    const argument = this.tensor(a);
    invariant(sizeOf(argument.shape) === sizeOf(shape), `[${argument.shape}] cannot be reshaped to [${shape}]`);
    return sameShape(argument.shape, shape) ? argument : this.record('reshape', [argument.id], {}, shape);
  }

  transpose(a: Operand): Tensor {
    const argument = this.tensor(a);
    if (argument.shape.length < 2) return argument;
    return this.record('transpose', [argument.id], {}, [...argument.shape].reverse());
  }

  /** Entry (i, j) of the result is element offset + i·strides[0] + j·strides[1] of the row-major argument. */
  slice(a: Operand, { offset, strides, shape }: View & { shape: Shape }): Tensor {
    const argument = this.tensor(a);
    const isWhole = offset === 0 && sameShape(shape, argument.shape) && sameShape(strides, stridesOf(shape));
    if (isWhole) return argument;
    return this.record('slice', [argument.id], { offset, strides }, shape);
  }

  /** Entry `index` along the first axis, which is dropped. */
  row(a: Tensor, index: number): Tensor {
    const [rows, ...shape] = a.shape;
    invariant(rows !== undefined && index >= 0 && index < rows, `row ${index} of shape [${a.shape}]`);
    return this.slice(a, { offset: index * sizeOf(shape), strides: stridesOf(shape), shape });
  }

  /** Zeros of the given shape, to which each part is added through its view. */
  assemble(parts: readonly { part: Tensor; view: View }[], shape: Shape): Tensor {
    const [first] = parts;
    if (
      first &&
      parts.length === 1 &&
      sizeOf(first.part.shape) === sizeOf(shape) &&
      isContiguous(first.view, first.part.shape)
    ) {
      return this.reshape(first.part, shape);
    }
    return this.record(
      'assemble',
      parts.map(({ part }) => part.id),
      { parts: parts.map(({ view }) => view) },
      shape,
    );
  }

  /** One vector from numbers and vectors, end to end. */
  concat(parts: readonly Operand[]): Tensor {
    let offset = 0;
    const placed = parts.map((operand) => {
      const part = this.tensor(operand);
      const flat = this.reshape(part, [sizeOf(part.shape)]);
      const view = { offset, strides: [1] };
      offset += sizeOf(part.shape);
      return { part: flat, view };
    });
    return this.assemble(placed, [offset]);
  }

  // ── reductions and products ──

  /** Sum over one axis, or over all entries. */
  sum = (a: Operand, axis: number | null = null): Tensor => this.reduce('sum', a, axis);
  /** Largest entry along one axis, or of all. */
  max = (a: Operand, axis: number | null = null): Tensor => this.reduce('max', a, axis);

  mean(a: Operand, axis: number | null = null): Tensor {
    const argument = this.tensor(a);
    const count = axis === null ? sizeOf(argument.shape) : at(argument.shape, axis);
    return this.divide(this.sum(argument, axis), count);
  }

  /** NumPy's `a @ b` for ranks 1 and 2. */
  matmul(a: Tensor, b: Tensor): Tensor {
    const shape = matmulShape(a.shape, b.shape);
    invariant(shape, `[${a.shape}] @ [${b.shape}]`);
    return this.record('matmul', [a.id, b.id], {}, shape);
  }

  /** Σᵢ aᵢ bᵢ over all entries. */
  dot = (a: Operand, b: Operand): Tensor => this.sum(this.multiply(a, b));

  /** a bᵀ for vectors a[m], b[n]. */
  outer(a: Tensor, b: Tensor): Tensor {
    return this.multiply(this.reshape(a, [sizeOf(a.shape), 1]), this.reshape(b, [1, sizeOf(b.shape)]));
  }

  /** ‖a‖₂ over all entries; its derivative at 0 is 0, as in PyTorch. */
  norm(a: Operand, axis: number | null = null): Tensor {
    const squares = axis === null ? this.dot(a, a) : this.sum(this.multiply(a, a), axis);
    const positive = this.less(0, squares);
    return this.where(positive, this.sqrt(this.where(positive, squares, 1)), 0);
  }

  /** Moore–Penrose pseudoinverse of a matrix; `evidence` is what is known of a constant one. */
  pinv(a: Tensor, evidence: Evidence = {}): Tensor {
    invariant(a.shape.length === 2, 'pinv takes a matrix');
    return this.record('pinv', [a.id], evidence, [at(a.shape, 1), at(a.shape, 0)]);
  }

  /** Orthonormal basis of the null space of A, one column each. */
  nullSpace(a: Tensor, rank: number): Tensor {
    invariant(a.shape.length === 2, 'nullSpace takes a matrix');
    return this.record('nullSpace', [a.id], { rank }, [at(a.shape, 1), at(a.shape, 1) - rank]);
  }

  /** Orthonormal basis of the rows of A, one row each. */
  rowSpace(a: Tensor, rank: number): Tensor {
    invariant(a.shape.length === 2, 'rowSpace takes a matrix');
    return this.record('rowSpace', [a.id], { rank }, [rank, at(a.shape, 1)]);
  }

  // ── random numbers, and rows picked by them ──

  /** table[rows], as in NumPy: shape [rows, …rest of the table's]. Rows are in range, and constant where the table is not the same for a whole run. */
  gather(table: Tensor, rows: Tensor): Tensor {
    invariant(table.shape.length > 0 && rows.shape.length === 1, 'gather takes a table and a vector of rows');
    const isFixed = (tensor: Tensor, levels: readonly Level[]) =>
      this.valueOf(tensor).region === null && levels.includes(levelOf(this.valueOf(tensor).uses));
    const isEither = isFixed(table, ['constant', 'run']) || isFixed(rows, ['constant']);
    invariant(isEither, 'either the table holds for a whole run, or which rows are picked is known');
    return this.record('gather', [table.id, rows.id], {}, [at(rows.shape, 0), ...table.shape.slice(1)]);
  }

  /**
   * Random numbers of the given shape, new at every step. `uniform` in (0, 1); `normal` of mean 0 and variance 1, by two uniform
   * numbers each (Box & Muller 1958); the same bits, before these functions, in every executor.
   */
  random(kind: 'uniform' | 'normal', shape: Shape, source: RandomSource): Tensor {
    if (kind === 'uniform') return this.drawn(shape, source, { kind, stream: source.stream, count: 0 });
    const pairs = this.random('uniform', [2, ...shape], source);
    const radius = this.sqrt(this.multiply(-2, this.log(this.row(pairs, 0))));
    return this.multiply(radius, this.cos(this.multiply(2 * Math.PI, this.row(pairs, 1))));
  }

  /** `size` of the numbers 0 … count − 1 a step, without replacement: at t = 0, 1, … each comes once in every `count` draws. */
  randomIndex(size: number, count: number, source: RandomSource): Tensor {
    invariant(size >= 1 && count >= 1, `${size} of ${count} numbers`);
    return this.drawn([size], source, { kind: 'shuffled', stream: source.stream, count });
  }

  private drawn(shape: Shape, { seed, start, t }: RandomSource, attributes: Random): Tensor {
    invariant(seed.shape.length === 1 && seed.shape[0] === 2, 'a seed has two parts');
    invariant(attributes.stream >= 0 && attributes.stream < 256, 'streams are few');
    return this.record('random', [seed.id, start.id, t.id], attributes, shape);
  }

  // ── arguments ──

  private isConstant(a: Operand, number: number): boolean {
    return (typeof a === 'number' ? a : this.scalarConstant(a)) === number;
  }

  /** `a` in the shape that an elementwise operation of both would have. */
  private shapedLike(a: Operand, other: Operand): Tensor {
    const kept = this.tensor(a);
    return this.broadcast(kept, this.commonShape(kept.shape, typeof other === 'number' ? [] : other.shape));
  }

  private commonShape(a: Shape, b: Shape): Shape {
    const shape = broadcastShapes(a, b);
    invariant(shape, `[${a}] and [${b}] do not broadcast`);
    return shape;
  }

  private to = (a: Tensor, shape: Shape): Id => this.broadcast(a, shape).id;

  private unary(op: 'identity' | UnaryName, a: Operand): Tensor {
    const argument = this.tensor(a);
    return this.record(op, [argument.id], {}, argument.shape);
  }

  private binary(op: BinaryName, a: Operand, b: Operand): Tensor {
    const [left, right] = [this.tensor(a), this.tensor(b)];
    const shape = this.commonShape(left.shape, right.shape);
    return this.record(op, [this.to(left, shape), this.to(right, shape)], {}, shape);
  }

  private reduce(op: 'sum' | 'max', a: Operand, axis: number | null): Tensor {
    const argument = this.tensor(a);
    if (argument.shape.length === 0) return argument;
    const only = argument.shape.length === 1 ? null : axis;
    const shape = only === null ? [] : argument.shape.filter((_, i) => i !== only);
    return this.record(op, [argument.id], { axis: only }, shape);
  }
}

type UnaryName = 'negate' | 'abs' | 'sign' | 'exp' | 'log' | 'sqrt' | 'sin' | 'cos' | 'tan' | 'tanh' | 'floor';
type BinaryName =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'power'
  | 'maximum'
  | 'minimum'
  | 'less'
  | 'lessEqual'
  | 'equal';

function isContiguous(view: View, shape: Shape): boolean {
  return view.offset === 0 && sameShape(view.strides, stridesOf(shape));
}

function entryOf(state: Tensors, name: string): Tensor {
  const value = state[name];
  invariant(value, `every: the body has no ${name}`);
  return value;
}
