import { above, below, defineLesson, distance, entry, near } from '../../core/lesson.ts';

const text = (target: string) =>
  `param w[3] = [0.3333, 0.3333, 0.3334]\nlet c = [${target}]\nminimize sum((w - c)^2)/2\nsubject to\n  w >= 0\n  sum(w) = 1`;

const problem = text('0.8, 0.5, -0.4');
const view = { kind: 'ternary' } as const;
const optimizer = { kind: 'sgd', learningRate: 0.5 };
const projected = { method: 'projected-gradient', optimizer, steps: 1000 };
const softmax = { method: 'reparameterization', settings: { map: 'softmax' }, optimizer, steps: 1000 };
const mirror = { method: 'mirror-descent', optimizer, steps: 1000 };

export default defineLesson({
  id: 'roads-to-the-simplex',
  order: 4,
  title: 'Three roads to the simplex',
  summary: 'A softmax keeps weights positive for ever: it can come near to a face, but never onto it.',
  source: 'Duchi, Shalev-Shwartz, Singer & Chandra 2008 (projection); Beck & Teboulle 2003 (mirror descent)',
  steps: [
    {
      title: 'Weights that share one unit',
      text: 'Three weights, none negative, sum one: the *simplex*, drawn as a triangle. The loss is half the squared distance to $c = (0.8, 0.5, -0.4)$, which lies outside. Projection sorts the entries, subtracts one number from all, and cuts at 0.',
      experiment: { version: 1, title: 'Weights that share one unit', problem, runs: [projected], view },
      ask: {
        kind: 'number',
        question: 'How large is the third weight in the end?',
        answer: entry(0, 2),
        within: 0.005,
        because: 'Its target is negative, so it is cut to exactly 0; the others give up 0.15 each: (0.65, 0.35, 0).',
      },
      expect: [below('projection ends at (0.65, 0.35, 0)', distance(0, [0.65, 0.35, 0]), 1e-4)],
      task: {
        text: 'Move the target $c$ so that the projection keeps only the first weight: $(1, 0, 0)$.',
        hint: 'Let the first number of c be larger than the second by 1 or more.',
        claims: [below('the run ends at (1, 0, 0)', distance(0, [1, 0, 0]), 1e-4)],
        solution: { version: 1, problem: text('2, 0.5, -0.4'), runs: [projected], view },
      },
    },
    {
      title: 'The soft road',
      text: 'Write $w = \\mathrm{softmax}(\\theta)$ and train $\\theta$ freely: every weight stays positive. To make one 0, its $\\theta$ would have to go to $-\\infty$. Mirror descent multiplies the weights instead.',
      experiment: { version: 1, title: 'The soft road', problem, runs: [projected, softmax, mirror], view },
      ask: {
        kind: 'choice',
        question: 'After 1,000 steps, which run has most of its third weight left?',
        options: ['Projected gradient', 'Softmax', 'Mirror descent'],
        answer: 1,
        because:
          'The smaller a weight, the less its θ feels of the loss: softmax slows down as it comes near. Mirror descent shrinks the weight by a like factor at each step; projection sets it to 0.',
      },
      expect: [
        above('after 1,000 steps softmax still has some third weight', entry(1, 2), 1e-3),
        below('mirror descent has less of it', (runs) => entry(2, 2)(runs) / entry(1, 2)(runs), 0.5),
        near('projection has none', entry(0, 2), 0, 1e-6),
      ],
      task: {
        text: 'Change the target $c$ so that softmax gets all the way: no weight of the optimum is 0.',
        hint: 'The projection of c must lie inside of the triangle, for instance where c sums to 1 and has no entry near 0.',
        claims: [
          below(
            'projection and softmax end at the same point',
            (runs) => {
              const [a, b] = [runs[0]?.iterates.at(-1) ?? [], runs[1]?.iterates.at(-1) ?? [1, 1, 1]];
              return Math.hypot(...b.map((weight, i) => weight - (a[i] ?? 0)));
            },
            1e-3,
          ),
          above('with no weight near 0', (runs) => Math.min(...(runs[0]?.iterates.at(-1) ?? [0])), 0.02),
        ],
        solution: { version: 1, problem: text('0.5, 0.3, 0.2'), runs: [projected, softmax, mirror], view },
      },
    },
  ],
});
