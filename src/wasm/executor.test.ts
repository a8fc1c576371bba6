/** The executor in WebAssembly: the ends of runs and swarms are those of the interpreter, and what it refuses is said. */
import { describe, expect, it } from 'vitest';
import { difficultPoints, pointsFor } from '../catalog/points.fixture.ts';
import { catalog } from '../catalog/registry.ts';
import { at, fault } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { prepareSwarm } from '../core/experiment/prepare-swarm.ts';
import { study } from '../core/experiment/study/study.ts';
import { interpret } from '../core/program/interpret.ts';
import { dataTensors } from '../core/program/method-problem.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { createReferenceSwarms } from '../core/run/reference-swarm.ts';
import type { Chunk } from '../core/run/run.ts';
import type { SwarmPart } from '../core/run/swarm.ts';
import { jobOf, programOf, sumOne } from '../gpu/fused/programs.fixture.ts';
import { opened } from './compare.fixture.ts';
import { createWasmExecutors, openIn } from './executor.ts';
import { lower } from './lower.ts';
import { WasmMachine } from './stepper.ts';

const clock = () => {
  let time = 0;
  return () => time++; // a clock of the test's own: every look takes a millisecond
};
const pause = () => new Promise<void>((resolve) => setTimeout(resolve));
const wasm = createWasmExecutors({ now: clock(), pause })('As asked for.');
const reference = createReferenceExecutor({ now: clock(), pause, reason: 'test' });

const every = (steps: number) => Array.from({ length: steps + 1 }, (_, step) => step);
const TEXT =
  'param w[4] = [0.3, 0.9, -0.4, 1]\nminimize sum((w - 1)^2) + exp(w[0]*w[1])\nsubject to\n sum(w) = 1\n w >= -0.5';

const jobFor = (method: string, steps: number, record: number[] = every(steps)) =>
  jobOfText(TEXT, { method, steps, record });

function jobOfText(text: string, run: RunJson) {
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error('the problem is right');
  const job = prepareRun(studied.value, run, 1, catalog);
  if (!job.ok) throw new Error('the run is right');
  return job.value;
}

describe('runs in WebAssembly', () => {
  it.each(['projected-gradient', 'augmented-lagrangian', 'penalty'])(
    'tell what the interpreter tells: %s',
    async (method) => {
      for (const record of [every(300), [0, 7, 300]]) {
        const job = jobFor(method, 300, record);
        const [found, wanted] = [await recordedRun(wasm, 'wasm', job), await recordedRun(reference, 'reference', job)];
        expect(found.end).toMatchObject({ executor: 'wasm', reason: 'As asked for.', status: wanted.end.status });
        expect({ ...found, end: null }).toEqual({ ...wanted, end: null });
      }
    },
  );

  it('end where a run grows without bound', async () => {
    const growing = programOf(2, ({ ops, x }) => ({ next: ops.multiply(1.5, x) }));
    const job = jobOf(growing, [2, 1], {}, 1000, [0, 500, 1000]);
    const [found, wanted] = [await recordedRun(wasm, 'wasm', job), await recordedRun(reference, 'reference', job)];
    expect(found.end).toMatchObject({ status: 'diverged', message: wanted.end.message });
    expect(found.steps).toEqual(wanted.steps);
    expect(found.iterates).toEqual(wanted.iterates);
  });

  it('diverge by x alone: multipliers and penalties may be larger', async () => {
    const text = 'param x = 0\nminimize (x - 1)^2\nsubject to x = 2';
    const optimizer = { kind: 'adam', learningRate: 0.1 };
    const settings = { penalty: 10, inner: 1, growth: 10, penaltyMax: 1e12 };
    const job = jobOfText(text, { method: 'augmented-lagrangian', settings, optimizer, steps: 20 });
    for (const [executor, kind] of [
      [wasm, 'wasm'],
      [reference, 'reference'],
    ] as const) {
      const { end, steps, states } = await recordedRun(executor, kind, job);
      expect(end.status).toBe('finished');
      expect(steps).toEqual(every(20));
      expect(Math.max(...(states?.rho ?? []).flat())).toBe(1e12);
    }
  });

  it('diverge where the x of a map is beyond the bound, and keep what came before', async () => {
    const text = 'param x = 1\nminimize -x\nsubject to x >= 0';
    const optimizer = { kind: 'sgd', learningRate: 1e-11 };
    const run = { method: 'reparameterization', settings: { map: 'exp', start: [20.7] }, optimizer, steps: 40 };
    for (const [executor, kind] of [
      [wasm, 'wasm'],
      [reference, 'reference'],
    ] as const) {
      const { end, steps, iterates } = await recordedRun(executor, kind, jobOfText(text, run));
      expect(end).toMatchObject({
        status: 'diverged',
        message: expect.stringContaining(`after step ${steps.length - 1}`),
      });
      expect(Math.max(...iterates.flat())).toBeLessThanOrEqual(1e9);
      expect(steps).toEqual(every(steps.length - 1));
      expect(steps.length).toBeGreaterThan(2);
    }
  });

  it('stop when told to, and keep what was made', async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const slow = jobOf(sumOne(), [0.2, 0.9, -0.4], { learningRate: 1e-6 }, 50_000_000, every(9000));
    const onChunk = (chunk: Chunk) => {
      steps.push(...chunk.steps);
      if (steps.length > 1000) controller.abort();
    };
    const [end] = await wasm.run([slow], { executor: 'wasm', onChunk, signal: controller.signal });
    expect(end).toMatchObject({ status: 'stopped', executor: 'wasm' });
    expect(steps).toEqual(every(steps.length - 1));
  });

  it('are the same again after another run had the memory, with other settings', () => {
    const machine = new WasmMachine();
    const make = (learningRate: number) => {
      const run = opened(sumOne(), [0.2, 0.9, -0.4], { learningRate: [learningRate] }, machine);
      run.advance(30, 1e9);
      const x = [...at(run.outputs(), 0)];
      run.release();
      return x;
    };
    const before = make(0.1);
    expect(make(0.02)).not.toEqual(before);
    expect(make(0.1)).toEqual(before);
  });
});

describe('a machine that keeps modules', () => {
  it('does not take one factorisation for another of the same shape', () => {
    const machine = new WasmMachine();
    const build = (kind: 'pinv' | 'rowSpace') =>
      programOf(2, ({ ops, x }) => {
        const A = ops.add(ops.outer(x, ops.constant([1, 2])), ops.constant([3, 0, 0, 1], [2, 2]));
        const B = kind === 'pinv' ? ops.pinv(A) : ops.rowSpace(A, 2);
        return { next: ops.sin(ops.matmul(B, x)) };
      });
    for (const kind of ['pinv', 'rowSpace', 'pinv'] as const) {
      const [found, wanted] = [opened(build(kind), [0.3, 0.8], {}, machine), interpret(build(kind), [0.3, 0.8], {})];
      for (const run of [found, wanted]) run.advance(3, 1e9);
      expect([...at(found.outputs(), 0)]).toEqual([...at(wanted.outputs(), 0)]);
      found.release();
    }
  });
});

describe('what WebAssembly refuses', () => {
  const large = (size: number) => programOf(size, ({ ops, x }) => ({ next: ops.multiply(0.5, ops.sin(ops.exp(x))) }));

  it('is what takes more than 1 GB, before anything is taken', () => {
    expect(lower(large(1000)).ok).toBe(true);
    const plan = lower(large(2 ** 27));
    expect(plan.ok ? null : plan.diagnostics[0]?.message).toMatch(
      /^In WebAssembly this run would take \d+\.\d GB of memory, more than 1 GB\.$/,
    );
  });

  it('runs on the interpreter, and says why', async () => {
    const open = openIn({ open: () => fault('It takes too much.') });
    const executor = createReferenceExecutor({ now: clock(), pause, reason: 'As asked for.', open });
    const { end, steps } = await recordedRun(
      executor,
      'wasm',
      jobOf(sumOne(), [1, 2, 3], { learningRate: 0.1 }, 5, [0, 5]),
    );
    expect(end).toMatchObject({
      executor: 'reference',
      reason: 'As asked for. It takes too much. The interpreter runs instead.',
    });
    expect(steps).toEqual([0, 5]);
  });
});

describe('a browser without WebAssembly', () => {
  it('computes on the interpreter, and says so', async () => {
    const { WebAssembly: there } = globalThis;
    Reflect.deleteProperty(globalThis, 'WebAssembly');
    try {
      const executor = createWasmExecutors({ now: clock(), pause })('This browser has no WebGPU.');
      const { end } = await recordedRun(executor, 'wasm', jobOf(sumOne(), [1, 2, 3], { learningRate: 0.1 }, 5, [0, 5]));
      expect(end).toMatchObject({
        executor: 'reference',
        reason: expect.stringContaining('The interpreter runs instead.'),
      });
    } finally {
      Object.assign(globalThis, { WebAssembly: there });
    }
  });
});

describe('memory', () => {
  it('is that of the arrays that are alive, not of all', () => {
    const chain = (links: number) =>
      programOf(600, ({ ops, x }) => {
        let y = x;
        for (let k = 0; k < links; k++) y = ops.sum(ops.outer(ops.sin(y), ops.cos(y)), 0);
        return { next: y };
      });
    const pages = [2, 12].map((links) => {
      const plan = lower(chain(links));
      return plan.ok ? plan.value.pages : Number.NaN;
    });
    expect(at(pages, 1) - at(pages, 0)).toBeLessThanOrEqual(1);
  });
});

describe('every projection', () => {
  const examples = catalog.constraints.flatMap((kind) =>
    kind.project ? kind.examples.map((example) => ({ kind, id: kind.id, ...example })) : [],
  );

  it.each(examples)('$id, $name', ({ kind, data, from }) => {
    const program = programOf(from.length, ({ ops, start }) => ({
      next: kind.project?.(ops, start, dataTensors(ops, data)) ?? start,
    }));
    const points = difficultPoints(from.length, pointsFor(kind));
    const few = import.meta.env.FEASIBLE_FULL ? points : points.slice(0, 20);
    const [wanted, found] = [interpret(program, from, {}), opened(program, from)];
    for (const point of few) {
      const results = [wanted, found].map((run) => {
        run.restart(point);
        return [run.step(Number.POSITIVE_INFINITY), ...at(run.outputs(), 0)].map((entry) => (entry === 0 ? 0 : entry));
      });
      expect(results[1], `[${point}]`).toEqual(results[0]);
    }
    found.release();
  });
});

describe('swarms in WebAssembly', () => {
  it('are those of the interpreter', async () => {
    const studied = study('param x = 0\nparam y = 0\nminimize (x^2 - 1)^2 + (y - 2)^2\nsubject to y <= 1', 0, catalog);
    if (!studied.ok) throw new Error('the problem is right');
    const over = ['x', 'y'].map((axis) => ({ axis, from: -8, to: 8 }));
    const run = { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.05 }, steps: 100 };
    const job = prepareSwarm(studied.value, { size: [12, 5], over }, [run], 0, catalog);
    if (!job.ok) throw new Error('the swarm is right');
    const swarms = [wasm, createReferenceSwarms({ now: clock(), pause, reason: 'test' })] as const;
    const [found, wanted] = await Promise.all(
      swarms.map(async (executor) => {
        const parts: SwarmPart[] = [];
        const end = await executor.swarm(job.value, { executor: 'wasm', onPart: (part) => parts.push(part) });
        const column = (name: 'outcome' | 'basin' | 'stepsToTolerance' | 'loss' | 'violation') =>
          parts.flatMap((part) => [...part[name]]);
        return {
          status: end.status,
          executor: end.executor,
          optima: parts.flatMap((part) => part.newOptima),
          outcome: column('outcome'),
          basin: column('basin'),
          steps: column('stepsToTolerance'),
          loss: column('loss'),
          violation: column('violation'),
        };
      }),
    );
    expect(found).toMatchObject({ status: 'finished', executor: 'wasm' });
    expect({ ...found, executor: null }).toEqual({ ...wanted, executor: null });
    expect(new Set(found?.outcome).size).toBeGreaterThan(1);
  });
});
