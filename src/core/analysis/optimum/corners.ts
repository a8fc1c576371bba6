/** Absolute values, maxima and the like in what is minimised and in what must hold: where a problem may have corners. */
import { at } from '../../diagnostic.ts';
import { objectiveOf, residualOf } from '../../problem/elaborate.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import { reachable } from '../../tensor/evaluate.ts';
import type { Ops, Tensor } from '../../tensor/ops.ts';
import { type Shape, sizeOf } from '../../tensor/shape.ts';
import type { Id, Value } from '../../tensor/value.ts';
import { squareOf } from '../recorded/roots.ts';
import { type Symbols, symbolsOf } from '../recorded/symbols.ts';

/** `side` · (the largest of side · pieces), entry by entry. */
export interface Corner {
  readonly node: Id;
  readonly shape: Shape;
  readonly side: 1 | -1;
}

/** A clipped value, or one entry of lengths ‖a‖ with the entries of a. */
export type Fold =
  | { readonly node: Id; readonly kind: 'clip' }
  | {
      readonly node: Id;
      readonly kind: 'length';
      readonly entry: number;
      readonly inside: { readonly of: Id; readonly entries: readonly number[] } | null;
    };

/** What a problem minimises and must keep, recorded at a point of its own, with its corners in the order recorded. */
export interface Bent {
  readonly symbols: Symbols;
  readonly loss: Tensor;
  /** Null for sets whose rows are not those that are recorded: eigenvalues and singular values. */
  readonly residuals: readonly (Tensor | null)[];
  readonly corners: readonly Corner[];
  /** Other values without a slope somewhere; where one of their gaps is 0, nothing is known. */
  readonly folds: readonly Fold[];
  /** Corners that decide which branch of a `where` is taken: something may jump where a variable stands for one of them. */
  readonly deciding: ReadonlySet<number>;
  /** Values that depend on x. */
  readonly moving: ReadonlySet<Id>;
}

const COMPARISONS: ReadonlySet<string> = new Set(['less', 'lessEqual', 'equal']);
const SPECTRAL: ReadonlySet<string> = new Set(['psd', 'spectralball', 'nuclearball']);
const hasOwnRows = ({ membership, relation }: Constraint): boolean =>
  membership !== undefined && relation === 'inequality' && SPECTRAL.has(membership.set);

/**
 * The corners of a problem. Values in loops are not looked into: there are no corners then. The same problem is recorded in the same
 * order always.
 */
export function bentOf(problem: Problem): Bent {
  const symbols = symbolsOf(problem);
  const { ops, x, t, T } = symbols;
  const loss = objectiveOf(ops, problem, x, t, T);
  const residuals = problem.constraints.map((constraint) =>
    hasOwnRows(constraint) ? null : residualOf(ops, problem, constraint, x, t, T),
  );
  const roots = [loss, ...residuals].flatMap((root) => (root ? [root.id] : []));
  const order = [...reachable(ops, roots)].sort((a, b) => a - b);
  const moving = new Set<Id>();
  for (const id of order) if (id === x.id || at(ops.values, id).args.some((arg) => moving.has(arg))) moving.add(id);
  const hasLoop = order.some((id) => at(ops.values, id).op === 'repeat' && moving.has(id));
  const users = usersOf(ops, order);
  const [corners, folds]: [Corner[], Fold[]] = [[], []];
  const branches: Id[] = [];
  for (const id of hasLoop ? [] : order) {
    if (!moving.has(id)) continue;
    const value = at(ops.values, id);
    if (isSmoothed(ops, id, users) || isShift(ops, id, users)) continue;
    if (piecesOf(ops, value)) corners.push({ node: id, shape: value.shape, side: value.op === 'minimum' ? -1 : 1 });
    else if (clipEnds(ops, value)) folds.push({ node: id, kind: 'clip' });
    else if (value.op === 'where' && squareOf(ops, value) !== null) folds.push(...lengthFolds(ops, value, id));
    else if (value.op === 'where' && !isContinuous(ops, id, users)) branches.push(at(value.args, 0));
    else if (COMPARISONS.has(value.op) && users.get(id)?.some((user) => at(ops.values, user).op !== 'where'))
      branches.push(id); // counted with, as in sum((x > 0)*x)
  }
  const decisive = reachable(ops, branches);
  const deciding = new Set(corners.flatMap(({ node }, k) => (decisive.has(node) ? [k] : [])));
  return { symbols, loss, residuals, corners, folds, deciding, moving };
}

/** Whether absolute values, maxima and the like stand in a constraint: its slope jumps at them. */
export function areRowsBent({ symbols, residuals, corners }: Bent): boolean {
  const own = reachable(
    symbols.ops,
    residuals.flatMap((residual) => (residual ? [residual.id] : [])),
  );
  return corners.some(({ node }) => own.has(node));
}

function usersOf(ops: Ops, order: readonly Id[]): Map<Id, Id[]> {
  const users = new Map<Id, Id[]>();
  for (const id of order)
    for (const arg of new Set(at(ops.values, id).args)) users.set(arg, [...(users.get(arg) ?? []), id]);
  return users;
}

/** Whether all that reads a value takes its square, or a softplus of which it is half: then it bends without a corner. */
function isSmoothed(ops: Ops, id: Id, users: ReadonlyMap<Id, readonly Id[]>): boolean {
  const own = users.get(id) ?? [];
  return (
    own.length > 0 &&
    own.every((user) => {
      const { op, args } = at(ops.values, user);
      if (op === 'multiply') return args[0] === id && args[1] === id;
      if (op === 'matmul') return args[0] === id && args[1] === id && at(ops.values, id).shape.length === 1;
      return op === 'add' && args[0] === id && isLogOfOneAndExp(ops, at(args, 1)); // softplus
    })
  );
}

/** The largest entry m where log Σ exp(a) is recorded as m + log Σ exp(a − m): so that nothing overflows, and no corner. */
function isShift(ops: Ops, id: Id, users: ReadonlyMap<Id, readonly Id[]>): boolean {
  const { op, args } = at(ops.values, id);
  if (op !== 'max') return false;
  const recorded = (one: Id) => at(ops.values, one);
  const readers = (of: Id): readonly Id[] => users.get(of) ?? [];
  const isTakenAway = (reader: Id, from: Id): boolean => {
    const { op, args: own } = recorded(reader);
    if (op === 'reshape' || op === 'broadcast') return readers(reader).every((next) => isTakenAway(next, reader));
    const isDifference = op === 'subtract' && own[0] === args[0] && own[1] === from;
    return isDifference && readers(reader).every((next) => recorded(next).op === 'exp');
  };
  const isGivenBack = (reader: Id): boolean => {
    const sum = recorded(reader);
    const chain = [sum.args[1] ?? id]; // log, sum, exp, a − m
    for (let k = 0; k < 3; k++) chain.push(recorded(at(chain, k)).args[0] ?? id);
    const names = [reader, ...chain].map((one) => recorded(one).op).join();
    return names === 'add,log,sum,exp,subtract' && sum.args[0] === id && recorded(at(chain, 3)).args[0] === args[0];
  };
  return readers(id).some(isGivenBack) && readers(id).every((reader) => isGivenBack(reader) || isTakenAway(reader, id));
}

/** where(p < q, p or q, the other), where(0 < a, −a, a) as in a softplus, and what a length takes the root of. */
function isContinuous(ops: Ops, id: Id, users: ReadonlyMap<Id, readonly Id[]>): boolean {
  const { args } = at(ops.values, id);
  const [condition, yes] = args.map((arg) => at(ops.values, arg));
  const compared: readonly Id[] = condition?.op === 'less' ? condition.args : [];
  const isExtreme = [args[1], args[2]].every((arg) => arg !== undefined && compared.includes(arg));
  const isNegative = yes?.op === 'negate' && yes.args[0] === args[2] && compared[1] === args[2];
  const isUnderRoot =
    compared[1] === args[1] && (users.get(id) ?? []).every((user) => at(ops.values, user).op === 'sqrt');
  return isExtreme || isNegative || isUnderRoot;
}

function isLogOfOneAndExp(ops: Ops, id: Id): boolean {
  const log = at(ops.values, id);
  const sum = log.op === 'log' ? at(ops.values, log.args[0]) : null;
  return sum?.op === 'add' && sum.args.some((arg) => at(ops.values, arg).op === 'exp');
}

/** Of how many pieces a corner is the largest, by the way it was recorded; null for other values. */
function piecesOf(ops: Ops, value: Value): 'abs' | 'pair' | 'relu' | 'all' | null {
  switch (value.op) {
    case 'abs':
      return 'abs';
    case 'maximum':
    case 'minimum':
      return 'pair';
    case 'max':
      return 'all';
    case 'where':
      return isRelu(ops, value) ? 'relu' : null;
    default:
      return null;
  }
}

const isZero = (ops: Ops, id: Id): boolean => ops.scalarConstant({ id, shape: at(ops.values, id).shape }) === 0;

/** As relu is recorded: where(0 < a, a, 0). */
function isRelu(ops: Ops, { args }: Value): boolean {
  const [condition, a, zero] = args;
  if (condition === undefined || a === undefined || zero === undefined || !isZero(ops, zero)) return false;
  const { op, args: compared } = at(ops.values, condition);
  return op === 'less' && isZero(ops, at(compared, 0)) && compared[1] === a;
}

/** As clip is recorded, where(a < low, low, where(high < a, high, a)): its argument and its ends. */
export function clipEnds(ops: Ops, { op, args }: Value): { readonly a: Id; readonly ends: readonly Id[] } | null {
  const [condition, low, rest] = args;
  if (op !== 'where' || condition === undefined || low === undefined || rest === undefined) return null;
  const [below, inner] = [at(ops.values, condition), at(ops.values, rest)];
  if (below.op !== 'less' || below.args[1] !== low || inner.op !== 'where') return null;
  return inner.args[2] === below.args[0] ? { a: below.args[0], ends: [low, inner.args[1]] } : null;
}

/** One for each length, of all of a or of its rows or columns, as `norm` records them. */
function lengthFolds(ops: Ops, value: Value, node: Id): Fold[] {
  const square = squareOf(ops, value);
  const sum = square === null ? null : at(ops.values, square);
  const product = sum?.op === 'sum' ? at(ops.values, sum.args[0]) : null;
  const a = product?.op === 'multiply' && product.args[0] === product.args[1] ? product.args[0] : null;
  const { axis } = (sum?.attributes ?? {}) as { readonly axis?: number | null };
  const shape = a === null ? [] : at(ops.values, a).shape;
  const all = Array.from({ length: sizeOf(shape) }, (_, k) => k);
  const [, columns = 1] = shape;
  const ownerOf = (k: number) => (typeof axis !== 'number' ? 0 : axis === 0 ? k % columns : Math.floor(k / columns));
  return Array.from({ length: sizeOf(value.shape) }, (_, entry) => ({
    node,
    kind: 'length' as const,
    entry,
    inside: a === null ? null : { of: a, entries: all.filter((k) => ownerOf(k) === entry) },
  }));
}

/** Rows `side · piece − side · u`, none above 0 where u is the corner's value, and the entry of u that each is about. */
export function excessRows(
  ops: Ops,
  value: Value,
  side: 1 | -1,
  args: readonly Tensor[],
  u: Tensor,
): { readonly rows: Tensor; readonly owners: readonly number[] } {
  const flat = (a: Tensor) => ops.reshape(a, [sizeOf(a.shape)]);
  const all = Array.from({ length: sizeOf(u.shape) }, (_, k) => k);
  const pair = (...pieces: readonly Tensor[]) => ({
    rows: ops.concat(pieces.map((piece) => flat(side === 1 ? ops.subtract(piece, u) : ops.subtract(u, piece)))),
    owners: pieces.flatMap(() => all),
  });
  const a = at(args, 0);
  switch (piecesOf(ops, value)) {
    case 'abs':
      return pair(a, ops.negate(a));
    case 'relu':
      return pair(at(args, 1), ops.constant(new Float64Array(sizeOf(u.shape)), u.shape));
    case 'pair':
      return pair(a, at(args, 1));
    default: {
      const { axis } = value.attributes as { readonly axis: number | null };
      const kept =
        axis === null
          ? u
          : ops.reshape(
              u,
              a.shape.map((length, i) => (i === axis ? 1 : length)),
            );
      const columns = at(a.shape, a.shape.length - 1);
      const owners = Array.from({ length: sizeOf(a.shape) }, (_, k) =>
        axis === null || a.shape.length === 1 ? 0 : axis === 0 ? k % columns : Math.floor(k / columns),
      );
      return { rows: flat(ops.subtract(a, kept)), owners };
    }
  }
}
