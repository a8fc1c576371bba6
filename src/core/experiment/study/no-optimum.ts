/** Why a problem has no optimum, or none that was found, in a sentence. */
import type { Feasibility } from '../../analysis/feasibility/feasibility.ts';
import type { Cusp } from '../../analysis/optimum/cusp.ts';
import { type Descent, descentStages, type Ray } from '../../analysis/optimum/descent.ts';
import { violationAt } from '../../analysis/optimum/model.ts';
import type { Optimum } from '../../analysis/optimum/optimum.ts';
import {
  CONVEX_LIMITS,
  isSurelyTooCostly,
  isTooCostly,
  isTooLarge,
  OPTIMUM_LIMITS,
} from '../../analysis/optimum/search-limits.ts';
import type { Structure } from '../../analysis/structure.ts';
import { listed } from '../../analysis/wording.ts';
import { at, type Diagnostic } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import { entryNames } from '../../problem/entry-names.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import type { Stages } from '../../stages.ts';
import { maximumNorm } from '../../tensor/norms.ts';

export interface NoOptimum {
  /** In a few words, as “The loss falls without bound”; the same as the reason where that is short. */
  readonly summary: string;
  readonly reason: string;
  /** The loss falls without bound, or on and on, for certain or as far as one could see. */
  readonly falls?: true;
  /** Along which it does; none where a search alone went far out and down. */
  readonly ray?: Ray;
}

/** A fall for ever, from a feasible point; for problems of the size that is searched. Beside a minimum one that goes below it. */
export function* descentOf(
  problem: Problem,
  structure: Structure,
  { verdict, point }: Feasibility,
  minimum: Optimum | null,
  isConvex: boolean,
): Stages<Descent | null> {
  if (isTooLarge(problem, isConvex) || isSurelyTooCostly(problem) || verdict !== 'yes') return null;
  const start = startOf(problem);
  const isFeasible = violationAt(problem, start) <= 1e-9 * (1 + maximumNorm(start));
  const from = isFeasible ? start : point;
  const descent = from ? yield* descentStages(problem, structure, from, minimum !== null) : null;
  const isBelow = !minimum || !descent || descent.isUnbounded || descent.limit <= minimum.loss;
  return isBelow ? descent : null;
}

const rowsOf = ({ constraints }: Problem): number => constraints.reduce((sum, { rows }) => sum + rows, 0);

/** Where no optimum is known. */
export function whyNone(
  problem: Problem,
  { verdict }: Feasibility,
  descent: Descent | null,
  isConvex: boolean,
  cusp: Cusp | null = null,
): NoOptimum {
  if (verdict === 'no') return told('There is none: no point meets all constraints.');
  if (descent) return { ...fallOf(problem, descent), falls: true, ...('ray' in descent && { ray: descent.ray }) };
  const count = (number: number) => number.toLocaleString('en');
  if (isTooLarge(problem, isConvex)) {
    const { parameters, rows } = OPTIMUM_LIMITS;
    const own = `${count(problem.size)} and ${count(rowsOf(problem))}`;
    const convex = `${CONVEX_LIMITS.parameters} and ${CONVEX_LIMITS.rows} where the problem is known to be convex`;
    return told(
      `Not looked for: the search takes at most ${parameters} parameters and ${rows} rows of constraints, ${convex}; here are ${own}.`,
    );
  }
  if (isTooCostly(problem, isConvex))
    return told('Not looked for: with so much data each look at the loss would take too long.');
  if (cusp) return cuspOf(problem, cusp);
  if (verdict === 'unknown') return told('None was found, and no feasible point either.');
  const none = 'None was found: no search ended at a point that could be proved a local optimum.';
  const isDegenerate =
    'One where the slopes of the constraints cancel, as at a cusp, may have no multipliers to prove it by.';
  return problem.constraints.length === 0 ? told(none) : { summary: none, reason: `${none} ${isDegenerate}` };
}

/** What is told beside the objective: only that there is no optimum for certain, or as far as one could see. */
export const fallNotes = ({ loss }: Problem, { reason }: NoOptimum, { isUnbounded }: Descent): Diagnostic[] => [
  { severity: isUnbounded ? 'warning' : 'note', message: reason, span: loss.span },
];

const told = (reason: string): NoOptimum => ({ summary: reason, reason });

/** As “None was proved: searches end at x = 1, y = 0, where …”. */
function cuspOf(problem: Problem, { x, loss }: Cusp): NoOptimum {
  const place = pointOf(problem, [...x]);
  const value = problem.sense === 'minimize' ? `a loss of ${short(loss)}` : `an objective of ${short(-loss)}`;
  return {
    summary: `None was proved: at ${place}, where searches end, there are no multipliers`,
    reason: `None was proved: searches end at ${place}, with ${value}. It may be the optimum, but the slopes of the constraints cancel or vanish there, so that no multipliers balance the loss: those of runs that come near grow without bound.`,
  };
}

/** As “The loss falls without bound: from x = 0, y = 0, change y by +1 again and again; every constraint stays met, and …”. */
function fallOf(problem: Problem, descent: Descent): NoOptimum {
  const isLow = problem.sense === 'minimize';
  const [objective, falls, fall] = isLow ? ['The loss', 'falls', 'fall'] : ['The objective', 'rises', 'rise'];
  const hasRows = problem.constraints.length > 0;
  const because = (summary: string, how: string): NoOptimum => ({ summary, reason: `${summary}: ${how}` });
  const seems = `${objective} seems to ${fall} without bound`;
  if (descent.kind === 'reached') {
    const value = short(isLow ? descent.loss : -descent.loss);
    const met = hasRows ? 'every constraint is met and ' : '';
    return because(seems, `a search went out to ${pointOf(problem, descent.point)}, where ${met}it is ${value}.`);
  }
  const { ray, kind, isUnbounded, slope } = descent;
  const kept = hasRows ? 'every constraint stays met, and ' : '';
  const end = slope < 0 || kind !== 'followed' ? '' : 'in the end ';
  const way = `from ${pointOf(problem, ray.from)}, change ${stepOf(problem, ray.along)} again and again: ${kept}${end}it ${falls}`;
  const certain = `${objective} ${falls} without bound`;
  if (kind === 'linear') return because(certain, `${way} by ${short(-slope)} each time.`);
  if (kind === 'quadratic') return because(certain, `${way} faster and faster.`);
  return isUnbounded
    ? because(seems, `${way}, as far as it was followed (a thousand million times).`)
    : because(`${objective} ${falls} on and on`, `${way} less and less, towards a value that no point seems to take.`);
}

const MOST_NAMED = 4;

function pointOf(problem: Problem, x: readonly number[]): string {
  if (problem.size > MOST_NAMED) return 'a feasible point';
  const names = entryNames(problem);
  return x.map((entry, i) => `${at(names, i)} = ${short(entry)}`).join(', ');
}

function stepOf(problem: Problem, along: readonly number[]): string {
  const names = entryNames(problem);
  const moved = along.flatMap((entry, i) =>
    entry === 0 ? [] : [`${at(names, i)} by ${entry > 0 ? '+' : '−'}${short(Math.abs(entry))}`],
  );
  const rest = moved.length - MOST_NAMED;
  return listed(rest > 0 ? [...moved.slice(0, MOST_NAMED), `${rest} more ${rest === 1 ? 'entry' : 'entries'}`] : moved);
}

const short = (value: number): string => shortNumber(Math.abs(value) < 1e-9 ? 0 : value);
