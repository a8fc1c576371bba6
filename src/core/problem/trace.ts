/** The tensor that each node of a text stands for: where in the text a number comes from. */
import { type Expr, namesIn } from '../language/expr.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';
import { addDefinitions, baseScope, elaborate } from './elaborate.ts';
import { reachableNames, type Scope } from './names.ts';
import type { Problem } from './problem.ts';

/** What was computed for a node of the text. */
export interface Traced {
  readonly expr: Expr;
  readonly tensor: Tensor;
}

export interface Trace {
  readonly ops: Ops;
  /** x[n], t and T, to be given numbers. */
  readonly input: Tensor;
  readonly t: Tensor;
  readonly T: Tensor;
  /** x as all nodes see it: slopes are with respect to it. */
  readonly point: Tensor;
  readonly scope: Scope;
  /** Every node that the loss and the constraints need, in the order in which the text is computed. */
  readonly nodes: readonly Traced[];
  /** The loss and the residuals, but for rows that are bounded by inf. */
  readonly values: readonly Tensor[];
}

/** A graph of its own, of a checked problem. */
export function trace(problem: Problem): Trace {
  const ops = new Ops();
  const [input, t, T] = [
    ops.input('start', 'x', [problem.size]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const point = ops.identity(input);
  const bounded = [...problem.soft, ...problem.constraints].map(({ residual }) => residual);
  const roots = [problem.loss, ...bounded.filter((residual) => !namesIn(residual).has('inf'))];
  const used = reachableNames(roots, problem.definitions);
  const definitions = problem.definitions.filter(({ name }) => used.has(name));
  const parameters = problem.parameters.filter(({ name }) => used.has(name));
  const scope = baseScope(ops, parameters, point, t, T);
  const nodes: Traced[] = [];
  const context = { definitions, saw: (expr: Expr, tensor: Tensor) => void nodes.push({ expr, tensor }) };
  addDefinitions(ops, scope, definitions, context);
  const values = roots.flatMap((root) => {
    const value = elaborate(ops, root, scope, context);
    return value.ok ? [value.value] : [];
  });
  return { ops, input, t, T, point, scope, nodes, values };
}
