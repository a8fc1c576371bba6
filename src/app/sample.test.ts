import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { analyze } from '../core/analysis/analyze.ts';
import { fault, invariant } from '../core/diagnostic.ts';
import { parse } from '../core/language/parse.ts';
import { check } from '../core/problem/check.ts';
import type { OpenRun } from '../core/run/float64-machine.ts';
import { finished } from '../core/stages.ts';
import { openIn } from '../wasm/executor.ts';
import { WasmMachine } from '../wasm/stepper.ts';
import { completed } from './analyst.ts';
import { LOSS_BOUND } from './field-check.ts';
import { eachPoint, pointAt, pointGrid, pointsIn } from './grid-functions.ts';
import { fieldJob, isWorthCompiling, sampleStages } from './sample.ts';
import type { GridRequest, Kept } from './study.ts';

const places = Array.from({ length: 9 }, (_, i) => -2 + i / 2);

function studied(text: string) {
  const document = parse(`param x\nparam y\n${text}`);
  const problem = document.ok ? check(document.value, { seed: 1 }) : document;
  invariant(problem.ok, text);
  return { problem: problem.value, structure: analyze(problem.value, catalog.constraints) };
}

function sampling(text: string) {
  const { problem, structure } = studied(text);
  return (step: number, before?: Kept, open?: OpenRun) =>
    sampleStages(
      problem,
      structure,
      { at: new Float64Array(2), axes: [0, 1], xs: places, ys: places, time: { step, steps: 10 } },
      before,
      open,
    );
}

describe('what is worth compiling', () => {
  const rows = Array.from({ length: 200 }, (_, i) => `[${i % 9}, ${i % 5}]`);
  const of = (loss: string) => `data A[200,2] = [${rows}]\nminimize ${loss}`;
  const many = Array.from({ length: 81 }, (_, i) => i / 20);

  it.each([
    ['is much arithmetic', of('sum((A @ [x, y])**2)'), many, true],
    ['is nothing on few points', of('sum((A @ [x, y])**2)'), places, false],
    ['is no short loss', 'minimize (1 - x)**2 + 100*(y - x**2)**2', many, false],
    [
      'is nothing that mostly calls tanh, which JavaScript computes either way',
      of('sum(tanh(A @ [x, y]))'),
      many,
      false,
    ],
  ])('%s', (_, text, along, worth) => {
    const { problem } = studied(text);
    expect(isWorthCompiling(problem, { at: new Float64Array(2), axes: [0, 1], xs: along, ys: along })).toBe(worth);
  });
});

describe('a sample in WebAssembly', () => {
  const open = openIn(new WasmMachine());

  it.each([
    'minimize x**2 + y\nsubject to\n  x*y = 0.1*t',
    'minimize log(x) + 1/y\nsubject to\n  sqrt(x) <= y\n  tanh(x*y) + exp(x) <= t/T',
    'minimize t*x**2 + y\nsubject to\n  x*y = 0.5\n  x**2 + y**2 <= t/T',
    'minimize x\nsubject to\n  abs(x*y) <= 1e-6\n  x + y = t/T',
    `data A[20,2] = [${Array.from({ length: 20 }, (_, i) => `[${i - 9}, ${(i % 7) - 2}]`)}]
let p = sigmoid(A @ [x, y])
minimize -mean(log(p))
subject to
  mean(p**2) <= 0.2 + t
  A[:9] @ [x, y] * x = 0`,
    'minimize 3',
  ])('has the numbers of the interpreter, to the last bit, with what is kept of them: %s', (text) => {
    const at = sampling(text);
    const interpreted = finished(at(2));
    expect(finished(at(2, undefined, open))).toEqual(interpreted);
    expect(finished(at(2, undefined, open)), 'in memory that was used').toEqual(interpreted);
    const { kept } = interpreted;
    invariant(kept, 'the first sample keeps');
    expect(finished(at(7, kept, open))).toEqual(finished(at(7, kept)));
  });

  it('is the interpreter’s where WebAssembly refuses, and gives its memory back', () => {
    let released = 0;
    const counting: OpenRun = (...asked) => {
      const opened = openIn({ open: () => fault('too large') })(...asked);
      return { ...opened, release: () => (released += 1) };
    };
    const at = sampling('minimize x**2 + y\nsubject to\n  x*y = 0.1*t');
    expect(finished(at(2, undefined, counting))).toEqual(finished(at(2)));
    expect(released).toBe(1);
  });
});

describe('a sample from a device', () => {
  const text = `minimize log(2 + x)*y + x**2
subject to
  x*y = 0.1*t
  x**2 + y**2 <= 1
  abs(x + y**2) <= 1e-3
  x + y = t/T`;
  const { problem, structure } = studied(text);
  const along = Array.from({ length: 61 }, (_, i) => -2 + i / 15);
  const grid = { at: new Float64Array(2), axes: [0, 1] as const, xs: along, ys: along, time: { step: 3, steps: 10 } };
  const exact = finished(sampleStages(problem, structure, grid));
  const rows = [exact.loss ?? [], ...exact.constraints.flatMap((each) => each?.values ?? [])];
  const given = Float32Array.from(rows.flatMap((row) => [...row]));

  it('has its numbers, and what a device does not tell: seams, offsets', () => {
    const sample = finished(sampleStages(problem, structure, grid, undefined, undefined, given));
    expect(sample.loss).not.toEqual(exact.loss);
    sample.loss?.forEach((value, i) => {
      const off = value - (exact.loss?.[i] ?? 0);
      if (Number.isFinite(value)) expect(Math.abs(off)).toBeLessThanOrEqual(LOSS_BOUND * Math.abs(value));
    });
    expect(sample.constraints.map((each) => each?.values.length)).toEqual([1, 1, 1]);
    expect(sample.constraints[2]?.seams?.length).toBe(exact.constraints[2]?.seams?.length);
    expect(sample.offsets).toEqual(exact.offsets);
    expect(sample.kept).toEqual([]);
  });

  it('is that of Float64 where its numbers are not confirmed', () => {
    const wrong = given.map((value, i) => (i === 40 ? value : value * 1.001));
    expect(finished(sampleStages(problem, structure, grid, undefined, undefined, wrong))).toEqual(exact);
  });

  it('gives at another step what moves, and leaves out what does not', () => {
    const sample = finished(sampleStages(problem, structure, grid, [], undefined, given));
    expect([sample.loss, ...sample.constraints].map((each) => each === null)).toEqual([true, false, true, true]);
    expect(sample.constraints[0]?.values[0]).toHaveLength(along.length ** 2);
  });
});

describe('what a device is asked', () => {
  const rows = Array.from({ length: 300 }, (_, i) => `[${i % 9}, ${i % 5}]`);
  const data = `data A[300,2] = [${rows}]\n`;
  const many = Array.from({ length: 81 }, (_, i) => i / 20);
  const asked = (text: string, along: readonly number[], before?: Kept, step = 0) => {
    const { problem, structure } = studied(text);
    const time = { step, steps: 10 };
    return fieldJob(problem, structure, { at: new Float64Array(2), axes: [0, 1], xs: along, ys: along, time }, before);
  };
  const much = `${data}minimize sum(tanh(A @ [x, y]))`;

  it('is what takes long: much arithmetic on many points', () => {
    expect(asked(much, many)).not.toBeNull();
    expect(asked(much, places)).toBeNull();
    expect(asked('minimize (1 - x)**2 + 100*(y - x**2)**2', many)).toBeNull();
  });

  it('is one program, whatever the grid and the step', () => {
    const { problem, structure } = studied(much);
    const job = (along: readonly number[]) =>
      fieldJob(problem, structure, { at: new Float64Array(2), axes: [1, 0], xs: along, ys: many });
    expect(job(many)?.program).toBe(job([...many, 5])?.program);
  });

  it('is nothing of which other steps keep a part, nor what is known', () => {
    expect(asked(`${much}\nsubject to x*y = t/T`, many)).toBeNull();
    expect(asked(much, many, [])).toBeNull();
    expect(asked(`${data}minimize sum(tanh(A @ [x, y]))*(1 + t)`, many, [], 5)).toBeNull();
    expect(asked(`${data}minimize sum(tanh(A @ [x, y]*t + x*y))`, many, [], 5)?.step).toBe(5);
  });
});

describe('points of a grid', () => {
  const at = Float64Array.of(1, 2, 3);
  const xs = [-1, 0, 4];
  const ys = [5, 6];
  it.each([
    { at, axes: [2, 0], xs, ys },
    { at, axes: [1, 1], xs: [0], ys },
    { at, axes: [0, 1, 2], xs, ys, zs: [7, 8, 9, 10] },
    {
      at,
      axes: [0, 1],
      directions: [
        [1, 0, 2],
        [0, -1, 1],
      ],
      xs,
      ys,
    },
  ] as GridRequest[])('are the same as Float64 visits them, to a device and by their number: %j', (grid) => {
    const visited: number[][] = [];
    const x = new Float64Array(3);
    finished(eachPoint(grid, x, () => visited.push([...x])));
    expect(visited).toHaveLength(pointsIn(grid));
    const write = pointAt(grid, x);
    const { origin, axes } = pointGrid(grid);
    visited.forEach((point, i) => {
      write(i);
      expect([...x]).toEqual(point);
      let rest = i;
      const along = axes.map(({ places }) => {
        const place = places[rest % places.length] ?? 0;
        rest = Math.floor(rest / places.length);
        return place;
      });
      const there = Array.from(origin, (value, k) =>
        axes.reduce((sum, { direction }, axis) => sum + (along[axis] ?? 0) * (direction[k] ?? 0), value),
      );
      expect(there).toEqual(point);
    });
  });
});

describe('a sample at another step', () => {
  it.each([
    ['minimize x**2 + y\nsubject to\n  x*y = 0.1*t', [true, false]],
    ['minimize x**2 + y\nsubject to\n  x*y = 0.5', [true, true]],
    ['minimize t*x**2 + y\nsubject to\n  x*y = 0.5\n  x**2 + y**2 <= t/T', [false, true, false]],
    ['minimize x**2*T + y\nsubject to\n  exp(x)*y <= sin(x)*t + y', [false, false]],
    ['minimize x\nsubject to\n  abs(x*y) <= 1e-6\n  x + y = t/T', [true, true]],
    ['minimize 3', [true]],
  ] as [string, boolean[]][])('takes what is the same at every step from the one before: %s', (text, still) => {
    const at = sampling(text);
    const before = completed(finished(at(2)));
    invariant(before, 'the first sample is whole');
    const { confirmed, ...own } = finished(at(7, before.kept));
    const part = { confirmed, ...own };
    expect(confirmed, 'no device is there').toBeNull();
    expect([part.loss, ...part.constraints].map((each) => each === null)).toEqual(still);
    expect(completed(part, before)).toEqual(completed(finished(at(7))));
    expect(completed(part), 'nothing was there before').toEqual(still.includes(true) ? null : { ...own, kept: [] });
  });
});

describe('a constraint that moves', () => {
  it('follows at another step from what was kept of x: of an offset that moves, one number a point', () => {
    const at = sampling('minimize x\nsubject to\n  tanh(x*y) + exp(x) <= t/T');
    const { kept } = finished(at(0));
    invariant(kept, 'the first sample keeps');
    expect(kept.map(({ length }) => length)).toEqual([places.length ** 2]);
    const raised = kept.map((part) => part.map((value) => value + 8));
    const [there, above] = [kept, raised].map((before) => finished(at(5, before)).constraints[0]?.values[0]);
    expect(above).toHaveLength(places.length ** 2);
    above?.forEach((value, i) => {
      expect(value - (there?.[i] ?? Number.NaN)).toBeCloseTo(8, 12);
    });
  });

  it('is computed anew where that is too much to keep', () => {
    const at = sampling(`data A[1300] = [${Array.from({ length: 1300 }, (_, i) => i % 10)}]
minimize x
subject to
  sum(tanh(A*x*y + t)) <= 0`);
    const first = finished(at(0));
    expect(first.kept).toEqual([]);
    expect(finished(at(3, [])).constraints).toEqual(finished(at(3)).constraints);
  });
});

it('pauses at each row of points, so that a worker hears what else is asked', () => {
  expect([...sampling('minimize x**2 + y\nsubject to\n  x*y = 0.5')(0)]).toHaveLength(places.length);
});
