import { above, below, defineLesson, distance, entry, multiplier, violation } from '../../core/lesson.ts';

const text = (right: string) =>
  `param x = 0.2\nparam y = 0.6\nminimize (x - 0.5)^2 + (y - 0.8)^2\nsubject to\n  0 <= x <= 1\n  0 <= y <= 1\n  sum: x + y = ${right}`;

const sgd = { kind: 'sgd', learningRate: 0.05 };
const penalty = { method: 'penalty', settings: { penalty: 10 }, optimizer: sgd, steps: 400 };
const multipliers = { method: 'lagrangian', settings: { dualLearningRate: 0.05 }, optimizer: sgd, steps: 400 };

export default defineLesson({
  id: 'contradiction',
  order: 10,
  title: 'Contradiction',
  summary:
    'When no point is allowed, each method fails in its own way, and a growing multiplier is the symptom to look for.',
  source: 'Boyd & Vandenberghe 2004, Convex Optimization, §5.8 (theorems of alternatives)',
  steps: [
    {
      title: 'Too much to ask',
      text: 'Two numbers between 0 and 1 cannot sum to 3. The app says so, names the lines, and how much one of them would have to give. What will a training loop do that does not check? Here it is a penalty.',
      experiment: { version: 1, title: 'Too much to ask', problem: text('3'), runs: [penalty] },
      ask: {
        kind: 'choice',
        question: 'What does the penalty run do?',
        options: [
          'It runs away for ever',
          'It comes to rest, and breaks every rule a little',
          'It keeps the box, and breaks only the sum',
        ],
        answer: 1,
        because: 'A penalty settles where all pulls balance. Each rule gives way until it pulls as hard as the others.',
      },
      expect: [
        above('the penalty run breaks the rules', violation(0), 0.3),
        below('and comes to rest', (runs) => Math.abs(entry(0, 0)(runs) - entry(0, 0, 300)(runs)), 1e-3),
      ],
      task: {
        text: 'Press harder, with a larger $\\rho$: bring the largest violation below 0.36.',
        hint: 'Ten times the penalty coefficient needs a tenth of the learning rate. Below a third it never comes: the sum asks for 1 too much, and three rules share it.',
        claims: [
          below('the largest violation ends below 0.36', violation(0), 0.36),
          above('but not below a third', violation(0), 0.333),
        ],
        solution: {
          version: 1,
          problem: text('3'),
          runs: [{ ...penalty, settings: { penalty: 100 }, optimizer: { kind: 'sgd', learningRate: 0.005 } }],
        },
      },
    },
    {
      title: 'The price goes through the roof',
      text: 'Multipliers raise the price of a rule while it is broken. Here it is broken for ever. Look at the chart of multipliers: straight lines without end are the mark of constraints that contradict each other.',
      experiment: {
        version: 1,
        title: 'The price goes through the roof',
        problem: text('3'),
        runs: [penalty, multipliers],
        view: { logTime: false, charts: ['multipliers', 'violation'] },
      },
      ask: {
        kind: 'choice',
        question: 'What happens to the multipliers of the run?',
        options: ['They settle', 'They grow without bound', 'They go to 0'],
        answer: 1,
        because: 'Each step adds the violation to them, and the violation never ends.',
      },
      expect: [
        above(
          'the multiplier of the sum is still growing',
          (runs) => Math.abs(multiplier(1, 4)(runs)) - Math.abs(multiplier(1, 4, 200)(runs)),
          0.5,
        ),
      ],
      task: {
        text: 'Change the sum to the largest one that can be kept, and see the price settle.',
        hint: 'Both numbers at their largest give 2.',
        claims: [
          below('the violation of the second run ends below 0.05', violation(1), 5e-2),
          below('at the corner (1, 1)', distance(1, [1, 1]), 0.1),
        ],
        solution: { version: 1, problem: text('2'), runs: [penalty, multipliers] },
      },
    },
  ],
});
