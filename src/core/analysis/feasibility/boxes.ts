/** A proof that curved rows of few parameters have no common point: boxes that cover all values, in each of which some row is off. */
import type { ConstraintFacts } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { residualOf } from '../../problem/elaborate.ts';
import type { Problem } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import type { Interval } from '../evidence/bounds.ts';
import { impliedBounds } from '../evidence/implied-bounds.ts';
import { type Range, rangesIn } from '../recorded/ranges.ts';
import { symbolsOf } from '../recorded/symbols.ts';

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
  const bounds = impliedBounds(facts);
  const all: Interval = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  const pending: Box[] = [Array.from({ length: problem.size }, (_, i) => bounds.get(i) ?? all)];
  let seen = 0;
  for (let box = pending.pop(); box; box = pending.pop()) {
    if (++seen > MOST_BOXES) return null;
    if (seen % TURN === 0) yield;
    const { ranges, largest } = look(new Map(box.map((side, i) => [i, side])));
    if (ranges.some((rows, k) => rows.some((row) => isOff(row, at(own, k).relation, largest)))) continue;
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
