/** Projected gradient on every set that can be typed, on the device against Float64: fused where it fits, and the first steps as dispatches. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { SET_CASES } from '../catalog/sets.fixture.ts';
import { at } from '../core/diagnostic.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { expand } from '../core/program/expand.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import { chooseLowering } from './choose.ts';
import { withTestExecutor } from './test-executor.fixture.ts';

/** Float32 over many steps of a run that contracts. */
const TOLERANCE = 1e-5;

const jobFor = (text: string, steps: number) => {
  const studied = study(text, 3, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const run = { method: 'projected-gradient', steps, optimizer: { kind: 'sgd', learningRate: 0.1 }, record: [steps] };
  const job = prepareRun(studied.value, run, 1, catalog);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  return job.value;
};

describe('every set of the language', () => {
  const { executor, uncaptured } = withTestExecutor();

  it.each(SET_CASES.flatMap((one) => (['fused', 'dispatched'] as const).map((lowering) => ({ ...one, lowering }))))(
    '$kind, $lowering: $text',
    async ({ text, lowering }) => {
      const isFused = lowering === 'fused';
      const job = jobFor(text, isFused ? 100 : 2);
      if (isFused && (await chooseLowering(expand(job.program), 'fused')).kind === 'refused') {
        expect(text).toMatch(LARGE);
        return;
      }
      const [found, exact] = [
        await recordedRun(executor, lowering, job),
        await recordedRun(executor, 'reference', job),
      ];
      expect(found.end).toMatchObject({ executor: lowering });
      if (isFused) expect(found.end.status).toBe('converged');
      const [last, wanted] = [
        at(found.iterates, found.iterates.length - 1),
        at(exact.iterates, exact.iterates.length - 1),
      ];
      expect(Math.max(...last.map((entry, i) => Math.abs(entry - at(wanted, i))))).toBeLessThan(TOLERANCE);
      expect(await uncaptured()).toEqual([]);
    },
  );
});

/** Sets whose projection is too long for one kernel already for 3 × 3 matrices. */
const LARGE = /in (orthogonal|psd|spectralball|nuclearball|lowrank|doubly_stochastic)/;
