/** A start at which the loss has no slope, so that no gradient step leaves it, and a random one that has. */
import { violationAt } from '../../analysis/optimum/model.ts';
import type { Optimum } from '../../analysis/optimum/optimum.ts';
import type { Diagnostic, Fix } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import { draws } from '../../problem/draws.ts';
import { objectiveOf } from '../../problem/elaborate.ts';
import { type Parameter, type Problem, startedAt, startOf } from '../../problem/problem.ts';
import { gradient } from '../../tensor/derivatives.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { atStart } from './start-notes.ts';
import { writtenStart } from './written-start.ts';

/** ‖∇f‖ below this moves nothing in any number of steps. */
const FLAT = 1e-12;
/** A random start helps where it is at least this. */
const STEEP = 1e-6;
const SPREAD = 0.5;
/** Relative to 1 + |f*|: then the start is the optimum. */
const AS_LOW = 1e-9;

/** Of a problem that is not known to be convex, with a feasible start that is not the best point known. */
export function flatStartNotes(problem: Problem, text: string, optimum: Optimum | null): Diagnostic[] {
  const start = startOf(problem);
  const { loss, slope } = slopeAtStart(problem);
  if (!(slope <= FLAT) || violationAt(problem, start) > FLAT * (1 + maximumNorm(start))) return [];
  if (optimum && loss <= optimum.loss + AS_LOW * (1 + Math.abs(optimum.loss))) return [];
  const random = draws(problem.seed);
  const moved = (own: Parameter) =>
    startedAt(
      problem,
      start.map((entry, i) =>
        i >= own.offset && i < own.offset + own.start.length ? SPREAD * random.normal() : entry,
      ),
    );
  const fixes = problem.parameters.flatMap((own) => {
    const fix = randomStart(own, text);
    return fix && slopeAtStart(moved(own)).slope >= STEEP ? [fix] : [];
  });
  const how = slope === 0 ? 'no slope' : `a slope of only ${shortNumber(slope, 1)}`;
  const message = `At the start the loss has ${how}, so that no gradient step leads away from it: a plateau or a saddle. Start elsewhere; random values also tell apart what begins alike.`;
  const [fix] = fixes;
  return [{ severity: 'note', message, span: problem.loss.span, ...(fix && { fix }) }];
}

/** f as methods minimise it, and ‖∇f‖; NaN where that is nothing that x is in. */
function slopeAtStart(problem: Problem): { readonly loss: number; readonly slope: number } {
  const [[loss = Number.NaN] = [], slopes = []] = atStart(problem, (ops, x, t, T) => {
    const of = (point: typeof x) => objectiveOf(ops, problem, point, t, T);
    return [of(x).id, gradient(ops, of, x).id];
  });
  return { loss, slope: euclideanNorm(Float64Array.from(slopes)) };
}

/** `param W[2,4] = 0` → `param W[2,4] ~ normal(0, 0.5)`; null where the start is written otherwise. */
function randomStart(own: Parameter, text: string): Fix | null {
  const span = writtenStart(own, text);
  return span && { title: `Start ${own.name} at random`, span, insert: ` ~ normal(0, ${SPREAD})` };
}
