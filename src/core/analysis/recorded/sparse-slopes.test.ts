import { describe, expect, it } from 'vitest';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { residualOf } from '../../problem/elaborate.ts';
import { jacobian } from '../../tensor/derivatives.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { toSparse } from '../../tensor/sparse.ts';
import { sparseSlopes } from './sparse-slopes.ts';
import { symbolsOf } from './symbols.ts';

/** The slopes of the first constraint as they were carried along, and row by row in reverse mode. */
function slopesOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 3 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  const { value } = problem;
  const [constraint] = value.constraints;
  if (!constraint) throw new Error('there is a constraint');
  const { ops, x, t, T } = symbolsOf(value);
  const residual = (point: typeof x) => ops.reshape(residualOf(ops, value, constraint, point, t, T), [constraint.rows]);
  const carried = sparseSlopes(ops, residual(x).id, x.id);
  const { id } = jacobian(ops, residual, x);
  const machine = new Machine(ops);
  machine.procedure([id])();
  return { carried, dense: toSparse(constraint.rows, value.size, machine.numbers(id)) };
}

describe('slopes carried along by their entries that are not 0', () => {
  it.each([
    'param W[3,4]\nsubject to sum(W, axis=1) = 1',
    'param W[3,4]\nsubject to 2*sum(W, axis=0)/3 - W[0] = 1',
    'param W[3,4]\nsubject to W.T >= -W[0,0]',
    'param W[4,4]\nsubject to W in toeplitz',
    'param W[4,4]\nsubject to W in circulant',
    'param W[4,4]\nsubject to W in symmetric',
    'param W[2,3]\nsubject to W in tied([[0, 1, 1], [0, 2, 1]])',
    'param W[2,3]\nsubject to W in mask([[0, 1, 1], [0, 1, 1]])',
    'param w[5]\nsubject to w[1:] - w[:-1] <= 0.5',
    'param w[3]\ndata A = [[1, 0, 2], [0, 0, 3]]\nsubject to A @ w = [1, 2]',
    'param W[2,3]\ndata A = [[1, 0], [2, -1], [0, 0]]\nsubject to A @ W = 1',
    'param W[2,3]\ndata A = [[1, 0], [2, -1], [0, 0]]\nsubject to W @ A = 1',
    'param W[2,3]\nsubject to trace(W @ W.T*0 + [[1, 0], [0, 1]]) + mean(W) = 1',
    'param w[4]\ndata c = [1, 0, 1, 0]\nsubject to where(c > 0, w, 2*w[0]) - t = 1',
    'param w[4]\nsubject to w - w = 0',
    'param w[2]\nparam b\nsubject to concat(w, -w) + b <= 1',
  ])('are those of reverse mode: %s', (text) => {
    const { carried, dense } = slopesOf(text);
    if (carried) expect(carried).toEqual(dense);
    else expect(text).toContain('W @ W.T'); // 0·x² is not known to be 0
  });

  it.each([
    ['param w[2]\nsubject to w**2 = 1', 'curved'],
    ['param w[2]\nsubject to t*w = 1', 'moving with the step'],
    ['param w[2]\nsubject to T*w = 1', 'of the number of steps'],
    ['param w[2]\nsubject to abs(w) <= 1', 'bent'],
  ])('are none of rows whose gradients are not always the same: %s', (text) => {
    expect(slopesOf(text).carried).toBeNull();
  });
});
