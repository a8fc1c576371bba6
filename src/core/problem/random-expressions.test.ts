import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { parse } from '../language/parse.ts';
import { EXPRESSIONS, PATIENCE } from '../language/samples.ts';
import { gradient, jacobian, jvp } from '../tensor/derivatives.ts';
import { Machine } from '../tensor/evaluate.ts';
import { Ops } from '../tensor/ops.ts';
import { check } from './check.ts';
import { lossOf } from './elaborate.ts';

/** Vectors of w[3], smooth and bounded where they are looked at, so that differences tell something. */
const { vector } = fc.letrec<{ vector: string }>((tie) => ({
  vector: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('w', 'w[::-1]', 'A @ w', 'w*w[0]', '[w[2], 0.5, w[1]]', 'w[[2, 0, 0]]'),
    fc.tuple(tie('vector'), fc.constantFrom('+', '-', '*'), tie('vector')).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc.tuple(tie('vector'), tie('vector')).map(([a, b]) => `(${a}/(2 + ${b}^2))`),
    fc
      .tuple(fc.constantFrom('sin', 'cos', 'tanh', 'sigmoid', 'softplus', 'softmax'), tie('vector'))
      .map(([name, a]) => `${name}(${a})`),
    tie('vector').map((a) => `log(1.5 + ${a}^2)`),
    tie('vector').map((a) => `sqrt(1 + ${a}^2)`),
    tie('vector').map((a) => `exp(tanh(${a}))`),
    tie('vector').map((a) => `(1.5 + sin(${a}))^1.7`),
    tie('vector').map((a) => `diag(outer(${a}, w))`),
    tie('vector').map((a) => `grad(sum(sin(${a})), w)`),
  ),
}));
const scalar = fc.oneof(
  vector.map((a) => `sum(${a})`),
  vector.map((a) => `mean(${a}^2)`),
  vector.map((a) => `logsumexp(${a})`),
  vector.map((a) => `norm(concat(${a}, 1))`),
  fc.tuple(vector, vector).map(([a, b]) => `dot(${a}, ${b})`),
  vector.map((a) => `cross_entropy(reshape(${a}, 1, 3), [1])`),
  vector.map((a) => `trace(jacobian(tanh(${a}), w))`),
);
const point = fc.array(fc.double({ min: -1.2, max: 1.2, noNaN: true }), { minLength: 3, maxLength: 3 });

function functionsOf(expression: string) {
  const document = parse(
    `param w[3]\ndata A[3,3] = [[1, 0.5, 0], [-0.3, 0.2, 1], [0.4, -1, 0.6]]\nminimize ${expression}`,
  );
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(`${expression}: ${problem.diagnostics[0]?.message}`);
  const ops = new Ops();
  const [x, t, T] = [ops.input('start', 'x', [3]), ops.input('time', 't', []), ops.input('setting', 'T', [])];
  const loss = (p: typeof x) => lossOf(ops, problem.value, p, t, T);
  const slope = (p: typeof x) => gradient(ops, loss, p);
  const values = {
    loss: loss(x),
    gradient: slope(x),
    hessian: jacobian(ops, slope, x),
    along: jvp(ops, loss, x, ops.constant([0.4, -1.1, 0.2])),
  };
  const machine = new Machine(ops);
  const run = machine.procedure(Object.values(values).map(({ id }) => id));
  return (w: readonly number[]) => {
    machine.numbers(x.id).set(w);
    run();
    const numbers = ({ id }: typeof x) => [...machine.numbers(id)];
    return {
      loss: numbers(values.loss),
      gradient: numbers(values.gradient),
      hessian: numbers(values.hessian),
      along: numbers(values.along),
    };
  };
}

/** Central differences of step h and h/2, extrapolated (Richardson), and how far the two are apart. */
function differences(f: (w: readonly number[]) => readonly number[], w: readonly number[]) {
  const step = (h: number) =>
    w.map((_, j) => {
      const moved = (by: number) => f(w.map((entry, i) => (i === j ? entry + by : entry)));
      const [above, below] = [moved(h), moved(-h)];
      return above.map((entry, i) => (entry - at(below, i)) / (2 * h));
    });
  const [wide, narrow] = [step(2e-4), step(1e-4)];
  return narrow.map((column, j) =>
    column.map((entry, i) => {
      const other = at(at(wide, j), i);
      return { value: (4 * entry - other) / 3, doubt: Math.abs(entry - other) };
    }),
  );
}

function expectNear(found: number, { value, doubt }: { value: number; doubt: number }, scale: number) {
  expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-7 * scale + doubt);
}

it('derivatives of random expressions, first and second, are those of central differences', {
  timeout: PATIENCE,
}, () => {
  fc.assert(
    fc.property(scalar, point, (expression, w) => {
      const f = functionsOf(expression);
      const { loss, gradient: slope, hessian, along } = f(w);
      const size = [...loss, ...slope, ...hessian].reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 1);
      fc.pre(size < 1e4); // steeper than differences can follow
      const first = differences((p) => f(p).loss, w);
      const second = differences((p) => f(p).gradient, w);
      for (let j = 0; j < 3; j++) {
        expectNear(at(slope, j), at(at(first, j), 0), size);
        for (let i = 0; i < 3; i++) expectNear(at(hessian, i * 3 + j), at(at(second, j), i), size);
      }
      const forward = 0.4 * at(slope, 0) - 1.1 * at(slope, 1) + 0.2 * at(slope, 2);
      expect(Math.abs(at(along, 0) - forward)).toBeLessThanOrEqual(1e-11 * size);
    }),
    { numRuns: EXPRESSIONS },
  );
});
