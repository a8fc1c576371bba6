import { below, defineLesson, distance, near, violation } from '../../core/lesson.ts';

const text = (right: string) =>
  `param x = 0.5\nparam y = 1.5\nminimize (x - 3)^2 + (y - 1)^2\nsubject to\n  x + y = ${right}`;

const optimizer = { kind: 'sgd', learningRate: 0.1 };
const forgotten = { method: 'null-space', settings: { particular: [0, 0] }, optimizer, steps: 80 };
const whole = { method: 'null-space', optimizer, steps: 80 };

export default defineLesson({
  id: 'forgotten-offset',
  order: 13,
  title: 'The offset that was forgotten',
  summary: 'w = N v keeps A w = 0. For A w = b the basis alone is not enough: a point of the set must be added.',
  source: 'Strang 2016, Introduction to Linear Algebra, §3.3 (particular and null-space solutions)',
  steps: [
    {
      title: 'Perfectly feasible, for another problem',
      text: 'The rule is $x + y = 2$. A layer is built as $w = N v$, with $N$ a basis of the directions that keep $x + y$. It trains well, and its gradient is right. But it started from 0, and $0 + 0$ is not 2.',
      experiment: {
        version: 1,
        title: 'Perfectly feasible, for another problem',
        problem: text('2'),
        runs: [forgotten],
      },
      ask: {
        kind: 'number',
        question: 'By how much is the rule broken, for the whole run?',
        answer: violation(0),
        within: 0.1,
        because: '$N v$ always has $x + y = 0$. The rule asks for 2, so it is off by 2, whatever $v$ is.',
      },
      expect: [
        near('the rule is broken by 2', violation(0), 2, 1e-4),
        below('the run rests at (1, −1)', distance(0, [1, -1]), 1e-3),
      ],
      task: {
        text: 'Give this run an offset that keeps the rule.',
        hint: 'In its settings, “Particular solution”: any point with x + y = 2 will do, such as [1, 1].',
        claims: [below('the rule holds', violation(0), 1e-4)],
        solution: { version: 1, problem: text('2'), runs: [{ ...forgotten, settings: { particular: [1, 1] } }] },
      },
    },
    {
      title: 'Add one point of the set',
      text: 'Write $w = x_p + N v$ with any $x_p$ that keeps the rule, such as the shortest, $A^+ b = (1, 1)$. Everything else stays as it was.',
      experiment: {
        version: 1,
        title: 'Add one point of the set',
        problem: text('2'),
        runs: [forgotten, whole],
      },
      ask: {
        kind: 'choice',
        question: 'And with another $x_p$, say $(2, 0)$: where would $w$ end?',
        options: ['At the same point', 'At another point of the line', 'Off the line'],
        answer: 0,
        because:
          'Whichever $x_p$ is taken, $x_p + N v$ gives every point of the line, for some $v$. The same set has the same optimum.',
      },
      expect: [
        below('with the offset the run ends at (2, 0)', distance(1, [2, 0]), 1e-3),
        below('and the rule holds', violation(1), 1e-5),
      ],
      task: {
        text: 'Change the rule so that forgetting the offset does no harm.',
        hint: 'With right-hand side 0 the offset may be 0.',
        claims: [below('both runs keep the rule', (runs) => Math.max(violation(0)(runs), violation(1)(runs)), 1e-4)],
        solution: { version: 1, problem: text('0'), runs: [forgotten, whole] },
      },
    },
  ],
});
