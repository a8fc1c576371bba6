/** Numbers of an optimum that are only what Float64 leaves of 0. */
import { at } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { Landed } from './landing.ts';
import { lossAt, violationAt } from './model.ts';
import { graded } from './polish.ts';

/** Smaller entries, relative to 1 + |x|∞, may be rounding; */
const SUSPECT = 1e-9;
/** and are where the point without them is a KKT point as good, or off by no more than this. */
const EXACT = 2e-15;
/** Roundings of the terms of a loss that cancel. */
const ROUNDINGS = 8 * Number.EPSILON;
/** Where squares or higher powers vanish, of the loss a unit away: x is known to half of the digits, or fewer. */
const VANISHING = 1e-20;

/** With each entry 0 that may as well be: the KKT residual without them says so, and where corners are variables loss and violation. */
export function withoutRounding(problem: Problem, found: Landed): Landed {
  const { model } = found;
  const limit = SUSPECT * (1 + maximumNorm(found.x.slice(0, problem.size)));
  const isSuspect = (entry: number, i: number) => i < problem.size && entry !== 0 && Math.abs(entry) <= limit;
  if (!found.x.some(isSuspect)) return found;
  const x = found.x.map((entry, i) => (isSuspect(entry, i) ? 0 : entry));
  if (model.size === problem.size) {
    const without = graded(model, Float64Array.from(x));
    return without && without.kktResidual <= Math.max(found.kktResidual, EXACT) ? { ...without, model } : found;
  }
  const [before, after] = [found.x, x].map((point) => point.slice(0, problem.size)) as [number[], number[]];
  const room = EXACT * (1 + maximumNorm(after));
  const loss = lossAt(problem, before);
  const isAsLow = lossAt(problem, after) <= loss + EXACT * Math.abs(loss);
  return isAsLow && violationAt(problem, after) <= Math.max(violationAt(problem, before), room)
    ? { ...found, x }
    : found;
}

/** The loss at a point, or 0 where it is below what the terms that cancel in it, or its own flatness, leave to be known. */
export function unlessRounding(loss: number, problem: Problem, { x, model }: Pick<Landed, 'x' | 'model'>): number {
  const { gradient } = model.at(Float64Array.from(x));
  const terms = gradient.reduce((sum, slope, i) => sum + Math.abs(slope * at(x, i)), 0);
  const away = lossAt(
    problem,
    x.slice(0, problem.size).map((entry) => entry + 1 + Math.abs(entry)),
  );
  const known = Math.max(ROUNDINGS * terms, Number.isFinite(away) ? VANISHING * Math.abs(away) : 0);
  return Math.abs(loss) <= known ? 0 : loss;
}
