/** What a typed `W in symmetric` and the like say: which set, of which entries. */
import type { ConstraintFacts, MemberEvidence } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import type { Expr } from '../../language/expr.ts';
import { expressionValue, residualOf } from '../../problem/elaborate.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import { degreeIn } from '../../tensor/degree.ts';
import type { Id } from '../../tensor/value.ts';
import { singleReads } from '../recorded/reads.ts';
import { machineOf, symbolsOf } from '../recorded/symbols.ts';

/** Sets that restrict no other entries than those that their rows read: the rest of the member is free. */
const PARTIAL: ReadonlySet<string> = new Set(['tied', 'mask']);

/** Facts of a constraint with what its membership says: a set of matrices restricts all entries of the matrix. */
export function withMember(facts: ConstraintFacts, member: MemberEvidence | null): ConstraintFacts {
  if (!member) return facts;
  const isWhole = facts.bounds === null && !PARTIAL.has(member.set);
  return { ...facts, member, coordinates: isWhole ? member.entries : facts.coordinates };
}

/** Null where the member is anything but entries of x in their order, or an argument depends on x or t. */
export function memberEvidence(problem: Problem, constraint: Constraint): MemberEvidence | null {
  const { membership } = constraint;
  if (!membership) return gramEvidence(problem, constraint);
  const symbols = symbolsOf(problem);
  const { ops, x } = symbols;
  const valued = (expr: typeof membership.member) =>
    expressionValue(ops, problem, expr, symbols.x, symbols.t, symbols.T);
  const X = valued(membership.member);
  const args = membership.args.map(valued);
  const entries = degreeIn(ops, X.id, x.id) === 1 ? singleReads(ops, X.id, x.id) : null;
  if (!entries?.every((entry, k) => entry >= 0 && (k === 0 || entry > at(entries, k - 1)))) return null;
  if (args.some((arg) => ops.valueOf(arg).uses !== 0)) return null;
  const machine = machineOf(symbols);
  const run = machine.procedure([X.id, ...args.map(({ id }) => id)]);
  machine.numbers(x.id).forEach((_, i, all) => {
    all[i] = i;
  });
  run();
  if (!machine.numbers(X.id).every((value, k) => value === entries[k])) return null; // scaled, or shifted
  const { set, statement, parts } = membership;
  return {
    set,
    statement,
    parts,
    shape: X.shape,
    entries: [...entries],
    args: args.map(({ id, shape }) => rowsOf([...machine.numbers(id)], shape)),
  };
}

/** A typed `W.T @ W = I`, or `W @ W.T = I`: orthonormal columns, or rows, of entries of x in their order. */
function gramEvidence(problem: Problem, constraint: Constraint): MemberEvidence | null {
  if (constraint.relation !== 'equality' || !isProduct(constraint.residual)) return null;
  const symbols = symbolsOf(problem);
  const { ops, x, t, T } = symbols;
  const residual = at(ops.values, residualOf(ops, problem, constraint, x, t, T).id);
  if (residual.op !== 'subtract') return null;
  const [gram, unit] = [...residual.args].sort((a, b) => at(ops.values, b).uses - at(ops.values, a).uses);
  const product = gram === undefined ? null : at(ops.values, gram);
  if (product?.op !== 'matmul' || unit === undefined || at(ops.values, unit).uses !== 0) return null;
  const [left, right] = product.args;
  const isTransposed = (one: Id, other: Id) => {
    const value = at(ops.values, one);
    return value.op === 'transpose' && value.args[0] === other;
  };
  const ofColumns = isTransposed(left, right);
  if (!ofColumns && !isTransposed(right, left)) return null;
  const X = ofColumns ? right : left;
  const { shape } = at(ops.values, X);
  const [rows, columns] = [at(shape, 0), at(shape, 1)];
  const size = ofColumns ? columns : rows;
  const entries = degreeIn(ops, X, x.id) === 1 ? singleReads(ops, X, x.id) : null;
  const areInOrder = entries?.every((entry, k) => entry >= 0 && (k === 0 || entry > at(entries, k - 1)));
  if (!entries || !areInOrder || size !== Math.min(rows, columns)) return null;
  const machine = machineOf(symbols);
  machine.numbers(x.id).forEach((_, i, all) => {
    all[i] = i;
  });
  machine.procedure([X, unit])();
  const isIdentity = machine.numbers(unit).every((entry, k) => entry === (k % (size + 1) === 0 ? 1 : 0));
  const isPlain = machine.numbers(X).every((value, k) => value === entries[k]);
  if (!isIdentity || !isPlain) return null;
  return { set: 'orthogonal', statement: constraint.span[0], parts: 1, shape, entries: [...entries], args: [] };
}

/** Whether a difference has a matrix product in it: most residuals need not be looked into. */
const isProduct = (residual: Expr): boolean =>
  residual.kind === 'sum' &&
  [residual.first, ...residual.rest.map(({ operand }) => operand)].some(
    (side) => side.kind === 'product' && side.rest.some(({ operator }) => operator === '@'),
  );

function rowsOf(numbers: readonly number[], shape: readonly number[]): number[][] {
  const width = shape.length < 2 ? numbers.length : at(shape, 1);
  return Array.from({ length: Math.max(1, numbers.length / width) }, (_, i) =>
    numbers.slice(i * width, (i + 1) * width),
  );
}
