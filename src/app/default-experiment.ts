/** What a first visitor sees: the corner of a box, and three ways to keep it that disagree visibly. */
import type { Experiment } from '../core/experiment/experiment.ts';

export const defaultExperiment: Experiment = {
  version: 1,
  title: 'The corner of a box',
  problem: `# Two numbers between 0 and 1. The loss pulls them to (2, 0.4).
# Why does the penalty never get in?
param x = 0.2
param y = 0.9
minimize ((x - 2)^2 + 3*(y - 0.4)^2)/2
subject to
  0 <= x <= 1
  0 <= y <= 1`,
  runs: [
    { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.04 }, steps: 200 },
    { method: 'penalty', settings: { penalty: 4 }, optimizer: { kind: 'sgd', learningRate: 0.04 }, steps: 200 },
    {
      method: 'augmented-lagrangian',
      settings: { penalty: 4, inner: 20 },
      optimizer: { kind: 'sgd', learningRate: 0.04, momentum: 0.8 },
      steps: 200,
    },
  ],
};

const LINES = defaultExperiment.problem.split('\n').filter((line) => line !== 'subject to');

/** With another text. The name of the first example goes with the last line of it: what is typed in its place is no corner of a box. */
export function withText(experiment: Experiment, problem: string): Experiment {
  const { title, ...rest } = experiment;
  const isOther = title === defaultExperiment.title && !LINES.some((line) => problem.includes(line.trim()));
  return isOther ? { ...rest, problem } : { ...experiment, problem };
}
