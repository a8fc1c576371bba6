/**
 * Curvature of a recorded value by the rules of disciplined convex programming: sums of convex functions, convex functions that
 * grow, of convex ones. Source: Grant, Boyd & Ye 2006, Disciplined Convex Programming; Boyd & Vandenberghe 2004, §3.2.
 */
import { at } from '../../diagnostic.ts';
import { degreesIn } from '../../tensor/degree.ts';
import { reachable } from '../../tensor/evaluate.ts';
import type { Id, Value } from '../../tensor/value.ts';
import { huberArgument } from './huber.ts';
import { squareOf } from './roots.ts';
import { machineOf, type Symbols } from './symbols.ts';

type Bend = 'affine' | 'convex' | 'concave' | null;
/** 1: nowhere below 0; −1: nowhere above. */
type Sign = 1 | -1 | null;
interface Known {
  readonly bend: Bend;
  readonly sign: Sign;
}

interface Multiple {
  readonly of: Id;
  readonly sign: Sign;
}

const UNKNOWN: Known = { bend: null, sign: null };
const opposite = ({ bend, sign }: Known): Known => ({
  bend: bend === 'convex' ? 'concave' : bend === 'concave' ? 'convex' : bend,
  sign: sign === null ? null : sign === 1 ? -1 : 1,
});

/** What all entries of a value are as functions of x; null where the rules do not say. */
export function curvatureIn(symbols: Symbols, root: Id): Bend {
  const { ops, x } = symbols;
  const order = [...reachable(ops, [root])].sort((a, b) => a - b);
  const moving = new Set<Id>();
  for (const id of order) {
    const { op, args } = at(ops.values, id);
    const readsInside = op === 'repeat' && reachable(ops, [id]).has(x.id);
    if (id === x.id || readsInside || args.some((arg) => moving.has(arg))) moving.add(id);
  }
  const still = order.filter((id) => !moving.has(id));
  const degrees = degreesIn(ops, root, x.id);
  const machine = machineOf(symbols);
  machine.procedure(still)();
  const known = new Map<Id, Known>();
  const logConvex = new Map<Id, boolean>();
  const multiples = new Map<Id, Multiple>();
  const of = (id: Id): Known => {
    const before = known.get(id);
    if (before) return before;
    const found = moving.has(id) ? judged(at(ops.values, id), id) : { bend: 'affine' as const, sign: signOf(id) };
    known.set(id, found);
    return found;
  };
  const signOf = (id: Id): Sign => {
    const numbers = machine.numbers(id);
    return numbers.every((entry) => entry >= 0) ? 1 : numbers.every((entry) => entry <= 0) ? -1 : null;
  };
  for (const id of order) if (at(ops.values, id).region === null) of(id); // a sum of thousands of terms is as deep as it is long
  return of(root).bend;

  function judged(value: Value, id: Id): Known {
    const { args } = value;
    const root = squareOf(ops, value);
    if (root !== null && root !== args[0]) return { bend: isSumOfSquares(root) ? 'convex' : null, sign: 1 };
    const residual = huberArgument(symbols, value);
    if (residual !== null) return { bend: of(residual).bend === 'affine' ? 'convex' : null, sign: null };
    if (isSoftplus(value)) return grown(of(at(at(ops.values, at(args, 0)).args, 1)), 'convex', 1);
    const own = (degrees.get(id) ?? 0) <= 1 ? 'affine' : null;
    const found = composed(value, args);
    return { bend: own ?? found.bend, sign: found.sign };
  }

  function composed({ op }: Value, args: readonly Id[]): Known {
    const first = args.length > 0 ? of(at(args, 0)) : UNKNOWN;
    const second = args.length > 1 ? of(at(args, 1)) : UNKNOWN;
    switch (op) {
      case 'identity':
      case 'reshape':
      case 'broadcast':
      case 'transpose':
      case 'slice':
      case 'sum':
        return first;
      case 'assemble':
        return args.map(of).reduce(plus);
      case 'negate':
        return opposite(first);
      case 'add':
        return plus(first, second);
      case 'subtract':
        return plus(first, opposite(second));
      case 'multiply':
      case 'matmul':
        if (op === 'multiply' || isVector(at(args, 0))) {
          const [one, other] = args.map(multipleOf);
          if (one && other && one.of === other.of && moving.has(one.of))
            return scaled(squared(of(one.of)), product(one.sign, other.sign));
        }
        if (!moving.has(at(args, 0))) return scaled(second, first.sign);
        if (
          moving.has(at(args, 1)) &&
          (op === 'multiply' || args.every(isVector)) &&
          (isEntropy(args) || isEntropy([...args].reverse()))
        )
          return { bend: 'convex', sign: null };
        return moving.has(at(args, 1))
          ? { bend: null, sign: product(first.sign, second.sign) }
          : scaled(first, second.sign);
      case 'divide':
        return moving.has(at(args, 1)) ? UNKNOWN : scaled(first, second.sign);
      case 'exp':
        return grown(first, 'convex', 1);
      case 'log':
        return isLogConvex(at(args, 0)) ? { bend: 'convex', sign: null } : grown(first, 'concave', null);
      case 'sqrt':
        return grown(first, 'concave', 1);
      case 'abs': {
        const isConvex = first.bend === 'affine' || squared(first).bend === 'convex';
        return { bend: isConvex ? 'convex' : null, sign: 1 };
      }
      case 'max':
        return grown(first, 'convex', first.sign);
      case 'maximum':
        return extreme(first, second, 'convex', 1);
      case 'minimum':
        return extreme(first, second, 'concave', -1);
      default:
        return UNKNOWN;
    }
  }

  /** a·(log(c·a) + d), with a affine and c > 0: negative entropy, and what is relative to weights (§3.1.5, §3.2.6). */
  function isEntropy([a, second]: readonly Id[]): boolean {
    if (a === undefined || second === undefined || of(a).bend !== 'affine') return false;
    let { op, args } = at(ops.values, second);
    while (op === 'add' || op === 'subtract') {
      const [left, right] = [at(args, 0), at(args, 1)];
      if (moving.has(right) && (op === 'subtract' || moving.has(left))) return false;
      ({ op, args } = at(ops.values, moving.has(right) ? right : left));
    }
    if (op !== 'log') return false;
    const inner = at(ops.values, at(args, 0));
    const isScaled = inner.op === 'multiply' || inner.op === 'divide';
    const [x, c] = inner.args;
    const isTimes = (factor: Id | undefined) =>
      factor !== undefined && !moving.has(factor) && machine.numbers(factor).every((entry) => entry > 0);
    return args[0] === a || (isScaled && x === a && isTimes(c)) || (inner.op === 'multiply' && c === a && isTimes(x));
  }

  /** Sums and products of exponentials of convex functions, with weights above 0: their logarithm is convex, too (§3.5.2). */
  function isLogConvex(id: Id): boolean {
    const before = logConvex.get(id);
    if (before !== undefined) return before;
    const parts = [...reachable(ops, [id])].sort((one, other) => one - other);
    for (const part of parts) if (!logConvex.has(part)) logConvex.set(part, isLogConvexBy(part));
    return logConvex.get(id) ?? false;
  }

  function isLogConvexBy(id: Id): boolean {
    if (!moving.has(id)) return machine.numbers(id).every((entry) => entry > 0);
    const { op, args } = at(ops.values, id);
    switch (op) {
      case 'exp':
        return grown(of(at(args, 0)), 'convex', 1).bend !== null;
      case 'add':
      case 'multiply':
      case 'sum':
      case 'reshape':
      case 'broadcast':
      case 'identity':
        return args.every(isLogConvex);
      default:
        return false;
    }
  }

  /** The value of which each entry is a multiple, and the sign of all factors. */
  function multipleOf(id: Id): Multiple {
    const found = multiples.get(id) ?? multipleBy(id);
    multiples.set(id, found);
    return found;
  }

  function multipleBy(id: Id): Multiple {
    const { op, args } = at(ops.values, id);
    const [a, b] = args;
    const times = (inner: Id, factor: Id) => {
      const { of: base, sign } = multipleOf(inner);
      return { of: base, sign: product(sign, signOf(factor)) };
    };
    if (a === undefined || !moving.has(id)) return { of: id, sign: 1 };
    if (op === 'negate') return { of: multipleOf(a).of, sign: product(multipleOf(a).sign, -1) };
    if (b === undefined || (op !== 'multiply' && op !== 'divide')) return { of: id, sign: 1 };
    if (!moving.has(b)) return times(a, b);
    return op === 'multiply' && !moving.has(a) ? times(b, a) : { of: id, sign: 1 };
  }

  function isVector(id: Id): boolean {
    return at(ops.values, id).shape.length === 1;
  }

  /** Σ of squares of affine entries. */
  function isSumOfSquares(id: Id): boolean {
    const value = at(ops.values, id);
    const [a, b] = value.args;
    if (value.op === 'reshape' || value.op === 'sum') return isSumOfSquares(at(value.args, 0));
    const isProduct = value.op === 'multiply' || (value.op === 'matmul' && isVector(at(value.args, 0)));
    return isProduct && a !== undefined && a === b && of(a).bend === 'affine';
  }

  /** As softplus is recorded: where(0 < a, a, 0) + log(1 + exp(where(0 < a, −a, a))). */
  function isSoftplus({ op, args }: Value): boolean {
    if (op !== 'add') return false;
    const [positive, rest] = args.map((id) => at(ops.values, id));
    const one = rest?.op === 'log' ? at(ops.values, rest.args[0]) : null;
    const power = one?.op === 'add' ? at(ops.values, one.args[1]) : null;
    const exponent = power?.op === 'exp' ? at(ops.values, power.args[0]) : null;
    if (positive?.op !== 'where' || exponent?.op !== 'where') return false;
    const [condition, a] = positive.args;
    const negated = at(ops.values, exponent.args[1]);
    return exponent.args[0] === condition && exponent.args[2] === a && negated.op === 'negate' && negated.args[0] === a;
  }
}

const product = (a: Sign, b: Sign): Sign => (a === null || b === null ? null : a === b ? 1 : -1);

function plus(a: Known, b: Known): Known {
  const bend = a.bend === 'affine' ? b.bend : b.bend === 'affine' || a.bend === b.bend ? a.bend : null;
  return { bend, sign: a.sign === b.sign ? a.sign : null };
}

/** Times numbers of one sign. */
function scaled(known: Known, sign: Sign): Known {
  if (sign === null) return { bend: known.bend === 'affine' ? 'affine' : null, sign: null };
  return sign === 1 ? known : opposite(known);
}

function squared({ bend, sign }: Known): Known {
  const isConvex = bend === 'affine' || (bend === 'convex' && sign === 1) || (bend === 'concave' && sign === -1);
  return { bend: isConvex ? 'convex' : null, sign: 1 };
}

/** A function that grows, and bends one way, of something that is affine or bends that way too. */
const grown = ({ bend }: Known, own: 'convex' | 'concave', sign: Sign): Known => ({
  bend: bend === 'affine' || bend === own ? own : null,
  sign,
});

/** The larger of two is convex where both are, and nowhere below 0 where one is; the smaller likewise. */
function extreme(a: Known, b: Known, own: 'convex' | 'concave', side: 1 | -1): Known {
  const both = grown(a, own, null).bend !== null && grown(b, own, null).bend !== null;
  const sign = a.sign === side || b.sign === side ? side : a.sign === b.sign ? a.sign : null;
  return { bend: both ? own : null, sign };
}
