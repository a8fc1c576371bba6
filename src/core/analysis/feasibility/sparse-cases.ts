/** `x in sparse(k)` as cases: which entries may differ from 0. In each case the others are 0, and the set is a subspace. */
import { at } from '../../diagnostic.ts';
import type { Expr } from '../../language/expr.ts';
import type { Constraint, Problem } from '../../problem/problem.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Structure } from '../structure.ts';
import type { Elastic, Give } from './least-give.ts';

const MOST_CASES = 60;

/** The problem with masks in place of such sets; null where there are none, or too many choices. */
export function sparseCases(problem: Problem, { constraints }: Structure): Problem[] | null {
  let cases: Problem[] = [problem];
  let isFound = false;
  for (const [k, constraint] of problem.constraints.entries()) {
    const { member } = at(constraints, k);
    if (member?.set !== 'sparse') continue;
    isFound = true;
    const supports = supportsOf(sizeOf(member.shape), at(at(at(member.args, 0), 0), 0));
    if (supports === null || cases.length * supports.length > MOST_CASES) return null;
    cases = cases.flatMap((one) =>
      supports.map((kept) => ({
        ...one,
        constraints: one.constraints.map((own, i) => (i === k ? masked(constraint, member.shape, kept) : own)),
      })),
    );
  }
  return isFound ? cases : null;
}

/** Sets of `count` positions below `size`; null where there are too many. */
function supportsOf(size: number, count: number): number[][] | null {
  let sets: number[][] = [[]];
  for (let position = 0; position < size; position++) {
    sets = sets.flatMap((set) => (set.length < count ? [set, [...set, position]] : [set]));
    sets = sets.filter((set) => set.length + (size - position - 1) >= count);
    if (sets.length > 40 * MOST_CASES) return null;
  }
  return sets;
}

function masked(constraint: Constraint, shape: readonly number[], kept: readonly number[]): Constraint {
  const { membership, residual, span } = constraint;
  if (!membership || residual.kind !== 'call') return constraint;
  const number = (k: number): Expr => ({ kind: 'number', value: kept.includes(k) ? 1 : 0, span });
  const list = (items: Expr[]): Expr => ({ kind: 'list', items, span });
  const [first = 1, second] = shape;
  const row = (from: number, length: number) => list(Array.from({ length }, (_, j) => number(from + j)));
  const mask =
    second === undefined ? row(0, first) : list(Array.from({ length: first }, (_, i) => row(i * second, second)));
  return {
    ...constraint,
    rows: sizeOf(shape) - kept.length,
    residual: { ...residual, name: 'rows of mask', args: [membership.member, mask] },
    membership: { ...membership, set: 'mask', args: [mask] },
  };
}

/** The least of the cases; null where one of them could not be found out. */
export const leastOfCases = (cases: readonly Elastic[]): Elastic => ({
  *leastGive(held, giving) {
    let least: Give | null = null;
    for (const one of cases) {
      const give = yield* one.leastGive(held, giving);
      if (give === null) return null;
      if (least === null || give.amount < least.amount) least = give;
      if (least.amount === 0) break;
    }
    return least;
  },
});
