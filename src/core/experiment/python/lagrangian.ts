/** The Lagrangian in Python, with the names of Cooper: multipliers of L = f + λᵀh + μᵀg, h = 0, g ≤ 0, μ ≥ 0. */
import type { Problem } from '../../problem/problem.ts';
import { tensor } from './literal.ts';

interface LagrangianParts {
  readonly equalities: boolean;
  readonly inequalities: boolean;
  /** `def lagrangian(x, t, …weights)`. */
  readonly definition: string;
  /** `eq_multipliers` and `ineq_multipliers` at the start. */
  readonly setup: readonly string[];
}

type Multipliers = number | readonly number[] | readonly (readonly number[])[] | null;

/** `multipliers`: at the start, in the order typed, or of the equalities alone; null: 0. */
export function lagrangianParts(problem: Problem, objective: string, multipliers: Multipliers = null): LagrangianParts {
  const rows = { equality: [] as number[], inequality: [] as number[] };
  const list = Array.isArray(multipliers) ? multipliers : [];
  const isOfEqualities = list.length < problem.constraints.reduce((sum, constraint) => sum + constraint.rows, 0);
  let typed = 0;
  for (const constraint of problem.constraints) {
    const isEquality = constraint.relation === 'equality';
    for (let i = 0; i < constraint.rows; i++) {
      const given = isOfEqualities && !isEquality ? 0 : Number(list[typed++] ?? 0);
      rows[constraint.relation].push(isEquality ? given : Math.max(0, given));
    }
  }
  const [equalities, inequalities] = [rows.equality.length > 0, rows.inequality.length > 0];
  const weights = [...(equalities ? ['eq_weights'] : []), ...(inequalities ? ['ineq_weights'] : [])];
  const terms = [
    `${objective}(x, t)`,
    ...(equalities ? ['eq_weights @ equalities(x, t)'] : []),
    ...(inequalities ? ['ineq_weights @ inequalities(x, t)'] : []),
  ];
  const start = (list: readonly number[]) =>
    list.every((entry) => entry === 0) ? `torch.zeros(${list.length})` : tensor(list);
  return {
    equalities,
    inequalities,
    definition: [
      `def lagrangian(${['x', 't', ...weights].join(', ')}):`,
      '    """f + lambda . h + mu . g in the convention of Cooper: h = 0, g <= 0, mu >= 0."""',
      `    return ${terms.join(' + ')}`,
    ].join('\n'),
    setup: [
      ...(equalities ? [`eq_multipliers = ${start(rows.equality)}`] : []),
      ...(inequalities ? [`ineq_multipliers = ${start(rows.inequality)}`] : []),
    ],
  };
}

export function lagrangianCall({ constraints }: Problem, x: string, eq: string, ineq: string): string {
  const has = (relation: string) => constraints.some((constraint) => constraint.relation === relation);
  return `lagrangian(${[x, 't', ...(has('equality') ? [eq] : []), ...(has('inequality') ? [ineq] : [])].join(', ')})`;
}
