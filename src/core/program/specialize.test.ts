import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import type { RunJson } from '../experiment/experiment.ts';
import { prepareRun } from '../experiment/prepare-run.ts';
import { study } from '../experiment/study/study.ts';
import type { Job } from '../run/run.ts';
import { interpret } from './interpret.ts';
import { specialize } from './specialize.ts';

const TEXT = 'param x = 0.5\nparam y = 2\nminimize (x - 2)^2 + 3*(y + 1)^2\nsubject to x + 2*y = 1';

function jobOf(run: RunJson): Job {
  const studied = study(TEXT, 0, catalog);
  const job = studied.ok ? prepareRun(studied.value, run, 1, catalog) : studied;
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  return job.value;
}

function iterated(program: Job['program'], { starts, settings }: Job, steps: number): number[] {
  const run = interpret(program, starts, settings);
  for (let t = 0; t < steps; t++) run.step(1e9);
  return run.outputs().flatMap((output) => [...output]);
}

describe('a program without what a run does not use', () => {
  const runs = catalog.methods.flatMap(({ id }) =>
    catalog.optimizers.map(({ id: kind }) => ({ method: id, optimizer: { kind, learningRate: 0.01 } })),
  );
  const supported = runs.filter((run) => {
    const studied = study(TEXT, 0, catalog);
    return studied.ok && prepareRun(studied.value, run, 1, catalog).ok;
  });

  it.each(supported)('makes the same steps: $method, $optimizer.kind', (run) => {
    const job = jobOf(run);
    const lean = specialize(job.program, job.settings);
    expect(lean.values.length).toBeLessThanOrEqual(job.program.values.length);
    const [ours, whole] = [iterated(lean, job, 25), iterated(job.program, job, 25)];
    expect(ours).toHaveLength(whole.length);
    ours.forEach((entry, i) => {
      expect(entry).toBeCloseTo(whole[i] ?? Number.NaN, 11); // 0 is added in another order
    });
  });

  it('has no momentum where that is 0, and is another program only there', () => {
    const job = jobOf({ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 } });
    const lean = specialize(job.program, job.settings);
    expect(lean.state.map(({ name }) => name)).toEqual(['x', 'moved']);
    expect(job.program.state.map(({ name }) => name)).toEqual(['x', 'moved', 'optimizer.momentum']);
    const faster = specialize(job.program, { ...job.settings, 'optimizer.learningRate': [0.2] });
    expect(faster).toEqual(lean);
    const withMomentum = specialize(job.program, { ...job.settings, 'optimizer.momentum': [0.9] });
    expect(withMomentum.state).toHaveLength(3);
  });
});
