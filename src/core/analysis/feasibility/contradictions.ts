/** Proofs that no point satisfies the constraints, by the bounds on single entries: each is certain, and many are missed. */
import type { ConstraintFacts } from '../../contracts.ts';
import { at, type Diagnostic } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import type { Problem } from '../../problem/problem.ts';
import { decompose } from '../../tensor/matrix.ts';
import { asDistance } from '../evidence/balls.ts';
import { type Interval, UNBOUNDED } from '../evidence/bounds.ts';
import { impliedBounds, impliedIntervals } from '../evidence/implied-bounds.ts';
import { rangeReason } from '../recorded/range-reason.ts';
import type { Contradiction } from '../structure.ts';
import { listed, named } from '../wording.ts';
import { cancellingRows } from './cancelling-rows.ts';

/** Differences below this, relative to the terms that make them, are rounding. */
const ROUNDING = 1e-12;

/** Of a vector whose bounds cross, so many entries are looked at: they name the same lines. */
const MOST_ENTRIES = 20;

/** Proofs of emptiness; constraints that move have no part in them. */
export function contradictionsIn(problem: Problem, facts: readonly ConstraintFacts[]): Contradiction[] {
  const still = facts.filter(({ isMoving }) => !isMoving);
  const bounds = impliedBounds(still);
  const crossed = [...bounds]
    .filter(([, { lower, upper }]) => lower - upper > ROUNDING * (Math.abs(lower) + Math.abs(upper)))
    .slice(0, MOST_ENTRIES)
    .map(([entry, interval]) => crossing(problem, still, entry, interval));
  if (crossed.length > 0) return distinct(crossed);
  const cancelling = cancellingRows(still);
  if (cancelling) return [cancelling];
  return distinct(
    still.flatMap((line) => against(problem, line, still, bounds) ?? outOfRange(problem, line, still, bounds) ?? []),
  );
}

export function explainContradictions(problem: Problem, found: readonly Contradiction[]): Diagnostic[] {
  return found.map(({ constraints, reason }) => {
    const involved = problem.constraints.filter(({ index }) => constraints.includes(index));
    const last = at(involved, involved.length - 1);
    const names = [...new Set(involved.map(named))]; // a set is one line, and often several constraints
    const claim = names.length === 1 ? `${named(last)} cannot be satisfied` : `${listed(names)} contradict each other`;
    return { severity: 'warning', message: `${claim}: ${reason}`, span: last.span };
  });
}

/** The first line that gives an entry this end of its interval. */
function boundingLine(
  facts: readonly ConstraintFacts[],
  entry: number,
  side: 'lower' | 'upper',
  interval: Interval,
): number | null {
  const found = facts.find((line) =>
    impliedIntervals(line)?.some(([bounded, own]) => bounded === entry && own[side] === interval[side]),
  );
  return found?.index ?? null;
}

/** The lines that give an entry its lowest upper and its highest lower bound. */
function crossing(
  problem: Problem,
  facts: readonly ConstraintFacts[],
  entry: number,
  { lower, upper }: Interval,
): Contradiction {
  const says = (holds: (interval: Interval) => boolean) =>
    facts.find((line) => impliedIntervals(line)?.some(([bounded, interval]) => bounded === entry && holds(interval)));
  const constraints = [says((interval) => interval.lower === lower), says((interval) => interval.upper === upper)];
  const written = (bound: number) => shortNumber(bound, brief(lower) === brief(upper) ? 17 : 6);
  return {
    constraints: constraints.flatMap((line) => (line ? [line.index] : [])),
    reason: `${entryName(problem, entry)} would be at least ${written(lower)} and at most ${written(upper)}.`,
  };
}

/** One line against the bounds that the others put on its entries. */
function against(
  problem: Problem,
  line: ConstraintFacts,
  facts: readonly ConstraintFacts[],
  bounds: ReadonlyMap<number, Interval>,
): Contradiction | null {
  const empty = emptyOnItsOwn(line);
  if (empty) return { constraints: [line.index], reason: empty };
  for (const [i, row] of (line.affine?.A ?? []).entries()) {
    const isJoint = (entry: number) => at(row, entry) !== 0;
    const frames = facts.filter(({ member }) => member?.set === 'orthogonal' && member.entries.some(isJoint));
    const reach = reachOf(row, bounds, frames);
    const b = at(line.affine?.b ?? [], i);
    const tolerance = ROUNDING * (reach.size + Math.abs(b));
    const isTooLarge = reach.lower > b + tolerance;
    if (!isTooLarge && !(line.relation === 'equality' && reach.upper < b - tolerance)) continue;
    const entries = row.flatMap((entry, j) => (entry === 0 ? [] : [j]));
    const inFrames = new Set(frames.flatMap(({ member }) => member?.entries ?? []));
    const others = entries.flatMap((entry) => {
      if (inFrames.has(entry)) return [];
      const isLower = isTooLarge === at(row, entry) > 0;
      return boundingLine(facts, entry, isLower ? 'lower' : 'upper', bounds.get(entry) ?? UNBOUNDED) ?? [];
    });
    return {
      constraints: [...new Set([line.index, ...others, ...frames.map(({ index }) => index)])].sort((a, c) => a - c),
      reason: entries.length === 0 ? 'no parameter is in it.' : outOfReach(problem, row, isTooLarge, reach, line, b),
    };
  }
  return null;
}

/** A curved line whose range, with or without the bounds on its entries, does not reach what it must be. */
function outOfRange(
  problem: Problem,
  line: ConstraintFacts,
  facts: readonly ConstraintFacts[],
  bounds: ReadonlyMap<number, Interval>,
): Contradiction | null {
  if (line.affine || line.bounds) return null;
  const constraint = at(problem.constraints, line.index);
  const reasonWith = (some: readonly ConstraintFacts[]) => rangeReason(problem, constraint, impliedBounds(some));
  const own = reasonWith([]);
  if (own) return { constraints: [line.index], reason: own };
  // With all bounds the range is the narrowest: where it reaches, it does with fewer.
  if (bounds.size === 0 || !rangeReason(problem, constraint, bounds)) return null;
  const bounding = facts.filter(
    (other) => other !== line && impliedIntervals(other)?.some(([entry]) => line.coordinates.includes(entry)),
  );
  const joint = reasonWith(bounding);
  if (!joint) return null;
  const kept = bounding.reduce((rest, one) => {
    const without = rest.filter((other) => other !== one);
    return reasonWith(without) ? without : rest;
  }, bounding);
  const constraints = [line.index, ...kept.map(({ index }) => index)].sort((a, b) => a - b);
  return { constraints, reason: reasonWith(kept) ?? joint };
}

/** As “x + y is at most 2, and must be at least 5.”, with the sign that makes the first coefficient positive. */
function outOfReach(
  problem: Problem,
  row: readonly number[],
  isTooLarge: boolean,
  reach: Interval,
  { relation }: ConstraintFacts,
  b: number,
): string {
  const sign = (row.find((entry) => entry !== 0) ?? 0) < 0 ? -1 : 1;
  const side = (isLower: boolean) => (isLower === sign > 0 ? 'at least' : 'at most');
  const found = `${side(isTooLarge)} ${brief(sign * (isTooLarge ? reach.lower : reach.upper))}`;
  const wanted = `${relation === 'equality' ? '' : `${side(!isTooLarge)} `}${brief(sign * b)}`;
  return `${combination(problem, row, sign)} is ${found}, and must be ${wanted}.`;
}

/** Terms that are written out; more become a word. */
const MOST_TERMS = 6;

function combination(problem: Problem, row: readonly number[], sign: number): string {
  const terms = row.flatMap((entry, j) => (entry === 0 ? [] : [{ weight: sign * entry, name: entryName(problem, j) }]));
  if (terms.length > MOST_TERMS) return 'the sum of its terms';
  return terms
    .map(({ weight, name }, k) => {
      const size = Math.abs(weight) === 1 ? name : `${brief(Math.abs(weight))}*${name}`;
      return k === 0 ? size : `${weight < 0 ? '-' : '+'} ${size}`;
    })
    .join(' ');
}

function emptyOnItsOwn({ relation, quadratic, absolute }: ConstraintFacts): string | null {
  const distance = quadratic && asDistance({ relation, quadratic });
  if (distance && distance.square < 0) return `a squared distance would be ${brief(distance.square)}.`;
  const isSum = absolute?.weights.every((weight) => weight > 0);
  return absolute && isSum && absolute.radius < 0
    ? `a sum of absolute values would be ${brief(absolute.radius)}.`
    : null;
}

/**
 * Between what a·x is, for entries between their bounds and matrices with orthonormal columns (or rows), and the size of the terms. Of such a
 * matrix W the products ⟨C, W⟩ are all from −Σσᵢ(C) to Σσᵢ(C): the convex hull is the ball of the spectral norm (Boyd & Vandenberghe 2004, §A.1.6).
 */
function reachOf(
  row: readonly number[],
  bounds: ReadonlyMap<number, Interval>,
  frames: readonly ConstraintFacts[],
): Interval & { readonly size: number } {
  let [lower, upper, size] = [0, 0, 0];
  const add = (...ends: readonly number[]) => {
    lower += Math.min(...ends);
    upper += Math.max(...ends);
    size += Math.max(0, ...ends.map(Math.abs).filter(Number.isFinite));
  };
  const framed = new Set<number>();
  for (const { member } of frames) {
    const { entries = [], shape = [] } = member ?? {};
    if (entries.some((entry) => framed.has(entry))) continue; // two frames of the same entries: by their bounds
    for (const entry of entries) framed.add(entry);
    const [rows = 0, columns = 0] = shape;
    const { singularValues } = decompose({
      rows,
      columns,
      data: Float64Array.from(entries, (entry) => at(row, entry)),
    });
    const most = singularValues.reduce((sum, value) => sum + value, 0);
    add(-most, most);
  }
  row.forEach((weight, j) => {
    if (weight === 0 || framed.has(j)) return;
    const interval = bounds.get(j) ?? UNBOUNDED;
    add(weight * interval.lower, weight * interval.upper);
  });
  return { lower, upper, size };
}

/** A vector bound crosses in many entries; its lines are named once. */
function distinct(found: readonly Contradiction[]): Contradiction[] {
  const seen = new Set<string>();
  return found.filter(({ constraints }) => {
    const key = String([...constraints].sort((a, b) => a - b));
    return !seen.has(key) && Boolean(seen.add(key));
  });
}

function entryName({ parameters }: Problem, entry: number): string {
  const owner = parameters.find(({ offset, start }) => entry >= offset && entry < offset + start.length);
  if (!owner) return `entry ${entry}`;
  const [rows, columns] = owner.shape;
  const position = entry - owner.offset;
  if (rows === undefined) return owner.name;
  return columns === undefined
    ? `${owner.name}[${position}]`
    : `${owner.name}[${Math.floor(position / columns)}, ${position % columns}]`;
}

const brief = (value: number): string => shortNumber(value, 6);
