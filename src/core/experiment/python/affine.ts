/** All affine equalities of a problem together, as Python: the nearest solution, and the directions along them. */
import type { Structure } from '../../analysis/structure.ts';
import type { Problem } from '../../problem/problem.ts';
import type { Block } from './library.ts';
import { tensor } from './literal.ts';
import { equalityRows } from './sets.ts';

export interface AffineWords {
  readonly array: string;
  readonly zeros: string;
  readonly positions: (list: readonly number[]) => string;
  readonly pseudoinverse: (A: string) => string;
}

/** `A`, `b(t)`, `project_affine_all(x, t)` and `tangent(v)`: all affine equalities together. */
export function affineBlocks(
  problem: Problem,
  { affine, constraints }: Structure,
  { array, zeros, positions, pseudoinverse }: AffineWords,
): Block[] {
  if (!affine) return [];
  const { rows, columns, data } = affine.A;
  const matrix = Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
  const own = [...new Set(affine.constraintOfRow)];
  const places = equalityRows(problem, own);
  const isAll = places.length === constraints.reduce((sum, c) => sum + (c.relation === 'equality' ? c.rows : 0), 0);
  const moving = `-equalities(${zeros}(${columns}), t)${isAll ? '' : `[${positions(places)}]`}`;
  return [
    { name: 'A_ALL', code: `A_ALL = ${tensor(matrix, array)}  # all affine equalities: A x = b(t)` },
    { name: 'A_PINV', code: `A_PINV = ${pseudoinverse('A_ALL')}` },
    {
      name: 'b_all',
      code: `def b_all(t):\n    return ${affine.isMoving ? moving : tensor([...affine.b], array)}`,
    },
    {
      name: 'nearest_solution',
      code: 'def nearest_solution(x, t):\n    """The point of A x = b(t) nearest to x."""\n    return x - A_PINV @ (A_ALL @ x - b_all(t))',
    },
    {
      name: 'tangent',
      code: 'def tangent(v):\n    """The part of a direction that keeps A x."""\n    return v - A_PINV @ (A_ALL @ v)',
    },
  ];
}
