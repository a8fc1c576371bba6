import { above, below, defineLesson, loss, near, violation } from '../../core/lesson.ts';

const problem = `param w[50] ~ normal(0, 1)
minimize sum((w - 1)^2)/2
subject to
  rules: sum(reshape(w, [10, 5]), axis=1) = 1`;

const optimizer = { kind: 'sgd', learningRate: 0.1 };
const tangent = (settings: { projectStart?: boolean } = {}) => ({
  method: 'projected-update',
  settings,
  optimizer,
  steps: 120,
});
const projected = { method: 'projected-gradient', optimizer, steps: 120 };
const view = { kind: 'parallel', charts: ['violation', 'loss'] } as const;

export default defineLesson({
  id: 'fifty-numbers',
  order: 15,
  title: 'Fifty numbers, ten rules',
  summary:
    'In many dimensions nothing can be seen in a plane; the charts tell a run that keeps the rules from one that keeps its error.',
  source: 'Nocedal & Wright 2006, Numerical Optimization, §16.2; Golub & Van Loan 2013, §5.5',
  steps: [
    {
      title: 'A start that breaks every rule',
      text: 'Fifty weights in ten groups of five; each group must sum to 1. The start is random. One run projects its *steps*: it only moves along the rules. The other projects its *point*. Look at the chart of the violation.',
      experiment: {
        version: 1,
        title: 'A start that breaks every rule',
        problem,
        runs: [tangent(), projected],
        view,
      },
      ask: {
        kind: 'choice',
        question: 'What becomes of the violation of the run that projects only its steps?',
        options: ['It goes to 0', 'It stays what it was at the start', 'It grows'],
        answer: 1,
        because: 'A step along the rules changes no sum. What was wrong at the start stays wrong, exactly.',
      },
      expect: [
        near(
          'the violation is the same at the end as at the start',
          (runs) => violation(0)(runs) - violation(0, 0)(runs),
          0,
          1e-3,
        ),
        above('which is not small', violation(0), 0.1),
        below('projecting the point keeps the rules from the first step', violation(1, 1), 1e-4),
      ],
      task: {
        text: 'Give both runs a start that keeps every rule.',
        hint: 'Every weight 0.2: “param w[50] = 0.2”.',
        claims: [below('the first run keeps the rules', violation(0), 1e-3)],
        solution: {
          version: 1,
          problem: problem.replace('~ normal(0, 1)', '= 0.2'),
          runs: [tangent(), projected],
          view,
        },
      },
    },
    {
      title: 'Forty directions are left',
      text: 'Ten independent rules in fifty numbers leave $50 - 10 = 40$ directions. The best point gives each weight $1/5$. A loss below the one there is no success: it is a broken rule.',
      experiment: { version: 1, title: 'Forty directions are left', problem, runs: [tangent(), projected], view },
      ask: {
        kind: 'number',
        question: 'With which loss does the projected run end?',
        answer: loss(1),
        within: 0.5,
        because: 'Each of the 50 terms is $(1/5 - 1)^2/2 = 0.32$, and $50 \\cdot 0.32 = 16$.',
      },
      expect: [near('the projected run ends with loss 16', loss(1), 16, 1e-2)],
      task: {
        text: 'Make the first run end with loss 16 as well, and keep the rules, still projecting its steps only.',
        hint: 'One projection is enough, before the first step: the setting “Move the start to the nearest solution”.',
        claims: [
          below('the first run keeps the rules', violation(0), 1e-3),
          near('and ends with loss 16', loss(0), 16, 1e-2),
        ],
        solution: { version: 1, problem, runs: [tangent({ projectStart: true }), projected], view },
      },
    },
  ],
});
