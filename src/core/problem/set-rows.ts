/** Residual rows of sets that no expression of the language describes; `membership` names them. A string says what does not fit. */
import { at, invariant } from '../diagnostic.ts';
import type { Expr } from '../language/expr.ts';
import { boundaryEigenvectors, boundaryLength, boundaryNuclear, boundaryRotation } from '../tensor/boundary.ts';
import { gather } from '../tensor/coordinates.ts';
import { largestEntries } from '../tensor/largest.ts';
import { lying } from '../tensor/lying.ts';
import { spectrum } from '../tensor/matrix.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { groupsOf, upperEntries } from '../tensor/patterns.ts';
import { describeShape, sameShape, sizeOf } from '../tensor/shape.ts';
import { quotients, rowLengths, symmetricPart } from '../tensor/singular.ts';
import { beyondRank } from '../tensor/truncated.ts';
import type { Constraint } from './problem.ts';

/**
 * `slope` is ∇f in the member's shape, where it is known: of equal eigenvalues or singular values on the boundary, it decides which
 * vectors stand for them, so that multipliers exist wherever −∇f points out of the set.
 */
type Rows = (ops: Ops, args: readonly Tensor[], slope?: Tensor) => Tensor | string;

/** Rotations are made anew at each measure: a matrix of this size takes some hundredths of a second. */
const MOST_ROTATED = 64;

const square =
  (rows: (ops: Ops, X: Tensor, n: number, slope?: Tensor) => Tensor | string): Rows =>
  (ops, args, slope) => {
    const X = at(args, 0);
    const [m, n] = X.shape;
    return m !== undefined && m === n
      ? rows(ops, X, n, slope)
      : `This set holds square matrices, and this has shape ${describeShape(X.shape)}.`;
  };

const matrix =
  (
    rows: (
      ops: Ops,
      X: Tensor,
      size: readonly [number, number],
      args: readonly Tensor[],
      slope?: Tensor,
    ) => Tensor | string,
  ): Rows =>
  (ops, args, slope) => {
    const X = at(args, 0);
    const [m, n] = X.shape;
    return m !== undefined && n !== undefined
      ? rows(ops, X, [m, n], args, slope)
      : `This set holds matrices, and this has shape ${describeShape(X.shape)}.`;
  };

const tooLarge = (size: number): string | null =>
  size > MOST_ROTATED
    ? `Eigenvalues and singular values are computed of up to ${MOST_ROTATED} rows, and these are ${size}.`
    : null;

const flat = (ops: Ops, x: Tensor): Tensor => ops.reshape(x, [sizeOf(x.shape)]);

/** Null where the numbers are not known before the run. */
function knownNumbers(ops: Ops, a: Tensor): Float64Array | null {
  const value = ops.valueOf(a);
  if (value.op === 'constant') return value.attributes.data;
  const scalar = ops.scalarConstant(a);
  return scalar === null ? null : new Float64Array(sizeOf(a.shape)).fill(scalar);
}

/** From 0 on; null for all else. */
function wholeNumber(ops: Ops, a: Tensor): number | null {
  const numbers = knownNumbers(ops, a);
  const k = numbers?.length === 1 ? at(numbers, 0) : Number.NaN;
  return Number.isInteger(k) && k >= 0 ? k : null;
}

/** Numbers of an argument in the shape of the member. */
function alike(ops: Ops, x: Tensor, a: Tensor, what: string): Float64Array | string {
  if (!sameShape(a.shape, x.shape))
    return `${what} must have the shape of what they are for, ${describeShape(x.shape)}, and have ${describeShape(a.shape)}.`;
  return knownNumbers(ops, a) ?? `${what} must be numbers that do not change.`;
}

export const SET_ROWS: ReadonlyMap<string, Rows> = new Map<string, Rows>([
  [
    'rows of symmetric',
    square((ops, X, n) =>
      n === 1
        ? 'A matrix of one entry is symmetric always.'
        : upperEntries(ops, ops.subtract(X, ops.transpose(X)), false),
    ),
  ],
  ['rows of antisymmetric', square((ops, X) => upperEntries(ops, ops.add(X, ops.transpose(X)), true))],
  [
    'rows of toeplitz',
    matrix((ops, X, [m, n]) => {
      if (m === 1 || n === 1) return 'A matrix of one row or column is a Toeplitz matrix always.';
      const part = (offset: number) => ops.slice(X, { offset, strides: [n, 1], shape: [m - 1, n - 1] });
      return flat(ops, ops.subtract(part(n + 1), part(0)));
    }),
  ],
  [
    'rows of circulant',
    square((ops, X, n) => {
      if (n === 1) return 'A matrix of one entry is circulant always.';
      // Each row is the one above it, moved by one.
      const view = (offset: number, columns: number) => ({ offset, strides: [n, 1], shape: [n - 1, columns] });
      const inner = ops.subtract(ops.slice(X, view(n + 1, n - 1)), ops.slice(X, view(0, n - 1)));
      const wrapped = ops.subtract(ops.slice(X, view(n, 1)), ops.slice(X, view(n - 1, 1)));
      return ops.concat([flat(ops, inner), flat(ops, wrapped)]);
    }),
  ],
  [
    'rows of tied',
    (ops, args) => {
      const [x, labels] = [at(args, 0), at(args, 1)];
      const numbers = alike(ops, x, labels, 'The groups');
      if (typeof numbers === 'string') return numbers;
      const groups = groupsOf([...numbers]).filter(({ length }) => length > 1);
      if (groups.length === 0)
        return 'No two entries have the same number, so nothing is tied. Entries with equal numbers are tied.';
      const later = groups.flatMap((group) => group.slice(1));
      const firsts = groups.flatMap((group) => group.slice(1).map(() => at(group, 0)));
      const entries = flat(ops, x);
      const first = firsts.map((position) => ops.slice(entries, { offset: position, strides: [1], shape: [1] }));
      return ops.subtract(gather(ops, entries, later), ops.concat(first));
    },
  ],
  [
    'rows of mask',
    (ops, args) => {
      const [x, mask] = [at(args, 0), at(args, 1)];
      const numbers = alike(ops, x, mask, 'The entries of the mask');
      if (typeof numbers === 'string') return numbers;
      const zeros = Array.from(numbers.keys()).filter((k) => numbers[k] === 0);
      return zeros.length === 0 ? 'The mask has no 0, so nothing is kept at 0.' : gather(ops, flat(ops, x), zeros);
    },
  ],
  [
    'rows of span',
    (ops, args) => {
      const [x, B] = [at(args, 0), at(args, 1)];
      const [rows, columns] = B.shape;
      const width = x.shape[x.shape.length - 1];
      if (rows === undefined || columns === undefined)
        return `The basis is a matrix with one vector a row, and this has shape ${describeShape(B.shape)}.`;
      if (width !== columns) {
        const turned = width === rows ? ' A basis with one vector a column is turned by .T, as in span(B.T).' : '';
        return `The vectors of the basis, one a row, have ${columns} entries, and this has shape ${describeShape(x.shape)}.${turned}`;
      }
      const data = knownNumbers(ops, B);
      if (!data)
        return 'The basis must be numbers that do not change; where it is learned, write w = B.T @ c, with parameters B and c.';
      const { rank } = spectrum({ rows, columns, data: Float64Array.from(data) });
      if (rank === columns) return 'These vectors span everything, so nothing is kept.';
      return flat(ops, ops.matmul(x, ops.nullSpace(B, rank)));
    },
  ],
  [
    'rows of sparse',
    (ops, args) => {
      const [x, k] = [flat(ops, at(args, 0)), wholeNumber(ops, at(args, 1))];
      if (k === null) return 'sparse(k) takes a whole number: how many entries may differ from 0.';
      if (k >= at(x.shape, 0)) return `There are ${at(x.shape, 0)} entries, so at most ${k} always differ from 0.`;
      // Which entries are kept is taken as given: along those that are not, the set has no direction.
      return ops.multiply(ops.subtract(1, ops.still(largestEntries(ops, x, k))), x);
    },
  ],
  [
    'rows of psd',
    square((ops, X, n, slope) => {
      const S = symmetricPart(ops, X);
      const pull = slope && symmetricPart(ops, slope);
      // −vᵢᵀ S vᵢ with the eigenvectors held: the derivative of an eigenvalue is vᵢ vᵢᵀ.
      return tooLarge(n) ?? ops.negate(quotients(ops, ops.still(boundaryEigenvectors(ops, S, pull)), S));
    }),
  ],
  [
    'rows of orthogonal',
    matrix((ops, X, [m, n]) => {
      const gram = m < n ? ops.matmul(X, ops.transpose(X)) : ops.matmul(ops.transpose(X), X);
      return upperEntries(ops, ops.subtract(gram, ops.identityMatrix(Math.min(m, n))), true);
    }),
  ],
  ['rows of l1ball', (ops, args, slope) => ops.subtract(boundaryLength(ops, at(args, 0), slope), at(args, 1))],
  [
    'rows of spectralball',
    matrix((ops, X, [m, n], args, slope) => {
      const [A, radius] = [lying(ops, X), at(args, 1)];
      const large = tooLarge(Math.min(m, n));
      if (large) return large;
      // σᵢ − r with the left singular vectors held.
      const rotation = boundaryRotation(ops, A, radius, slope && lying(ops, slope));
      return ops.subtract(rowLengths(ops, ops.matmul(ops.still(rotation), A)), radius);
    }),
  ],
  [
    'rows of nuclearball',
    matrix((ops, X, [m, n], args, slope) => {
      const large = tooLarge(Math.min(m, n));
      return large ?? ops.subtract(boundaryNuclear(ops, lying(ops, X), slope && lying(ops, slope)), at(args, 1));
    }),
  ],
  [
    'rows of lowrank',
    matrix((ops, X, [m, n], args) => {
      const k = wholeNumber(ops, at(args, 1));
      if (k === null) return 'lowrank(k) takes a whole number: how many singular values may differ from 0.';
      const most = Math.min(m, n);
      if (k >= most) return `A matrix of shape ${describeShape(X.shape)} has rank ${most} at most, so nothing is kept.`;
      return tooLarge(most) ?? flat(ops, beyondRank(ops, lying(ops, X), k));
    }),
  ],
]);

/** Sets with vectors that are not unique on the boundary. */
const WITH_SLOPE: ReadonlySet<string> = new Set(['psd', 'spectralball', 'nuclearball', 'l1ball']);

/** The rows of such a set's inequality with the loss's slope; null for all other constraints, whose rows need none. */
export function boundaryRows(
  ops: Ops,
  { membership, relation }: Pick<Constraint, 'membership' | 'relation'>,
  valued: (expr: Expr) => Tensor,
  slope: () => (expr: Expr) => Tensor,
): Tensor | null {
  if (!membership || relation !== 'inequality' || !WITH_SLOPE.has(membership.set)) return null;
  const { member, args, set } = membership;
  const rows = SET_ROWS.get(`rows of ${set}`)?.(ops, [member, ...args].map(valued), slope()(member));
  invariant(rows && typeof rows !== 'string', 'a checked membership has rows');
  return rows;
}
