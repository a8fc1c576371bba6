/** Reverse mode: adjoints of every operation's arguments, from the adjoint of its result. */
import { at } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';
import type { Shape } from './shape.ts';
import {
  BINARY_SLOPES,
  type BinaryValue,
  pathTo,
  type Slope,
  type Slopes,
  spread,
  tensorOf,
  UNARY_SLOPES,
  type UnaryValue,
  undifferentiable,
  winners,
} from './slopes.ts';
import { applyRule, type Id, type RuleTable } from './value.ts';

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

/**
 * J(x)ᵀ w of y as a function of x, for a seed w of the shape of y, in the shape of x; 0 where y does not depend on x. Neither a loop nor a
 * factorisation stands between them. Source: Griewank & Walther 2008, Evaluating Derivatives, §3.2.
 */
export function pullBack(ops: Ops, y: Tensor, x: Tensor, seed: Tensor): Tensor {
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

type ReverseRule = [ops: Ops, result: Tensor, adjoint: Tensor];
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

const REVERSE: RuleTable<ReverseRule, Adjoints> = {
  constant: constantIn,
  input: constantIn,
  identity: ({ attributes }, _, __, adjoint) => [attributes.still ? null : adjoint],
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
  pinv: undifferentiable,
  nullSpace: undifferentiable,
  rowSpace: undifferentiable,
  gather: undifferentiable,
  random: constantIn,
  repeat: undifferentiable,
  pick: undifferentiable,
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

function matmulAdjoints(ops: Ops, a: Tensor, b: Tensor, adjoint: Tensor): Adjoints {
  const [rankA, rankB] = [a.shape.length, b.shape.length];
  if (rankA === 1 && rankB === 1) return [ops.multiply(adjoint, b), ops.multiply(adjoint, a)];
  if (rankB === 1) return [ops.outer(adjoint, b), ops.matmul(ops.transpose(a), adjoint)];
  if (rankA === 1) return [ops.matmul(b, adjoint), ops.outer(a, adjoint)];
  return [ops.matmul(adjoint, ops.transpose(b)), ops.matmul(ops.transpose(a), adjoint)];
}
