/** Sequential quadratic programming where parameters are thousands, rows are millions, and the loss has no curvature. */
import { expect, it } from 'vitest';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { interpret } from '../core/program/interpret.ts';
import { knownProblems, textOf } from '../core/reference/problems.ts';
import { DIVERGENCE_BOUND } from '../core/run/run.ts';
import { catalog } from './registry.ts';

it('finds the cheapest heat exchanger from its published start (Hock & Schittkowski 106)', () => {
  const known = knownProblems.find(({ id }) => id === 'HS106');
  if (!known?.xstar) throw new Error('HS106 is among the known problems');
  const studied = studyStructure(textOf(known), 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const job = prepareRun(studied.value, { method: 'sqp', steps: 200 }, 1, catalog);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  const walk = interpret(job.value.program, job.value.starts, job.value.settings);
  for (let k = 0; k < 200; k++) expect(walk.step(DIVERGENCE_BOUND)).toBe('moved');
  const x = walk.outputs()[0] ?? [];
  known.xstar.forEach((entry, i) => expect((x[i] ?? 0) / entry).toBeCloseTo(1, 3));
});
