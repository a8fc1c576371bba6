/** A proof that curved rows of few parameters have no common point: boxes that cover all values, in each of which some row is off. */
import type { ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { residualOf } from '../../problem/elaborate.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import { vjp } from '../../tensor/derivatives.ts';
import { reachable } from '../../tensor/evaluate.ts';
import type { Id, OpName } from '../../tensor/value.ts';
import type { Interval } from '../evidence/bounds.ts';
import { impliedBounds } from '../evidence/implied-bounds.ts';
import { type Range, rangesIn } from '../recorded/ranges.ts';
import { type Symbols, symbolsOf } from '../recorded/symbols.ts';

const MOST_PARAMETERS = 3;
const MOST_BOXES = 3000;
/** Boxes between two pauses. */
const TURN = 100;
/** Ends of intervals are not rounded outwards: what is less than this, relative to the largest number on the way, counts as reached. */
const MARGIN = 1e-10;
/** Sides below this, of all values as 2, are not halved: there a point may be. */
const NARROW = 1e-5;

type Box = readonly Interval[];

/** Whether a range lies off what its row demands. */
const isOff = ({ lower, upper }: Range, relation: ConstraintFacts['relation'], largest: number): boolean => {
  const margin = MARGIN * (1 + largest);
  return lower > margin || (relation === 'equality' && upper < -margin);
};

/** Operations that make no jumps where their ranges are finite: what is made of them alone rises or falls with its slope. */
const CONTINUOUS: ReadonlySet<OpName> = new Set<OpName>([
  ...(['constant', 'input', 'identity', 'negate', 'abs', 'exp', 'log', 'sqrt', 'sin', 'cos', 'tanh', 'add'] as const),
  ...(['subtract', 'multiply', 'divide', 'power', 'maximum', 'minimum', 'broadcast', 'reshape', 'transpose'] as const),
  ...(['slice', 'assemble', 'sum', 'max', 'matmul'] as const),
]);

/** A row of a constraint, and the ranges of its slopes on a box. */
interface SlopedRow {
  readonly constraint: number;
  readonly row: number;
  readonly relation: ConstraintFacts['relation'];
  readonly slopes: (box: Box) => readonly Range[];
}

/** Those of constraints without jumps. */
function slopedRows(problem: Problem, symbols: Symbols, own: readonly Constraint[], roots: readonly Id[]): SlopedRow[] {
  const { ops, x, t, T } = symbols;
  return own.flatMap((constraint, k) => {
    const made = [...reachable(ops, [at(roots, k)])];
    if (!made.every((id) => CONTINUOUS.has(at(ops.values, id).op))) return [];
    const { shape } = at(ops.values, at(roots, k));
    return Array.from({ length: constraint.rows }, (_, row): SlopedRow[] => {
      const seed = ops.constant(new Float64Array(constraint.rows).fill(1, row, row + 1), shape);
      const slope = vjp(ops, (point) => residualOf(ops, problem, constraint, point, t, T), x, seed);
      const look = rangesIn(symbols, [slope.id]);
      if (look === null) return [];
      const slopes = (box: Box) => at(look(sidesOf(box)).ranges, 0);
      return [{ constraint: k, row, relation: constraint.relation, slopes }];
    }).flat();
  });
}

/**
 * The box at the end at which a row is least, or greatest, along each entry with which it only rises or only falls. The row is no less,
 * or no greater, anywhere in the box. Null where there is no such entry. Source: Moore, Kearfott & Cloud 2009, §6.4 (monotonicity).
 */
function towards(end: 'least' | 'greatest', box: Box, slopes: readonly Range[]): Box | null {
  const narrowed = box.map((side, i): Interval => {
    const { lower, upper } = at(slopes, i);
    if (!(lower >= 0) && !(upper <= 0)) return side;
    const place = lower >= 0 === (end === 'least') ? side.lower : side.upper;
    return Number.isFinite(place) ? { lower: place, upper: place } : side;
  });
  return narrowed.some((side, i) => side !== box[i]) ? narrowed : null;
}

const sidesOf = (box: Box): ReadonlyMap<number, Interval> => new Map(box.map((side, i) => [i, side]));

/**
 * The number of boxes that rule out every point of these constraints, taken at t = 0; null where they were not enough, or there are
 * too many parameters. Source: Moore, Kearfott & Cloud 2009, Introduction to Interval Analysis, §5 and §8.1 (branch and bound).
 */
export function* excludingBoxes(problem: Problem, facts: readonly ConstraintFacts[]): Stages<number | null> {
  if (problem.size > MOST_PARAMETERS) return null;
  const symbols = symbolsOf(problem);
  const { ops, x, t, T } = symbols;
  const own = facts.map(({ index }) => at(problem.constraints, index));
  const roots = own.map((constraint) => residualOf(ops, problem, constraint, x, t, T).id);
  const look = rangesIn(symbols, roots);
  if (look === null) return null;
  const sloped = slopedRows(problem, symbols, own, roots);
  const misses = (box: Box, { constraint, row, relation, slopes }: SlopedRow): boolean => {
    const ranges = slopes(box);
    const ends = relation === 'equality' ? (['least', 'greatest'] as const) : (['least'] as const);
    return ends.some((end) => {
      const narrowed = towards(end, box, ranges);
      if (narrowed === null) return false;
      const { ranges: found, largest } = look(sidesOf(narrowed));
      const { lower, upper } = at(at(found, constraint), row);
      return isOff(end === 'least' ? { lower, upper: 0 } : { lower: 0, upper }, relation, largest);
    });
  };
  const bounds = impliedBounds(facts);
  const all: Interval = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  const pending: Box[] = [Array.from({ length: problem.size }, (_, i) => bounds.get(i) ?? all)];
  let seen = 0;
  for (let box = pending.pop(); box; box = pending.pop()) {
    if (++seen > MOST_BOXES) return null;
    if (seen % TURN === 0) yield;
    const { ranges, largest } = look(sidesOf(box));
    if (ranges.some((rows, k) => rows.some((row) => isOff(row, at(own, k).relation, largest)))) continue;
    if (sloped.some((row) => misses(box, row))) continue;
    const halves = halved(box);
    if (halves === null) return null;
    pending.push(...halves);
  }
  return seen;
}

/** Across its longest side; null where all are narrow. */
function halved(box: Box): readonly Box[] | null {
  const widths = box.map(({ lower, upper }) => bounded(upper) - bounded(lower));
  const widest = widths.reduce((best, width, i) => (width > at(widths, best) ? i : best), 0);
  if (!(at(widths, widest) > NARROW)) return null;
  const { lower, upper } = at(box, widest);
  const middle = unbounded((bounded(lower) + bounded(upper)) / 2);
  const part = (side: Interval): Box => box.map((own, i) => (i === widest ? side : own));
  return [part({ lower, upper: middle }), part({ lower: middle, upper })];
}

/** v / (1 + |v|): all values between −1 and 1, so that a side without end is halved like any other. */
const bounded = (value: number): number => (Number.isFinite(value) ? value / (1 + Math.abs(value)) : Math.sign(value));
const unbounded = (share: number): number => share / (1 - Math.abs(share));
