import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { at } from '../../diagnostic.ts';
import { study } from '../../experiment/study/study.ts';

function boundsOf(text: string) {
  const studied = study(text, 0, { constraints: catalog.constraints, methods: [] });
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  const { lower, upper } = studied.value.bounds;
  return Array.from(lower, (from, i) => [from, at(upper, i)]);
}

const ALL = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

describe('how far the feasible set lies along each entry', () => {
  it.each([
    [
      'a box',
      'param x\nparam y\nminimize x + y\nsubject to\n  0 <= x <= 1\n  -2 <= y <= 3',
      [
        [0, 1],
        [-2, 3],
      ],
    ],
    [
      'a disk',
      'param x\nparam y\nminimize x + y\nsubject to (x - 1)^2 + y^2 <= 4',
      [
        [-1, 3],
        [-2, 2],
      ],
    ],
    [
      'a simplex',
      'param w[3]\nminimize sum(w)\nsubject to\n  w >= 0\n  sum(w) = 2',
      [
        [0, 2],
        [0, 2],
        [0, 2],
      ],
    ],
    [
      'a triangle',
      'param x\nparam y\nminimize x + y\nsubject to\n  x >= 0\n  y >= 1\n  x + 2*y <= 4',
      [
        [0, 2],
        [1, 2],
      ],
    ],
    [
      'a sum of which one entry has no bound',
      'param w[3]\nminimize sum(w**2)\nsubject to\n  w[1:] >= 1\n  sum(w) <= 0',
      [
        [ALL[0], -2],
        [1, ALL[1]],
        [1, ALL[1]],
      ],
    ],
    ['a plane', 'param x\nparam y\nminimize x + y\nsubject to x + y = 1', [ALL, ALL]],
    ['a bound that moves', 'param x\nminimize x\nsubject to\n  x >= 0\n  x <= 1 + t', [[0, 1]]],
  ])('of %s', (_, text, bounds) => {
    expect(boundsOf(text)).toEqual(bounds);
  });
});
