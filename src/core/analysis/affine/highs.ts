/** HiGHS as the solver of linear programs. */
import type { Highs } from 'highs';
import type { LinearAnswer, LinearProgram, LinearSolver } from './linear-program.ts';

const TOLERANCE = 1e-9;

export const highsSolver =
  (highs: Pick<Highs, 'solve'>): LinearSolver =>
  (program) => {
    try {
      const { Status, ObjectiveValue, Columns } = highs.solve(asText(program), {
        output_flag: false,
        primal_feasibility_tolerance: TOLERANCE,
        dual_feasibility_tolerance: TOLERANCE,
      });
      if (Status === 'Infeasible') return { status: 'infeasible' };
      if (Status === 'Unbounded' || Status === 'Primal infeasible or unbounded') return { status: 'unbounded' };
      if (Status !== 'Optimal') return { status: 'failed' };
      const x = program.cost.map((_, j) => (Columns[`x${j}`] as { readonly Primal?: number } | undefined)?.Primal ?? 0);
      return { status: 'optimal', x, value: ObjectiveValue };
    } catch {
      return { status: 'failed' } satisfies LinearAnswer;
    }
  };

/** In CPLEX LP format, with all digits. */
function asText({ cost, rows }: LinearProgram): string {
  const sum = (entries: readonly number[]) => {
    const terms = entries.flatMap((entry, j) =>
      entry === 0 ? [] : [`${entry < 0 ? '-' : '+'} ${Math.abs(entry)} x${j}`],
    );
    return terms.length > 0 ? terms.join(' ') : '0 x0';
  };
  const sides = rows.flatMap(({ entries, lower, upper }, i) => {
    if (lower === upper) return [` r${i}: ${sum(entries)} = ${lower}`];
    return [
      ...(Number.isFinite(upper) ? [` u${i}: ${sum(entries)} <= ${upper}`] : []),
      ...(Number.isFinite(lower) ? [` l${i}: ${sum(entries)} >= ${lower}`] : []),
    ];
  });
  const free = cost.map((_, j) => ` x${j} free`);
  return ['Minimize', ` obj: ${sum(cost)}`, 'Subject To', ...sides, 'Bounds', ...free, 'End'].join('\n');
}
