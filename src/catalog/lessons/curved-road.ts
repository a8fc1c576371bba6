import { above, below, defineLesson, distance, entry, near, violation } from '../../core/lesson.ts';

const problem = `param x = -1
param y = 1
minimize x + y
subject to
  x^2 + y^2 = 2`;

/** The whole circle, before the run is shown, too. */
const view = { camera: { x: [-2.5, 2.5], y: [-2, 1.75] } } as const;

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
      experiment: { version: 1, title: 'Leave by the tangent', problem, runs: [tangent(0)], view },
      ask: {
        kind: 'choice',
        question: 'What does half the learning rate do to the drift?',
        options: ['Half of it', 'About a quarter per step, so half per distance', 'Nothing'],
        answer: 1,
        because:
          'A tangent step of length $s$ leaves a circle of radius $r$ by $s^2/(2r)$: half the length, a quarter of the error, in twice as many steps.',
      },
      expect: [above('the radius has grown', radius(0), Math.SQRT2 + 0.03)],
      task: {
        text: 'Try it: bring the radius at the end below 1.48 with shorter steps.',
        hint: 'Half the learning rate, 0.05.',
        claims: [
          below('the radius at the end is below 1.48', radius(0), 1.48),
          above('and the run has moved', distance(0, [-1, 1]), 0.5),
        ],
        solution: { version: 1, problem, runs: [tangent(0, 0.05)] },
      },
    },
    {
      title: 'And a step back',
      text: 'Add a normal step, $-\\gamma J^{+} h(x)$: Newton’s step towards the circle, of which $\\gamma$ is the share. With $\\gamma = 1$ the error of a step is made good in the next.',
      experiment: { version: 1, title: 'And a step back', problem, runs: [tangent(0), tangent(1)], view },
      ask: {
        kind: 'choice',
        question: 'Where does the corrected run end?',
        options: ['On the circle, at (−1, −1)', 'A little outside of the circle', 'Inside of the circle'],
        answer: 0,
        because:
          'Near its end the tangent steps become short, so they hardly leave the circle, and the normal steps make good what is left.',
      },
      expect: [
        below('the corrected run ends on the circle', violation(1), 1e-4),
        below('at (−1, −1)', distance(1, [-1, -1]), 1e-2),
        near('its x ends at −1', entry(1, 0), -1, 1e-2),
      ],
      task: {
        text: 'Take longer steps in the second run, so that it leaves the circle by more than 0.1 on its way, and still ends on it.',
        hint: 'Three times the learning rate makes nine times the error of a step: 0.3.',
        claims: [
          above(
            'the second run leaves the circle by more than 0.1',
            (runs) => Math.max(...(runs[1]?.violation ?? [])),
            0.1,
          ),
          below('and ends on it', violation(1), 1e-4),
          below('at (−1, −1)', distance(1, [-1, -1]), 1e-2),
        ],
        solution: { version: 1, problem, runs: [tangent(0), tangent(1, 0.3)] },
      },
    },
  ],
});
