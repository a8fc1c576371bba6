import {
  above,
  below,
  defineLesson,
  loss,
  multiplier,
  named,
  near,
  type Outcome,
  violation,
} from '../../core/lesson.ts';

const text = (gap: string) => `data X[333,4], species[333], male[333] = penguins()
let heavy = where(X[:, 3] > 0, 1, 0)
param w = 0
param c = 0
let p = sigmoid(w*X[:, 0] + c)
let accuracy = mean(where(p > 0.5, heavy, 1 - heavy))
let difference = sum(p*male)/sum(male) - sum(p*(1 - male))/sum(1 - male)
minimize -mean(heavy*log(p) + (1 - heavy)*log(1 - p))
subject to
  parity: difference <= ${gap}`;

const optimizer = { kind: 'sgd', learningRate: 0.5 };
const free = { method: 'unconstrained', optimizer, steps: 400 };
const fair = {
  method: 'lagrangian',
  settings: { dualLearningRate: 1, penalty: 1 },
  optimizer,
  steps: 400,
};

/** From the best free classifier. */
const falling = (gap: string) => text(gap).replace('w = 0', 'w = 1.04').replace('c = 0', 'c = -0.33');
const tracking = { ...fair, settings: { dualLearningRate: 1, penalty: 5 }, steps: 2000 };

/** What the limit costs: the loss of the second run less that of the first. */
const price = (runs: readonly Outcome[]): number => loss(1)(runs) - loss(0)(runs);

export default defineLesson({
  id: 'fairness',
  order: 16,
  title: 'Fairness by multiplier',
  summary:
    'A limit on how differently a classifier treats two groups is a constraint; its multiplier is the price in accuracy.',
  source: 'Cotter et al. 2019, JMLR 20(172), §2; Gorman, Williams & Fraser 2014 (the penguins)',
  steps: [
    {
      title: 'Who is called heavy?',
      text: 'From the length of its beak, a classifier guesses whether a penguin is heavier than the mean. It calls male birds heavy more often than female ones. *Parity* is the difference of both rates. Here it may be at most 0.05, but the run ignores that.',
      experiment: {
        version: 1,
        title: 'Who is called heavy?',
        problem: text('0.05'),
        runs: [free],
        view: { charts: ['let:accuracy', 'let:difference'] },
      },
      ask: {
        kind: 'choice',
        question: 'Does a classifier that never sees the sex treat both alike?',
        options: ['Yes, it cannot know the sex', 'No, the beak gives the sex away'],
        answer: 1,
        because: 'Male beaks are larger. What is left out of the data is still in what goes with it.',
      },
      expect: [above('the rates differ by more than the limit', violation(0), 0.02)],
      task: {
        text: 'Which limit would the run keep without being told? Change it so that it just holds.',
        hint: 'It is broken by about 0.1, so 0.15 is enough.',
        claims: [below('the limit holds', violation(0), 1e-3)],
        solution: { version: 1, problem: text('0.15'), runs: [free] },
      },
    },
    {
      title: 'Put it into the training',
      text: 'The multiplier of *parity* grows while the limit is broken, and pushes the weights until it holds. Its final value says how much loss one more unit of difference would save: the price of fairness, at this limit.',
      experiment: {
        version: 1,
        title: 'Put it into the training',
        problem: text('0.05'),
        runs: [free, fair],
        view: { charts: ['let:accuracy', 'multipliers'] },
      },
      ask: {
        kind: 'choice',
        question: 'What becomes of the loss of the second run?',
        options: ['It ends larger than that of the first', 'It ends at the same value', 'It ends smaller'],
        answer: 0,
        because: 'A constraint only takes choices away. What that costs near this limit is what the multiplier says.',
      },
      expect: [
        below('the limit holds', violation(1), 5e-3),
        above('its multiplier is positive', multiplier(1, 0), 1e-3),
        above('the loss is larger than without', (runs) => loss(1)(runs) - loss(0)(runs), 1e-4),
      ],
      task: {
        text: 'Loosen the limit until it costs little, and still costs something: the losses differ by less than 0.03.',
        hint: 'The first run keeps a difference of about 0.15 by itself. Take a limit between that and 0.05.',
        claims: [
          below('the losses differ by less than 0.03', price, 0.03),
          above('and by more than 0.002', price, 2e-3),
          below('the limit holds', violation(1), 5e-3),
        ],
        solution: { version: 1, problem: text('0.1'), runs: [free, fair] },
      },
    },
    {
      title: 'The whole curve',
      text: 'Now the limit falls during the run, from 0.15 to 0, while the steps go on from the best free classifier. So the run passes through every limit. *accuracy* and *difference* are names in the text; one chart draws the first against the second: accuracy against parity.',
      experiment: {
        version: 1,
        title: 'The whole curve',
        problem: falling('0.15*(1 - t/T)'),
        runs: [tracking],
        view: { logTime: false, charts: ['let:accuracy~let:difference', 'multipliers'] },
      },
      ask: {
        kind: 'choice',
        question: 'Which half of the way to parity costs more accuracy?',
        options: ['The first, from 0.15 to 0.075', 'The second, from 0.075 to 0', 'Both cost the same'],
        answer: 1,
        because:
          'The first half costs 3 birds of 100, the second 8: at parity every bird is called light. What is trained is the loss; its price for parity is the multiplier, which grows all the way.',
      },
      expect: [
        above(
          'the second half costs more than the first',
          (runs) => loss(0)(runs) - 2 * loss(0, 1000)(runs) + loss(0, 0)(runs),
          0.01,
        ),
        above(
          'and more accuracy',
          (runs) => 2 * named(0, 'accuracy', 1000)(runs) - named(0, 'accuracy', 0)(runs) - named(0, 'accuracy')(runs),
          0.03,
        ),
        below('the limit is followed', violation(0), 1e-2),
      ],
      task: {
        text: 'Let the limit fall only to 0.05, and read off which accuracy is left.',
        hint: '0.15 − 0.1*t/T is 0.15 at the first step and 0.05 at the last.',
        claims: [
          near('the loss ends at 0.63, as in the step before', loss(0), 0.63, 6e-3),
          near('the accuracy at 0.6', named(0, 'accuracy'), 0.6, 0.02),
          below('the limit is followed', violation(0), 1e-2),
        ],
        solution: {
          version: 1,
          problem: falling('0.15 - 0.1*t/T'),
          runs: [tracking],
          view: { logTime: false, charts: ['let:accuracy~let:difference', 'multipliers'] },
        },
      },
    },
  ],
});
