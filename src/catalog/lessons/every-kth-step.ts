import { above, below, defineLesson, distance, loss, near } from '../../core/lesson.ts';

const text = (weight: string) =>
  `param x = 0.5\nparam y = 0.25\nminimize (x - 1)^2 + ${weight}(y - 2)^2\nsubject to\n  x = 2*y`;
const problem = text('10*');

const every = (projectEvery: number, learningRate = 0.01) => ({
  method: 'projected-gradient',
  settings: { projectEvery },
  optimizer: { kind: 'sgd', learningRate },
  steps: 800,
});

/** With the free optimum, towards which the second run walks. */
const view = { camera: { x: [-0.3, 3.9], y: [-0.2, 2.5] } };

const optimum = [22 / 7, 11 / 7];

export default defineLesson({
  id: 'every-kth-step',
  order: 12,
  title: 'Projecting every k-th step moves the answer',
  summary:
    'To save time one projects only now and then. The run stays feasible at these steps, and ends somewhere else.',
  source: 'Bertsekas 1999, Nonlinear Programming, §2.3 (fixed points of gradient projection)',
  steps: [
    {
      title: 'Save nine projections of ten',
      text: 'One run projects after each step, the other after each tenth. Between projections the second walks freely towards the free optimum $(1, 2)$, fast along $y$, slowly along $x$, because the loss is steeper in $y$.',
      experiment: { version: 1, title: 'Save nine projections of ten', problem, runs: [every(1), every(10)], view },
      ask: {
        kind: 'choice',
        question: 'Where does the second run end, at its projections?',
        options: ['At the same optimum', 'At another point of the line', 'Off the line'],
        answer: 1,
        because:
          'Ten free steps and a projection are another map than ten projected steps, with another fixed point. They agree only where the loss is equally steep in all directions.',
      },
      expect: [
        below('projecting each step finds the optimum', distance(0, optimum), 1e-3),
        above('projecting each tenth does not', distance(1, optimum, 800), 0.2),
      ],
      task: {
        text: 'Project more often: let the second run end within 0.2 of the optimum, (3.14, 1.57).',
        hint: '“Project every … steps” of the second run: 2.',
        claims: [below('the second run ends within 0.2 of the optimum', distance(1, optimum, 800), 0.2)],
        solution: { version: 1, problem, runs: [every(1), every(2)] },
      },
    },
    {
      title: 'It is the unevenness',
      text: 'The optimum has loss 6.43. Between two projections the second run is carried away, because the loss is steeper in $y$ than in $x$. The farther the walk, the larger the error.',
      experiment: { version: 1, title: 'It is the unevenness', problem, runs: [every(1), every(10)], view },
      ask: {
        kind: 'choice',
        question: 'And if both runs took steps a tenth as long?',
        options: [
          'Both would end where they end now',
          'The second would end nearer to the optimum',
          'The second would end farther from it',
        ],
        answer: 1,
        because: 'The walk between two projections is then a tenth as long, and is bent a tenth as much.',
      },
      expect: [near('the optimum has loss 6.4286', loss(0), 45 / 7, 1e-3)],
      task: {
        text: 'Keep ten steps between projections, and bring both runs to the same point: change the loss or a learning rate.',
        hint: 'Remove the factor 10 from the loss.',
        claims: [
          below(
            'both runs end within 0.01 of each other',
            (runs) => {
              const [a, b] = [runs[0]?.iterates.at(-1) ?? [], runs[1]?.iterates.at(-1) ?? [9, 9]];
              return Math.hypot(...b.map((coordinate, i) => coordinate - (a[i] ?? 0)));
            },
            1e-2,
          ),
          above('having moved from the start', distance(1, [0.5, 0.25]), 0.3),
        ],
        solution: { version: 1, problem: text(''), runs: [every(1), every(10)] },
      },
    },
  ],
});
