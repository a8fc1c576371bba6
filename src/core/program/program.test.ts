import { describe, expect, it } from 'vitest';
import affine from '../../catalog/constraints/affine.ts';
import nullSpace from '../../catalog/methods/null-space.ts';
import projectedGradient from '../../catalog/methods/projected-gradient.ts';
import adam from '../../catalog/optimizers/adam.ts';
import sgd from '../../catalog/optimizers/sgd.ts';
import { at } from '../diagnostic.ts';
import { prepareRun } from '../experiment/prepare-run.ts';
import { study } from '../experiment/study/study.ts';
import type { Job } from '../run/run.ts';
import { levelOf } from '../tensor/value.ts';
import { chooseAlgorithm, expand } from './expand.ts';
import { interpret } from './interpret.ts';
import { settingsPerStart } from './per-start.ts';
import { printProgram } from './print.ts';
import { specialize } from './specialize.ts';

const catalog = {
  constraints: [affine],
  optimizers: [sgd, adam],
  methods: [projectedGradient, nullSpace],
  datasets: [],
};

function jobOf(text: string, method: string, optimizer: string): Job {
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const job = prepareRun(
    studied.value,
    { method, optimizer: { kind: optimizer, learningRate: 0.1 }, steps: 50 },
    1,
    catalog,
  );
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  return job.value;
}

const RATIO = 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0';
const THREE_ROWS = `param x1 = 0.5\nparam x2 = 0.25\nparam x3 = 0.75\nminimize (x1-2)^2 + (x2+1)^2 + x3^2
subject to
  x1 + x2 = 1
  x2 + x3 = 0.5
  x1 + 2*x2 + x3 = 1.5`;
const MOVING = 'param x1 = 1\nparam x2 = 0\nminimize (x1-2)^2 + 2*(x2+1)^2\nsubject to x1 + x2 = 1 + 0.5*sin(0.05*t)';

function trajectory(job: Job, program = job.program): number[][] {
  const run = interpret(program, job.starts, job.settings);
  const iterates = [[...at(run.outputs(), 0)]];
  for (let t = 0; t < job.steps; t++) {
    run.step(1e9);
    iterates.push([...at(run.outputs(), 0)]);
  }
  return iterates;
}

describe('what a chart alone reads', () => {
  it('is the distance of the projection, and no start of a swarm carries it', () => {
    const job = jobOf(RATIO, 'projected-gradient', 'sgd');
    const run = interpret(job.program, job.starts, job.settings);
    const moved = job.program.outputs.findIndex(({ name }) => name === 'moved');
    for (let t = 0; t < 5; t++) {
      const [x1 = 0, x2 = 0] = at(run.outputs(), 0);
      const free = [x1 - 0.2 * (x1 - 1), x2 - 0.2 * (x2 - 2)] as const; // η = 0.1
      run.step(1e9);
      expect(at(run.outputs(), moved)[0]).toBeCloseTo(Math.abs(free[0] - 2 * free[1]) / Math.sqrt(5), 12);
    }
    const carried = specialize(settingsPerStart(job.program, []), job.settings).state.map(({ name }) => name);
    expect(carried).toEqual(['x']);
  });
});

describe('recording', () => {
  it('leaves only what depends on the state in the loop', () => {
    expect(printProgram(jobOf(RATIO, 'projected-gradient', 'sgd').program)).toMatchSnapshot();
  });

  it('hoists the pseudoinverse, moving right-hand sides and bias corrections out of the loop by their level', () => {
    const { values } = jobOf(MOVING, 'projected-gradient', 'adam').program;
    const levels = (op: string) => [
      ...new Set(values.filter((value) => value.op === op).map(({ uses }) => levelOf(uses))),
    ];
    expect(levels('pinv')).toEqual(['constant']);
    expect(levels('sin')).toEqual(['time']);
    expect(levels('power')).toEqual(['time']); // βᵗ
  });

  it('records the same program whatever the numbers of its value settings', () => {
    const studied = study(RATIO, 0, catalog);
    if (!studied.ok) throw new Error('the problem is right');
    const programs = [0.1, 0.3].map((learningRate) => {
      const job = prepareRun(
        studied.value,
        { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate, momentum: learningRate }, steps: 5 },
        1,
        catalog,
      );
      return job.ok && printProgram(job.value.program);
    });
    expect(programs[0]).toBe(programs[1]);
  });

  it('copies rank and condition number into the pseudoinverse as evidence', () => {
    const pinv = jobOf(THREE_ROWS, 'projected-gradient', 'sgd').program.values.find(({ op }) => op === 'pinv');
    expect(pinv?.attributes).toMatchObject({ rank: 2 });
  });
});

describe('expanding for float32', () => {
  it.each([
    ['one row', RATIO, 'projected-gradient'],
    ['dependent rows', THREE_ROWS, 'projected-gradient'],
    ['a moving right-hand side', MOVING, 'projected-gradient'],
    ['a null space', THREE_ROWS, 'null-space'],
  ])('changes nothing in exact arithmetic: %s', (_, text, method) => {
    const job = jobOf(text, method, 'adam');
    const expanded = trajectory(job, expand(job.program));
    trajectory(job).forEach((x, t) =>
      x.forEach((entry, i) => expect(Math.abs(entry - at(at(expanded, t), i))).toBeLessThan(1e-13)),
    );
  });

  it('takes the basis of the rows where the rank is deficient, and says why', () => {
    expect(
      expand(jobOf(THREE_ROWS, 'projected-gradient', 'sgd').program).values.some(({ op }) => op === 'rowSpace'),
    ).toBe(true);
    expect(chooseAlgorithm(3, 3, { rank: 2, conditionNumber: 2 })).toMatchObject({
      algorithm: 'row-basis',
      reason: expect.stringContaining('Rank 2 of 3'),
    });
  });

  it('chooses by rank, condition number and size', () => {
    const chosen = (rows: number, columns: number, conditionNumber: number) =>
      chooseAlgorithm(rows, columns, { rank: rows, conditionNumber });
    expect(chosen(2, 3, 2)).toMatchObject({ algorithm: 'host', passes: 1 });
    expect(chosen(2, 3, 500)).toMatchObject({ algorithm: 'host', passes: 2 });
    expect(chosen(32, 128, 1e3)).toMatchObject({ algorithm: 'newton-schulz', passes: 2 });
    expect(chosen(32, 128, 1e5)).toMatchObject({ algorithm: 'row-basis', passes: 1 });
  });
});

describe('interpreting', () => {
  it('keeps the last finite state when a step is not finite', () => {
    const job = jobOf('param x = 0.5\nminimize log(x)', 'projected-gradient', 'sgd');
    const run = interpret(job.program, [0], job.settings); // 1/x is infinite at the first step
    expect(run.step(1e9)).toBe('non-finite');
    expect(run.t).toBe(0);
    expect([...at(run.outputs(), 0)].every(Number.isFinite)).toBe(true);
  });
});
