import fc from 'fast-check';
import { expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { EXPRESSIONS, PATIENCE } from '../language/samples.ts';
import { Machine } from '../tensor/evaluate.ts';
import { Ops } from '../tensor/ops.ts';
import {
  DIRECTION,
  FUNCTION_EXPRESSIONS,
  randomExpression,
  randomPoint,
  recordDerivatives,
} from './expressions.fixture.ts';

function functionsOf(expression: string) {
  const ops = new Ops();
  const [x, t, T] = [ops.input('start', 'x', [3]), ops.input('time', 't', []), ops.input('setting', 'T', [])];
  const values = recordDerivatives(ops, expression, x, t, T);
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

/** First and second derivatives are those of central differences, and forward mode is reverse mode. */
function expectDerivatives(expression: string, w: readonly number[]) {
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
  const forward = DIRECTION.reduce((sum, entry, j) => sum + entry * at(slope, j), 0);
  expect(Math.abs(at(along, 0) - forward)).toBeLessThanOrEqual(1e-11 * size);
}

it('derivatives of random expressions are those of central differences', { timeout: PATIENCE }, () => {
  fc.assert(fc.property(randomExpression, randomPoint, expectDerivatives), { numRuns: EXPRESSIONS });
});

it.each(Object.entries(FUNCTION_EXPRESSIONS))('derivatives of %s are those of central differences', (_, expression) => {
  expectDerivatives(expression, [0.31, -0.72, 1.13]);
  expectDerivatives(expression, [-0.45, 0.83, 0.21]);
});
