/** Rows and columns of a matrix on spheres and in balls: recognised however they are typed, and nearest points are nearest. */
import { describe, expect, it } from 'vitest';
import { setProjection } from '../core/experiment/study/set-projection.ts';
import { catalog } from './registry.ts';
import { studied } from './studied.fixture.ts';

const W = 'param W[2,3] = [[1, 2, 2], [0.5, 0, -0.25]]\nminimize sum((W - 1)**2)\nsubject to ';

describe('lengths of rows and columns', () => {
  const rows = [0, 0, 0, 1, 1, 1];
  const columns = [0, 1, 2, 0, 1, 2];
  it.each([
    ['sum(W**2, axis=1) = 4', 'spheres', rows, 2],
    ['sum(W**2, axis=0) == 1', 'spheres', columns, 1],
    ['norm(W, axis=1) = 3', 'spheres', rows, 3],
    ['2*norm(W, axis=0) = [2, 2, 2]', 'spheres', columns, 1],
    ['diag(W @ W.T) = 1', 'spheres', rows, 1],
    ['sum(W**2, axis=0) <= 1', 'balls', columns, 1],
    ['1 >= norm(W, axis=1)', 'balls', rows, 1],
    ['diag(W.T @ W) <= 1', 'balls', columns, 1],
  ])('%s: %s', (constraint, kind, groupOf, radius) => {
    const { problem, structure } = studied(W + constraint);
    expect(structure.sets.map((set) => set.kind)).toEqual([kind]);
    expect(structure.hasExactProjection).toBe(true);
    const onto = setProjection(problem, structure, catalog.constraints)?.onto;
    for (let seed = 1; seed <= 20; seed++) {
      const from = Float64Array.from({ length: 6 }, (_, i) => 3 * Math.sin(seed * (i + 1.7)));
      const to = onto?.(from) ?? new Float64Array(6);
      for (const group of new Set(groupOf)) {
        const own = [...from.keys()].filter((i) => groupOf[i] === group);
        const length = Math.hypot(...own.map((i) => from[i] ?? 0));
        const share = kind === 'balls' && length <= radius ? 1 : radius / length; // straight to, or away from, the center
        for (const i of own) expect(to[i]).toBeCloseTo(share * (from[i] ?? 0), 12);
      }
    }
  });

  it.each([
    ['groups that share entries', 'W[:, :2]*W[:, 1:] = 1'],
    ['an ellipse in each row', 'sum([1, 2, 1]*W**2, axis=1) = 1'],
    ['products of entries', 'W[:, 0]*W[:, 1] = 1'],
    ['a radius that moves', 'sum(W**2, axis=1) = 1 + t'],
    ['no points at all', 'sum(W**2, axis=1) = -1'],
    ['the outside', 'sum(W**2, axis=1) >= 1'],
  ])('%s: none', (_, constraint) => {
    expect(studied(W + constraint).structure.sets.map(({ kind }) => kind)).not.toContain('spheres');
    expect(studied(W + constraint).structure.sets.map(({ kind }) => kind)).not.toContain('balls');
  });

  it('of a dictionary leave the optimum where every column is as near as it may be', () => {
    const { optimum, isConvex } = studied(
      'param D[2,2]\nminimize sum((D - [[3, 0.2], [4, 0.1]])**2)\nsubject to sum(D**2, axis=0) <= 1',
    );
    expect(isConvex).toBe(true);
    [0.6, 0.2, 0.8, 0.1].forEach((entry, i) => expect(optimum?.x[i]).toBeCloseTo(entry, 8));
  });
});
