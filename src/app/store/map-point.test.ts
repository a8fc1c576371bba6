import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { invariant } from '../../core/diagnostic.ts';
import { prepareRun } from '../../core/experiment/prepare-run.ts';
import { pytorchScript } from '../../core/experiment/python/pytorch.ts';
import { study } from '../../core/experiment/study/study.ts';
import type { SwarmAxis } from '../../core/run/swarm.ts';
import { placeOnMap, runAtPoint, titledAxes } from './map-point.ts';

const text = 'param w[3] = [1, 2, 3]\nminimize sum(w**2)\nsubject to\n  sum(w) = 1';

function studied() {
  const made = study(text, 0, catalog);
  invariant(made.ok, text);
  return made.value;
}

const known = studied();
const entry = (name: string, position: number): SwarmAxis => ({ name, position, from: -1, to: 1, scale: 'linear' });
const run = {
  method: 'penalty',
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  steps: 50,
  color: 'teal',
  label: 'Mine',
};

describe('a point of a map', () => {
  it('lies on axes that are called what the panel calls their settings', () => {
    const axes = ['optimizer:learningRate', 'w[0]'].map((name) => entry(name, 0));
    expect(titledAxes(axes, run, catalog).map(({ name }) => name)).toEqual(['learning rate', 'w[0]']);
  });

  it('is a run from that start, which an executor takes', () => {
    const axes = [entry('w[0]', 0), entry('w[2]', 2)];
    const made = runAtPoint(run, axes, [0.1234567, -4], known.problem, catalog);
    expect(made).toEqual({ method: 'penalty', optimizer: run.optimizer, steps: 50, start: [0.12346, 2, -4] });
    const job = prepareRun(known, made, 1, catalog);
    invariant(job.ok, 'the run applies');
    expect([...job.value.starts]).toEqual([0.12346, 2, -4]);
    const script = pytorchScript({ ...known, title: '', text }, made, catalog);
    expect(script.ok && /^START = .*$/m.exec(script.value)?.[0]).toMatch(/0\.12346, 2\.0, -4\.0/);
    expect(placeOnMap(made, axes, known.problem, catalog)).toEqual([0.12346, -4]);
    expect(placeOnMap(run, axes, known.problem, catalog)).toEqual([1, 3]);
  });

  it('is a run with those settings', () => {
    const axes = [
      { ...entry('optimizer:learningRate', 3), scale: 'log' as const },
      { ...entry('setting:penalty', 4), scale: 'log' as const },
    ];
    const made = runAtPoint(run, axes, [0.02, 30], known.problem, catalog);
    expect(made).toMatchObject({ settings: { penalty: 30 }, optimizer: { kind: 'sgd', learningRate: 0.02 } });
    expect(made.start).toBeUndefined();
    expect(made.label).toMatch(/0\.02, .*30$/);
    expect(placeOnMap(made, axes, known.problem, catalog)).toEqual([0.02, 30]);
  });

  it('is where the learning rate is that was computed for the run', () => {
    const axes = [entry('optimizer:learningRate', 3), entry('setting:penalty', 4)];
    const automatic = { method: 'penalty' };
    const job = prepareRun(known, automatic, 1, catalog);
    invariant(job.ok, 'the run applies');
    const [rate, penalty] = placeOnMap(automatic, axes, known.problem, catalog, job.value.settings) ?? [];
    expect(rate).toBe(job.value.settings['optimizer.learningRate']?.[0]);
    expect(penalty).toBe(job.value.settings['method.penalty']?.[0]);
  });

  it('is refused with a sentence where the text has other parameters by now', () => {
    const job = prepareRun(known, { ...run, start: [1, 2] }, 1, catalog);
    invariant(!job.ok, 'the start does not fit');
    expect(job.diagnostics[0]?.message).toMatch(/2 numbers, and the text has 3 parameters/);
  });
});
