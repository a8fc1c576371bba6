/** The problem as theory states it, typeset: min f(x) with h(x) = 0 and g(x) ≤ 0, and L = f + λᵀh + μᵀg. */
import type { Expr, SumExpr } from '../language/expr.ts';
import { latexName, printLatex } from '../language/print-latex.ts';
import type { Constraint, Problem, SoftConstraint } from './problem.ts';

export interface FormRow {
  /** h₁, h₂, … for equalities and g₁, g₂, … for inequalities, in the order typed. */
  readonly symbol: string;
  /** λ₁ or μ₁. */
  readonly multiplier: string;
  /** What must be = 0 or ≤ 0. */
  readonly residual: string;
  readonly relation: Constraint['relation'];
  /** Number of scalar rows: of more than one, symbol and multiplier are vectors. */
  readonly rows: number;
  readonly line: number;
  readonly label?: string;
}

export interface StandardForm {
  /** f: what is minimised. With soft constraints, their penalties are added. */
  readonly loss: string;
  /** One a soft constraint. */
  readonly penalties: readonly string[];
  readonly rows: readonly FormRow[];
  /** Names that the formulas use, as `p = …`. */
  readonly definitions: readonly string[];
  readonly lagrangian: string;
  /** ∇L = 0, as a sum. */
  readonly stationarity: string;
}

/** LaTeX that is written letter by letter. Source: Nocedal & Wright 2006, eq. (12.1) and §12.3, with g ≤ 0 for their c ≥ 0. */
export function standardForm({ loss, constraints, soft, definitions, entrywise }: Problem): StandardForm {
  const print = (expr: Expr): string => printLatex(expr, entrywise);
  const count = { equality: 0, inequality: 0 };
  const rows = constraints.map(({ relation, residual, rows, line, label }): FormRow => {
    count[relation] += 1;
    const [symbol, multiplier] = relation === 'equality' ? ['h', '\\lambda'] : ['g', '\\mu'];
    const index = `_{${count[relation]}}`;
    return {
      symbol: `${symbol}${index}`,
      multiplier: `${multiplier}${index}`,
      residual: print(tidy(residual)),
      relation,
      rows,
      line,
      ...(label !== undefined && { label }),
    };
  });
  const weighted = (derivative: boolean) =>
    rows
      .map(({ symbol, multiplier, rows: many }) => {
        if (derivative)
          return ` + ${many > 1 ? `\\nabla ${symbol}\\,${multiplier}` : `${multiplier} \\nabla ${symbol}`}`;
        return ` + ${many > 1 ? `${multiplier}^{\\top} ${symbol}` : `${multiplier}\\, ${symbol}`}`;
      })
      .join('');
  return {
    loss: print(tidy(loss)),
    penalties: soft.map((constraint) => penalty(constraint, print)),
    rows,
    definitions: definitions
      .filter(({ array }) => array === undefined)
      .map(({ name, value }) => `${latexName(name)} = ${print(value)}`),
    lagrangian: `f${weighted(false)}`,
    stationarity: `\\nabla f${weighted(true)}`,
  };
}

/** (w/2)‖h‖² or (w/2)‖max(0, g)‖². */
function penalty({ weight, relation, residual }: SoftConstraint, print: (expr: Expr) => string): string {
  const inner = print(tidy(residual));
  const norm = relation === 'equality' ? inner : `\\max\\left(0,\\, ${inner}\\right)`;
  return `\\frac{${weight}}{2}\\left\\lVert ${norm} \\right\\rVert^{2}`;
}

/** Without what moving everything to one side leaves: 0 − x is −x, x − 0 is x, and x − (−1) is x + 1. */
function tidy(expr: Expr): Expr {
  if (expr.kind !== 'sum') return expr;
  const rest = expr.rest.filter(({ operand }) => !isZero(operand)).map(plain);
  const [next, ...others] = rest;
  if (!isZero(expr.first)) return next ? { ...expr, rest } : expr.first;
  if (!next) return expr.first;
  const first: Expr = next.operator === '-' ? { kind: 'negate', operand: next.operand, span: expr.span } : next.operand;
  return others.length > 0 ? { ...expr, first, rest: others } : first;
}

const plain = (part: SumExpr['rest'][number]): SumExpr['rest'][number] =>
  part.operand.kind === 'negate'
    ? { ...part, operator: part.operator === '-' ? '+' : '-', operand: part.operand.operand }
    : part;

const isZero = (expr: Expr): boolean => expr.kind === 'number' && expr.value === 0;
