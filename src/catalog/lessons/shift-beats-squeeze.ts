import { below, defineLesson, distance, entry, multiplier, near } from '../../core/lesson.ts';

const problem = `param x = -1.2
param y = 0.3
minimize x + y
subject to
  circle: x^2 + y^2 = 2`;

/** The whole circle, before the run is shown, too. */
const camera = { x: [-2.5, 2.5], y: [-2, 1.75] } as const;

const optimizer = { kind: 'sgd', learningRate: 0.01 };
const penalty = (coefficient: number) => ({
  method: 'penalty',
  settings: { penalty: coefficient },
  optimizer,
  steps: 1200,
});
const augmented = (inner: number) => ({
  method: 'augmented-lagrangian',
  settings: { penalty: 10, inner },
  optimizer,
  steps: 1200,
});

export default defineLesson({
  id: 'shift-beats-squeeze',
  order: 7,
  title: 'From penalty to augmented Lagrangian',
  summary: 'Moving the target of the penalty beats making the penalty stronger.',
  source: 'Hestenes 1969 and Powell 1969 (method of multipliers); Nocedal & Wright 2006, §17.3',
  steps: [
    {
      title: 'Squeezed against the circle',
      text: 'Lowest point of $x + y$ on a circle: $(-1, -1)$. With a penalty of $\\rho = 10$ the run leans on the outside of the circle. Only there is the violation large enough to hold the pull of the loss.',
      experiment: { version: 1, title: 'Squeezed against the circle', problem, runs: [penalty(10)], view: { camera } },
      ask: {
        kind: 'choice',
        question: 'On which side of the circle does the penalty run rest?',
        options: ['Inside', 'Exactly on it', 'Outside'],
        answer: 2,
        because: 'The loss pulls outwards. A penalty pulls back only where the constraint is broken.',
      },
      expect: [near('the penalty run rests at −1.01227', entry(0, 0), -1.01227, 1e-4)],
      task: {
        text: 'Squeeze harder: let the run rest within 0.004 of x = −1.',
        hint: 'ρ = 50 needs a learning rate of 0.004 to stay stable, and 3,000 steps to arrive.',
        claims: [near('the run rests within 0.004 of x = −1', entry(0, 0), -1, 4e-3)],
        solution: {
          version: 1,
          problem,
          runs: [{ ...penalty(50), optimizer: { kind: 'sgd', learningRate: 0.004 }, steps: 3000 }],
        },
      },
    },
    {
      title: 'Shift the target',
      text: 'After a while, add $\\rho\\,h$ to a multiplier $\\lambda$: what the violation held up to now, $\\lambda$ holds from now on, and the violation may go. No $\\rho$ has to grow.',
      experiment: {
        version: 1,
        title: 'Shift the target',
        problem,
        runs: [penalty(10), augmented(400)],
        view: { camera, charts: ['violation', 'multipliers'] },
      },
      ask: {
        kind: 'choice',
        question: 'After two such moves, how far from $(-1, -1)$ is the second run?',
        options: ['As far as the penalty run', 'Ten times nearer', 'A hundred times nearer, or more'],
        answer: 2,
        because:
          'Each move leaves a small share of the error that was there before it, and the next move a small share of that.',
      },
      expect: [
        below('after three rounds the run is at (−1, −1)', distance(1, [-1, -1]), 1e-4),
        near('and the multiplier is 0.5', multiplier(1, 0), 0.5, 1e-3),
      ],
      task: {
        text: 'Let the multiplier of the second run be right sooner: within 0.001 of 0.5 after 400 steps. Change how often it moves.',
        hint: 'Between two moves it needs only as many steps as the run takes to come to rest against the circle: try 40.',
        claims: [near('after 400 steps the multiplier is within 0.001 of 0.5', multiplier(1, 0, 400), 0.5, 1e-3)],
        solution: { version: 1, problem, runs: [penalty(10), augmented(40)] },
      },
    },
  ],
});
