import { above, below, defineLesson, distance, entry, near, violation } from '../../core/lesson.ts';

const problem = `param x = 0.2
param y = 0.9
minimize ((x - 2)^2 + (y - 0.4)^2)/2
subject to
  0 <= x <= 1
  0 <= y <= 1`;

/** With the box, and the point that the loss pulls towards. */
const view = { camera: { x: [-0.25, 2.35], y: [-0.2, 1.2] } };

const sgd = (learningRate: number) => ({ kind: 'sgd', learningRate });
const penalty = (coefficient: number, learningRate = 0.05, steps = 300) => ({
  method: 'penalty',
  settings: { penalty: coefficient },
  optimizer: sgd(learningRate),
  steps,
});

export default defineLesson({
  id: 'corner-of-the-box',
  order: 3,
  title: 'Corner of the box',
  summary: 'A penalty never quite gets there: it buys feasibility with ever smaller steps.',
  source: 'Nocedal & Wright 2006, Numerical Optimization, §17.1; Bertsekas 1999, Nonlinear Programming, §4.2',
  steps: [
    {
      title: 'One clamps, one pays',
      text: 'The loss pulls towards $(2, 0.4)$, outside of the box. *Projected gradient* clamps each step to the box. The *penalty* method adds $\\tfrac{\\rho}{2}\\,\\mathrm{violation}^2$ to the loss and is free to leave. Here $\\rho = 1$.',
      experiment: {
        version: 1,
        title: 'One clamps, one pays',
        problem,
        runs: [{ method: 'projected-gradient', optimizer: sgd(0.05), steps: 300 }, penalty(1)],
        view,
      },
      ask: {
        kind: 'number',
        question: 'At which $x$ does the penalty run come to rest?',
        answer: entry(1, 0),
        within: 0.06,
        because: 'At rest both pulls are equal: $2 - x = \\rho\\,(x - 1)$, so $x = (2 + \\rho)/(1 + \\rho) = 1.5$.',
      },
      expect: [
        below('the clamped run ends at (1, 0.4)', distance(0, [1, 0.4]), 1e-4),
        near('the penalty run stops at x = 1.5', entry(1, 0), 1.5, 1e-3),
      ],
      task: {
        text: 'Let the penalty run come to rest at $x = 1.2$.',
        hint: 'At rest $2 - x = \\rho\\,(x - 1)$. Put $x = 1.2$ into it.',
        claims: [near('the penalty run rests at x = 1.2', entry(1, 0), 1.2, 5e-3)],
        solution: {
          version: 1,
          problem,
          runs: [{ method: 'projected-gradient', optimizer: sgd(0.05), steps: 300 }, penalty(4)],
        },
      },
    },
    {
      title: 'Pay more',
      text: 'Make $\\rho$ ten times larger, and a hundred times. The violation is about the multiplier divided by $\\rho$: it shrinks, and is never 0. And the steps had to become ten times smaller, because a steep wall throws large ones back.',
      experiment: {
        version: 1,
        title: 'Pay more',
        problem,
        runs: [penalty(1), penalty(10), penalty(100, 0.005, 2000)],
        view,
      },
      ask: {
        kind: 'number',
        question: 'With $\\rho = 1$ the run rests at $x = 1.5$. At which $x$ with $\\rho = 10$?',
        answer: entry(1, 0),
        within: 0.02,
        because: '$(2 + \\rho)/(1 + \\rho) = 12/11$; and with $\\rho = 100$ it is $102/101$, about 1.01.',
      },
      expect: [
        near('ρ = 10 rests at 12/11', entry(1, 0), 12 / 11, 1e-3),
        near('ρ = 100 rests at 102/101', entry(2, 0), 102 / 101, 1e-3),
      ],
      task: {
        text: 'Bring the violation of the third run below 0.006, and let it arrive.',
        hint: 'ρ = 200 leaves 1/201. Its learning rate has to stay below 2/201.',
        claims: [
          below('the violation of the third run ends below 0.006', violation(2), 6e-3),
          below('near the optimum (1, 0.4)', distance(2, [1, 0.4]), 2e-2),
        ],
        solution: { version: 1, problem, runs: [penalty(1), penalty(10), penalty(200, 0.004, 3000)] },
      },
    },
    {
      title: 'Zig-zag, then off',
      text: 'A step along the wall’s slope is stable while the learning rate is below $2/(1 + \\rho)$, and zig-zags above $1/(1 + \\rho)$. Here $\\rho = 10$ and the rate is 0.15: just below $2/11$.',
      experiment: { version: 1, title: 'Zig-zag, then off', problem, runs: [penalty(10, 0.15, 100)], view },
      ask: {
        kind: 'choice',
        question: 'What will a learning rate of 0.2 do instead?',
        options: ['Arrive faster', 'Never come to rest', 'Stay inside the box'],
        answer: 1,
        because:
          '0.2 is more than 2/11. Each step from outside overshoots the wall’s balance by more than it was off; inside, the loss pushes out again.',
      },
      expect: [
        above('the second step is beyond the place of rest', entry(0, 0, 20), 1),
        near('it rests at 12/11 in the end', entry(0, 0), 12 / 11, 1e-3),
      ],
      task: {
        text: 'Choose another method for the run, or a $\\rho$ and a learning rate, so that the violation ends below 0.005.',
        hint: 'An augmented Lagrangian learns the multiplier, and needs no large ρ. Or take ρ = 400 with a rate of 0.004 and more steps.',
        claims: [
          below('the violation ends below 0.005', violation(0), 5e-3),
          below('near the optimum (1, 0.4)', distance(0, [1, 0.4]), 2e-2),
        ],
        solution: {
          version: 1,
          problem,
          runs: [{ method: 'augmented-lagrangian', optimizer: sgd(0.05), steps: 300 }],
        },
      },
    },
  ],
});
