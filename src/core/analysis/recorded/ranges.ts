/**
 * Between what the entries of a recorded value lie, for entries of x between their bounds: interval arithmetic, entry by entry.
 * What it says holds; the true range may be smaller. Source: Moore, Kearfott & Cloud 2009, Introduction to Interval Analysis, ch. 2–5.
 */
import { at } from '../../diagnostic.ts';
import { reachable } from '../../tensor/evaluate.ts';
import { broadcastIndices, reductionExtents, viewIndices } from '../../tensor/reference.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Id, Value } from '../../tensor/value.ts';
import type { Interval } from '../evidence/bounds.ts';
import { machineOf, type Symbols } from './symbols.ts';

/** Whether an end itself is never reached: eˣ is above 0. */
export interface Range extends Interval {
  readonly isAbove?: boolean;
  readonly isBelow?: boolean;
}

/** More entries in all are not looked at. */
const MOST_ENTRIES = 200_000;

const ALL: Range = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
const point = (value: number): Range => ({ lower: value, upper: value });

/** Between what each entry of a value lies at t = 0, for entries of x within `bounds`, or anywhere; null where it would take too long. */
export const rangesOf = (symbols: Symbols, root: Id, bounds: ReadonlyMap<number, Interval>): readonly Range[] | null =>
  rangesIn(symbols, [root])?.(bounds).ranges[0] ?? null;

/** Of several values, between what they lie for any bounds that are given; and the largest finite end of all on the way to them. */
export function rangesIn(
  symbols: Symbols,
  roots: readonly Id[],
):
  | ((bounds: ReadonlyMap<number, Interval>) => {
      readonly ranges: readonly (readonly Range[])[];
      readonly largest: number;
    })
  | null {
  const { ops, x } = symbols;
  const order = [...reachable(ops, roots)].sort((a, b) => a - b);
  if (order.reduce((sum, id) => sum + sizeOf(at(ops.values, id).shape), 0) > MOST_ENTRIES) return null;
  const still = new Set<Id>();
  for (const id of order) {
    const { op, args } = at(ops.values, id);
    if (id !== x.id && op !== 'repeat' && op !== 'carry' && args.every((argument) => still.has(argument)))
      still.add(id);
  }
  const machine = machineOf(symbols);
  machine.procedure(still)();
  const points = new Map([...still].map((id) => [id, Array.from(machine.numbers(id), point)] as const));
  const moving = order.filter((id) => !still.has(id));
  return (bounds) => {
    const known = new Map<Id, readonly Range[]>(points);
    let largest = 0;
    for (const id of moving) {
      const value = at(ops.values, id);
      const found =
        id === x.id
          ? Array.from({ length: sizeOf(x.shape) }, (_, i) => bounds.get(i) ?? ALL)
          : rangeOf(
              value,
              value.args.map((argument) => known.get(argument) ?? []),
              ops.values,
            );
      known.set(id, found);
      for (const { lower, upper } of found) {
        if (Number.isFinite(lower)) largest = Math.max(largest, Math.abs(lower));
        if (Number.isFinite(upper)) largest = Math.max(largest, Math.abs(upper));
      }
    }
    return { ranges: roots.map((root) => known.get(root) ?? []), largest };
  };
}

function rangeOf(value: Value, args: readonly (readonly Range[])[], values: readonly Value[]): readonly Range[] {
  const size = sizeOf(value.shape);
  const [first = [], second = []] = args;
  const each = (rule: (...ranges: Range[]) => Range): Range[] =>
    Array.from({ length: size }, (_, k) => rule(...args.map((own) => own[k] ?? ALL)));
  const moved = (from: Int32Array): Range[] => Array.from(from, (k) => first[k] ?? ALL);
  const shapeOf = (position: number) => at(values, at(value.args, position)).shape;
  switch (value.op) {
    case 'identity':
    case 'reshape':
      return first;
    case 'broadcast':
      return moved(broadcastIndices(shapeOf(0), value.shape));
    case 'slice':
      return moved(viewIndices(value.attributes, value.shape));
    case 'transpose':
      return moved(viewIndices({ offset: 0, strides: [1, at(value.shape, 0)] }, value.shape));
    case 'negate':
      return each(negated);
    case 'abs':
      return each((a) => larger(larger(a, negated(a)), point(0)));
    case 'sign':
      return each((a) => range(a.lower > 0 ? 1 : -1, a.upper < 0 ? -1 : 1));
    case 'exp':
      return each((a) => rising(a, Math.exp));
    case 'tanh':
      return each((a) => rising(a, Math.tanh));
    case 'log':
      return each((a) => (a.upper > 0 ? rising(a, (end) => Math.log(Math.max(end, 0))) : ALL));
    case 'sqrt':
      return each((a) => (a.upper >= 0 ? rising(larger(a, point(0)), Math.sqrt) : ALL));
    case 'sin':
    case 'cos':
      return each((a) => (a.lower === a.upper ? point(Math[value.op](a.lower)) : { lower: -1, upper: 1 }));
    case 'add':
      return each(sum);
    case 'subtract':
      return each((a, b) => sum(a, negated(b)));
    case 'multiply':
      return value.args[0] === value.args[1] ? each(squared) : each(product);
    case 'divide':
      return each((a, b) => (b.lower > 0 || b.upper < 0 ? product(a, inverse(b)) : ALL));
    case 'power':
      return each((a, b) =>
        a.lower >= 0 && b.lower === b.upper && b.lower > 0 ? rising(a, (end) => end ** b.lower) : ALL,
      );
    case 'maximum':
      return each(larger);
    case 'minimum':
      return each((a, b) => negated(larger(negated(a), negated(b))));
    case 'where':
      return whereRange(value, values, each);
    case 'assemble': {
      const found = Array.from({ length: size }, () => point(0));
      value.attributes.parts.forEach((part, position) => {
        viewIndices(part, shapeOf(position)).forEach((place, k) => {
          found[place] = sum(at(found, place), args[position]?.[k] ?? ALL);
        });
      });
      return found;
    }
    case 'sum':
    case 'max': {
      const { outer, length, inner } = reductionExtents(shapeOf(0), value.attributes.axis);
      return Array.from({ length: outer * inner }, (_, k) => {
        const start = Math.floor(k / inner) * length * inner + (k % inner);
        const entries = Array.from({ length }, (__, i) => first[start + i * inner] ?? ALL);
        return entries.slice(1).reduce(value.op === 'sum' ? sum : larger, entries[0] ?? point(0));
      });
    }
    case 'matmul': {
      const [left, right] = [shapeOf(0), shapeOf(1)];
      const columns = right.length === 2 ? at(right, 1) : 1;
      const inner = at(left, left.length - 1);
      const isSquare = value.args[0] === value.args[1] && left.length === 1;
      return Array.from({ length: size }, (_, k) => {
        const [i, j] = [Math.floor(k / columns), k % columns];
        const terms = Array.from({ length: inner }, (__, l) => {
          const [a, b] = [first[i * inner + l] ?? ALL, second[l * columns + j] ?? ALL];
          return isSquare ? squared(a) : product(a, b);
        });
        return terms.reduce(sum, point(0));
      });
    }
    default:
      return Array.from({ length: size }, () => ALL);
  }
}

/** where(0 < a, a, 0) is max(a, 0), and where(0 < a, −a, a) is −|a|; of any other, one of both. */
function whereRange(
  { args }: Value,
  values: readonly Value[],
  each: (rule: (...ranges: Range[]) => Range) => Range[],
): Range[] {
  const [condition, yes, no] = args.map((id) => at(values, id));
  const isPositive = condition?.op === 'less' && isZero(at(values, condition.args[0]));
  const a = isPositive ? condition.args[1] : null;
  if (a !== null && a === args[1] && no && isZero(no)) return each((_, own) => larger(own, point(0)));
  const isFolded = a !== null && a === args[2] && yes?.op === 'negate' && yes.args[0] === a;
  if (isFolded) return each((_, __, own) => negated(larger(own, negated(own))));
  return each((_, one, other) => either(one, other));
}

const isZero = (value: Value): boolean =>
  value.op === 'constant' && value.attributes.data.every((entry) => entry === 0);

const range = (lower: number, upper: number, isAbove = false, isBelow = false): Range => ({
  lower,
  upper,
  ...(isAbove && { isAbove }),
  ...(isBelow && { isBelow }),
});

const negated = ({ lower, upper, isAbove, isBelow }: Range): Range => range(-upper, -lower, isBelow, isAbove);

const sum = (a: Range, b: Range): Range =>
  range(a.lower + b.lower, a.upper + b.upper, a.isAbove || b.isAbove, a.isBelow || b.isBelow);

/** A function that grows without standing still: at an infinite end it only nears its limit. */
const rising = ({ lower, upper, isAbove, isBelow }: Range, rule: (end: number) => number): Range =>
  range(
    rule(lower),
    rule(upper),
    isAbove || lower === Number.NEGATIVE_INFINITY,
    isBelow || upper === Number.POSITIVE_INFINITY,
  );

/** max(a, b). */
function larger(a: Range, b: Range): Range {
  const isAbove = a.lower === b.lower ? a.isAbove || b.isAbove : (a.lower > b.lower ? a : b).isAbove;
  const isBelow = a.upper === b.upper ? a.isBelow && b.isBelow : (a.upper > b.upper ? a : b).isBelow;
  return range(Math.max(a.lower, b.lower), Math.max(a.upper, b.upper), isAbove, isBelow);
}

/** Of a value that is one of two. */
function either(a: Range, b: Range): Range {
  const isAbove = a.lower === b.lower ? a.isAbove && b.isAbove : (a.lower < b.lower ? a : b).isAbove;
  const isBelow = a.upper === b.upper ? a.isBelow && b.isBelow : (a.upper > b.upper ? a : b).isBelow;
  return range(Math.min(a.lower, b.lower), Math.max(a.upper, b.upper), isAbove, isBelow);
}

function squared({ lower, upper, isAbove }: Range): Range {
  const most = Math.max(lower * lower, upper * upper);
  if (lower > 0 || (lower === 0 && isAbove)) return range(lower * lower, most, isAbove);
  return range(upper < 0 ? upper * upper : 0, most);
}

/** Open ends are kept where a number that is not 0 is multiplied; elsewhere an end counts as reached, which claims less. */
function product(a: Range, b: Range): Range {
  if (a.lower === a.upper && a.lower !== 0) return scaled(b, a.lower);
  if (b.lower === b.upper && b.lower !== 0) return scaled(a, b.lower);
  const ends = [a.lower, a.upper].flatMap((one) => [b.lower, b.upper].map((other) => one * other || 0)); // 0·∞ is 0
  return range(Math.min(...ends), Math.max(...ends));
}

const scaled = ({ lower, upper, isAbove, isBelow }: Range, factor: number): Range =>
  factor > 0
    ? range(factor * lower, factor * upper, isAbove, isBelow)
    : range(factor * upper, factor * lower, isBelow, isAbove);

const inverse = ({ lower, upper, isAbove, isBelow }: Range): Range =>
  range(1 / upper, 1 / lower, isBelow || !Number.isFinite(upper), isAbove || !Number.isFinite(lower));
