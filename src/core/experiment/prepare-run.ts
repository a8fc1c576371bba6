/** A studied text and a run → the job that executors take: the recorded program, its settings and starts, as plain data. */

import type { Catalog, Method, Optimizer } from '../contracts.ts';
import { failure, fault, type Result, success } from '../diagnostic.ts';
import { type Problem, startOf } from '../problem/problem.ts';
import { heldApart, recordMeasure, type SteadyConstraints } from '../program/measure.ts';
import { type Batch, rowsOfData } from '../program/mini-batch.ts';
import { seedHalves } from '../program/random-source.ts';
import { record } from '../program/record.ts';
import { type ChosenSettings, settingValues } from '../program/settings.ts';
import { recordedSteps } from '../run/records.ts';
import type { Job } from '../run/run.ts';
import { settled } from './automatic/automatic.ts';
import { chooseSettings } from './chosen-settings.ts';
import { runWithDefaults } from './defaults.ts';
import type { RunJson } from './experiment.ts';
import { counted, MAX_JACOBIAN, MAX_RECORDS, MAX_ROWS, STEPS_RANGE } from './limits.ts';
import { fromOwnStart } from './own-start.ts';
import type { Study } from './study/study.ts';

/** A recorded run, ready for an executor. Fails with a sentence where a method, an optimizer or a setting does not fit. */
export function prepareRun(
  study: Pick<Study, 'problem' | 'structure'>,
  run: RunJson,
  id: number,
  catalog: Catalog,
): Result<Job> {
  const begun = fromOwnStart(study, run);
  if (!begun.ok) return begun;
  const { problem, structure } = begun.value;
  const method = find(catalog.methods, run.method);
  if (!method) return fault(`There is no method “${run.method}” in this version.`);
  const {
    optimizer: { kind, ...optimizerJson },
    settings,
    steps,
    record: wanted,
  } = runWithDefaults(run);
  const optimizer = find(catalog.optimizers, kind);
  if (!optimizer) return fault(`There is no optimizer “${kind}” in this version.`);
  const methodSettings = chooseSettings(method, settings);
  const chosenOptimizer = chooseSettings(optimizer, optimizerJson);
  if (!methodSettings.ok || !chosenOptimizer.ok) {
    return failure(...[methodSettings, chosenOptimizer].flatMap((chosen) => (chosen.ok ? [] : chosen.diagnostics)));
  }
  const support = method.supports(structure, methodSettings.value);
  if (!support.supported) return fault(`${method.title} does not apply: ${support.reason}`);
  const chosen = settled({
    problem,
    structure,
    kinds: catalog.constraints,
    method,
    methodSettings: methodSettings.value,
    methodJson: settings,
    optimizer,
    optimizerSettings: chosenOptimizer.value,
    optimizerJson,
    steps,
  });
  const [fewest, most] = STEPS_RANGE;
  if (!Number.isInteger(steps) || steps < fewest || steps > most) {
    return fault(`A run makes between ${fewest} and ${counted(most)} steps, not ${steps}.`);
  }
  const steady = heldApart(problem);
  const tooLarge = refusedBySize(problem, steady);
  if (tooLarge) return tooLarge;
  const kept = recordedSteps(wanted, steps, problem.size);
  if (kept.length > MAX_RECORDS + 1) {
    return fault(`A run keeps at most ${counted(MAX_RECORDS)} steps, not ${counted(kept.length)}.`);
  }
  const batch = batchOf(problem, method, chosen.optimizerSettings);
  if (!batch.ok) return batch;
  const { program, gradientsPerStep } = record({
    problem,
    structure,
    kinds: catalog.constraints,
    method,
    methodSettings: chosen.methodSettings,
    optimizer,
    optimizerSettings: chosen.optimizerSettings,
    batch: batch.value,
  });
  return success({
    id,
    program,
    gradientsPerStep,
    measure: recordMeasure(problem, steady),
    starts: startOf(problem),
    settings: {
      T: [steps],
      seed: seedHalves(problem.seed),
      ...settingValues('method', method.settings, chosen.methodSettings),
      ...settingValues('optimizer', optimizer.settings, chosen.optimizerSettings),
    },
    ...(Object.keys(chosen.automatic).length > 0 && { automatic: chosen.automatic }),
    ...(batch.value && { batch: batch.value }),
    steps,
    record: kept,
  });
}

/** Why a run would take more memory than there is: rows that move are graded by a matrix, and all rows are kept with each record. */
function refusedBySize(problem: Problem, steady: SteadyConstraints | null) {
  const rows = problem.constraints.reduce((sum, constraint) => sum + constraint.rows, 0);
  const moving = rows - (steady?.rows.rows.length ?? 0);
  if (moving * problem.size > MAX_JACOBIAN)
    return fault(
      `${counted(moving)} constraint rows whose gradients move, on ${counted(problem.size)} parameters, are too many to grade a run by (limit: rows × parameters ≤ ${counted(MAX_JACOBIAN)}).`,
    );
  return rows > MAX_ROWS
    ? fault(
        `${counted(rows)} constraint rows are too many to keep with each record of a run (limit: ${counted(MAX_ROWS)}).`,
      )
    : null;
}

/** The part of the data that a step sees; null where it sees all of it. */
export function batchOf(
  problem: Problem,
  method: Method,
  { miniBatches, batchSize }: ChosenSettings,
): Result<Batch | null> {
  if (miniBatches !== true || method.optimizer === 'none' || typeof batchSize !== 'number') return success(null);
  const rows = rowsOfData(problem);
  if (!rows.ok) return rows;
  return success(batchSize < rows.value ? { size: batchSize, rows: rows.value } : null);
}

const find = <T extends Method | Optimizer>(entries: readonly T[], id: string): T | undefined =>
  entries.find((entry) => entry.id === id);
