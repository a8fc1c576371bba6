/** `w in simplex` and the like → the relations that define the set. */
import type { Diagnostic, Span } from '../diagnostic.ts';
import type { RelationOperator } from '../language/document.ts';
import type { CallExpr, Expr, NameExpr } from '../language/expr.ts';
import { nearest } from '../language/nearest.ts';
import { printText } from '../language/print-text.ts';

export interface Sides {
  readonly left: Expr;
  readonly operator: RelationOperator;
  readonly right: Expr;
}

/** The relations of a typed membership. */
export interface Membership {
  readonly set: string;
  readonly args: readonly Expr[];
  readonly relations: readonly Sides[];
}

interface SetEntry {
  readonly signature: string;
  /** Fewest and most arguments. */
  readonly arity: readonly [least: number, most: number];
  readonly meaning: string;
  readonly relations: (x: Expr, args: readonly Expr[]) => readonly Sides[];
}

const number = (value: number, span: Span): Expr => ({ kind: 'number', value, span });
const square = (base: Expr): Expr => ({ kind: 'power', base, exponent: number(2, base.span), span: base.span });
const call = (name: string, args: readonly Expr[], axis?: number): CallExpr => {
  const span = args[0]?.span ?? [0, 0];
  const options = axis === undefined ? [] : [{ name: 'axis', value: number(axis, span), span }];
  return { kind: 'call', name, nameSpan: span, args: [...args], options, span };
};

const define = (
  signature: string,
  meaning: string,
  relations: SetEntry['relations'],
  arity: SetEntry['arity'] = [1, 1],
): SetEntry => ({ signature, arity, meaning, relations });

const without = (signature: string, meaning: string, relations: SetEntry['relations']): SetEntry =>
  define(signature, meaning, relations, [0, 0]);

const nonnegative = (x: Expr): Sides => ({ left: x, operator: '>=', right: number(0, x.span) });
const sumIs = (x: Expr, total: Expr, axis?: number): Sides => ({
  left: call('sum', [x], axis),
  operator: '=',
  right: total,
});

/** Rows of `SET_ROWS`, = 0 or ≤ 0. */
const rowsOf =
  (set: string, operator: RelationOperator = '='): SetEntry['relations'] =>
  (x, args) => [{ left: call(`rows of ${set}`, [x, ...args]), operator, right: number(0, x.span) }];

/** Balls and spheres by squares, which are smooth at 0. */
export const SETS: ReadonlyMap<string, SetEntry> = new Map<string, SetEntry>([
  [
    'simplex',
    define(
      'simplex  or  simplex(total)',
      'Entries from 0 on that sum to 1, or to the given total.',
      (x, [total = number(1, x.span)]) => [nonnegative(x), sumIs(x, total)],
      [0, 1],
    ),
  ],
  [
    'stochastic',
    without('stochastic', 'A matrix whose rows hold entries from 0 on that sum to 1.', (x) => [
      nonnegative(x),
      sumIs(x, number(1, x.span), 1),
    ]),
  ],
  [
    'column_stochastic',
    without('column_stochastic', 'A matrix whose columns hold entries from 0 on that sum to 1.', (x) => [
      nonnegative(x),
      sumIs(x, number(1, x.span), 0),
    ]),
  ],
  [
    'doubly_stochastic',
    without(
      'doubly_stochastic',
      'A square matrix with entries from 0 on, whose rows and columns all sum to 1.',
      (x) => [nonnegative(x), sumIs(x, number(1, x.span), 1), sumIs(x, number(1, x.span), 0)],
    ),
  ],
  [
    'box',
    define(
      'box(a, b)',
      'Every entry between a and b.',
      (x, [low = x, high = x]) => [
        { left: low, operator: '<=', right: x },
        { left: x, operator: '<=', right: high },
      ],
      [2, 2],
    ),
  ],
  [
    'ball',
    define('ball(r)', 'Length at most r: Σx² ≤ r².', (x, [radius = x]) => [
      { left: call('sum', [square(x)]), operator: '<=', right: square(radius) },
    ]),
  ],
  [
    'sphere',
    define('sphere(r)', 'Length r: Σx² = r².', (x, [radius = x]) => [
      { left: call('sum', [square(x)]), operator: '=', right: square(radius) },
    ]),
  ],
  [
    'l1ball',
    define('l1ball(r)', 'Σ|x| ≤ r.', (x, [radius = x]) => [
      { left: call('sum', [call('abs', [x])]), operator: '<=', right: radius },
    ]),
  ],
  [
    'l1sphere',
    define('l1sphere(r)', 'Σ|x| = r: the surface of the ℓ₁ ball.', (x, [radius = x]) => [
      { left: call('sum', [call('abs', [x])]), operator: '=', right: radius },
    ]),
  ],
  [
    'linfball',
    define('linfball(r)', 'Every |x| ≤ r.', (x, [radius = x]) => [
      { left: call('abs', [x]), operator: '<=', right: radius },
    ]),
  ],
  ['symmetric', without('symmetric', 'A square matrix that is its own transpose.', rowsOf('symmetric'))],
  [
    'antisymmetric',
    without(
      'antisymmetric',
      'A square matrix that is minus its own transpose: zeros on the diagonal.',
      rowsOf('antisymmetric'),
    ),
  ],
  [
    'toeplitz',
    without('toeplitz', 'A matrix with equal entries along each diagonal, as of a convolution.', rowsOf('toeplitz')),
  ],
  [
    'circulant',
    without(
      'circulant',
      'A square matrix in which each row is the one above it, moved on by one.',
      rowsOf('circulant'),
    ),
  ],
  [
    'tied',
    define(
      'tied(groups)',
      'Entries with equal numbers in groups are equal: tied([0, 0, 1]) ties the first two.',
      rowsOf('tied'),
    ),
  ],
  ['mask', define('mask(M)', 'Zero wherever M is 0: a fixed pattern of connections.', rowsOf('mask'))],
  ['span', define('span(B)', 'A sum of multiples of the rows of B; of a matrix, each row.', rowsOf('span'))],
  [
    'sparse',
    define(
      'sparse(k)',
      'At most k entries that are not 0. Not convex: a run finds one good choice of them.',
      rowsOf('sparse'),
    ),
  ],
  [
    'psd',
    without('psd', 'A symmetric matrix without a negative eigenvalue, as of covariances.', (x) => [
      ...rowsOf('symmetric')(x, []),
      ...rowsOf('psd', '<=')(x, []),
    ]),
  ],
  [
    'orthogonal',
    without(
      'orthogonal',
      'Columns of length 1 at right angles, WᵀW = I; rows, where there are more columns than rows.',
      rowsOf('orthogonal'),
    ),
  ],
  [
    'spectralball',
    define(
      'spectralball(r)',
      'No singular value above r: a matrix that stretches nothing by more than r.',
      rowsOf('spectralball', '<='),
    ),
  ],
  [
    'nuclearball',
    define(
      'nuclearball(r)',
      'Singular values that sum to r at most: the nuclear norm, which favours low rank.',
      rowsOf('nuclearball', '<='),
    ),
  ],
  [
    'lowrank',
    define(
      'lowrank(k)',
      'A matrix of rank at most k. Not convex: a run finds one good choice of directions.',
      rowsOf('lowrank'),
    ),
  ],
]);

/** Names of paper and of other languages, which mean the same. */
const ALSO_CALLED: ReadonlyMap<string, string> = new Map([
  ...['Δ', 'probability_simplex', 'unit_simplex'].map((name) => [name, 'simplex'] as const),
  ...['birkhoff', 'Birkhoff', 'bistochastic', 'doublystochastic'].map((name) => [name, 'doubly_stochastic'] as const),
  ...['stiefel', 'Stiefel', 'orthonormal'].map((name) => [name, 'orthogonal'] as const),
  ...['PSD', 'semidefinite', 'positive_semidefinite', 'psd_cone'].map((name) => [name, 'psd'] as const),
  ...['row_stochastic', 'rowstochastic'].map((name) => [name, 'stochastic'] as const),
  ...['skew', 'skew_symmetric', 'skewsymmetric'].map((name) => [name, 'antisymmetric'] as const),
  ...['l2ball', 'l2_ball'].map((name) => [name, 'ball'] as const),
  ...['l1_ball'].map((name) => [name, 'l1ball'] as const),
  ...['linf_ball', 'inf_ball'].map((name) => [name, 'linfball'] as const),
  ...['spectral_ball'].map((name) => [name, 'spectralball'] as const),
  ...['nuclear_ball', 'nuclear', 'trace_norm_ball'].map((name) => [name, 'nuclearball'] as const),
  ...['low_rank', 'fixed_rank', 'rank'].map((name) => [name, 'lowrank'] as const),
  ...['cardinality', 'top_k', 'topk', 'k_sparse'].map((name) => [name, 'sparse'] as const),
  ...['subspace', 'rowspace'].map((name) => [name, 'span'] as const),
]);

/** What is written otherwise here. */
const SETS_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ...['nonnegative', 'nonneg', 'positive', 'orthant'].map((name) => [name, 'box(0, inf)'] as const),
  ...['nonpositive', 'negative'].map((name) => [name, 'box(-inf, 0)'] as const),
  ...['unit_ball', 'unitball'].map((name) => [name, 'ball(1)'] as const),
  ...['unit_sphere', 'unitsphere'].map((name) => [name, 'sphere(1)'] as const),
  ...['unit_box', 'unit_cube', 'hypercube'].map((name) => [name, 'box(0, 1)'] as const),
]);

/** Sets whose arguments may be of any sign. */
const SIGNED = new Set(['box', 'tied', 'mask', 'span']);

const isNamed = (set: Expr): set is NameExpr | CallExpr => set.kind === 'name' || set.kind === 'call';

/** The set with arguments that fit most members. */
const exampleOf = (name: string, { arity: [least] }: SetEntry): string =>
  name === 'box' ? 'box(0, 1)' : least === 0 ? name : `${name}(1)`;

/** x in a set, as the relations that say so; an error where there is no such set, or its arguments do not fit. */
export function membership(x: Expr, set: Expr): Membership | Diagnostic {
  const error = (message: string, span: Span): Diagnostic => ({ severity: 'error', message, span });
  const mended = (diagnostic: Diagnostic, at: Span, insert: string): Diagnostic => ({
    ...diagnostic,
    fix: { title: `Write ${insert}`, span: at, insert },
  });
  if (!isNamed(set)) {
    const fault = error(
      'After in stands a set, such as simplex or ball(1). An interval is a chain: 0 <= x <= 1.',
      set.span,
    );
    const space = /^[Rℝ]$/u.test(set.kind === 'power' && set.base.kind === 'name' ? set.base.name : '');
    if (space)
      return error(
        'What x is made of is said by param x[3]; that its entries are real numbers goes without saying.',
        set.span,
      );
    const ends = set.kind === 'list' && set.items.length === 2 ? set.items.map(printText).join(', ') : null;
    return ends === null ? fault : mended(fault, set.span, `box(${ends})`);
  }
  const span = set.kind === 'call' ? set.nameSpan : set.span;
  const name = ALSO_CALLED.get(set.name) ?? set.name;
  const entry = SETS.get(name);
  if (!entry) {
    const similar = SETS_ELSEWHERE.get(set.name) ?? nearest(set.name, SETS.keys());
    if (!similar) return error(`There is no set ${set.name}. There are ${[...SETS.keys()].join(', ')}.`, span);
    const fix = { title: `Write ${similar}`, span, insert: similar };
    return { ...error(`There is no set ${set.name}. Did you mean ${similar}?`, span), fix };
  }
  const args = set.kind === 'call' ? set.args : [];
  if (args.length < entry.arity[0] || args.length > entry.arity[1] || (set.kind === 'call' && set.options.length > 0))
    return mended(error(`This set is written ${entry.signature}.`, set.span), set.span, exampleOf(name, entry));
  const negative = SIGNED.has(name) ? undefined : args.find(({ kind }) => kind === 'negate');
  return negative?.kind === 'negate'
    ? mended(
        error('No point has a negative length: the set is empty.', negative.span),
        negative.span,
        printText(negative.operand),
      )
    : { set: name, args, relations: entry.relations(x, args) };
}
