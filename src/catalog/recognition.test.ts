/** Texts and the sets that the catalogue's kinds recognise in them; and all problems of the reference values. */
import { describe, expect, it } from 'vitest';
import type { RecognizedSet, Structure } from '../core/analysis/structure.ts';
import { at } from '../core/diagnostic.ts';
import { study } from '../core/experiment/study/study.ts';
import { dataTensors } from '../core/program/method-problem.ts';
import { problemText } from '../core/reference/experiment-of-case.ts';
import { type ReferenceProblem, reference } from '../core/reference/trajectories.ts';
import { within } from '../core/tensor/coordinates.ts';
import { evaluator } from '../core/tensor/evaluate.ts';
import { catalog } from './registry.ts';

function structureOf(text: string): Structure {
  const studied = study(text, 0, { constraints: catalog.constraints, methods: [] });
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  return studied.value.structure;
}
const { NEGATIVE_INFINITY } = Number;

describe('absolute values of differences', () => {
  it('are half-spaces, two for each, and join other rows to one polyhedron', () => {
    const { sets, hasExactProjection } = structureOf(
      'param w[4]\nsubject to\n  abs(w[1:] - w[:3]) <= 1\n  2*abs(w[0] + w[1] - 3) - 1 <= 0',
    );
    expect(sets.map(({ kind }) => kind)).toEqual(['polyhedron']);
    expect(hasExactProjection).toBe(true);
    expect(at(sets, 0).data.b).toEqual([1, 1, 1, 1, 1, 1, 7, -5]);
    expect(structureOf('param w[2]\nsubject to abs(w[0] - w[1]) >= 1').sets).toEqual([]); // two sides, not convex
  });
});

describe('bounds', () => {
  it('of several lines are one box', () => {
    const structure = structureOf('param x[3]\nsubject to\n  0 <= x[:2] <= 1\n  2*x[2] <= 3\n  x[0] >= 0.5');
    expect(structure.sets).toMatchObject([
      {
        kind: 'box',
        data: { lower: [0.5, 0, NEGATIVE_INFINITY], upper: [1, 1, 1.5] },
        constraints: [0, 1, 2, 3],
        coordinates: [0, 1, 2],
        isMoving: false,
        isConvex: true,
        hasProjection: true,
      },
    ]);
    expect(structure.hasExactProjection).toBe(true);
    expect(structure.lines.map(({ kind }) => kind)).toEqual(['nonnegativity', 'box', 'box', 'box']);
  });

  it('from below by 0 are non-negativity, on the entries that nothing else bounds', () => {
    const { sets } = structureOf(
      'param x[4]\nsubject to\n  x[0] >= 0\n  -3*x[1] <= 0\n  x[2] >= 0\n  x[2] <= 1\n  x[0] >= 0',
    );
    expect(sets).toMatchObject([
      { kind: 'nonnegativity', coordinates: [0, 1], constraints: [0, 1, 4] },
      { kind: 'box', coordinates: [2], constraints: [2, 3], data: { lower: [0], upper: [1] } },
    ]);
  });

  it('of a hundred thousand entries need no matrix', () => {
    const structure = structureOf('param w[100000] = 0.5\nsubject to\n  0 <= w <= 1');
    expect(structure.sets).toMatchObject([{ kind: 'box' }]);
    expect(structure.constraints).toMatchObject([{ affine: null }, { affine: null }]);
  });

  it('that cross each other are no box, and have no common projection', () => {
    const structure = structureOf('param x\nsubject to x >= 1 ; x <= 0');
    expect(structure.sets.map(({ kind }) => kind)).toEqual(['box', 'box']);
    expect(structure.hasExactProjection).toBe(false);
  });

  it.each([
    ['param w[2]\nsubject to abs(w) <= [1, 2]', [-1, -2], [1, 2]],
    ['param w[2]\nsubject to max(abs(w)) <= 2', [-2, -2], [2, 2]],
    ['param w[2]\nsubject to norm(w - [1, 0], inf) <= 2', [-1, -2], [3, 2]],
    ['param w[2]\nsubject to 3*max(abs(w[0]), 2*abs(w[1])) - 6 <= 0', [-2, -1], [2, 1]],
    ['param w[2]\nsubject to max(w) <= 2 ; min(2*w + 1) >= -1', [-1, -1], [2, 2]],
    ['param w[2]\nsubject to 2*abs(4*w - 2) - 4 <= 0', [0, 0], [1, 1]],
    ['param w[2]\nsubject to abs(w[0]) <= 1 ; w >= -0.5', [-0.5, -0.5], [1, Number.POSITIVE_INFINITY]],
  ])('may be typed as distances: %s', (text, lower, upper) => {
    expect(structureOf(text).sets).toMatchObject([{ kind: 'box', data: { lower, upper } }]);
  });

  it('may move, beside others that stay, and are half-spaces where one may overtake another', () => {
    const boxOf = (bounds: string) => structureOf(`param x[2]\nsubject to ${bounds}`).sets;
    expect(boxOf('-1 <= x <= [2, 4] + 0.1*t')).toMatchObject([
      {
        kind: 'box',
        isMoving: true,
        hasProjection: true,
        isBounded: true,
        data: { lower: [-1, -1], upper: [2, 4] },
        moving: { upper: { rows: [2, 3], factors: [1, 1], fixed: [0, 0] } },
      },
    ]);
    expect(boxOf('-2*x[1] <= 4 - t ; x[0] >= 1')).toMatchObject([
      { kind: 'box', moving: { lower: { rows: [0, 0], factors: [0, -0.5], fixed: [1, 0] } } },
    ]);
    expect(boxOf('x <= 0.1*t ; x <= 1').map(({ kind }) => kind)).toEqual(['polyhedron']);
  });
});

describe('polyhedra', () => {
  const kindsOf = (text: string) => structureOf(text).sets.map(({ kind }) => kind);

  it('are rows of a matrix, on one line', () => {
    const structure = structureOf('data A = [[1, 1], [2, -1], [-1, 0]]\nparam w[2]\nsubject to A @ w <= [1, 2, 0]');
    expect(structure.sets).toMatchObject([{ kind: 'polyhedron', data: { b: [1, 2, 0], equal: [0, 0, 0] } }]);
    expect(structure.lines).toMatchObject([{ kind: 'polyhedron' }]);
    expect(structure.hasExactProjection).toBe(true);
  });

  it('are what overlaps: a simplex that a plane cuts, and a box with two', () => {
    const cut = structureOf('param w[3]\nsubject to\n  w in simplex\n  w[0] >= 2*w[1]');
    expect(cut.sets).toMatchObject([{ kind: 'polyhedron', constraints: [0, 1, 2] }]);
    expect(cut.parts.map(({ kind }) => kind)).toEqual(['simplex', 'half-space']);
    expect(kindsOf('param w[3]\nsubject to\n  0 <= w <= 1\n  w[0] + w[1] = 1 ; w[1] + w[2] = 1')).toEqual([
      'polyhedron',
    ]);
  });

  it('leave alone what shares no entry, and follow rows that move', () => {
    const { sets } = structureOf(
      'param w[2]\nparam v[2]\nsubject to\n  w >= t/T ; w[0] <= 2*w[1] ; sum(w) <= 2\n  v in simplex',
    );
    expect(sets).toMatchObject([
      { kind: 'polyhedron', isMoving: true, hasProjection: true },
      { kind: 'simplex', isMoving: false },
    ]);
  });

  it('are not made of what is curved, empty, or nearly parallel', () => {
    expect(kindsOf('param w[2]\nsubject to sum(w^2) <= 1 ; sum(w) >= 1')).toEqual(['ball', 'half-space']);
    expect(kindsOf('subject to x + y <= 0 ; x + 2*y >= 1 ; y <= 0.5 ; x >= 2')).not.toContain('polyhedron');
    // The first row is a thousandth beside the span of others: from some points it would be off by as much.
    const rows = '[4,0,4,0,2], [0,0,0,0,-1], [0,0,0,1,0], [3,1,-4,4,-1], [-3,-2,-4,-3,-3], [-4,2,4,1,3], [0,1,3,-2,-2]';
    const nearly = `param x[5]\nsubject to [${rows}] @ x <= [0, 1, 1, 0, 0, 0, 0]`;
    expect(kindsOf(nearly)).toEqual([]);
    expect(kindsOf('subject to x + y <= 0 ; x + 1.0001*y <= 1')).not.toContain('polyhedron');
  });
});

describe('entries in order', () => {
  const setsOf = (lines: string) => structureOf(`param w[4]\nparam W[3, 2]\nsubject to\n  ${lines}`).sets;
  const kindsOf = (lines: string) => setsOf(lines).map(({ kind }) => kind);

  it('are one chain, from the lowest on, on one line or on several', () => {
    const chain = (order: number[], coordinates = [0, 1, 2, 3]) => [
      { kind: 'isotonic', hasProjection: true, data: { order: [order] }, coordinates },
    ];
    expect(setsOf('w[:3] <= w[1:]')).toMatchObject(chain([0, 1, 2, 3]));
    expect(setsOf('2*w[:3] - 2*w[1:] >= 0')).toMatchObject(chain([3, 2, 1, 0]));
    expect(setsOf('w[2] <= w[0] <= w[3] ; w[1] <= w[2]')).toMatchObject(chain([1, 2, 0, 3]));
  });

  it('are a chain for each column of a matrix, and apart where they share no entry', () => {
    expect(setsOf('W[:2, :] <= W[1:, :]')).toMatchObject([
      {
        kind: 'isotonic',
        data: {
          order: [
            [0, 2, 4],
            [1, 3, 5],
          ],
        },
        coordinates: [4, 5, 6, 7, 8, 9],
      },
    ]);
    expect(kindsOf('w[:3] <= w[1:] ; W[:2, 0] <= W[1:, 0]')).toEqual(['isotonic', 'isotonic']);
  });

  it('need not be few: a hundred rows are projected on at once', () => {
    const { sets, hasExactProjection } = structureOf('param w[100]\nsubject to w[1:] >= w[:-1]');
    expect(sets).toMatchObject([{ kind: 'isotonic' }]);
    expect(hasExactProjection).toBe(true);
  });

  it('have bounds that hold for all of a chain, or for the end that stops all', () => {
    const bounded = (lower: number, upper: number) => [{ kind: 'isotonic', data: { lower: [lower], upper: [upper] } }];
    expect(setsOf('w[:3] <= w[1:] ; 0 <= w <= 1')).toMatchObject(bounded(0, 1));
    expect(setsOf('w >= 0 ; w[:3] <= w[1:]')).toMatchObject(bounded(0, Number.POSITIVE_INFINITY));
    expect(setsOf('w[:3] <= w[1:] ; w[0] >= -1 ; w[3] <= 2 ; w[1] <= 5')).toMatchObject(bounded(-1, 2));
    for (const others of ['w[1] >= 0', 'w[2] <= 1', 'w >= 0.1*t', 'w[0] >= 2 ; w[3] <= 1'])
      expect(kindsOf(`w[:3] <= w[1:] ; ${others}`)).not.toEqual(['isotonic']);
  });

  it('are no chain with a branch, in a circle, with a gap or moving, and join other rows to a polyhedron', () => {
    for (const rows of [
      'w[0] <= w[1] ; w[0] <= w[2]',
      'w[0] <= w[2] ; w[1] <= w[2]',
      'w[0] <= w[1] <= w[2] <= w[0]',
      'w[:3] + 1 <= w[1:]',
      'w[:3] <= w[1:] + 0.1*t',
      'w[:3] <= 2*w[1:]',
    ])
      expect(kindsOf(rows)).not.toContain('isotonic');
    expect(kindsOf('w[0] <= w[1]')).toEqual(['half-space']);
    const cut = structureOf('param w[4]\nsubject to w[:3] <= w[1:] ; w in simplex');
    expect(cut.sets.map(({ kind }) => kind)).toEqual(['polyhedron']);
    expect(cut.parts.map(({ kind }) => kind)).toEqual(['isotonic', 'simplex']);
  });
});

describe('half-spaces', () => {
  it('with orthogonal normals are one set', () => {
    const structure = structureOf('subject to x + y <= 1 ; x - y <= 0');
    expect(structure.sets).toMatchObject([{ kind: 'half-space', constraints: [0, 1] }]);
    expect(structure.hasExactProjection).toBe(true);
  });

  it('at other angles are a polyhedron, of two parts', () => {
    const structure = structureOf('subject to x + y <= 1 ; y <= 2*x');
    expect(structure.sets).toMatchObject([{ kind: 'polyhedron', constraints: [0, 1] }]);
    expect(structure.parts).toMatchObject([
      { kind: 'half-space', constraints: [0] },
      { kind: 'half-space', constraints: [1] },
    ]);
    expect(structure.hasExactProjection).toBe(true);
  });
});

describe('simplexes', () => {
  it('join a sum with x ≥ 0 on exactly its entries, typed on any lines', () => {
    const { sets } = structureOf(
      'param v\nparam w[3]\nsubject to\n  w[1:] >= 0\n  2*sum(w) = 3\n  w[0] >= 0\n  v <= 1',
    );
    expect(sets).toMatchObject([
      { kind: 'simplex', constraints: [0, 1, 2], coordinates: [1, 2, 3], data: { totals: [1.5] } },
      { kind: 'box', constraints: [3] },
    ]);
  });

  it('are one for each row of a stochastic matrix', () => {
    const structure = structureOf('param V[2, 3]\nsubject to V in stochastic');
    expect(structure.sets).toMatchObject([
      { kind: 'simplex', data: { totals: [1, 1] }, coordinates: [0, 1, 2, 3, 4, 5] },
    ]);
    expect(structure.hasExactProjection).toBe(true);
  });

  it('may share one line x ≥ 0, and need not be contiguous', () => {
    const { sets } = structureOf('param V[2, 2]\nsubject to\n  V >= 0\n  V[0,0] + V[1,0] = 1\n  V[0,1] + V[1,1] = 2');
    expect(sets).toMatchObject([
      { kind: 'simplex', constraints: [0, 1, 2], coordinates: [0, 2, 1, 3], data: { totals: [1, 2] } },
    ]);
  });

  it.each([
    ['a free entry', 'param w[3]\nsubject to w[:2] >= 0 ; sum(w) = 1', ['box-plane']],
    ['unequal weights', 'param w[2]\nsubject to w >= 0 ; w[0] + 2*w[1] = 1', ['box-plane']],
    ['a negative total', 'param w[2]\nsubject to w >= 0 ; sum(w) = -1', ['nonnegativity', 'affine']],
    ['a bound other than 0', 'param w[2]\nsubject to w >= 0.1 ; sum(w) = 1', ['box-plane']],
  ])('are not seen with %s', (_, text, kinds) => {
    const structure = structureOf(text);
    expect(structure.sets.map(({ kind }) => kind)).toEqual(kinds);
    expect(structure.hasExactProjection).toBe(kinds.length === 1);
  });

  it('take in bounds that they imply', () => {
    const { sets } = structureOf('param w[3]\nsubject to\n  0 <= w <= 1\n  w[0] >= -1\n  sum(w) = 1');
    expect(sets).toMatchObject([{ kind: 'simplex', constraints: [0, 1, 2, 3] }]);
  });

  it('may have totals that move', () => {
    const structure = structureOf('param w[4]\nsubject to\n  w >= 0\n  2*w[0] + 2*w[1] = 2 + t\n  w[2] + w[3] = 3');
    expect(structure.sets).toMatchObject([
      {
        kind: 'simplex',
        data: { totals: [1, 3] },
        moving: { totals: { rows: [4, 0], factors: [0.5, 0], fixed: [0, 3] } },
      },
    ]);
    expect(structure.hasExactProjection).toBe(true);
    expect(structureOf('param w[2]\nsubject to 0 <= w <= 2 ; sum(w) = 1 + t').sets).toMatchObject([
      { kind: 'box-plane' }, // the total passes the bound
    ]);
  });

  it('are solid where the sum is a budget', () => {
    const text =
      'param w[3]\nparam v[2]\nsubject to\n  0 <= w <= 2\n  v <= 1\n  sum(w) <= 1.5\n  v[0] >= 0 ; v[1] >= -1';
    const structure = structureOf(text);
    expect(structure.sets).toMatchObject([
      { kind: 'solid-simplex', constraints: [0, 1, 3], data: { totals: [1.5] } },
      { kind: 'box', constraints: [2, 4, 5] },
    ]);
    expect(structure.hasExactProjection).toBe(true);
    expect(structureOf('param w[2]\nsubject to\n  sum(w) <= 1\n  w >= 0').parts.map(({ kind }) => kind)).toEqual([
      'half-space',
      'nonnegativity', // cycles go over what was typed
    ]);
    expect(structureOf('param w[2]\nsubject to w >= 0 ; sum(w) >= 1').sets).toMatchObject([{ kind: 'box-plane' }]);
  });

  it('are none with a bound that says more', () => {
    const structure = structureOf('param w[3]\nsubject to\n  w in simplex\n  w <= 0.5');
    expect(structure.sets.map(({ kind }) => kind)).toEqual(['box-plane']);
    expect(structure.parts.map(({ kind }) => kind)).toEqual(['box', 'affine']);
    expect(structure.hasExactProjection).toBe(true);
  });
});

describe('slices of boxes', () => {
  it('have limits for sums that share no entry, each from one line or two', () => {
    const structure = structureOf(
      'param w[5]\nsubject to\n  0 <= w <= 1\n  w[0] + 2*w[1] <= 2\n  -2*w[0] - 4*w[1] <= -1\n  abs(w[2] - w[3]) <= 0.5',
    );
    expect(structure.sets).toMatchObject([
      {
        kind: 'box-plane',
        constraints: [0, 1, 2, 3, 4],
        data: {
          A: [
            [1, 2, 0, 0, 0],
            [0, 0, 1, -1, 0],
          ],
          least: [0.5, -0.5],
          most: [2, 0.5],
        },
      },
    ]);
    expect(structure.parts.map(({ kind }) => kind)).toContain('box'); // cycles go over what was typed
    expect(structure.hasExactProjection).toBe(true);
  });

  it('may move with the step', () => {
    const { sets } = structureOf('param w[3]\nsubject to\n  t/T <= w <= 2\n  -1 - t <= 2*w[0] - w[2] <= 1');
    expect(sets).toMatchObject([
      {
        kind: 'box-plane',
        hasProjection: true,
        data: { A: [[2, 0, -1]], least: [-1], most: [1] },
        moving: { least: { rows: [6] }, lower: { rows: [0, 1, 2] } },
      },
    ]);
  });

  it('are none where no point is left, and equalities alone where rows overlap', () => {
    const kindsOf = (text: string) => structureOf(`param w[30]\nsubject to\n  0 <= w <= 1\n  ${text}`).sets;
    expect(kindsOf('sum(w) >= 31').map(({ kind }) => kind)).toEqual(['box', 'half-space']);
    expect(kindsOf('sum(w[:20]) <= 2 ; sum(w[10:]) = 3').map(({ kind }) => kind)).toEqual(['box-plane', 'half-space']);
  });
});

describe('balls', () => {
  it('may have a radius that moves about a center that stays', () => {
    const { sets } = structureOf('subject to 2*(x - 1)^2 + 2*y^2 <= 8 - t');
    expect(sets).toMatchObject([
      {
        kind: 'ball',
        hasProjection: true,
        data: { center: [1, 0], radius: 2 },
        moving: { radius: { rows: [0], factors: [0.5], fixed: [1], areSquares: true } },
      },
    ]);
    expect(structureOf('param w[2]\nsubject to w in ball(1 + t/T)').hasExactProjection).toBe(true);
  });

  it.each([
    ['param w[3]\nsubject to w in ball(2)', 'ball', [0, 0, 0], 2],
    ['subject to x^2 + y^2 - 2*x + 4*y <= 4', 'ball', [1, -2], 3],
    ['subject to 8 >= 2*(x - 1)^2 + 2*y^2', 'ball', [1, 0], 2],
    ['param w[2]\nsubject to norm(w) <= 3', 'ball', [0, 0], 3],
    ['param w[2]\nsubject to 2*sqrt(sum((w - 1)**2)) - 1 <= 0', 'ball', [1, 1], 0.5],
    ['param w[2]\nsubject to w in sphere(2)', 'sphere', [0, 0], 2],
    ['param w[2]\nsubject to norm(w) = 1', 'sphere', [0, 0], 1],
    ['subject to 1 = dot([x, y], [x, y])', 'sphere', [0, 0], 1],
    ['param w[3]\nsubject to w in l1ball(2)', 'l1ball', [0, 0, 0], 2],
    ['subject to 2*abs(x) + abs(2*y - 1) <= 4', 'l1ball', [0, 0.5], 2],
    ['subject to abs(x) + 2*abs(y - 1) <= 1', 'weighted-l1ball', [0, 1], 1],
    ['data c = [3, 1]\nparam w[2]\nsubject to c @ abs(w) <= 6', 'weighted-l1ball', [0, 0], 6],
    ['subject to abs(x) + abs(y) = 1', 'l1sphere', [0, 0], 1],
    ['param w[2]\nsubject to w in l1sphere(2)', 'l1sphere', [0, 0], 2],
  ] as const)('%s', (text, kind, center, radius) => {
    const structure = structureOf(text);
    expect(structure.sets).toMatchObject([{ kind, data: { center, radius } }]);
    expect(structure.hasExactProjection).toBe(true);
  });

  it('of ten thousand entries need no matrix', () => {
    expect(structureOf('param w[10000] = 0.5\nsubject to sum(w**2) <= 1').sets).toMatchObject([{ kind: 'ball' }]);
  });

  it.each([
    ['an ellipse', 'subject to x^2 + 2*y^2 <= 1'],
    ['a rotated ellipse', 'subject to x^2 + x*y + y^2 <= 1'],
    ['the outside of a ball', 'subject to x^2 + y^2 >= 1'],
    ['the outside of a ball by its length', 'param w[2]\nsubject to norm(w) >= 1'],
    ['an empty ball', 'subject to x^2 + y^2 <= -1'],
    ['a cylinder with a slope', 'subject to x^2 + y <= 1'],
    ['a center that moves', 'subject to (x - t)^2 + y^2 <= 1'],
    ['a norm of degree 4', 'subject to x^4 + y^4 <= 1'],
    ['distances from two lines', 'subject to abs(x + y) + abs(x - y) <= 1'],
    ['an entry with two distances', 'subject to abs(x) + abs(x - 1) + abs(y) <= 4'],
    ['a product of distances', 'subject to abs(x)*abs(y) <= 1'],
    ['a length and more', 'param w[2]\nsubject to norm(w) + w[0] <= 1'],
    ['the l1 sphere with weights of both signs', 'subject to abs(x) - abs(y) = 1'],
  ])('%s is claimed by no kind', (_, text) => {
    expect(structureOf(text)).toMatchObject({ sets: [], lines: [], unrecognized: [0], hasExactProjection: false });
  });
});

it.each([
  ['data I = [[1, 0], [0, 1]]\nparam W[3, 2]\nsubject to W.T @ W = I', [3, 2]],
  ['param W[2, 3]\nsubject to [[1, 0], [0, 1]] = W @ W.T', [2, 3]],
])('orthonormal vectors may be typed as a product: %s', (text, shape) => {
  expect(structureOf(text).sets).toMatchObject([{ kind: 'orthogonal', data: { shape } }]);
});

it.each(['W.T @ W = [[2, 0], [0, 1]]', '(2*W).T @ (2*W) = [[1, 0], [0, 1]]', 'W @ W = [[1, 0], [0, 1]]'])(
  'other products are not: %s',
  (line) => {
    expect(structureOf(`param W[2, 2]\nsubject to ${line}`).sets).toEqual([]);
  },
);

it('sets on disjoint entries are a product', () => {
  const structure = structureOf(
    'param w[3]\nparam V[2, 2]\nparam u[2]\nparam b\nsubject to\n  u in ball(1)\n  V = V.T\n  w in simplex\n  b >= 0',
  );
  expect(structure.sets.map(({ kind }) => kind)).toEqual(['ball', 'affine', 'simplex', 'nonnegativity']);
  expect(structure.hasExactProjection).toBe(true);
});

// ── the reference values ──

type ReferenceSet =
  | { readonly kind: 'nonneg' }
  | { readonly kind: 'box'; readonly lo: readonly number[]; readonly hi: readonly number[] }
  | { readonly kind: 'simplex'; readonly total: number }
  | { readonly kind: 'l1ball'; readonly radius: number }
  | { readonly kind: 'halfspace' | 'hyperplane'; readonly a: readonly number[]; readonly b: number }
  | { readonly kind: 'ball' | 'sphere'; readonly center: readonly number[]; readonly radius: number }
  | { readonly kind: 'intersection'; readonly sets: readonly ReferenceSet[] };

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, entry, i) => sum + entry * at(b, i), 0);

/** The formulas of the reference values, section 4. */
function nearest(set: ReferenceSet, x: readonly number[]): number[] {
  switch (set.kind) {
    case 'nonneg':
      return x.map((entry) => Math.max(entry, 0));
    case 'box':
      return x.map((entry, i) => Math.min(Math.max(entry, at(set.lo, i)), at(set.hi, i)));
    case 'simplex': {
      const sorted = [...x].sort((a, b) => b - a);
      const sums = sorted.map((_, k) => sorted.slice(0, k + 1).reduce((sum, entry) => sum + entry, 0));
      const r = sorted.filter((entry, k) => (k + 1) * entry > at(sums, k) - set.total).length;
      return x.map((entry) => Math.max(entry - (at(sums, r - 1) - set.total) / r, 0));
    }
    case 'l1ball': {
      const sizes = x.map(Math.abs);
      const inside = sizes.reduce((sum, entry) => sum + entry, 0) <= set.radius;
      const shrunk = nearest({ kind: 'simplex', total: set.radius }, sizes);
      return inside ? [...x] : shrunk.map((entry, i) => Math.sign(at(x, i)) * entry);
    }
    case 'halfspace':
    case 'hyperplane': {
      const beyond = dot(set.a, x) - set.b;
      const step = (set.kind === 'halfspace' ? Math.max(beyond, 0) : beyond) / dot(set.a, set.a);
      return x.map((entry, i) => entry - at(set.a, i) * step);
    }
    case 'ball':
    case 'sphere': {
      const length = Math.hypot(...x.map((entry, i) => entry - at(set.center, i)));
      const isKept = set.kind === 'ball' && length <= set.radius;
      return isKept
        ? [...x]
        : x.map((entry, i) => at(set.center, i) + ((entry - at(set.center, i)) * set.radius) / length);
    }
    case 'intersection':
      throw new Error('has no formula');
  }
}

/** Points on a coarse grid around 0, shifted so that none is a center. */
const points = (size: number): number[][] =>
  Array.from({ length: 60 }, (_, k) =>
    Array.from({ length: size }, (__, i) => ((k * 7 + i * i * 5 + i * 3) % 17) / 4 - 1.9),
  );

function isSame(recognized: RecognizedSet, set: ReferenceSet, size: number): boolean {
  const project = catalog.constraints.find(({ id }) => id === recognized.kind)?.project;
  if (!project) return false;
  const projected = evaluator(size, (ops, x) =>
    within(ops, x, recognized.coordinates, (entries) => project(ops, entries, dataTensors(ops, recognized.data))),
  );
  return points(size).every((point) => {
    const [found, wanted] = [projected(point), nearest(set, point)];
    return wanted.every((entry, i) => Math.abs(entry - at(found, i)) < 1e-12);
  });
}

describe('the problems of the reference values', () => {
  const problems = Object.entries(reference.problems).map(([id, problem]) => {
    const { set } = problem as ReferenceProblem & { readonly set?: ReferenceSet };
    return { id, problem, set, structure: structureOf(problemText(problem, [])) };
  });

  it('are all 40 of them', () => expect(problems).toHaveLength(40));

  it.each(problems.flatMap(({ set, ...others }) => (set && set.kind !== 'intersection' ? [{ ...others, set }] : [])))(
    '$id is its set, with an exact projection',
    ({ set, problem, structure }) => {
      expect(structure.sets).toHaveLength(1);
      expect(isSame(at(structure.sets, 0), set, problem.n)).toBe(true);
      expect(structure.hasExactProjection).toBe(true);
    },
  );

  it.each(problems.flatMap(({ set, ...others }) => (set?.kind === 'intersection' ? [{ ...others, set }] : [])))(
    '$id has the sets of the intersection, in the order typed',
    ({ set: { sets }, problem, structure }) => {
      const recognized = sets.length === problem.constraints.length ? structure.lines : structure.parts;
      expect(recognized).toHaveLength(sets.length);
      sets.forEach((set, i) => {
        expect(isSame(at(recognized, i), set, problem.n)).toBe(true);
      });
    },
  );

  it.each(problems.flatMap(({ problem: { A, constraints }, ...others }) => (A ? [{ ...others, A, constraints }] : [])))(
    '$id has its affine equalities',
    ({ A, constraints, structure }) => {
      expect(structure.affine?.A.data).toEqual(Float64Array.from(A.flat()));
      const isOther = constraints.length > A.length;
      if (!isOther) expect(structure.sets.map(({ kind }) => kind)).toEqual(['affine']);
    },
  );

  it('leave unclaimed what is curved in other ways, which has no formula', () => {
    const unclaimed = problems.filter(({ structure }) => structure.unrecognized.length > 0).map(({ id }) => id);
    expect(unclaimed).toEqual(['poly-3', 'hs6', 'hs39']);
  });
});
