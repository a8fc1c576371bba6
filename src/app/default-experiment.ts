/** What a first visitor sees: one tie, an uneven loss, and three ways to keep the tie that disagree on the way. */
import type { Experiment } from '../core/experiment/experiment.ts';

export const defaultExperiment: Experiment = {
  version: 1,
  title: 'Two tied weights',
  problem: `# two weights; the first must be twice the second
param p1 = 0
param p2 = 1.25
minimize (p1 - 1)^2 + 10*(p2 - 2)^2
subject to
  tie: p1 - 2*p2 = 0`,
  runs: [
    { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.01 }, steps: 400 },
    { method: 'null-space', optimizer: { kind: 'sgd', learningRate: 0.02, momentum: 0.9 }, steps: 400 },
    { method: 'penalty', settings: { penalty: 10 }, optimizer: { kind: 'sgd', learningRate: 0.01 }, steps: 400 },
  ],
};
