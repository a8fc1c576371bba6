import { above, below, defineLesson, distance, type Outcome, violation } from '../../core/lesson.ts';

const problem =
  'data X[80, 2], y[80] = regression(seed=1)\nparam w[2] = [1, -1]\nminimize mean((X @ w - y)^2)\nsubject to\n  sum(w) = 0.5';

const descent = (settings: object, label: string) => ({
  method: 'projected-gradient',
  optimizer: { kind: 'sgd', learningRate: 0.1, ...settings },
  steps: 400,
  label,
});
const all = descent({}, 'All 80 rows');
const few = (settings: object = {}, label = '4 rows a step') =>
  descent({ miniBatches: true, batchSize: 4, ...settings }, label);

/** How far the iterates of a run scatter in its last quarter: the largest distance of two of them along w[0]. */
const scatter =
  (run: number) =>
  (runs: readonly Outcome[]): number => {
    const { iterates = [], steps = [] } = runs[run] ?? {};
    const late = iterates.filter((_, k) => (steps[k] ?? 0) > 300).map(([first = Number.NaN]) => first);
    return Math.max(...late) - Math.min(...late);
  };

/** ‖x − z‖ of the ends of two runs. */
const apart =
  (a: number, b: number) =>
  (runs: readonly Outcome[]): number => {
    const [x = [], z = []] = [runs[a]?.iterates.at(-1), runs[b]?.iterates.at(-1)];
    return Math.hypot(...x.map((entry, i) => entry - (z[i] ?? Number.NaN)));
  };

export default defineLesson({
  id: 'few-rows',
  order: 17,
  title: 'A few rows at a time: noise in place of work',
  summary:
    'With much data one steps on a few rows at a time. Each step is cheap and a little wrong; a falling learning rate averages the errors out.',
  source: 'Bottou, Curtis & Nocedal 2018, Optimization methods for large-scale machine learning, §3 and §4.2',
  steps: [
    {
      title: 'Four rows of eighty',
      text: 'Both runs fit a line to 80 rows of data, with $w_0 + w_1 = 0.5$. One takes the slope of all rows; the other that of four rows, which are new at every step, until all have had their turn.',
      experiment: { version: 1, title: 'Four rows of eighty', problem, runs: [all, few()] },
      ask: {
        kind: 'choice',
        question: 'Where does the second run come to rest?',
        options: ['At the same point', 'At another point', 'Nowhere: it keeps moving'],
        answer: 2,
        because:
          'At the optimum of all rows, four of them still want to go elsewhere, at every step in another direction. On average they agree with the rest, so the run stays near.',
      },
      expect: [
        below('the run with all rows comes to rest', scatter(0), 1e-3),
        above('the run with four does not', scatter(1), 0.05),
        below('it stays near all the same', apart(0, 1), 0.5),
      ],
      task: {
        text: 'Take more rows a step, so that the second run scatters by less than 0.1 in its last quarter, and still scatters.',
        hint: '“Rows a step” of the second run’s optimizer: 40, for instance.',
        claims: [
          below('the second run scatters by less than 0.1', scatter(1), 0.1),
          above('and still scatters', scatter(1), 1e-3),
        ],
        solution: { version: 1, problem, runs: [all, few({ batchSize: 40 })] },
      },
    },
    {
      title: 'Noisy, and feasible',
      text: 'Two runs with four rows a step, drawn differently, beside the one with all rows. What a step costs is small: twenty of theirs read as much data as one of the other. Look at the violation.',
      experiment: {
        version: 1,
        title: 'Noisy, and feasible',
        problem,
        runs: [all, few({ batchSeed: 1 }, 'another seed'), few()],
        view: { charts: ['violation', 'loss'] },
      },
      ask: {
        kind: 'choice',
        question: 'Does the noise carry the runs off the constraint?',
        options: ['Yes, a little at every step', 'No', 'Only in the first steps'],
        answer: 1,
        because: 'It moves them along the constraint and never off it: the projection sees no data.',
      },
      expect: [
        below('every run ends on the constraint', violation(2), 1e-5),
        above('another seed is another run', apart(1, 2), 1e-3),
      ],
      task: {
        text: 'Make the last two runs the same, step by step.',
        hint: 'They differ in the seed of their draws only: “more” of the optimizer.',
        claims: [
          below('the last two runs end at the same point', apart(1, 2), 1e-6),
          above('and still scatter', scatter(2), 1e-2),
        ],
        solution: { version: 1, problem, runs: [all, few({ batchSeed: 1 }, 'another seed'), few({ batchSeed: 1 })] },
      },
    },
    {
      title: 'Bring it to rest',
      text: 'Steps of a constant length never settle. Let them become shorter, and the errors of many steps cancel before they carry the run away.',
      experiment: { version: 1, title: 'Bring it to rest', problem, runs: [all, few()] },
      ask: {
        kind: 'choice',
        question: 'Would ten times as many steps of the same length bring it to rest?',
        options: ['Yes', 'No', 'It would leave for good'],
        answer: 1,
        because:
          'The noise is as large at step 4,000 as at step 400. Only shorter steps, or more rows a step, make it smaller.',
      },
      expect: [above('at a constant rate the run scatters', scatter(1), 0.05)],
      task: {
        text: 'Keep four rows a step, and end within 0.03 of the run with all rows: change how the learning rate goes on.',
        hint: 'Open the second run, and “more” of its optimizer: choose the schedule “cosine”.',
        claims: [
          below('both runs end within 0.03 of each other', apart(0, 1), 0.03),
          above(
            'the second on a few rows: it scatters on the way',
            (runs) => {
              const { iterates = [] } = runs[1] ?? {};
              const [x, z] = [iterates[60], iterates[61]];
              return x && z ? Math.hypot(...x.map((entry, i) => entry - (z[i] ?? Number.NaN))) : 0;
            },
            1e-3,
          ),
          above('having moved from the start', distance(1, [1, -1]), 0.3),
        ],
        solution: { version: 1, problem, runs: [all, few({ schedule: 'cosine' })] },
      },
    },
  ],
});
