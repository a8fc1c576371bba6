import { below, defineLesson, distance, entry, near } from '../../core/lesson.ts';

const text = (start: string) => `${start}\nminimize (x - 1)^2 + (y - 0.5)^2\nsubject to\n  y <= 0\n  x + y <= 0`;
const problem = text('param x = 1\nparam y = 0.5');

const cycle = (algorithm: string) => ({
  method: 'nearest-point',
  settings: { algorithm, sets: 'lines' },
  steps: 40,
});

export default defineLesson({
  id: 'feasible-or-nearest',
  order: 9,
  title: 'Dykstra, or just alternating?',
  summary:
    'Projecting on one set after the other finds a feasible point; to find the nearest one, corrections must be remembered.',
  source: 'Boyle & Dykstra 1986; Bauschke & Combettes 2017, Convex Analysis and Monotone Operator Theory, §30.2',
  steps: [
    {
      title: 'In turn',
      text: 'The start $(1, 0.5)$ breaks both rules. Project it on the first, then on the second, and so on, until both hold. For two half-planes this ends after one round.',
      experiment: { version: 1, title: 'In turn', problem, runs: [cycle('alternating')] },
      ask: {
        kind: 'choice',
        question: 'Is the point where it ends the nearest allowed one?',
        options: ['Yes, each step was the shortest', 'No'],
        answer: 1,
        because: 'It ends at (0.5, −0.5), 1.118 away. (0.25, −0.25) is allowed as well, and only 1.061 away.',
      },
      expect: [below('alternation ends at (0.5, −0.5)', distance(0, [0.5, -0.5]), 1e-5)],
      task: {
        text: 'The order matters. Swap the two rules, and see the run end at the nearest point.',
        hint: 'Write x + y <= 0 above y <= 0. (Alt with an arrow key moves a line.)',
        claims: [below('the run ends at (0.25, −0.25)', distance(0, [0.25, -0.25]), 1e-4)],
        solution: {
          version: 1,
          problem: problem.replace('  y <= 0\n  x + y <= 0', '  x + y <= 0\n  y <= 0'),
          runs: [cycle('alternating')],
        },
      },
    },
    {
      title: 'With a memory',
      text: 'The first projection went down although, in the end, only the second rule matters. *Dykstra’s* algorithm remembers what each projection took away, and gives it back before that set’s next turn.',
      experiment: {
        version: 1,
        title: 'With a memory',
        problem,
        runs: [cycle('alternating'), cycle('dykstra')],
        view: { camera: { x: [-1, 2], y: [-1.25, 1] } },
      },
      ask: {
        kind: 'point',
        question: 'Where does the run with a memory end?',
        names: ['x', 'y'],
        answer: [entry(1, 0), entry(1, 1)],
        within: 0.1,
        because:
          'That is the nearest allowed point, not (0.5, −0.5), where the other ends. What the first projection took away was not needed. It is given back, and only the second rule is left to hold.',
      },
      expect: [
        below('Dykstra ends at (0.25, −0.25)', distance(1, [0.25, -0.25]), 1e-4),
        near('which is 1.061 from the start', distance(1, [1, 0.5]), 1.0607, 1e-3),
      ],
      task: {
        text: 'Find a start, not allowed itself, from which both end at the same point. Drag it.',
        hint: 'Start where only one of the rules is broken, for instance at (1, −0.5).',
        claims: [
          below(
            'both runs end at the same point',
            (runs) => {
              const [a, b] = [runs[0]?.iterates.at(-1) ?? [], runs[1]?.iterates.at(-1) ?? [1, 1]];
              return Math.hypot(...b.map((coordinate, i) => coordinate - (a[i] ?? 0)));
            },
            1e-3,
          ),
          {
            says: 'and the start breaks a rule',
            of: (runs) => runs[0]?.violation[0] ?? 0,
            least: 0.01,
            most: Number.POSITIVE_INFINITY,
          },
        ],
        solution: {
          version: 1,
          problem: text('param x = 1\nparam y = -0.5'),
          runs: [cycle('alternating'), cycle('dykstra')],
        },
      },
    },
  ],
});
