import { above, below, defineLesson, distance, entry, near, violation } from '../../core/lesson.ts';

const problem = `param x = -1
param y = 1
minimize x + y
subject to
  x^2 + y^2 = 2`;

const tangent = (normalRate: number, learningRate = 0.1) => ({
  method: 'tangent-normal',
  settings: { normalRate },
  optimizer: { kind: 'sgd', learningRate },
  steps: 100,
});

const radius = (run: number, step?: number) => distance(run, [0, 0], step);

export default defineLesson({
  id: 'curved-road',
  order: 8,
  title: 'Straight steps on a curved road',
  summary:
    'Following the tangent is exact for linear constraints only; on a curve it drifts, and a normal step brings it back.',
  source:
    'Absil, Mahony & Sepulchre 2008, Optimization Algorithms on Matrix Manifolds, §4.1; Nocedal & Wright 2006, §18.5',
  steps: [
    {
      title: 'Leave by the tangent',
      text: 'Each step drops the part of the gradient that points off the circle, and goes straight along the tangent. But the road bends. Each step leaves it by about half its squared length, always to the outside.',
      experiment: { version: 1, title: 'Leave by the tangent', problem, runs: [tangent(0)] },
      ask: {
        kind: 'choice',
        question: 'What does half the learning rate do to the drift?',
        options: ['Half of it', 'About a quarter per step, so half per distance', 'Nothing'],
        answer: 1,
        because:
          'A tangent step of length s leaves a circle by s²/(2r): half the length, a quarter of the error, in twice as many steps.',
      },
      expect: [above('the radius has grown', radius(0), Math.SQRT2 + 0.03)],
    },
    {
      title: 'And a step back',
      text: 'Add a normal step, $-\\gamma J^{+} h(x)$: Newton’s step towards the circle, of which $\\gamma$ is the share. With $\\gamma = 1$ the error of a step is made good in the next.',
      experiment: { version: 1, title: 'And a step back', problem, runs: [tangent(0), tangent(1)] },
      expect: [
        below('the corrected run ends on the circle', violation(1), 1e-4),
        below('at (−1, −1)', distance(1, [-1, -1]), 1e-2),
        near('its x ends at −1', entry(1, 0), -1, 1e-2),
      ],
      task: {
        text: 'Without any normal step ($\\gamma = 0$ in the first run), bring the radius of the first run below 1.43 by other means.',
        hint: 'Shorter steps drift less: a learning rate of 0.02.',
        claims: [
          below('the radius of the first run stays below 1.43', radius(0), 1.43),
          above('and it has moved', distance(0, [-1, 1]), 0.5),
        ],
        solution: { version: 1, problem, runs: [tangent(0, 0.02), tangent(1)] },
      },
    },
  ],
});
