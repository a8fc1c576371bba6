import type { SettingsJson } from '../../core/experiment/experiment.ts';
import { above, below, defineLesson, distance, entry, loss, near, violation } from '../../core/lesson.ts';

const problem = `param x = 0.875
param y = 0.25
minimize (x - 1)^2 + (y - 2)^2
subject to
  ratio: x = 2*y`;

const projected = (optimizer: { kind: string; learningRate: number }, settings: SettingsJson = {}) => ({
  method: 'projected-gradient',
  settings,
  optimizer,
  steps: 2000,
});
const adam = { kind: 'adam', learningRate: 0.02 };
const sgd = { kind: 'sgd', learningRate: 0.1 };

export default defineLesson({
  id: 'adam-stops-at-the-wrong-point',
  order: 11,
  title: 'Adam stops at the wrong point',
  summary: 'Adam, then projection: a recipe in many libraries, and it ends at a point that is not the optimum.',
  source: 'Duchi, Hazan & Singer 2011, Adaptive Subgradient Methods, §1.1 (projection in the metric of the steps)',
  steps: [
    {
      title: 'Two optimizers, one projection',
      text: 'Both runs project every step on the line $x = 2y$. One uses plain gradient descent, the other Adam. Both become still, both are feasible. Look at their losses.',
      experiment: {
        version: 1,
        title: 'Two optimizers, one projection',
        problem,
        runs: [projected(sgd), projected(adam)],
        view: { charts: ['loss', 'violation'] },
      },
      ask: {
        kind: 'choice',
        question: 'Will both end at the same point?',
        options: [
          'Yes, at the optimum',
          'No, Adam ends with a larger loss',
          'No, gradient descent ends with a larger loss',
        ],
        answer: 1,
        because:
          'Adam divides each entry by its own size. It becomes still where the bent step points straight off the line, not where the gradient does.',
      },
      expect: [
        near('gradient descent reaches the optimum, 1.8', loss(0), 1.8, 1e-4),
        above('Adam ends above 2.2', loss(1), 2.2),
        below('near (1, 0.5)', distance(1, [1, 0.5]), 0.06),
      ],
      task: {
        text: 'Adam stretches the axes, and does not turn them. Change the tie to one along an axis, so that both runs end at the same point.',
        hint: 'A tie like x = 0.5 says nothing about y.',
        claims: [
          below(
            'both runs end at the same point',
            (runs) => distance(1, [entry(0, 0)(runs), entry(0, 1)(runs)])(runs),
            1e-2,
          ),
          below('where the tie holds', violation(1), 1e-4),
        ],
        solution: {
          version: 1,
          problem: problem.replace('x = 2*y', 'x = 0.5'),
          runs: [projected(sgd), projected(adam)],
        },
      },
    },
    {
      title: 'Project as the optimizer measures',
      text: 'Adam’s steps measure length with weights: $\\sum_i a_i\\,\\Delta_i^2$, where $a_i$ is what it divides by. The second run’s projection uses the same measure. In the settings: *Distance, optimizer*.',
      experiment: {
        version: 1,
        title: 'Project as the optimizer measures',
        problem,
        runs: [projected(adam), projected(adam, { metric: 'optimizer' })],
      },
      ask: {
        kind: 'choice',
        question: 'Which run ends at the optimum, (1.6, 0.8)?',
        options: ['Both', 'Only the one that projects in Adam’s measure', 'Neither'],
        answer: 1,
        because:
          'Where it becomes still, its bent step points straight off the line in that measure. Then the gradient has no part along the line, and that is the optimum.',
      },
      expect: [
        below('with the optimizer’s metric, Adam reaches (1.6, 0.8)', distance(1, [1.6, 0.8]), 2e-3),
        above('with the Euclidean one it does not', distance(0, [1.6, 0.8]), 0.5),
      ],
      task: {
        text: 'There are other ways out. Make the first run reach the optimum with Adam, without that metric.',
        hint: 'Choose the null-space method: Adam then works on a parameter that has no constraint left.',
        claims: [below('the first run ends at (1.6, 0.8)', distance(0, [1.6, 0.8]), 1e-2)],
        solution: {
          version: 1,
          problem,
          runs: [{ method: 'null-space', optimizer: adam, steps: 2000 }, projected(adam, { metric: 'optimizer' })],
        },
      },
    },
  ],
});
