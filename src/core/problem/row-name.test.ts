import { expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { check } from './check.ts';
import { rowName } from './row-name.ts';

function namesOf(text: string): readonly string[] {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return problem.value.constraints.flatMap((constraint) =>
    Array.from({ length: constraint.rows }, (_, row) => rowName(problem.value, constraint, row)),
  );
}

it.each([
  ['w >= 0', ['w >= 0, w[0]', 'w >= 0, w[1]']],
  [
    'box: -1 <= w <= [1, 2]',
    ['box: -1 <= w, w[0]', 'box: -1 <= w, w[1]', 'box: w <= [1, 2], w[0]', 'box: w <= [1, 2], w[1]'],
  ],
  ['w in simplex', ['w in simplex, w[0]', 'w in simplex, w[1]', 'w in simplex, its sum']],
  ['0 <= w[0] <= 1', ['0 <= w[0]', 'w[0] <= 1']],
  ['a: 0 <= w[0] <= 1', ['a: 0 <= w[0]', 'a: w[0] <= 1']],
  ['w[0] + w[1] = 1', ['w[0] + w[1] = 1']],
  ['rates: [[1, 2], [3, 4]] @ w <= 1', ['rates, row 1', 'rates, row 2']], // each of both entries
  ['w <= V[0]', ['w <= V[0], row 1', 'w <= V[0], row 2']],
] as const)('the rows of %s', (line, wanted) => {
  const names = namesOf(`param w[2]\nparam V[2, 2]\nminimize sum(w) + sum(V)\nsubject to\n  ${line}`);
  expect(names).toEqual(wanted);
});
