import { above, below, defineLesson, distance, entry, near, violation } from '../../core/lesson.ts';

const text = (right: string) =>
  `param x = 1\nparam y = 3\nminimize (x - 1)^2 + (y - 3)^2\nsubject to\n  x + y = 0\n  2*x + 2*y = ${right}`;

const runs = [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.2 }, steps: 60 }];

export default defineLesson({
  id: 'no-inverse',
  order: 2,
  title: 'The matrix that cannot be inverted',
  summary:
    'Why projections use a pseudoinverse: it works for repeated rows, and compromises between contradictory ones.',
  source: 'Golub & Van Loan 2013, Matrix Computations, §5.5; Penrose 1955',
  steps: [
    {
      title: 'The same rule twice',
      text: 'The second line is twice the first. The formula $A^\\top (A A^\\top)^{-1}$ for the projection then asks for the inverse of a matrix that has none. The pseudoinverse $A^+$ drops what is repeated: its rank is 1, and the projection is right.',
      experiment: { version: 1, title: 'The same rule twice', problem: text('0'), runs },
      ask: {
        kind: 'choice',
        question: 'What does a second, equal rule change?',
        options: ['The projection breaks down', 'Nothing: the set of allowed points is the same', 'The step is halved'],
        answer: 1,
        because: 'Two equal rules allow the same points as one, and a projection depends on the points alone.',
      },
      expect: [
        below('the run ends at (−1, 1), nearest to (1, 3)', distance(0, [-1, 1]), 1e-4),
        below('both lines hold', violation(0), 1e-5),
      ],
      task: {
        text: 'Change one number of the second line so that it says something new: only $(0, 0)$ is left, and the rank is 2.',
        hint: '2*x + 3*y = 0 is not a multiple of the first line.',
        claims: [below('the run ends at (0, 0)', distance(0, [0, 0]), 1e-4)],
        solution: { version: 1, problem: text('0').replace('2*y', '3*y'), runs },
      },
    },
    {
      title: 'Rules that contradict each other',
      text: 'Now the second line says $2x + 2y = 1$. No point keeps both. The app names the lines. Projection with $A^+$ goes to the least-squares compromise, a line $x + y = c$: there the squares of both errors add up to the least.',
      experiment: { version: 1, title: 'Rules that contradict each other', problem: text('1'), runs },
      ask: {
        kind: 'number',
        question: 'The first line says c = 0, the second c = 0.5. Which c is the compromise?',
        answer: (runs) => entry(0, 0)(runs) + entry(0, 1)(runs),
        within: 0.05,
        because:
          '$c^2 + (2c - 1)^2$ is least at $c = 0.4$. The second line has the larger numbers, so its error counts more.',
      },
      expect: [
        below('the run ends at (−0.8, 1.2)', distance(0, [-0.8, 1.2]), 1e-4),
        near('the first line is off by 0.4', violation(0), 0.4, 1e-4),
      ],
      task: {
        text: 'Change one number so that both lines can hold, with $x + y$ not 0.',
        hint: 'Give the first line half of the right-hand side of the second.',
        claims: [
          below('all lines hold', violation(0), 1e-4),
          above(
            'x + y is not 0',
            (all) => {
              const last = all[0]?.iterates.at(-1) ?? [0, 0];
              return Math.abs((last[0] ?? 0) + (last[1] ?? 0));
            },
            1e-3,
          ),
        ],
        solution: { version: 1, problem: text('1').replace('x + y = 0', 'x + y = 0.5'), runs },
      },
    },
  ],
});
