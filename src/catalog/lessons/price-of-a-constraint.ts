import type { SettingsJson } from '../../core/experiment/experiment.ts';
import { above, below, defineLesson, distance, loss, multiplier, near } from '../../core/lesson.ts';

const text = (b: string) =>
  `param x = 1.5\nparam y = -0.5\nlet b = ${b}\nminimize x^2 + y^2\nsubject to\n  budget: x + y = b`;

const flat = `param x = 0\nparam y = 0\nminimize x + 2*y\nsubject to\n  x = 1\n  y = -1`;

const descentAscent = (settings: SettingsJson) => ({
  method: 'lagrangian',
  settings: { order: 'simultaneous', dualLearningRate: 0.1, ...settings },
  optimizer: { kind: 'sgd', learningRate: 0.1 },
  steps: 400,
});

export default defineLesson({
  id: 'price-of-a-constraint',
  order: 6,
  title: 'The price of a constraint',
  summary: 'A multiplier says how much the best loss changes when the right-hand side moves by one.',
  source: 'Boyd & Vandenberghe 2004, Convex Optimization, §5.6; Arrow, Hurwicz & Uzawa 1958',
  steps: [
    {
      title: 'What would a larger budget cost?',
      text: 'The best loss with $x + y = b$ is $b^2/2$, at $(b/2, b/2)$. Its slope in $b$ is $b$. The multiplier of *budget* finds this slope by itself: with $L = f + \\lambda (x + y - b)$ it ends at $\\lambda = -b$.',
      experiment: {
        version: 1,
        title: 'What would a larger budget cost?',
        problem: text('1'),
        runs: [descentAscent({})],
        view: { charts: ['loss', 'multipliers'] },
      },
      ask: {
        kind: 'number',
        question: 'With $b = 1$ the multiplier ends at −1. Which loss does the run end with?',
        answer: loss(0),
        within: 0.03,
        because: 'The optimum is (½, ½), with loss ½.',
      },
      expect: [
        below('the run ends at (0.5, 0.5)', distance(0, [0.5, 0.5]), 1e-3),
        near('with multiplier −1', multiplier(0, 0), -1, 1e-3),
      ],
      task: {
        text: 'Change $b$ so that one more unit of budget would cost about 3 of loss: the multiplier ends at −3.',
        hint: 'The slope of $b^2/2$ is $b$.',
        claims: [near('the multiplier ends at −3', multiplier(0, 0), -3, 5e-2)],
        solution: { version: 1, problem: text('3'), runs: [descentAscent({})] },
      },
    },
    {
      title: 'Without curvature it spins',
      text: 'Now the loss is a plane. Descent in $x$ and ascent in $\\lambda$, each at the old values of the other, turn around the solution and away from it: every turn is larger by $\\sqrt{1 + \\eta_x \\eta_\\lambda}$ a step.',
      experiment: { version: 1, title: 'Without curvature it spins', problem: flat, runs: [descentAscent({})] },
      ask: {
        kind: 'choice',
        question: 'What will smaller steps do?',
        options: ['It spirals inwards', 'It spirals outwards, more slowly', 'It stands still'],
        answer: 1,
        because:
          '$\\sqrt{1 + \\eta^2}$ is larger than 1 for every step length. Only curvature or damping turns the spiral inwards.',
      },
      expect: [above('the run is far from (1, −1) at its end', distance(0, [1, -1]), 5)],
      task: {
        text: 'Slow the spiral down: let the run end within 5 of (1, −1). It will not arrive.',
        hint: 'A tenth of both rates, of the steps and of the multipliers, leaves a hundredth of the growth.',
        claims: [below('the run ends within 5 of (1, −1)', distance(0, [1, -1]), 5)],
        solution: {
          version: 1,
          problem: flat,
          runs: [{ ...descentAscent({ dualLearningRate: 0.01 }), optimizer: { kind: 'sgd', learningRate: 0.01 } }],
        },
      },
    },
    {
      title: 'Damp it',
      text: 'A penalty $\\tfrac{\\rho}{2}\\lVert h\\rVert^2$ beside the multiplier gives the curvature that the loss lacks. Extragradient looks one step ahead instead.',
      experiment: {
        version: 1,
        title: 'Damp it',
        problem: flat,
        runs: [descentAscent({}), descentAscent({ penalty: 1 }), descentAscent({ order: 'extragradient' })],
        view: { camera: { x: [-4, 6], y: [-4.5, 2.5] } }, // the undamped run goes far out of it
      },
      ask: {
        kind: 'choice',
        question: 'Which runs come near to (1, −1)?',
        options: ['Only the one with the penalty', 'Only extragradient', 'Both'],
        answer: 2,
        because:
          'The penalty bends the loss across the constraints. Extragradient’s look ahead turns each round a little inwards: slower, and without any $\\rho$.',
      },
      expect: [
        below('the damped run arrives', distance(1, [1, -1]), 1e-3),
        below('extragradient comes near', distance(2, [1, -1]), 0.5),
        near('with the multiplier −1 of the first line', multiplier(1, 0), -1, 1e-2),
      ],
      task: {
        text: 'Extragradient is on its way. Let it arrive, within 0.01 of (1, −1).',
        hint: 'It needs more of the same: 2,000 steps.',
        claims: [below('the third run ends within 0.01 of (1, −1)', distance(2, [1, -1]), 1e-2)],
        solution: {
          version: 1,
          problem: flat,
          runs: [
            descentAscent({}),
            descentAscent({ penalty: 1 }),
            { ...descentAscent({ order: 'extragradient' }), steps: 2000 },
          ],
        },
      },
    },
  ],
});
