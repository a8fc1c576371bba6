import { describe, expect, it } from 'vitest';
import { printText } from '../../print-text.ts';
import { aligned, contracted, dotted, type Indexed, ROW, times } from './axes.ts';
import { Refused } from './refused.ts';

const indexed = (name: string, ...axes: string[]): Indexed => ({ expr: { kind: 'name', name, span: [0, 0] }, axes });
const [x, y, A, B] = [indexed('x', 'i'), indexed('y', 'j'), indexed('A', 'i', 'j'), indexed('B', 'j', 'k')];
const all = (factors: readonly Indexed[]) => {
  const { expr, axes } = factors.reduce((left, right) => times(left, '*', right));
  return [printText(expr), axes.join()];
};
const none = () => 0;

describe('arrays whose axes are indices', () => {
  it('broadcast where they do not depend on an index', () => {
    expect(printText(aligned(y, ['i', 'j']))).toBe('y'); // along the last axis by itself
    expect(printText(aligned(x, ['i', 'j']))).toBe('reshape(x, -1, 1)');
    expect(printText(aligned({ ...A, axes: ['j', 'i'] }, ['i', 'j']))).toBe('A.T');
  });

  it('are multiplied entry by entry, each with each where no index is shared', () => {
    expect(all([x, x])).toEqual(['x*x', 'i']);
    expect(all([x, y])).toEqual(['outer(x, y)', 'i,j']);
    expect(all([A, y])).toEqual(['A*y', 'i,j']);
  });

  it('are summed over an index as a product of matrices', () => {
    expect(all(contracted([A, y], 'j', none))).toEqual(['A @ y', 'i']);
    expect(all(contracted([A, x], 'i', none))).toEqual(['x @ A', 'j']);
    expect(all(contracted([A, B], 'j', none))).toEqual(['A @ B', 'i,k']);
    expect(all(contracted([A], 'j', none))).toEqual(['sum(A, axis=1)', 'i']);
    expect(all(contracted([x], 'i', none))).toEqual(['sum(x)', '']);
    expect(all(contracted([x], 'j', () => 5))).toEqual(['5*x', 'i']); // which does not depend on it
  });

  it('are rows that meet in a product with @', () => {
    const [row, whole] = [indexed('A', 'i', ROW), indexed('x', ROW)];
    expect(printText(dotted(row, whole).expr)).toBe('A @ x');
    expect(() => dotted(x, whole)).toThrow(Refused);
  });

  it('are refused where three indices would stay', () => {
    expect(() => contracted([A, B, indexed('C', 'j', 'l')], 'j', none)).toThrow(Refused);
  });
});
