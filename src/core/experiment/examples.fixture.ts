/** Experiments and links that tests use. The links are golden: they must open for ever. */
import type { Experiment } from './experiment.ts';

export const threeRuns: Experiment = {
  version: 1,
  title: 'Three ways to keep x₁ = 2 x₂',
  problem: `# one parameter is twice another
param x1 = 3
param x2 = 0.25
minimize (x1 - 1)^2 + (x2 - 2)^2
subject to
  x1 - 2*x2 = 0`,
  runs: [
    { method: 'projected-gradient', optimizer: { kind: 'adam', learningRate: 0.1 }, label: 'projection' },
    { method: 'penalty', settings: { penalty: 10 }, optimizer: { kind: 'sgd', learningRate: 0.02 }, steps: 300 },
    { method: 'null-space', optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 }, color: '#1f77b4' },
  ],
  view: { kind: '2d', axes: ['x1', 'x2'], hide: ['multipliers'] },
};

const withData: Experiment = {
  version: 1,
  title: 'Fair scores — größe ≤ 1, 数据',
  notes: 'Scores of two groups have equal means.',
  problem: 'param w[2]\nminimize mean((X @ w - y)**2)\nsubject to\n  budget: sum(w) = 1',
  seed: 4294967295,
  runs: [{ method: 'augmented-lagrangian', settings: { start: [1, 2], basis: [[1, -1]] }, record: [0, 1, 2, 200] }],
  swarm: { run: 0, sample: 'grid', size: [400, 400], over: [{ axis: 'w[0]', from: -1, to: 1 }] },
  data: {
    X: {
      columns: ['a', 'b'],
      rows: [
        [1, 2],
        [3, 4.5],
      ],
    },
    y: { sha256: 'ab'.repeat(32), name: 'y.csv' },
  },
  results: [{ executor: 'fused', adapter: 'some adapter', loss: 1.25, violation: 3e-8, x: [0.5, 0.5] }],
};

export const smallest: Experiment = { version: 1, problem: 'minimize x^2' };

export const examples = { threeRuns, withData, smallest };
