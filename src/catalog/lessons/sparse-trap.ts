import { below, defineLesson, distance, entry, near } from '../../core/lesson.ts';

const problem = `param x[2] = [0, 2]
minimize (x[0] - 1)^2 + (x[1] - 0.8)^2
subject to
  x in sparse(1)`;

const thresholded = (learningRate: number) => ({
  method: 'projected-gradient',
  optimizer: { kind: 'sgd', learningRate },
  steps: 60,
});

const l1 = 'param x[2] = [0, 2]\nminimize (x[0] - 1)^2 + (x[1] - 0.8)^2\nsubject to\n  sum(abs(x)) <= 0.5';

export default defineLesson({
  id: 'sparse-trap',
  order: 14,
  title: 'The sparse trap',
  summary:
    'Keeping only the largest entry is a projection, too, but on a set with corners inside: where one ends depends on the step.',
  source: 'Blumensath & Davies 2009 (iterative hard thresholding); Tibshirani 1996 (the ℓ1 ball)',
  steps: [
    {
      title: 'One number may differ from 0',
      text: 'At most one of two entries may be different from 0: the feasible set is the two axes. Projection keeps the larger entry and sets the other to 0. The best point is $(1, 0)$, with loss 0.64. The start lies on the other axis.',
      experiment: {
        version: 1,
        title: 'One number may differ from 0',
        problem,
        runs: [thresholded(0.1)],
        view: { camera: { x: [-1, 2.5], y: [-0.5, 2.5] } },
      },
      ask: {
        kind: 'point',
        question: 'Where does the run with learning rate 0.1 end?',
        names: ['x[0]', 'x[1]'],
        answer: [entry(0, 0), entry(0, 1)],
        within: 0.15,
        because:
          'That is the best point of its own axis, not (1, 0), the best of all. A step of length 0.1 brings the first entry to at most 0.2, which is less than 0.8: it is cut back to 0 every time.',
      },
      expect: [below('the run ends at (0, 0.8)', distance(0, [0, 0.8]), 1e-4)],
      task: {
        text: 'Find a start from which the run ends at the best point, $(1, 0)$. Drag it.',
        hint: 'Start on the other axis, or nearer to it: (2, 0).',
        claims: [below('the run ends at (1, 0)', distance(0, [1, 0]), 1e-3)],
        solution: { version: 1, problem: problem.replace('[0, 2]', '[2, 0]'), runs: [thresholded(0.1)] },
      },
    },
    {
      title: 'A longer step gets out',
      text: 'From $(0, 0.8)$ one step of rate $\\eta$ proposes $(2\\eta, 0.8)$, and the larger entry is kept. A larger learning rate is not only faster here: it explores. The set is not convex, so there is more than one place to end.',
      experiment: {
        version: 1,
        title: 'A longer step gets out',
        problem,
        runs: [thresholded(0.39), thresholded(0.41)],
      },
      ask: {
        kind: 'number',
        question: 'From which learning rate on does the run leave its axis?',
        answer: () => 0.4,
        within: 0.015,
        because: 'The first entry wins where $2\\eta > 0.8$. So 0.39 stays, and 0.41 leaves.',
      },
      expect: [
        below('with 0.39 the run ends at (0, 0.8)', distance(0, [0, 0.8]), 1e-3),
        below('with 0.41 it ends at (1, 0)', distance(1, [1, 0]), 1e-3),
      ],
      task: {
        text: 'Let the first run change over, too, and end at $(1, 0)$.',
        hint: 'Any learning rate from 0.41 to about 0.9.',
        claims: [below('the first run ends at (1, 0)', distance(0, [1, 0]), 1e-3)],
        solution: { version: 1, problem, runs: [thresholded(0.5), thresholded(0.41)] },
      },
    },
    {
      title: 'The round way to zeros',
      text: 'The ℓ1 ball $|x_0| + |x_1| \\le r$ is convex, and its corners lie on the axes: optima like to sit there. One minimum, whatever the step. But the ball also shrinks what it keeps: a price for the zeros.',
      experiment: { version: 1, title: 'The round way to zeros', problem: l1, runs: [thresholded(0.1)] },
      ask: {
        kind: 'number',
        question: 'With r = 0.5: how large is the second entry at the end?',
        answer: entry(0, 1),
        within: 0.03,
        because:
          'Both entries give up the same: $(1 - a) + (0.8 - a) = 0.5$ for $a = 0.65$, which leaves $(0.35, 0.15)$.',
      },
      expect: [near('the second entry ends at 0.15', entry(0, 1), 0.15, 1e-3)],
      task: {
        text: 'Choose the radius so that exactly one entry is left, and the other is 0.',
        hint: 'The corner wins once the radius is at most 1 − 0.8 = 0.2.',
        claims: [
          near('the second entry is 0', entry(0, 1), 0, 1e-4),
          { says: 'the first is not', of: entry(0, 0), least: 0.05, most: 1.5 },
        ],
        solution: { version: 1, problem: l1.replace('0.5', '0.2'), runs: [thresholded(0.1)] },
      },
    },
  ],
});
