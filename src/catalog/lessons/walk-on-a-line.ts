import { below, defineLesson, distance, entry, loss, near, violation } from '../../core/lesson.ts';

const text = (line: string) => `param x = -2\nparam y = 2\nminimize (x - 2)^2 + 3*(y + 1)^2\nsubject to\n  ${line}`;

const sgd = { kind: 'sgd', learningRate: 0.1 };
/** With the start, and the point that the loss wants. */
const view = { camera: { x: [-3, 3], y: [-3, 3] } };
const both = [
  { method: 'projected-gradient', optimizer: sgd, steps: 40 },
  { method: 'null-space', optimizer: sgd, steps: 40 },
];

export default defineLesson({
  id: 'walk-on-a-line',
  order: 1,
  title: 'A walk on a line',
  summary: 'For linear ties, projecting the step and moving only along the tie are one and the same.',
  source: 'Nocedal & Wright 2006, Numerical Optimization, §15.3 and §16.2',
  steps: [
    {
      title: 'Step off, step back',
      text: 'The loss wants $(2, -1)$. The tie $x + y = 0$ allows only the points of the line. *Projected gradient* takes a free step, then goes back to the nearest point of the line, again and again. It stops where the slope of the loss has no part along the line.',
      experiment: {
        version: 1,
        title: 'Step off, step back',
        problem: text('x + y = 0'),
        runs: both.slice(0, 1),
        view,
      },
      ask: {
        kind: 'point',
        question: 'Where on the line will it stop?',
        names: ['x', 'y'],
        answer: [entry(0, 0), entry(0, 1)],
        within: 0.15,
        because:
          'That is not $(1.5, -1.5)$, the point nearest to $(2, -1)$. The loss is three times as steep in $y$ as in $x$, so the lowest point of the line lies nearer to $y = -1$.',
      },
      expect: [
        below('the run ends at (1.25, −1.25)', distance(0, [1.25, -1.25]), 1e-4),
        near('the loss there is 0.75', loss(0), 0.75, 1e-4),
      ],
      task: {
        text: 'Change one number of the loss, so that the run stops at $(1.5, -1.5)$, the point nearest to $(2, -1)$.',
        hint: 'The loss is then as steep in y as in x: 1 in place of 3.',
        claims: [below('the run ends at (1.5, −1.5)', distance(0, [1.5, -1.5]), 1e-2)],
        solution: { version: 1, problem: text('x + y = 0').replace('3*', '1*'), runs: both.slice(0, 1) },
      },
    },
    {
      title: 'Never leave the line',
      text: 'The *null-space* method writes $x = x_p + N v$: a point of the line plus a multiple of its direction. Only $v$ is trained, so no step can leave the line. Compare the two runs.',
      experiment: { version: 1, title: 'Never leave the line', problem: text('x + y = 0'), runs: both, view },
      ask: {
        kind: 'choice',
        question: 'Which of the two runs arrives first?',
        options: ['Projected gradient', 'Null space', 'Both at the same step'],
        answer: 2,
        because: 'For linear ties, projecting the step and moving only along the tie are the same step, written twice.',
      },
      expect: [
        near(
          'both runs are at the same point after 5 steps',
          (runs) => entry(0, 0, 5)(runs) - entry(1, 0, 5)(runs),
          0,
          1e-4,
        ),
        below('the null-space run never leaves the line', violation(1, 5), 1e-5),
        below('both end at (1.25, −1.25)', distance(1, [1.25, -1.25]), 1e-4),
      ],
      task: {
        text: 'Change the right-hand side of the tie so that the constraint costs nothing: the loss falls to 0.',
        hint: 'The free optimum is (2, −1). Which line with x + y = c runs through it?',
        claims: [
          below('the loss of the first run ends below 0.0001', loss(0), 1e-4),
          below('and its tie is kept', violation(0), 1e-4),
        ],
        solution: { version: 1, problem: text('x + y = 1'), runs: both },
      },
    },
  ],
});
