import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import type { RunJson, SwarmJson } from '../experiment/experiment.ts';
import { prepareSwarm } from '../experiment/prepare-swarm.ts';
import { study } from '../experiment/study/study.ts';
import { askingForTime } from '../program/timed.fixture.ts';
import { Basins } from './basins.ts';
import { interpreted, type OpenRun } from './float64-machine.ts';
import type { Surroundings } from './reference-executor.ts';
import { createReferenceSwarms } from './reference-swarm.ts';
import { BASIN, checkedSteps, NEVER, OUTCOME, type SwarmJob, type SwarmPart } from './swarm.ts';
import { SwarmStarts, uniformAt } from './swarm-starts.ts';

function prepared(text: string, run: RunJson, swarm: SwarmJson): SwarmJob {
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const job = prepareSwarm(studied.value, swarm, [run], 7, catalog);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  return job.value;
}

async function computed(job: SwarmJob, signal?: AbortSignal, surroundings: Partial<Surroundings> = {}) {
  const parts: SwarmPart[] = [];
  const swarms = createReferenceSwarms({
    now: () => performance.now(),
    pause: async () => undefined,
    reason: 'test',
    ...surroundings,
  });
  const end = await swarms.swarm(job, {
    executor: 'reference',
    onPart: (part) => parts.push(part),
    ...(signal && { signal }),
  });
  const all = <Key extends 'outcome' | 'basin' | 'stepsToTolerance' | 'loss' | 'violation'>(key: Key) =>
    parts.flatMap((part) => [...part[key]]);
  return { end, parts, all, optima: parts.flatMap(({ newOptima }) => newOptima) };
}

/** Two valleys, at x = ±1, whose border is x = 0. */
const VALLEYS = 'param x = 0\nparam y = 0\nminimize (x^2 - 1)^2 + (y - 2)^2\nsubject to y <= 1';
const DESCENT: RunJson = {
  method: 'projected-gradient',
  optimizer: { kind: 'sgd', learningRate: 0.05 },
  steps: 300,
};

describe('a swarm', () => {
  it('maps the starts to the optima that they reach', async () => {
    const job = prepared(VALLEYS, DESCENT, {
      sample: 'grid',
      size: [8, 5],
      over: [
        { axis: 'x', from: -1.5, to: 1.5 },
        { axis: 'y', from: -2, to: 2 },
      ],
    });
    const { end, all, optima } = await computed(job);
    expect(end.status).toBe('finished');
    expect(all('outcome')).toEqual(new Array(40).fill(OUTCOME.optimal));
    expect(optima.map((x) => x.map((entry) => Math.round(entry * 1e3) / 1e3))).toEqual([
      [-1, 1],
      [1, 1],
    ]);
    expect(all('basin')).toEqual(Array.from({ length: 40 }, (_, k) => (k % 8 < 4 ? 0 : 1)));
    expect(Math.max(...all('violation'))).toBeLessThan(1e-9);
    expect(all('loss').every((loss) => Math.abs(loss - 1) < 1e-6)).toBe(true);
    expect(all('stepsToTolerance').every((steps) => steps > 0 && steps < 300)).toBe(true);
  });

  it('lets others have their turn in the steps of one start, is the same by that, and ends where it is told to in it', async () => {
    const job = prepared(VALLEYS, DESCENT, { size: 3, over: [{ axis: 'x', from: -1.5, to: 1.5 }] });
    let time = 0;
    const now = () => {
      time += 40; // a look at the clock, a step as it seems
      return time;
    };
    const whole = await computed(job);
    const slow = await computed(job, undefined, { now });
    for (const key of ['outcome', 'basin', 'stepsToTolerance', 'loss'] as const)
      expect(slow.all(key)).toEqual(whole.all(key));
    const controller = new AbortController();
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      if (pauses === 5) controller.abort();
    };
    const { end, parts } = await computed(job, controller.signal, { now, pause });
    expect([end.status, parts.length, pauses]).toEqual(['stopped', 0, 5]);
  });

  it('tells what diverges from what leaves the domain and from what has not arrived', async () => {
    const rates = (text: string, learningRate: number, steps: number) =>
      computed(
        prepared(
          text,
          { method: 'unconstrained', optimizer: { kind: 'sgd', learningRate }, steps },
          {
            size: 3,
            over: [{ axis: 'x', from: 1, to: 2 }],
          },
        ),
      );
    expect((await rates('param x = 1\nminimize x^2', 2, 200)).all('outcome')).toEqual([2, 2, 2]);
    expect((await rates('param x = 1\nminimize sqrt(x)', 20, 10)).all('outcome')).toEqual([3, 3, 3]);
    const late = await rates('param x = 1\nminimize x^2', 0.001, 10);
    expect(late.all('outcome')).toEqual([0, 0, 0]);
    expect(late.all('stepsToTolerance')).toEqual([NEVER, NEVER, NEVER]);
    expect(late.all('basin')).toEqual([BASIN.none, BASIN.none, BASIN.none]);
  });

  it('counts the steps of a distance that shrinks evenly to the step, or a neighbour', async () => {
    const text = 'param x = 1\nminimize (x - 3)^2';
    const rate = 0.02; // x − 3 shrinks by 0.96 a step
    const run: RunJson = { method: 'unconstrained', optimizer: { kind: 'sgd', learningRate: rate }, steps: 2000 };
    const { all } = await computed(prepared(text, run, { size: 40, over: [{ axis: 'x', from: -5, to: 2.9 }] }));
    all('stepsToTolerance').forEach((steps, k) => {
      const distance = 3 - (-5 + (7.9 * k) / 39);
      const exact = Math.ceil(Math.log((1e-3 * (1 + 3)) / distance) / Math.log(1 - 2 * rate));
      expect(Math.abs(steps - exact), `${distance}`).toBeLessThanOrEqual(1);
    });
  });

  it('gives each start a learning rate and a penalty of its own, as a run with them has', async () => {
    const text = 'param x = 2\nparam y = 1\nminimize (x - 1)^2 + (y - 2)^2\nsubject to x - 2*y = 0';
    const run: RunJson = { method: 'penalty', optimizer: { kind: 'adam', learningRate: 0.1 }, steps: 60 };
    const job = prepared(text, run, {
      size: [3, 2],
      over: [
        { axis: 'optimizer:learningRate', from: 0.01, to: 0.1, scale: 'log' },
        { axis: 'setting:penalty', from: 1, to: 10 },
      ],
    });
    const { all } = await computed(job);
    const single = async (learningRate: number, penalty: number) => {
      const one = prepared(
        text,
        { ...run, settings: { penalty }, optimizer: { kind: 'adam', learningRate } },
        { size: 1, over: [{ axis: 'x', from: 2, to: 2 }] },
      );
      return (await computed(one)).all('loss')[0] ?? 0;
    };
    const expected: number[] = [];
    for (const penalty of [1, 10])
      for (const rate of [0.01, Math.sqrt(0.001), 0.1]) expected.push(await single(rate, penalty));
    all('loss').forEach((loss, k) => {
      expect(loss).toBeCloseTo(expected[k] ?? 0, 5);
    });
    expect(new Set(all('loss')).size).toBe(6);
  });

  it('starts on the feasible set where told to', () => {
    const job = prepared('param x = 1\nparam y = 0\nminimize x\nsubject to\n  x^2 + y^2 = 1\n  y >= 0', DESCENT, {
      sample: 'feasible',
      size: 200,
    });
    const starts = new SwarmStarts(job).planar(200, (k) => k);
    const points = Array.from({ length: 200 }, (_, k) => [starts[k] ?? 0, starts[200 + k] ?? 0] as const);
    for (const [x, y] of points) {
      expect(Math.abs(x * x + y * y - 1)).toBeLessThan(3e-7); // single precision
      expect(y).toBeGreaterThan(-1e-7);
    }
    expect(new Set(points.map(([x]) => x.toFixed(3))).size).toBeGreaterThan(60); // the others end in the corners
  });

  it('keeps what was computed when it is cancelled', async () => {
    const job = prepared(VALLEYS, DESCENT, { size: [100, 100] });
    const controller = new AbortController();
    controller.abort();
    const { end, parts } = await computed(job, controller.signal);
    expect(end.status).toBe('stopped');
    expect(parts).toEqual([]);
  });

  it('refuses axes that there are not, in words', () => {
    const studied = study(VALLEYS, 0, catalog);
    if (!studied.ok) throw new Error('the problem is right');
    const refusal = (swarm: SwarmJson) => {
      const job = prepareSwarm(studied.value, swarm, [DESCENT], 0, catalog);
      return job.ok ? '' : (job.diagnostics[0]?.message ?? '');
    };
    const over = (axis: string, from = 0, to = 1, scale: 'linear' | 'log' = 'linear') => ({
      over: [{ axis, from, to, scale }],
    });
    expect(refusal({ run: 3 })).toContain('no run 4');
    expect(refusal(over('w[0]'))).toContain('no entry w[0]');
    expect(refusal(over('setting:wand'))).toContain('no setting:wand');
    expect(refusal(over('optimizer:learningRate', -1, 1))).toContain('must be a number');
    expect(refusal(over('x', -1, 1, 'log'))).toContain('above 0');
    expect(refusal({ sample: 'random', size: 10, over: [] })).toContain('at least one axis');
    // what a later version may have
    expect(refusal(JSON.parse('{"sample":"sobol"}'))).toContain('no way “sobol”');
    expect(refusal(JSON.parse('{"over":[{"axis":"x","from":1,"to":2,"scale":"cubic"}]}'))).toContain(
      'no scale “cubic”',
    );
  });
});

describe('a start at rest', () => {
  const TEXT = 'param x = 0\nparam y = 0\nminimize (x - 1)^2 + (y - 2)^2\nsubject to x + y = 1';
  const STEPS = 2000;
  const jobAt = (learningRate: number) =>
    prepared(
      TEXT,
      { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate } },
      { size: [4, 4], steps: STEPS, over: ['x', 'y'].map((axis) => ({ axis, from: -2, to: 2 })) },
    );

  /** With the number of steps that were asked for, of all starts together. */
  async function counted(job: SwarmJob) {
    let made = 0;
    const open: OpenRun = (...run) => {
      const opened = interpreted(...run);
      const { advance } = opened.steps;
      opened.steps.advance = (steps, bound) => {
        made += steps;
        return advance(steps, bound);
      };
      return opened;
    };
    const { parts } = await computed(job, undefined, { open, now: () => 0 }); // parts are cut by the clock
    return { made, parts };
  }

  it.each([
    { rate: 0.1, most: 400 },
    { rate: 0.001, most: STEPS }, // too slow to rest
    { rate: 1, most: 400 }, // to and fro for ever
  ])('is not stepped further, and ends where it would have ended: rate $rate', async ({ rate, most }) => {
    const job = jobAt(rate);
    const [resting, moving] = [await counted(job), await counted({ ...job, program: askingForTime(job.program) })];
    expect(resting.parts).toEqual(moving.parts);
    expect(moving.made).toBe(16 * STEPS);
    expect(resting.made).toBeLessThanOrEqual(16 * most);
  });
});

describe('starts', () => {
  it('follow from seed and index alone, and fill the region evenly', () => {
    const numbers = Array.from({ length: 20_000 }, (_, k) => uniformAt(3, k, 1));
    expect(numbers.every((number) => number >= 0 && number < 1 && Math.fround(number) === number)).toBe(true);
    const counts = new Array<number>(10).fill(0);
    for (const number of numbers) counts[Math.floor(number * 10)] = (counts[Math.floor(number * 10)] ?? 0) + 1;
    expect(Math.max(...counts.map((count) => Math.abs(count - 2000)))).toBeLessThan(200);
    expect(uniformAt(4, 0, 1)).not.toBe(uniformAt(3, 0, 1));
  });

  it('are looked at early at every step, later ever more seldom', () => {
    const checks = checkedSteps(100_000);
    expect(checks.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 7, 9, 12, 16]);
    expect(checks.at(-1)).toBe(100_000);
    expect(checks.length).toBeLessThan(40);
    checks.forEach((check, i) => {
      if (i > 0) expect(check).toBeGreaterThan(checks[i - 1] ?? 0);
    });
    expect(checkedSteps(1)).toEqual([0, 1]);
  });
});

describe('basins', () => {
  it('are at most 64, and the rest is “other”', () => {
    const basins = new Basins();
    const found = Array.from({ length: 100 }, (_, k) => basins.of([k, -k]));
    expect(found.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, k) => k));
    expect(new Set(found.slice(64))).toEqual(new Set([BASIN.other]));
    expect(basins.of([3 + 1e-3, -3])).toBe(3);
    expect(basins.of([70, -70])).toBe(BASIN.other);
    expect(basins.optima).toHaveLength(64);
  });
});
