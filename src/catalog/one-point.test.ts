/** Equations that leave one point leave no direction: not even rounding, of which an adaptive step would make a whole one. */
import { expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { interpret } from '../core/program/interpret.ts';
import { catalog } from './registry.ts';

const START = [0.3, 0.8] as const;
const ROWS = {
  'as many as there are entries': 'w[0] + 2*w[1] = 0.7; w[0] - w[1]/3 = 0.1',
  'more than there are entries': 'A @ w = 0',
} as const;

it.each(
  Object.entries(ROWS).flatMap(([name, rows]) =>
    catalog.optimizers.flatMap(({ id }) => [
      { method: 'projected-direction', settings: {}, optimizer: id, name, rows },
      { method: 'tangent-normal', settings: { normalRate: 0 }, optimizer: id, name, rows },
    ]),
  ),
)('$method stays where it is with $optimizer, $name', ({ method, settings, optimizer, rows }) => {
  const text = `param w[2] = [${START.join(', ')}]
data A = [[-0.125, 0.5], [-1.25, 0.375], [0.25, -1.125]]
minimize (w[1] - w[0])^2 + sum(w)/4
subject to ${rows}`;
  const studied = studyStructure(text, 0, catalog);
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join(' '));
  const run = { method, settings, optimizer: { kind: optimizer, learningRate: 0.05, weightDecay: 0 }, steps: 9 };
  const job = prepareRun(studied.value, run, 0, catalog);
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join(' '));
  const steps = interpret(job.value.program, job.value.starts, job.value.settings);
  steps.advance(9, 1e9);
  expect([...at(steps.outputs(), 0)]).toEqual(START);
});
