/** `grad(f, x)` and `jacobian(f, x)`: f is elaborated anew with x as a point of its own, and so is every definition that uses x. */
import { at, type Diagnostic } from '../diagnostic.ts';
import type { CallExpr, Expr } from '../language/expr.ts';
import { namesIn } from '../language/expr.ts';
import type { DerivativeName } from '../language/functions.ts';
import { MAX_DERIVATIVES, MAX_TENSOR_ENTRIES, tooLargeTensor, tooManyDerivatives } from '../language/limits.ts';
import { printText } from '../language/print-text.ts';
import { gradient, jacobian } from '../tensor/derivatives.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { describeShape, sizeOf } from '../tensor/shape.ts';
import type { Refuse } from './indexing.ts';
import { reachableNames, type Scope } from './names.ts';
import type { Definition } from './problem.ts';
import { explainUnknownName } from './unknown.ts';

/** Jacobians are written one row of operations an entry of f. */
const MAX_JACOBIAN_ROWS = 256;

/** What a derivative is taken in. */
export interface Surroundings {
  readonly ops: Ops;
  readonly scope: Scope;
  readonly definitions: readonly Definition[];
  /** Derivatives around this one. */
  readonly depth: number;
  readonly refuse: Refuse;
  readonly report: (diagnostic: Diagnostic) => void;
  /** The value of an expression where names stand for other values, or null where it was reported. */
  readonly visit: (expr: Expr, scope: Scope, depth: number) => Tensor | null;
}

/** ∇f in the shape of x, or J[entries of f, entries of x]; null where it was refused or reported. */
export function differentiate(expr: CallExpr, name: DerivativeName, surroundings: Surroundings): Tensor | null {
  const { ops, scope, depth, refuse, report, visit } = surroundings;
  const [f, x] = [at(expr.args, 0), at(expr.args, 1)];
  if (depth >= MAX_DERIVATIVES) return refuse(tooManyDerivatives, expr.span);
  if (x.kind !== 'name') return refuseVariable(expr, name, x, scope, refuse);
  const point = scope.get(x.name);
  if (!point) {
    report(explainUnknownName(x, scope));
    return null;
  }
  const shape = visit(f, scope, depth + 1)?.shape;
  if (!shape) return null;
  const rule = name === 'grad' ? gradientFault(f, shape) : jacobianFault(shape, point.shape);
  if (rule) return refuse(rule.message, f.span, rule.replacement?.(printText(x), printText(f)));
  const entries = sizeOf(shape) * sizeOf(point.shape);
  if (entries > MAX_TENSOR_ENTRIES) return refuse(tooLargeTensor(entries), expr.span);
  let isFaulty = false;
  const recorded = (variable: Tensor): Tensor => {
    const value = visit(f, scopeWith(x.name, variable, f, surroundings), depth + 1);
    isFaulty ||= value === null;
    return value ?? ops.zeros(shape);
  };
  const slopes =
    name === 'grad'
      ? gradient(ops, recorded, point)
      : ops.reshape(jacobian(ops, recorded, point), [...shape, ...point.shape]);
  return isFaulty ? null : slopes;
}

function refuseVariable(expr: CallExpr, name: DerivativeName, x: Expr, scope: Scope, refuse: Refuse): null {
  if (x.kind === 'index' && x.operand.kind === 'name') {
    if (name === 'jacobian' && (scope.get(x.operand.name)?.shape.length ?? 0) > 1)
      return refuse(
        `The second argument of jacobian is the name of a vector, and ${printText(x)} is a part of a matrix. Make that part a parameter of its own.`,
        x.span,
      );
    const whole = `${name}(${printText(at(expr.args, 0))}, ${printText(x.operand)})`;
    const items = printText({ ...x, operand: { ...x.operand, name: '' } });
    const entry = name === 'grad' ? `${whole}${items}` : `${whole}[:, ${items.slice(1)}`;
    return refuse(
      `The second argument of ${name} is a name; an entry is picked afterwards: ${entry}.`,
      expr.span,
      entry,
    );
  }
  return refuse(
    `The second argument of ${name} is the name of what varies, such as ${name}(f, x). Name it with let first.`,
    x.span,
  );
}

interface Fault {
  readonly message: string;
  readonly replacement?: (x: string, f: string) => string;
}

const gradientFault = (f: Expr, shape: readonly number[]): Fault | null =>
  shape.length === 0
    ? null
    : {
        message: `grad takes the slopes of one number, but this has shape ${describeShape(shape)}. Take its sum, or jacobian(f, x) for all its entries.`,
        replacement: () => `sum(${printText(f)})`,
      };

function jacobianFault(f: readonly number[], x: readonly number[]): Fault | null {
  if (f.length + x.length > 2) {
    const shapes = `${describeShape(f)} by ${describeShape(x)}`;
    return { message: `jacobian takes numbers and vectors, not ${shapes}: reshape(a, n) makes a vector of a matrix.` };
  }
  const rows = sizeOf(f);
  return rows > MAX_JACOBIAN_ROWS
    ? {
        message: `jacobian takes up to ${MAX_JACOBIAN_ROWS} entries of f, not ${rows}: look at some of them at a time.`,
      }
    : null;
}

/** The scope in which `name` is the variable, and each definition on the way from it to f is computed from that. */
function scopeWith(name: string, variable: Tensor, f: Expr, { scope, definitions, depth, visit }: Surroundings): Scope {
  const moved = new Map(scope);
  moved.set(name, variable);
  const affected = new Set([name]);
  const needed = reachableNames([f], definitions);
  for (const definition of definitions) {
    const isAffected =
      definition.name !== name &&
      !definition.array &&
      needed.has(definition.name) &&
      [...namesIn(definition.value).keys()].some((used) => affected.has(used));
    if (!isAffected || !scope.has(definition.name)) continue;
    affected.add(definition.name);
    const value = visit(definition.value, moved, depth + 1);
    if (value) moved.set(definition.name, value);
  }
  return moved;
}
