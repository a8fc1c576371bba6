/** Expr → tensor operations, and with them the loss and the residuals of a problem; `check` runs it on a scratch graph. */
import { type Diagnostic, failure, invariant, type Result, success } from '../diagnostic.ts';
import type { Expr } from '../language/expr.ts';
import { CONSTANTS } from '../language/functions.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { stridesOf } from '../tensor/shape.ts';
import { type Context, Elaborator } from './elaborator.ts';
import type { Scope } from './names.ts';
import { reachableNames } from './names.ts';
import type { Constraint, Definition, Parameter, Problem } from './problem.ts';

const ALONE: Context = { definitions: [] };

/** `context` is what derivatives in the expression look into. */
export function elaborate(ops: Ops, expr: Expr, scope: Scope, context = ALONE): Result<Tensor> {
  const elaborator = new Elaborator(ops, scope, context);
  const tensor = elaborator.visit(expr);
  if (elaborator.diagnostics.length > 0) return failure(...elaborator.diagnostics);
  invariant(tensor, 'an expression without a value was reported');
  return success(tensor);
}

/** Constants, t, T, and each parameter as a view of the iterate x[n]; the parameters win. */
export function baseScope(
  ops: Ops,
  parameters: readonly Parameter[],
  x: Tensor,
  t: Tensor,
  T: Tensor,
): Map<string, Tensor> {
  const scope = new Map<string, Tensor>();
  for (const [name, { value }] of CONSTANTS) scope.set(name, ops.constant(value));
  scope.set('t', t).set('T', T);
  for (const { name, shape, offset } of parameters)
    scope.set(name, ops.slice(x, { offset, strides: stridesOf(shape), shape }));
  return scope;
}

/** What a definition's value becomes in the scope. */
export type Naming = (value: Tensor) => Tensor;
const asItIs: Naming = (value) => value;

/** Adds each definition in turn; one may use those before it. */
export function addDefinitions(
  ops: Ops,
  scope: Map<string, Tensor>,
  definitions: readonly Definition[],
  context: Context = { definitions },
  named = asItIs,
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const { name, value, array } of definitions) {
    if (array) {
      scope.set(name, named(ops.shared(array.values, array.shape)));
      continue;
    }
    const tensor = elaborate(ops, value, scope, context);
    if (tensor.ok) scope.set(name, named(tensor.value));
    else diagnostics.push(...tensor.diagnostics);
  }
  return diagnostics;
}

/** The scalar loss of a checked problem. */
export const lossOf = (ops: Ops, problem: Problem, x: Tensor, t: Tensor, T: Tensor, named = asItIs): Tensor =>
  checked(ops, problem, problem.loss, x, t, T, named);

/** What methods minimise: f + Σ (w/2)·‖violation‖² over the soft constraints; violation h, or max(0, g). */
export function objectiveOf(
  ops: Ops,
  problem: Problem,
  x: Tensor,
  t: Tensor,
  T: Tensor,
  named: Naming = asItIs,
): Tensor {
  return problem.soft.reduce(
    (sum, constraint) => {
      const residual = residualOf(ops, problem, constraint, x, t, T, named);
      const violation = constraint.relation === 'equality' ? residual : ops.maximum(0, residual);
      return ops.add(sum, ops.multiply(constraint.weight / 2, ops.sum(ops.multiply(violation, violation))));
    },
    lossOf(ops, problem, x, t, T, named),
  );
}

/** The residual of one constraint of a checked problem, in the shape in which it was typed. */
export const residualOf = (
  ops: Ops,
  problem: Problem,
  constraint: Constraint,
  x: Tensor,
  t: Tensor,
  T: Tensor,
  named: Naming = asItIs,
): Tensor => checked(ops, problem, constraint.residual, x, t, T, named);

/** The value of an expression of a checked problem. */
export const expressionValue = (ops: Ops, problem: Problem, expr: Expr, x: Tensor, t: Tensor, T: Tensor): Tensor =>
  checked(ops, problem, expr, x, t, T);

function checked(
  ops: Ops,
  { parameters, definitions }: Problem,
  expr: Expr,
  x: Tensor,
  t: Tensor,
  T: Tensor,
  named = asItIs,
): Tensor {
  const used = reachableNames([expr], definitions);
  const isUsed = ({ name }: { readonly name: string }): boolean => used.has(name);
  const scope = baseScope(ops, parameters.filter(isUsed), x, t, T);
  const context = { definitions: definitions.filter(isUsed) };
  const faults = addDefinitions(ops, scope, context.definitions, context, named);
  const tensor = elaborate(ops, expr, scope, context);
  invariant(tensor.ok && faults.length === 0, 'a checked problem elaborates');
  return tensor.value;
}
