/** Matrices that are products C B, from the text to the last iterate. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { interpret } from '../core/program/interpret.ts';
import { decompose } from '../core/tensor/matrix.ts';
import { catalog } from './registry.ts';

const IN_PLANE = `param W[2,3] = [[0, 0, 0], [1, 1, 1]]\nparam c = 2
minimize sum((W - [[1, 2, 3], [3, 2, 1]])**2) + (c - 1)^2\nsubject to W in span([[1, 0, 1], [0, 1, 0]])`;
const FREE =
  'param c = 2\nparam W[4,3] ~ normal(0, 0.5)\nparam V[3,3]\nminimize sum((W @ V - 1)**2) + sum(V**2) + (c - 1)^2';

const reparameterized = (settings: object, steps = 300): RunJson => ({
  method: 'reparameterization',
  settings: { map: 'basis', ...settings },
  optimizer: { kind: 'sgd', learningRate: 0.02, momentum: 0.8 },
  steps,
});

function prepared(text: string, run: RunJson) {
  const studied = studyStructure(text, 0, catalog);
  return studied.ok ? prepareRun(studied.value, run, 1, catalog) : studied;
}

/** x at every step. */
function iteratesOf(text: string, run: RunJson): number[][] {
  const job = prepared(text, run);
  if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
  const walk = interpret(job.value.program, job.value.starts, job.value.settings);
  const x = () => [...at(walk.outputs(), 0)];
  const iterates = [x()];
  while (walk.t < job.value.steps && walk.step(1e9) === 'moved') iterates.push(x());
  return iterates;
}

const reasonOf = (text: string, settings: object): string => {
  const job = prepared(text, reparameterized(settings));
  return job.ok ? '' : (job.diagnostics[0]?.message ?? '');
};

describe('W = C B', () => {
  it.each([
    {},
    {
      matrix: [
        [2, 1, 2],
        [0, 3, 0],
      ],
    },
  ])('with B fixed stays in the span and finds its nearest point: %j', (settings) => {
    const iterates = iteratesOf(IN_PLANE, reparameterized({ basis: 'fixed', ...settings }));
    for (const [a = 0, , b = 0, d = 0, , e = 0] of iterates) {
      expect(a).toBeCloseTo(b, 12);
      expect(d).toBeCloseTo(e, 12);
    }
    at(iterates, 300).forEach((entry, i) => expect(entry).toBeCloseTo(i < 6 ? 2 : 1, 6));
  });

  it('begins at the nearest point of the span', () => {
    const start = at(iteratesOf(IN_PLANE.replace('[0, 0, 0]', '[4, 1, 0]'), reparameterized({}, 1)), 0);
    [2, 1, 2, 1, 1, 1, 2].forEach((entry, i) => expect(start[i]).toBeCloseTo(entry, 12));
  });

  it.each([1, 2])('with B learned keeps the rank %i, and every start and seed the same B', (rank) => {
    const iterates = iteratesOf(FREE, reparameterized({ basis: 'learned', rank }));
    for (const x of iterates.filter((_, t) => t % 50 === 0)) {
      const W = { rows: 4, columns: 3, data: Float64Array.from(x.slice(1, 13)) };
      const [, second = 0, third = 0] = decompose(W).singularValues;
      expect(rank === 1 ? second : third).toBeLessThan(1e-12);
    }
    expect(iteratesOf(FREE, reparameterized({ basis: 'learned', rank }))).toEqual(iterates);
    expect(iteratesOf(FREE, reparameterized({ basis: 'learned', rank, seed: 1 }))).not.toEqual(iterates);
  });

  it('with B learned trains C and B of W = C B like a text that spells both out', () => {
    const loss = 'sum((W - [[1, 2, 3], [3, 2, 1], [1, 0, 0]])**2)';
    const written = `param C[3,1] = [[2], [-1], [0.5]]\nparam B[1,3] = [[1, 0, 0.5]]\nlet W = C @ B\nminimize ${loss}`;
    const whole = `param W[3,3] = [[2, 0, 1], [-1, 0, -0.5], [0.5, 0, 0.25]]\nminimize ${loss}`;
    const products = iteratesOf(whole, reparameterized({ basis: 'learned', matrix: [[1, 0, 0.5]] }, 60));
    const factors = iteratesOf(written, { ...reparameterized({}, 60), method: 'unconstrained', settings: {} });
    factors.forEach((factor, t) => {
      const [C, B] = [factor.slice(0, 3), factor.slice(3)];
      const W = C.flatMap((c) => B.map((b) => c * b));
      W.forEach((entry, i) => expect(at(at(products, t), i)).toBeCloseTo(entry, 12));
    });
  });

  it('says where it does not apply', () => {
    expect(reasonOf(IN_PLANE, { basis: 'learned' })).toMatch(/would leave the sets/);
    expect(
      reasonOf(IN_PLANE, {
        matrix: [
          [1, 0, 0],
          [0, 1, 0],
        ],
      }),
    ).toMatch(/must span the same/);
    expect(reasonOf(FREE, { rank: 3 })).toMatch(/no matrix has more than 3 rows and columns/);
    expect(reasonOf('param x = 1\nminimize x^2\nsubject to x >= 0', {})).toMatch(/there is another constraint/);
  });
});
