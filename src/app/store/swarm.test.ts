import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { createFeasible } from '../api/feasible.ts';
import { openInProcess } from '../api/in-process.fixture.ts';

const valleys: Experiment = {
  version: 1,
  problem: 'param x = 0\nparam y = 0\nminimize (x^2 - 1)^2 + (y - 2)^2\nsubject to y <= 1',
  runs: [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.05 }, steps: 200 }],
  swarm: {
    sample: 'grid',
    size: [6, 2],
    over: [
      { axis: 'x', from: -1.5, to: 1.5 },
      { axis: 'y', from: 0, to: 2 },
    ],
  },
};

describe('feasible.swarm', () => {
  it('gives an entry a start in every column', async () => {
    const store = openInProcess(valleys);
    const result = await createFeasible(store, catalog).swarm();
    expect(result.size).toEqual([6, 2]);
    expect(result.over).toEqual([
      { axis: 'x', from: -1.5, to: 1.5, scale: 'linear' },
      { axis: 'y', from: 0, to: 2, scale: 'linear' },
    ]);
    expect([...result.outcome]).toEqual(new Array(12).fill(1));
    expect([...result.basin]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
    expect(result.optima.map(([x]) => Math.round(x ?? 0))).toEqual([-1, 1]);
    for (const column of [result.stepsToTolerance, result.loss, result.violation]) expect(column).toHaveLength(12);
    expect(store.getState()).toMatchObject({
      swarmPhase: 'idle',
      swarmPicture: { done: 12, end: { status: 'finished' } },
    });
  });

  it('keeps what was computed when it is stopped, and says how long the rest will take', async () => {
    const store = openInProcess({ ...valleys, swarm: { ...valleys.swarm, size: [2000, 500] } });
    const under = store.getState().runSwarm();
    await new Promise<void>((resolve) => {
      store.subscribe(({ swarmPicture }) => (swarmPicture?.done ?? 0) > 0 && resolve());
    });
    expect(store.getState().swarmPicture?.msLeft).toBeGreaterThan(0);
    store.getState().stopSwarm();
    const outcome = await under;
    const picture = outcome.ok ? outcome.value : null;
    expect(picture?.end?.status).toBe('stopped');
    expect(picture?.done).toBeGreaterThan(0);
    expect(picture?.done).toBeLessThan(1_000_000);
    const { done = 0, columns } = picture ?? {};
    expect(columns?.outcome.subarray(0, done).every((outcome) => outcome === 1)).toBe(true);
    expect(columns?.loss[done]).toBeNaN();
  });

  it('is dropped with the experiment that it belongs to', async () => {
    const store = openInProcess(valleys);
    await store.getState().runSwarm();
    store.getState().load({ ...valleys, title: 'another' }, { hold: true });
    expect(store.getState().swarmPicture).toBeNull();
  });

  it('says why it cannot be made', async () => {
    const wrong = openInProcess({ ...valleys, swarm: { over: [{ axis: 'z', from: 0, to: 1 }] } });
    await expect(createFeasible(wrong, catalog).swarm()).rejects.toThrow('no entry z');
    const none = openInProcess({ ...valleys, runs: [] });
    await expect(createFeasible(none, catalog).swarm()).rejects.toThrow('needs a run');
  });
});
