/** Names for values that are computed in a function: by its reader where there are any, else by what computes them. */
import { at } from '../../diagnostic.ts';
import type { Id, OpName } from '../../tensor/value.ts';
import type { TracedFunction } from './trace.ts';

/** What a value is called that has no other name. */
const BY_OPERATION: Partial<Readonly<Record<OpName, string>>> = {
  less: 'is_less',
  lessEqual: 'is_less',
  equal: 'is_equal',
  sum: 'total',
  max: 'largest',
  matmul: 'product',
  divide: 'ratio',
  sqrt: 'root',
  where: 'chosen',
  assemble: 'joined',
  pinv: 'inverse',
  exp: 'powers',
  abs: 'size',
};

/** What the result of a function is called. */
const BY_CALL: Readonly<Record<string, string>> = {
  gradient: 'slope',
  batch_gradient: 'slope',
  batch_loss: 'f',
  equalities: 'h',
  inequalities: 'g',
  equalities_jacobian: 'J_h',
  inequalities_jacobian: 'J_g',
  equalities_vjp: 'pull_h',
  inequalities_vjp: 'pull_g',
  equalities_jvp: 'change_h',
  inequalities_jvp: 'change_g',
  lagrangian_hessian: 'H',
  objective: 'f',
  loss: 'f',
  nearest_solution: 'nearest',
  tangent: 'along',
};

export class ValueNames {
  constructor(
    private readonly traced: TracedFunction,
    private readonly taken: Set<string>,
  ) {}

  /** The hint, or the hint with a number. */
  unique(hint: string): string {
    let name = hint;
    for (let k = 2; this.taken.has(name); k++) name = `${hint}_${k}`;
    this.taken.add(name);
    return name;
  }

  hint(id: Id): string {
    const { results, ops, hints } = this.traced;
    const hint = hints?.get(id);
    if (hint !== undefined) return hint;
    const result = results.find((entry) => entry.id === id);
    if (result) return this.taken.has(result.name) ? `next_${result.name}` : result.name;
    const call = ops.calls.get(id);
    if (call?.resultName) return call.resultName;
    if (call) return BY_CALL[call.name] ?? (call.name.startsWith('lowest') ? 'lowest' : 'nearest');
    return BY_OPERATION[at(ops.values, id).op] ?? 'value';
  }
}
