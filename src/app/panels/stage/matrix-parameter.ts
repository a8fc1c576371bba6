/** The matrix parameters of a problem, with what its affine equalities say of single entries and of pairs. */
import { at } from '../../../core/diagnostic.ts';
import type { MatrixParameter } from '../../figures/entries-figure.ts';
import type { Study } from '../../study.ts';

/** Beyond this many numbers, the rows are not read for ties. */
const MOST_READ = 4e6;

export function matrixParameters({ problem, structure }: Study): MatrixParameter[] {
  const matrices = problem.parameters.filter(({ shape }) => shape.length === 2);
  if (matrices.length === 0) return [];
  const marks = marksOf(structure, problem.size);
  return matrices.map(({ name, shape: [rows = 1, columns = 1], offset }) => ({
    name,
    rows,
    columns,
    offset,
    marks: marks.slice(offset, offset + rows * columns),
  }));
}

/** Entries that x_i = x_j ties wear one number, counted from 1; those that x_i = 0 keeps at zero a ×. */
export function marksOf({ affine }: Pick<Study['structure'], 'affine'>, size: number): string[] {
  const parent = Array.from({ length: size }, (_, i) => i);
  const root = (i: number): number => {
    let top = i;
    while (at(parent, top) !== top) top = at(parent, top);
    return top;
  };
  const masked = new Set<number>();
  if (affine && affine.A.data.length <= MOST_READ) {
    const { rows, columns, data } = affine.A;
    for (let row = 0; row < rows; row++) {
      const held: number[] = [];
      for (let column = 0; column < columns && held.length < 3; column++)
        if (data[row * columns + column] !== 0) held.push(column);
      const [first, second, third] = held;
      if (first === undefined || third !== undefined || at(affine.b, row) !== 0) continue;
      const value = (column: number) => data[row * columns + column] ?? 0;
      if (second === undefined) masked.add(first);
      else if (value(first) === -value(second)) parent[root(second)] = root(first);
    }
  }
  const sizes = new Map<number, number>();
  for (let i = 0; i < size; i++) sizes.set(root(i), (sizes.get(root(i)) ?? 0) + 1);
  const numbers = new Map<number, number>();
  return parent.map((_, i) => {
    const top = root(i);
    if (masked.has(i)) return '×';
    if ((sizes.get(top) ?? 1) < 2) return '';
    if (!numbers.has(top)) numbers.set(top, numbers.size + 1);
    return String(numbers.get(top));
  });
}
