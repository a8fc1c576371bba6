/** Derivatives of recorded functions, graph to graph: reverse mode (`vjp`, `gradient`) and forward mode (`jvp`). */
import { at, invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';
import { type Shape, sizeOf } from './shape.ts';
import { applyRule, type Id, type RuleTable, type Value } from './value.ts';

/** A recorded function of one tensor. */
export type Recorded = (x: Tensor) => Tensor;

/** ∇f(x) for scalar f; shape of x. */
export function gradient(ops: Ops, f: Recorded, x: Tensor): Tensor {
  return vjp(ops, f, x, ops.constant(1));
}

/** J(x)ᵀ w for f: R[x] → R[y] and w of the shape of f(x). The seed w is not differentiated, even where it depends on x. */
export function vjp(ops: Ops, f: Recorded, x: Tensor, seed: Tensor): Tensor {
  const point = ops.identity(x); // derivatives stop here, and nothing is simplified across it
  return pullBack(ops, f(point), point, seed);
}

/** J(x) d, for a direction d of the shape of x. */
export function jvp(ops: Ops, f: Recorded, x: Tensor, direction: Tensor): Tensor {
  const point = ops.identity(x);
  return pushForward(ops, f(point), point, direction);
}

/** J(x)[m, n] of f: R[n] → R[m], one vjp a row. For small m only. */
export function jacobian(ops: Ops, f: Recorded, x: Tensor): Tensor {
  const point = ops.identity(x);
  const y = f(point);
  const [rows, columns] = [sizeOf(y.shape), sizeOf(x.shape)];
  const parts = Array.from({ length: rows }, (_, i) => {
    const unit = ops.constant(
      Float64Array.from({ length: rows }, (_, k) => (k === i ? 1 : 0)),
      y.shape,
    );
    const part = ops.reshape(pullBack(ops, y, point, unit), [columns]);
    return { part, view: { offset: i * columns, strides: [1] } };
  });
  return ops.assemble(parts, [rows, columns]);
}

// ── which values depend on x ──

/** Ids between x and y that depend on x, ascending; loops on the way are unrolled beforehand. */
function pathTo(ops: Ops, y: Tensor, x: Tensor): Id[] {
  const depends = new Map<Id, boolean>([[x.id, true]]);
  const order: Id[] = [];
  const pending: Id[] = [y.id];
  while (pending.length > 0) {
    const id = at(pending, pending.length - 1);
    if (depends.has(id)) {
      pending.pop();
      continue;
    }
    const { args, op } = at(ops.values, id);
    const open = args.filter((argument) => !depends.has(argument));
    if (open.length > 0) {
      pending.push(...open);
      continue;
    }
    pending.pop();
    const dependent = args.some((argument) => depends.get(argument));
    depends.set(id, dependent);
    if (dependent) {
      invariant(op !== 'repeat', 'derivatives of a loop: unroll it first');
      order.push(id);
    }
  }
  return order.sort((a, b) => a - b);
}

// ── reverse mode ──

/** Adjoints of the arguments, in order; null where there is none. */
type Adjoints = readonly (Tensor | null)[];

/** Contributions to one adjoint: slices are gathered into one `assemble` instead of a sum of padded tensors. */
class Accumulator {
  private total: Tensor | null = null;
  private readonly parts: { part: Tensor; view: { offset: number; strides: readonly number[] } }[] = [];
  constructor(
    private readonly ops: Ops,
    private readonly shape: Shape,
  ) {}

  add(adjoint: Tensor): void {
    const value = this.ops.valueOf(adjoint);
    if (value.op === 'assemble' && value.args.length === 1) {
      const source = at(value.args, 0);
      this.parts.push({
        part: { id: source, shape: at(this.ops.values, source).shape },
        view: at(value.attributes.parts, 0),
      });
    } else {
      this.total = this.total ? this.ops.add(this.total, adjoint) : adjoint;
    }
  }

  get value(): Tensor | null {
    if (this.parts.length === 0) return this.total;
    const assembled = this.ops.assemble(this.parts, this.shape);
    return this.total ? this.ops.add(this.total, assembled) : assembled;
  }
}

function pullBack(ops: Ops, y: Tensor, x: Tensor, seed: Tensor): Tensor {
  if (y.id === x.id) return seed;
  const adjoints = new Map<Id, Accumulator>();
  const accumulate = (id: Id, adjoint: Tensor) => {
    const known = adjoints.get(id) ?? new Accumulator(ops, at(ops.values, id).shape);
    adjoints.set(id, known);
    known.add(adjoint);
  };
  const path = pathTo(ops, y, x);
  const onPath = new Set([...path, x.id]);
  accumulate(y.id, ops.broadcast(seed, y.shape));
  for (const id of path.reverse()) {
    const adjoint = adjoints.get(id)?.value;
    if (!adjoint) continue;
    const value = at(ops.values, id);
    const contributions = applyRule<[Ops, Tensor, Tensor], Adjoints>(
      REVERSE,
      value,
      ops,
      { id, shape: value.shape },
      adjoint,
    );
    value.args.forEach((argument, position) => {
      const contribution = contributions[position];
      if (contribution && onPath.has(argument)) accumulate(argument, contribution);
    });
  }
  return adjoints.get(x.id)?.value ?? ops.zeros(x.shape);
}

const tensorOf = (ops: Ops, id: Id): Tensor => ({ id, shape: at(ops.values, id).shape });

type ReverseRule = [ops: Ops, result: Tensor, adjoint: Tensor];
type UnaryValue = { readonly args: readonly [Id] };
type BinaryValue = { readonly args: readonly [Id, Id] };

/** d/da f(a) as a tensor of a (and of the result), for an elementwise f: the same factor serves both modes. */
type Slope = (ops: Ops, a: Tensor, result: Tensor) => Tensor;
type Slopes = (ops: Ops, a: Tensor, b: Tensor, result: Tensor) => readonly [Tensor | null, Tensor | null];

/** Slopes at kinks are PyTorch's: abs 0 at 0; equal arguments of maximum and minimum share. */
const UNARY_SLOPES = {
  negate: (ops, a) => ops.broadcast(ops.constant(-1), a.shape),
  abs: (ops, a) => ops.sign(a),
  exp: (_, __, result) => result,
  log: (ops, a) => ops.divide(1, a),
  sqrt: (ops, _, result) => ops.divide(0.5, result),
  sin: (ops, a) => ops.cos(a),
  cos: (ops, a) => ops.negate(ops.sin(a)),
  tan: (ops, _, result) => ops.add(1, ops.multiply(result, result)),
  tanh: (ops, _, result) => ops.subtract(1, ops.multiply(result, result)),
} satisfies Record<string, Slope>;

const BINARY_SLOPES = {
  multiply: (_, a, b) => [b, a],
  divide: (ops, _, b, result) => [ops.divide(1, b), ops.negate(ops.divide(result, b))],
  power: (ops, a, b, result) => [
    ops.multiply(b, ops.power(a, ops.subtract(b, 1))),
    ops.multiply(result, ops.log(ops.where(ops.less(0, a), a, 1))), // 0 where a ≤ 0, as for 0ᵇ
  ],
  maximum: (ops, a, b) => [share(ops, ops.less(b, a), a, b), share(ops, ops.less(a, b), a, b)],
  minimum: (ops, a, b) => [share(ops, ops.less(a, b), a, b), share(ops, ops.less(b, a), a, b)],
} satisfies Record<string, Slopes>;

const share = (ops: Ops, wins: Tensor, a: Tensor, b: Tensor): Tensor =>
  ops.add(wins, ops.multiply(0.5, ops.equal(a, b)));

const reverseUnary =
  (slope: Slope) =>
  ({ args: [a] }: UnaryValue, ops: Ops, result: Tensor, adjoint: Tensor): Adjoints => [
    ops.multiply(adjoint, slope(ops, tensorOf(ops, a), result)),
  ];

const reverseBinary =
  (slopes: Slopes) =>
  ({ args: [a, b] }: BinaryValue, ops: Ops, result: Tensor, adjoint: Tensor): Adjoints =>
    slopes(ops, tensorOf(ops, a), tensorOf(ops, b), result).map((slope) => slope && ops.multiply(adjoint, slope));

const constantIn = (): Adjoints => [null, null, null];
const undefinedFor = (): never => {
  throw new Error('Invariant broken: no derivative with respect to a factorised matrix in a loop');
};

const REVERSE: RuleTable<ReverseRule, Adjoints> = {
  constant: constantIn,
  input: constantIn,
  identity: (_, __, ___, adjoint) => [adjoint],
  negate: (_, ops, __, adjoint) => [ops.negate(adjoint)],
  abs: reverseUnary(UNARY_SLOPES.abs),
  sign: constantIn,
  exp: reverseUnary(UNARY_SLOPES.exp),
  log: reverseUnary(UNARY_SLOPES.log),
  sqrt: reverseUnary(UNARY_SLOPES.sqrt),
  sin: reverseUnary(UNARY_SLOPES.sin),
  cos: reverseUnary(UNARY_SLOPES.cos),
  tan: reverseUnary(UNARY_SLOPES.tan),
  tanh: reverseUnary(UNARY_SLOPES.tanh),
  floor: constantIn,
  add: (_, __, ___, adjoint) => [adjoint, adjoint],
  subtract: (_, ops, __, adjoint) => [adjoint, ops.negate(adjoint)],
  multiply: reverseBinary(BINARY_SLOPES.multiply),
  divide: reverseBinary(BINARY_SLOPES.divide),
  power: reverseBinary(BINARY_SLOPES.power),
  maximum: reverseBinary(BINARY_SLOPES.maximum),
  minimum: reverseBinary(BINARY_SLOPES.minimum),
  less: constantIn,
  lessEqual: constantIn,
  equal: constantIn,
  where: ({ args: [condition] }, ops, _, adjoint) => {
    const taken = tensorOf(ops, condition);
    return [null, ops.where(taken, adjoint, 0), ops.where(taken, 0, adjoint)];
  },
  broadcast: ({ args: [a] }, ops, _, adjoint) => [sumTo(ops, adjoint, at(ops.values, a).shape)],
  reshape: ({ args: [a] }, ops, _, adjoint) => [ops.reshape(adjoint, at(ops.values, a).shape)],
  transpose: (_, ops, __, adjoint) => [ops.transpose(adjoint)],
  slice: ({ args: [a], attributes }, ops, _, adjoint) => [
    ops.assemble([{ part: adjoint, view: attributes }], at(ops.values, a).shape),
  ],
  assemble: ({ args, attributes }, ops, _, adjoint) =>
    args.map((id, i) => ops.slice(adjoint, { ...at(attributes.parts, i), shape: at(ops.values, id).shape })),
  sum: ({ args: [a], attributes }, ops, _, adjoint) => [spread(ops, adjoint, at(ops.values, a).shape, attributes.axis)],
  max: ({ args: [a], attributes }, ops, result, adjoint) => {
    const { wins, count } = winners(ops, tensorOf(ops, a), result, attributes.axis);
    return [ops.multiply(wins, spread(ops, ops.divide(adjoint, count), at(ops.values, a).shape, attributes.axis))];
  },
  matmul: ({ args: [a, b] }, ops, _, adjoint) => matmulAdjoints(ops, tensorOf(ops, a), tensorOf(ops, b), adjoint),
  pinv: undefinedFor,
  nullSpace: undefinedFor,
  rowSpace: undefinedFor,
  repeat: undefinedFor,
  pick: undefinedFor,
  carry: constantIn,
  turn: constantIn,
};

/** The adjoint of broadcasting: sums over the axes that were repeated. */
function sumTo(ops: Ops, adjoint: Tensor, shape: Shape): Tensor {
  let result = adjoint;
  while (result.shape.length > shape.length) result = ops.sum(result, 0);
  shape.forEach((length, axis) => {
    if (length === 1 && result.shape[axis] !== 1) {
      const kept = result.shape.map((extent, i) => (i === axis ? 1 : extent));
      result = ops.reshape(ops.sum(result, axis), kept);
    }
  });
  return ops.reshape(result, shape);
}

/** The adjoint of a sum: the same number along the axis that was summed over. */
function spread(ops: Ops, adjoint: Tensor, shape: Shape, axis: number | null): Tensor {
  if (axis === null) return ops.broadcast(adjoint, shape);
  const kept = shape.map((length, i) => (i === axis ? 1 : length));
  return ops.broadcast(ops.reshape(adjoint, kept), shape);
}

/** 1 where an entry is the largest along the axis, and how many are. */
function winners(ops: Ops, a: Tensor, result: Tensor, axis: number | null): { wins: Tensor; count: Tensor } {
  const wins = ops.equal(a, spread(ops, result, a.shape, axis));
  return { wins, count: ops.sum(wins, axis) };
}

function matmulAdjoints(ops: Ops, a: Tensor, b: Tensor, adjoint: Tensor): Adjoints {
  const [rankA, rankB] = [a.shape.length, b.shape.length];
  if (rankA === 1 && rankB === 1) return [ops.multiply(adjoint, b), ops.multiply(adjoint, a)];
  if (rankB === 1) return [ops.outer(adjoint, b), ops.matmul(ops.transpose(a), adjoint)];
  if (rankA === 1) return [ops.matmul(b, adjoint), ops.outer(a, adjoint)];
  return [ops.matmul(adjoint, ops.transpose(b)), ops.matmul(ops.transpose(a), adjoint)];
}

// ── forward mode ──

/** The direction in which the result moves, given those of the arguments (null: does not move). */
type ForwardRule = [ops: Ops, result: Tensor, directions: readonly (Tensor | null)[]];

function pushForward(ops: Ops, y: Tensor, x: Tensor, direction: Tensor): Tensor {
  const directions = new Map<Id, Tensor>([[x.id, direction]]);
  for (const id of pathTo(ops, y, x)) {
    const value = at(ops.values, id);
    const moves = value.args.map((argument) => directions.get(argument) ?? null);
    const moved = applyRule<ForwardRule, Tensor | null>(FORWARD, value, ops, { id, shape: value.shape }, moves);
    if (moved) directions.set(id, moved);
  }
  return directions.get(y.id) ?? ops.zeros(y.shape);
}

/** A linear operation moves as its argument does. */
const linear =
  <V extends Value>(apply: (value: V, ops: Ops, direction: Tensor) => Tensor) =>
  (value: V, ops: Ops, _: Tensor, [direction]: readonly (Tensor | null)[]): Tensor | null =>
    direction ? apply(value, ops, direction) : null;

const still = (): null => null;

const sumOf = (ops: Ops, a: Tensor | null, b: Tensor | null): Tensor | null => (a && b ? ops.add(a, b) : (a ?? b));

const forwardUnary =
  (slope: Slope) =>
  ({ args: [a] }: UnaryValue, ops: Ops, result: Tensor, [direction]: readonly (Tensor | null)[]): Tensor | null =>
    direction ? ops.multiply(slope(ops, tensorOf(ops, a), result), direction) : null;

const forwardBinary =
  (slopes: Slopes) =>
  ({ args: [a, b] }: BinaryValue, ops: Ops, result: Tensor, [da, db]: readonly (Tensor | null)[]): Tensor | null => {
    const [alongA, alongB] = slopes(ops, tensorOf(ops, a), tensorOf(ops, b), result);
    return sumOf(ops, da && alongA ? ops.multiply(alongA, da) : null, db && alongB ? ops.multiply(alongB, db) : null);
  };

const orZero = (ops: Ops, a: Tensor | null | undefined): Tensor => a ?? ops.constant(0);

const FORWARD: RuleTable<ForwardRule, Tensor | null> = {
  constant: still,
  input: still,
  identity: linear((_, __, d) => d),
  negate: linear((_, ops, d) => ops.negate(d)),
  abs: forwardUnary(UNARY_SLOPES.abs),
  sign: still,
  exp: forwardUnary(UNARY_SLOPES.exp),
  log: forwardUnary(UNARY_SLOPES.log),
  sqrt: forwardUnary(UNARY_SLOPES.sqrt),
  sin: forwardUnary(UNARY_SLOPES.sin),
  cos: forwardUnary(UNARY_SLOPES.cos),
  tan: forwardUnary(UNARY_SLOPES.tan),
  tanh: forwardUnary(UNARY_SLOPES.tanh),
  floor: still,
  add: (_, ops, __, [da, db]) => sumOf(ops, da ?? null, db ?? null),
  subtract: (_, ops, __, [da, db]) => sumOf(ops, da ?? null, db ? ops.negate(db) : null),
  multiply: forwardBinary(BINARY_SLOPES.multiply),
  divide: forwardBinary(BINARY_SLOPES.divide),
  power: forwardBinary(BINARY_SLOPES.power),
  maximum: forwardBinary(BINARY_SLOPES.maximum),
  minimum: forwardBinary(BINARY_SLOPES.minimum),
  less: still,
  lessEqual: still,
  equal: still,
  where: ({ args: [condition] }, ops, result, [, da, db]) =>
    da || db
      ? ops.broadcast(ops.where(tensorOf(ops, condition), orZero(ops, da), orZero(ops, db)), result.shape)
      : null,
  broadcast: linear(({ shape }, ops, d) => ops.broadcast(d, shape)),
  reshape: linear(({ shape }, ops, d) => ops.reshape(d, shape)),
  transpose: linear((_, ops, d) => ops.transpose(d)),
  slice: linear((value, ops, d) =>
    ops.slice(d, { ...(value as Extract<Value, { op: 'slice' }>).attributes, shape: value.shape }),
  ),
  assemble: ({ attributes, shape }, ops, _, directions) =>
    ops.assemble(
      directions.flatMap((part, i) => (part ? [{ part, view: at(attributes.parts, i) }] : [])),
      shape,
    ),
  sum: linear((value, ops, d) => ops.sum(d, (value as Extract<Value, { op: 'sum' }>).attributes.axis)),
  max: ({ args: [a], attributes }, ops, result, [d]) => {
    if (!d) return null;
    const { wins, count } = winners(ops, tensorOf(ops, a), result, attributes.axis);
    return ops.divide(ops.sum(ops.multiply(wins, d), attributes.axis), count);
  },
  matmul: ({ args: [a, b] }, ops, _, [da, db]) =>
    sumOf(ops, da ? ops.matmul(da, tensorOf(ops, b)) : null, db ? ops.matmul(tensorOf(ops, a), db) : null),
  pinv: undefinedFor,
  nullSpace: undefinedFor,
  rowSpace: undefinedFor,
  repeat: undefinedFor,
  pick: undefinedFor,
  carry: still,
  turn: still,
};
