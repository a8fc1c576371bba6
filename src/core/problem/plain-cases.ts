/** Constraints that have no slope where they are met, and products that must be 0, in plain words: r² = 0 as r = 0, and f g = 0 as f = 0 or g = 0. */
import type { Expr } from '../language/expr.ts';
import { Ops } from '../tensor/ops.ts';
import { sizeOf } from '../tensor/shape.ts';
import { residualOf } from './elaborate.ts';
import type { Constraint, Problem } from './problem.ts';

const LENGTHS = new Set(['abs', 'fabs', 'absolute', 'norm']);
const MOST_CASES = 16;

/** What must all be 0 for r to be 0, where r is ≥ 0 and flat there, or bent; null for any other r. */
export function zerosOf(r: Expr): readonly Expr[] | null {
  switch (r.kind) {
    case 'sum': {
      const parts = [r.first, ...r.rest.map(({ operator, operand }) => (operator === '+' ? operand : null))];
      const zeros = parts.map((part) => part && zerosOf(part));
      return zeros.every((zero) => zero !== null) ? zeros.flat() : null;
    }
    case 'product': {
      const [last] = r.rest;
      const isScaled = r.first.kind === 'number' && r.first.value > 0 && r.rest.length === 1 && last?.operator === '*';
      return isScaled ? zerosOf(last.operand) : null;
    }
    case 'power': {
      const { base, exponent } = r;
      const isEven = exponent.kind === 'number' && exponent.value >= 2 && exponent.value % 2 === 0;
      return isEven ? (zerosOf(base) ?? [base]) : null;
    }
    case 'call': {
      const [inner] = r.args;
      if (!inner || r.args.length > 1 || r.options.length > 0) return null;
      if (LENGTHS.has(r.name)) return zerosOf(inner) ?? [inner];
      return r.name === 'sum' ? zerosOf(inner) : null;
    }
    default:
      return null;
  }
}

/** Of a product of numbers, one of which must be 0: which, each a way; null for anything else. */
function factorsOf(r: Expr): readonly Expr[] | null {
  if (r.kind === 'negate') return factorsOf(r.operand);
  if (r.kind === 'power') return r.exponent.kind === 'number' && r.exponent.value > 0 ? factorsOf(r.base) : null;
  if (r.kind !== 'product' || r.rest.some(({ operator }) => operator !== '*')) return null;
  const factors = [r.first, ...r.rest.map(({ operand }) => operand)].filter(({ kind }) => kind !== 'number');
  return factors.length > 1 ? factors.flatMap((factor) => factorsOf(factor) ?? [factor]) : null;
}

/** The ways in which a constraint can be met, each a list of what must be 0; null where there is nothing plainer than what is typed. */
function waysOf({ residual, relation, rows, membership }: Constraint): readonly (readonly Expr[])[] | null {
  if (membership) return null;
  const zeros = zerosOf(residual);
  if (zeros) return [zeros];
  if (relation === 'inequality' || rows > 1) return null;
  return factorsOf(residual)?.map((factor) => zerosOf(factor) ?? [factor]) ?? null;
}

/**
 * Problems whose feasible sets together are that of this one, without squares, lengths and products that must be 0; null where there
 * are none, or too many. Constraints are counted anew.
 */
export function plainCases(problem: Problem): readonly Problem[] | null {
  let cases: (readonly Constraint[])[] = [[]];
  let isPlainer = false;
  for (const constraint of problem.constraints) {
    const ways = waysOf(constraint);
    isPlainer ||= ways !== null;
    const written = ways?.map((way) => way.map((part) => mustVanish(problem, constraint, part))) ?? [[constraint]];
    if (cases.length * written.length > MOST_CASES) return null;
    cases = cases.flatMap((before) => written.map((way) => [...before, ...way]));
  }
  if (!isPlainer) return null;
  return cases.map((constraints) => ({
    ...problem,
    constraints: constraints.map((constraint, index) => ({ ...constraint, index })),
  }));
}

function mustVanish(problem: Problem, constraint: Constraint, residual: Expr): Constraint {
  const own = { ...constraint, relation: 'equality' as const, residual };
  const ops = new Ops();
  const x = ops.input('start', 'x', [problem.size]);
  const [t, T] = [ops.input('time', 't', []), ops.input('setting', 'T', [])];
  return { ...own, rows: sizeOf(residualOf(ops, problem, own, x, t, T).shape) };
}
