/** Swarms on the device against the same on the Float64 reference, start by start. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { at } from '../../core/diagnostic.ts';
import type { RunJson, SwarmJson } from '../../core/experiment/experiment.ts';
import { prepareSwarm } from '../../core/experiment/prepare-swarm.ts';
import { study } from '../../core/experiment/study/study.ts';
import { askingForTime } from '../../core/program/timed.fixture.ts';
import { OUTCOME, type SwarmJob, type SwarmPart } from '../../core/run/swarm.ts';
import { withTestExecutor } from '../test-executor.fixture.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly run: RunJson;
  readonly swarm: SwarmJson;
}

const sgd = (learningRate: number) => ({ kind: 'sgd', learningRate });
const plane = (from: number, to: number) => [
  { axis: 'x', from, to },
  { axis: 'y', from, to },
];

const CASES: readonly Case[] = [
  {
    name: 'two valleys under a line',
    text: 'param x = 0\nparam y = 0\nminimize (x^2 - 1)^2 + (y - 2)^2\nsubject to y <= 1',
    run: { method: 'projected-gradient', optimizer: sgd(0.05), steps: 300 },
    swarm: { size: [24, 20], over: plane(-1.5, 1.5) },
  },
  {
    name: 'a circle, from points on it',
    text: 'param x = 1\nparam y = 0\nminimize x^3 + y\nsubject to x^2 + y^2 = 1',
    run: { method: 'tangent-normal', optimizer: sgd(0.1), steps: 400 },
    swarm: { sample: 'feasible', size: 300, over: plane(-2, 2) },
  },
  {
    name: 'a slanted corner, by an optimizer that would blow up what rounding leaves of the gradient there',
    text: 'param x = 0\nparam y = 0\nminimize (x - 3.1)^2 + (y - 2.3)^2\nsubject to\n  x + y/3 <= 1.1\n  3*y - 0.7*x <= 1.3',
    run: { method: 'tangent-normal', optimizer: { kind: 'adam', learningRate: 0.03 }, steps: 300 },
    swarm: { size: [12, 10], over: plane(-1, 0.5) },
  },
  {
    name: 'learning rates that converge, creep and diverge',
    text: 'param x = 2\nparam y = 1\nminimize (x - 1)^2 + 10*(y - 2)^2\nsubject to x - 2*y = 0',
    run: { method: 'penalty', steps: 200 },
    swarm: {
      size: [24, 16],
      over: [
        { axis: 'optimizer:learningRate', from: 1e-4, to: 10, scale: 'log' },
        { axis: 'setting:penalty', from: 0.1, to: 100, scale: 'log' },
      ],
    },
  },
  {
    name: 'Adam with a learning rate and a decay of its own',
    text: 'param x = 2\nparam y = 1\nminimize (x - 1)^2 + 10*(y - 2)^2\nsubject to x + y <= 1',
    run: { method: 'projected-gradient', optimizer: { kind: 'adam' }, steps: 120 },
    swarm: {
      size: [10, 10],
      over: [
        { axis: 'optimizer:learningRate', from: 1e-3, to: 0.3, scale: 'log' },
        { axis: 'optimizer:beta1', from: 0.5, to: 0.95 },
      ],
    },
  },
  {
    name: 'rates that creep, arrive, and swing to and fro for ever',
    text: 'param x = 0\nparam y = 0\nminimize (x - 1)^2 + (y - 2)^2\nsubject to x + y = 1',
    run: { method: 'projected-gradient', steps: 500 },
    swarm: {
      size: [12, 21],
      over: [
        { axis: 'x', from: -2, to: 2 },
        { axis: 'optimizer:learningRate', from: 0, to: 1 },
      ],
    },
  },
  {
    name: 'a domain that long steps leave',
    text: 'param x = 1\nminimize x - log(x)',
    run: { method: 'unconstrained', optimizer: sgd(0.1), steps: 200 },
    swarm: {
      size: [20, 20],
      over: [
        { axis: 'x', from: 0.05, to: 3 },
        { axis: 'optimizer:learningRate', from: 0.01, to: 12, scale: 'log' },
      ],
    },
  },
];

function jobOf({ text, run, swarm }: Omit<Case, 'name'>): SwarmJob {
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const job = prepareSwarm(studied.value, swarm, [run], 3, catalog);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  return job.value;
}

const { executor, gpu, uncaptured } = withTestExecutor();

/** On a device that seems slow whatever it is: slices stay small. */
let reading = 0;
const slow = withTestExecutor(() => {
  reading += 100;
  return reading;
});

async function computed(
  job: SwarmJob,
  choice: 'fused' | 'reference' | 'gpu',
  signal?: AbortSignal,
  onPart?: () => unknown,
  runner = executor,
) {
  const parts: SwarmPart[] = [];
  const end = await runner.swarm(job, {
    executor: choice,
    onPart: (part) => {
      parts.push(part);
      onPart?.();
    },
    ...(signal && { signal }),
  });
  const all = (key: 'outcome' | 'basin' | 'stepsToTolerance' | 'violation' | 'loss') =>
    parts.flatMap((part) => [...part[key]]);
  return { end, parts, all, optima: parts.flatMap(({ newOptima }) => newOptima) };
}

describe('a swarm on the device', () => {
  it.each(CASES)('agrees with the reference: $name', async (one) => {
    const job = jobOf(one);
    const [device, reference] = [await computed(job, 'fused'), await computed(job, 'reference')];
    expect(device.end).toMatchObject({ status: 'finished', executor: 'fused' });
    const [ours, theirs] = [device.all('outcome'), reference.all('outcome')];
    expect(ours).toHaveLength(theirs.length);
    const same = ours.flatMap((outcome, k) => (outcome === theirs[k] ? [k] : []));
    // At the border of two classes or basins, rounding decides.
    expect(same.length).toBeGreaterThanOrEqual(0.98 * ours.length);
    const [lossHere, lossThere] = [device.all('loss'), reference.all('loss')];
    const [stepsHere, stepsThere] = [device.all('stepsToTolerance'), reference.all('stepsToTolerance')];
    const [basinHere, basinThere] = [device.all('basin'), reference.all('basin')];
    const optimumOf = (optima: readonly (readonly number[])[], basin: number) => optima[basin] ?? [];
    let elsewhere = 0;
    for (const k of same.filter((k) => theirs[k] === OUTCOME.optimal)) {
      const [x, y] = [optimumOf(device.optima, at(basinHere, k)), optimumOf(reference.optima, at(basinThere, k))];
      const isThere = x.every((entry, i) => Math.abs(entry - at(y, i)) <= 5e-3 * (1 + Math.abs(entry)));
      if (!isThere) elsewhere += 1;
      else {
        expect(at(lossHere, k)).toBeCloseTo(at(lossThere, k), 3);
        const ratio = (at(stepsHere, k) + 1) / (at(stepsThere, k) + 1);
        expect(Math.max(ratio, 1 / ratio)).toBeLessThanOrEqual(1.5);
      }
    }
    expect(elsewhere).toBeLessThanOrEqual(0.02 * ours.length);
    expect(await uncaptured()).toEqual([]);
  });

  it.each(CASES)('is the same to the last bit where a start at rest is stepped further: $name', async (one) => {
    const job = jobOf(one);
    const awake = { ...job, program: askingForTime(job.program) };
    const [resting, moving] = [await computed(job, 'fused'), await computed(awake, 'fused')];
    for (const key of ['outcome', 'basin', 'stepsToTolerance', 'violation', 'loss'] as const)
      expect(resting.all(key)).toEqual(moving.all(key));
    expect(resting.optima).toEqual(moving.optima);
  });

  it('is the same to the last bit where an invocation carries two starts, as it may in long swarms', async () => {
    const over = ['x', 'y', 'z'].map((axis) => ({ axis, from: -1, to: 1 }));
    const text =
      'param x = 0\nparam y = 0\nparam z = 0\nminimize (x - 2)^2 + (y + 1)^2 + z^2\nsubject to\n  x + y = 1\n  y + z = 0.5';
    const run: RunJson = { method: 'projected-gradient', optimizer: sgd(0.1), steps: 1000 };
    const swarmOf = async (size: number) =>
      computed(jobOf({ text, run, swarm: { sample: 'random', size, over } }), 'fused');
    const [few, many] = [await swarmOf(1000), await swarmOf(60_000)]; // start k is the same in both
    expect(many.end.status).toBe('finished');
    for (const key of ['outcome', 'basin', 'stepsToTolerance', 'violation', 'loss'] as const)
      expect(many.all(key).slice(0, 1000)).toEqual(few.all(key));
  });

  it('has every class in these cases', async () => {
    const seen = new Set<number>();
    for (const one of CASES)
      for (const outcome of (await computed(jobOf(one), 'fused')).all('outcome')) seen.add(outcome);
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
  });

  it('comes in slices, in order, without gaps, and leaves nothing on the device', async () => {
    const before = { ...(await slow.gpu()).ledger };
    const job = jobOf({ ...at(CASES, 0), swarm: { size: [40, 33], over: plane(-1.5, 1.5) } });
    const { parts, all, end } = await computed(job, 'gpu', undefined, undefined, slow.executor);
    expect(end.status).toBe('finished');
    expect(parts.length).toBeGreaterThan(1);
    let next = 0;
    for (const { first, outcome } of parts) {
      expect(first).toBe(next);
      next += outcome.length;
    }
    expect(next).toBe(40 * 33);
    expect(new Set(all('outcome'))).toEqual(new Set([OUTCOME.optimal]));
    expect((await slow.gpu()).ledger).toEqual(before);
  });

  it('stops at once and keeps its parts', async () => {
    const job = jobOf({ ...at(CASES, 0), swarm: { size: [1000, 1000], steps: 1000, over: plane(-1.5, 1.5) } });
    const controller = new AbortController();
    const { parts, end } = await computed(job, 'fused', controller.signal, () => controller.abort());
    expect(end.status).toBe('stopped');
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.length).toBeLessThan(6);
  });

  it('keeps its parts when the device is lost between two slices, says so, and runs again on a fresh one', async () => {
    const job = jobOf({ ...at(CASES, 0), swarm: { size: [40, 33], over: plane(-1.5, 1.5) } });
    const { device } = await slow.gpu();
    let told = 0;
    const loseIt = () => ++told === 2 && device.destroy(); // the third slice is under way
    const lost = await computed(job, 'gpu', undefined, loseIt, slow.executor);
    expect(lost.end).toMatchObject({
      status: 'failed',
      executor: 'fused',
      message: expect.stringMatching(/^The GPU was lost .* Run again: a fresh device is taken\.$/),
    });
    expect(lost.parts).toHaveLength(2);
    const again = await computed(job, 'gpu', undefined, undefined, slow.executor);
    expect(again.end).toMatchObject({ status: 'finished', executor: 'fused' });
    expect(again.parts.length).toBeGreaterThan(2);
    const kept = lost.all('outcome');
    expect(kept).toEqual(again.all('outcome').slice(0, kept.length));
    expect((await slow.gpu()).ledger.buffers).toBe(0);
  });

  it('says where one kernel does not do', async () => {
    const text = 'param w[40]\nminimize sum((w @ w - 1)**2) + sum(w)\nsubject to sum(w) = 1';
    const run: RunJson = { method: 'projected-gradient', optimizer: { kind: 'adam' }, steps: 3 };
    const big = 'param w[300] = 0.1\nminimize sum(w**4) + sum(w)\nsubject to sum(w) = 1';
    const job = jobOf({ text: big, run, swarm: { size: 2, over: [{ axis: 'w[0]', from: 0, to: 1 }] } });
    const shared = await computed(job, 'fused');
    expect(shared.end).toMatchObject({ status: 'finished', reason: expect.stringContaining('a workgroup of') });
    const { end, all } = await computed(job, 'gpu');
    const { isProcessor } = await gpu();
    expect(end).toMatchObject({
      status: 'finished',
      executor: isProcessor ? 'wasm' : 'fused',
      reason: expect.stringContaining('lines'),
    });
    expect(all('outcome')).toEqual(shared.all('outcome'));
    expect(all('outcome')).toHaveLength(2);
    expect((await computed(jobOf({ text, run, swarm: { size: 1 } }), 'dispatched' as 'fused')).end.status).toBe(
      'failed',
    );
  });
});
