/** The automatic learning rate, tried before the run: where constraints are curved, what is stable at the start may not be further on. */

import { at } from '../../diagnostic.ts';
import { startOf } from '../../problem/problem.ts';
import { interpret } from '../../program/interpret.ts';
import { recordMeasure } from '../../program/measure.ts';
import { seedHalves } from '../../program/random-source.ts';
import { type Recording, record } from '../../program/record.ts';
import { settingValues } from '../../program/settings.ts';
import { Grader } from '../../run/grade.ts';
import { DIVERGENCE_BOUND } from '../../run/run.ts';
import { scaledKktResidual } from '../../run/verdict.ts';
import { sizeOf } from '../../tensor/shape.ts';

/** Entries that are computed for all trials together: some hundredths of a second, */
const WORK = 4e6;
/** an operation being worth so many. */
const OPERATION = 8;
/** Steps of a trial, and how few tell anything. */
const [STEPS, FEWEST] = [1000, 100];
/** So often η is divided by this. */
const [DIVISIONS, DIVISOR] = [6, 4];
/** A scaled KKT residual at the end that leaves nothing to be tried, */
const NEAR = 0.05;
/** and how many times smaller that of a shorter η must be, to be taken. */
const NEARER = 3;

/**
 * η, or the largest of η/4, η/16, … with which the first steps do not leave all bounds; a shorter one still, as long as it ends nearer to
 * a KKT point by far. η again where none is found, as where the loss itself falls for ever. In Float64, on all rows of data.
 * Source: Nocedal & Wright 2006, Numerical Optimization, §3.1 (backtracking; here of the whole path).
 */
export function rehearsedRate(rate: number, run: Omit<Recording, 'batch'> & { readonly steps: number }): number {
  const { problem, method, methodSettings, optimizer, optimizerSettings } = run;
  const { program } = record(run);
  const cost = program.values.reduce((sum, { shape }) => sum + OPERATION + sizeOf(shape), 0);
  let left = Math.floor(WORK / cost);
  const start = startOf(problem);
  const measure = recordMeasure(problem, null);
  /** The scaled KKT residual after so many steps; null where they left all bounds. */
  const residualWith = (learningRate: number, steps: number): number | null => {
    const trial = interpret(program, start, {
      T: [run.steps],
      seed: seedHalves(problem.seed),
      ...settingValues('method', method.settings, methodSettings),
      ...settingValues('optimizer', optimizer.settings, { ...optimizerSettings, learningRate }),
    });
    const outcome = trial.advance(steps, DIVERGENCE_BOUND);
    left -= trial.t;
    if (outcome !== 'moved') return null;
    const grader = new Grader(measure, run.steps);
    grader.grade([trial.t], Float64Array.from(at(trial.outputs(), 0)));
    return grader.last && scaledKktResidual(grader.last);
  };
  let best: { readonly rate: number; readonly residual: number } | null = null;
  for (let k = 0, tried = rate; k <= DIVISIONS; k++, tried /= DIVISOR) {
    const steps = Math.min(STEPS, run.steps, left);
    if (steps < Math.min(FEWEST, run.steps)) break;
    const residual = residualWith(tried, steps);
    if (residual === null) continue;
    if (best !== null && !(NEARER * residual < best.residual)) break;
    best = { rate: tried, residual };
    if (residual <= NEAR) break;
  }
  return best?.rate ?? rate;
}
