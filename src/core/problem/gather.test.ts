import { describe, expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { Machine } from '../tensor/evaluate.ts';
import { Ops } from '../tensor/ops.ts';
import { check } from './check.ts';
import { residualOf } from './elaborate.ts';

const HEAD =
  'param w[5]\nparam V[3,4]\ndata group = [1, 0, 0, 1, 1]\ndata order = [4, 0, -2]\ndata late[3] = [0, 1, 1]\nlet k = 2\nminimize 0\nst ';

/** The entries of an expression of w = 0, 1, …, 4 and V = 5, 6, …, 16 (row by row). */
function entriesOf(expression: string): { shape: readonly number[]; entries: number[] } | string[] {
  const document = parse(`${HEAD}${expression} = 0`);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) return problem.diagnostics.map(({ message }) => message);
  const ops = new Ops();
  const [x, t, T] = [ops.input('start', 'x', [17]), ops.input('time', 't', []), ops.input('setting', 'T', [])];
  const [constraint] = problem.value.constraints;
  if (!constraint) throw new Error('it has a constraint');
  const { id, shape } = residualOf(ops, problem.value, constraint, x, t, T);
  const machine = new Machine(ops);
  machine.numbers(x.id).set(Array.from({ length: 17 }, (_, i) => i));
  machine.procedure([id])();
  return { shape, entries: [...machine.numbers(id)] };
}

describe('indices that are data', () => {
  it.each([
    ['w[order]', [3], [4, 0, 3]],
    ['w[[1, 1, 0]]', [3], [1, 1, 0]],
    ['w[group]', [3], [0, 3, 4]],
    ['w[group == 0]', [2], [1, 2]],
    ['w[1 - group]', [2], [1, 2]],
    ['w[k]', [], [2]],
    ['w[k + 1]', [], [3]],
    ['V[late]', [2, 4], [9, 10, 11, 12, 13, 14, 15, 16]],
    ['V[:, [3, 0]]', [3, 2], [8, 5, 12, 9, 16, 13]],
    ['V[late, 1]', [2], [10, 14]],
    ['V[1, [0, 2]]', [2], [9, 11]],
    ['V[late, ::2]', [2, 2], [9, 11, 13, 15]],
    ['V[late][:, [1]]', [2, 1], [10, 14]],
  ])('%s picks as NumPy does', (expression, shape, entries) => {
    expect(entriesOf(expression)).toEqual({ shape, entries });
  });

  it('picks many scattered entries by a product with 0 and 1', () => {
    const positions = Array.from({ length: 60 }, (_, i) => (i * i) % 5);
    expect(entriesOf(`w[[${positions}]]`)).toEqual({ shape: [60], entries: positions });
    const rows = positions.map((position) => position % 3);
    const V = (row: number) => [0, 1, 2, 3].map((column) => 5 + 4 * row + column);
    expect(entriesOf(`V[[${rows}]]`)).toEqual({ shape: [60, 4], entries: rows.flatMap(V) });
  });

  it.each([
    ['w[[0, 5]]', /w has 5 entries, counted from 0: the last is 4, and there is no 5/],
    ['w[[-6]]', /there is no -6/],
    ['w[[0.5, 1]]', /whole numbers from 0 on, but this holds 0\.5/],
    ['w[w]', /cannot depend on parameters/],
    ['w[late == 1]', /mask has 3 entries, but w has 5/],
    ['w[group == 7]', /picks none of the 5/],
    ['V[late, late]', /one index may be an array, not two/i],
    ['w[[[0, 1], [1, 0]]]', /whole number, a range such as 1:3, or a vector/],
    ['w[0.5]', /whole number/],
  ])('%s is refused', (expression, expected) => {
    const found = entriesOf(expression);
    expect(Array.isArray(found) ? found.join() : found).toMatch(expected);
  });
});
