import { describe, expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { problemText } from '../reference/experiment-of-case.ts';
import { reference } from '../reference/trajectories.ts';
import { Machine } from '../tensor/evaluate.ts';
import { Ops } from '../tensor/ops.ts';
import { check } from './check.ts';
import { lossOf, residualOf } from './elaborate.ts';
import type { Problem } from './problem.ts';

const problems = Object.entries(reference.problems).map(([id, definition]) => ({
  id,
  definition,
  records: reference.cases.find(({ problem }) => problem === id)?.records ?? [],
}));

/** Loss, and the largest |h| or max(g, 0) over all rows, as functions of x and t. */
function measures(problem: Problem): (x: readonly number[], t: number) => { loss: number; violation: number } {
  const ops = new Ops();
  const x = ops.input('start', 'x', [problem.size]);
  const t = ops.input('time', 't', []);
  const loss = lossOf(ops, problem, x, t, ops.constant(100));
  const residuals = problem.constraints.map((constraint) =>
    residualOf(ops, problem, constraint, x, t, ops.constant(100)),
  );
  const machine = new Machine(ops);
  const run = machine.procedure([loss, ...residuals].map(({ id }) => id));
  return (point, time) => {
    machine.numbers(x.id).set(point);
    machine.numbers(t.id)[0] = time;
    run();
    const violations = problem.constraints.flatMap(({ relation }, i) => {
      const residual = residuals[i];
      const rows = residual ? Array.from(machine.numbers(residual.id)) : [];
      return rows.map((row) => (relation === 'equality' ? Math.abs(row) : Math.max(row, 0)));
    });
    return { loss: machine.numbers(loss.id)[0] ?? Number.NaN, violation: Math.max(0, ...violations) };
  };
}

describe('every reference problem, written as text', () => {
  it.each(problems)('$id: loss and violation agree with the records', ({ definition, records }) => {
    const document = parse(
      problemText(
        definition,
        definition.variables.map(() => 0),
      ),
    );
    const checked = document.ok ? check(document.value, { seed: 0 }) : document;
    expect(checked.ok ? [] : checked.diagnostics).toEqual([]);
    if (!checked.ok) return;
    expect(checked.value.parameters.map(({ name }) => name)).toEqual(definition.variables);
    const measure = measures(checked.value);
    expect(records.length).toBeGreaterThan(0);
    for (const { x, t, f, viol } of records) {
      const { loss, violation } = measure(x, t);
      const scale = Math.max(1, Math.abs(f), ...x.map((entry) => entry * entry)); // rounding of the largest terms
      expect(Math.abs(loss - f)).toBeLessThanOrEqual(1e-12 * scale);
      if (viol !== undefined) expect(Math.abs(violation - viol)).toBeLessThanOrEqual(1e-12 * scale);
    }
  });
});
