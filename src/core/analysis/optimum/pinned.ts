/** Optima at which lengths are 0 that have no slope there. */
import { at } from '../../diagnostic.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import { bentOf } from './corners.ts';
import { interiorPointStages } from './interior-point.ts';
import { type Landed, Landing } from './landing.ts';
import { modelOf, type SmoothModel } from './model.ts';
import { nearnessIn } from './nearness.ts';

/** So many lengths may be 0 or not, in all ways; of more, the choices are tried that a rounded problem proposes. */
const MOST_PINS = 5;
const MOST_PROPOSALS = 6;
/** What is added to lengths in the rounded problems, one after the other. */
const ROUNDINGS = [1e-2, 1e-4];

/**
 * An optimum of a convex problem at which some lengths ‖a‖ are 0, where they have no slope: with a = 0 held instead, for one choice
 * of them after the other, until the multipliers say that what is held would not leave by itself.
 * Source: Yuan & Lin 2006, JRSS B 68, 49–67 (the conditions, for groups of weights).
 */
export function* pinnedOptimum(problem: Problem, whole: SmoothModel): Stages<Landed | null> {
  const lengths = bentOf(problem).folds.flatMap((fold, k) => (fold.kind === 'length' && fold.inside ? [k] : []));
  if (lengths.length === 0) return null;
  const all = lengths.length > MOST_PINS ? [] : Array.from({ length: 2 ** lengths.length - 1 }, (_, bits) => bits + 1);
  const subsets = all.map((bits) => lengths.filter((_, k) => (bits >> k) & 1)).sort((a, b) => a.length - b.length);
  for (const pins of [...(yield* proposedPins(problem, whole, lengths)), ...subsets]) {
    yield;
    const model = modelOf(problem, whole.lifted, pins);
    const arrival = yield* interiorPointStages(model, model.lift(beside(problem)));
    const found = arrival && new Landing(problem, model).of(arrival);
    if (found) return found;
  }
  return null;
}

/**
 * Lengths that may be 0 at the optimum: with √(‖a‖² + ε²) in place of ‖a‖ the problem is smooth, and those are about as short as ε.
 * The choices end where the lengths, in order, rise most. Source: Beck & Teboulle 2012, SIAM J. Optim. 22, 557–580 (smoothing).
 */
function* proposedPins(problem: Problem, whole: SmoothModel, lengths: readonly number[]): Stages<number[][]> {
  let x = beside(problem);
  for (const rounding of ROUNDINGS) {
    yield;
    const model = modelOf(problem, whole.lifted, [], rounding);
    const arrival = yield* interiorPointStages(model, model.lift(x));
    if (arrival === null) return [];
    x = arrival.x.slice(0, problem.size);
  }
  const { folds } = nearnessIn(problem)(x);
  const rising = [...lengths].sort((a, b) => at(folds, a) - at(folds, b));
  const rise = (count: number) => at(folds, at(rising, count)) / Math.max(at(folds, at(rising, count - 1)), 1e-300);
  const counts = rising.slice(1).map((_, k) => k + 1);
  const best = counts.sort((a, b) => rise(b) - rise(a)).slice(0, MOST_PROPOSALS);
  return [...best, rising.length].map((count) => rising.slice(0, count));
}

/** Not on the corners on which many starts stand. */
const beside = (problem: Problem): Float64Array =>
  startOf(problem).map((entry, i) => entry + 0.1 * Math.sin(1 + 2.3 * i));
