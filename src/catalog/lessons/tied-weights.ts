import { below, defineLesson, distance, entry, near } from '../../core/lesson.ts';

const problem = `param w[3] = [0, 0, 0]
minimize (w[0] - 1)^2 + (w[1] - 2)^2 + 4*(w[2] - 3)^2
subject to
  tie: w[0] = w[2]`;

const shared = (learningRate: number) => ({
  method: 'reparameterization',
  settings: { map: 'tie' },
  optimizer: { kind: 'sgd', learningRate },
  steps: 60,
});
const projected = (learningRate: number) => ({
  method: 'projected-gradient',
  optimizer: { kind: 'sgd', learningRate },
  steps: 60,
});

export default defineLesson({
  id: 'tied-weights',
  order: 5,
  title: 'Tied weights',
  summary: 'Sharing a parameter adds the gradients of its copies; projecting onto the tie averages them.',
  source: 'Nowlan & Hinton 1992, Neural Computation 4(4) (weight sharing); Nocedal & Wright 2006, §15.3',
  steps: [
    {
      title: 'One number, used twice',
      text: 'Two weights must be equal. One way is to have only one number, used in both places: $w = T\\theta$. Its gradient is the sum over both places. The other way trains both and projects: each gets the mean.',
      experiment: {
        version: 1,
        title: 'One number, used twice',
        problem,
        runs: [projected(0.04), shared(0.04)],
      },
      ask: {
        kind: 'choice',
        question: 'At the same learning rate, which run moves the tied weights faster?',
        options: ['The projected one', 'The shared one', 'Both alike'],
        answer: 1,
        because: 'The sum of two gradients is twice their mean: a shared weight takes steps of double length.',
      },
      expect: [
        below('the projected run ends at (2.6, 2, 2.6)', distance(0, [2.6, 2, 2.6]), 2e-2),
        below('the shared run too', distance(1, [2.6, 2, 2.6]), 2e-2),
        near(
          'the first step of the shared weight is twice as long',
          (runs) => entry(1, 0, 1)(runs) / entry(0, 0, 1)(runs),
          2,
          1e-3,
        ),
      ],
      task: {
        text: 'Tie all three weights: where do both runs end now?',
        hint: 'Add a line: w[0] = w[1].',
        claims: [
          below('the projected run ends at (2.5, 2.5, 2.5)', distance(0, [2.5, 2.5, 2.5]), 2e-2),
          below('and the shared run', distance(1, [2.5, 2.5, 2.5]), 2e-2),
        ],
        solution: { version: 1, problem: `${problem}\n  w[0] = w[1]`, runs: [projected(0.04), shared(0.04)] },
      },
    },
    {
      title: 'Make them equal',
      text: 'So a method is not better because it is faster at the same learning rate: the rate means something else. In many frameworks tying a weight quietly doubles its step. Only the tied pair is affected; $w_1$ has the same gradient in both runs.',
      experiment: { version: 1, title: 'Make them equal', problem, runs: [projected(0.04), shared(0.04)] },
      ask: {
        kind: 'choice',
        question: 'At a learning rate of 0.25, what would the runs do?',
        options: ['Both arrive', 'The shared run would run away', 'The projected run would run away'],
        answer: 1,
        because:
          'The shared weight feels a slope of 10 per unit, and $0.25 \\cdot 10$ is more than 2. The projected pair feels the mean, 5, and $0.25 \\cdot 5$ is less than 2.',
      },
      expect: [near('the free weight moves alike', (runs) => entry(1, 1, 1)(runs) - entry(0, 1, 1)(runs), 0, 1e-5)],
      task: {
        text: 'Change one learning rate so that the tied weights of both runs move alike.',
        hint: 'Give the projected run twice the rate of the shared one.',
        claims: [
          below(
            'the tied weights of both runs agree after 3 steps',
            (runs) => Math.abs(entry(1, 0, 3)(runs) - entry(0, 0, 3)(runs)),
            1e-3,
          ),
          below('and both arrive', distance(0, [2.6, 2, 2.6]), 5e-2),
        ],
        solution: { version: 1, problem, runs: [projected(0.08), shared(0.04)] },
      },
    },
  ],
});
