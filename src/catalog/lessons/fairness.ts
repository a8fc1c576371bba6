import { above, below, defineLesson, loss, multiplier, violation } from '../../core/lesson.ts';

const text = (gap: string) => `data X[333,4], species[333], male[333] = penguins()
let heavy = where(X[:, 3] > 0, 1, 0)
param w = 0
param c = 0
let p = sigmoid(w*X[:, 0] + c)
minimize -mean(heavy*log(p) + (1 - heavy)*log(1 - p))
subject to
  parity: sum(p*male)/sum(male) - sum(p*(1 - male))/sum(1 - male) <= ${gap}`;

const optimizer = { kind: 'sgd', learningRate: 0.5 };
const free = { method: 'unconstrained', optimizer, steps: 400 };
const fair = {
  method: 'lagrangian',
  settings: { dualLearningRate: 1, penalty: 1 },
  optimizer,
  steps: 400,
};

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
      experiment: { version: 1, title: 'Who is called heavy?', problem: text('0.05'), runs: [free] },
      ask: {
        kind: 'choice',
        question: 'Does a classifier that never sees the sex treat both alike?',
        options: ['Yes, it cannot know the sex', 'No, the beak gives the sex away'],
        answer: 1,
        because: 'Male beaks are larger. What is left out of the data is still in what goes with it.',
      },
      expect: [above('the rates differ by more than the limit', violation(0), 0.02)],
    },
    {
      title: 'Put it into the training',
      text: 'The multiplier of *parity* grows while the limit is broken, and pushes the weights until it holds. Its final value says how much loss one more unit of difference would save: the price of fairness, at this limit.',
      experiment: { version: 1, title: 'Put it into the training', problem: text('0.05'), runs: [free, fair] },
      expect: [
        below('the limit holds', violation(1), 5e-3),
        above('its multiplier is positive', multiplier(1, 0), 1e-3),
        above('the loss is larger than without', (runs) => loss(1)(runs) - loss(0)(runs), 1e-4),
      ],
      task: {
        text: 'Make the limit looser, until it costs nothing: both runs end with the same loss.',
        hint: 'See by how much the first run breaks the limit now, and add that.',
        claims: [
          below('both losses agree', (runs) => Math.abs(loss(1)(runs) - loss(0)(runs)), 2e-3),
          below('and the limit holds', violation(1), 5e-3),
        ],
        solution: { version: 1, problem: text('0.5'), runs: [free, fair] },
      },
    },
  ],
});
