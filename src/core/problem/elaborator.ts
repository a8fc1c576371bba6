/** Walks an expression and records it; the only place where the shapes of expressions are decided. */
import { at, type Diagnostic, type Span } from '../diagnostic.ts';
import type {
  CallExpr,
  CompareExpr,
  Expr,
  IndexExpr,
  ListExpr,
  PowerExpr,
  ProductExpr,
  SumExpr,
} from '../language/expr.ts';
import { namesIn } from '../language/expr.ts';
import { type DerivativeName, FUNCTIONS, isDerivativeName, isFunctionName } from '../language/functions.ts';
import { MAX_TENSOR_ENTRIES, MAX_VISITS, tooLargeTensor, tooManyNodes } from '../language/limits.ts';
import { printText } from '../language/print-text.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import { broadcastShapes, describeShape, matmulShape, type Shape, sameShape, sizeOf } from '../tensor/shape.ts';
import { BUILDERS } from './builders.ts';
import { differentiate } from './differentiate.ts';
import { gatherAlong, positionsOf } from './gather.ts';
import { viewOf, withNewAxis } from './indexing.ts';
import { matrixProductMeant } from './matrix-product-meant.ts';
import { argumentMisfit, axisOf, type Edit, type Misfit, productMisfit } from './misfits.ts';
import type { Scope } from './names.ts';
import { numbersOf } from './numbers.ts';
import type { Definition } from './problem.ts';
import { SET_ROWS } from './set-rows.ts';
import { explainUnknownFunction, explainUnknownName } from './unknown.ts';

/** Expressions looked at so far; shared by all elaborations of one check. */
export interface Budget {
  visits: number;
}

export interface Context {
  /** The `let`s and data behind names of the scope, each after those that it uses: derivatives look into them. */
  readonly definitions: readonly Definition[];
  /** Absent for what was checked before. */
  readonly budget?: Budget;
  /** Derivatives around the expression. */
  readonly depth?: number;
  /** Told of each expression that is recorded, the inner ones first. */
  readonly saw?: (expr: Expr, tensor: Tensor) => void;
  /** Told of each factor that multiplies an array entry by entry. */
  readonly sawEntrywise?: (factor: Expr) => void;
}

export class Elaborator {
  readonly diagnostics: Diagnostic[] = [];

  constructor(
    private readonly ops: Ops,
    private readonly scope: Scope,
    private readonly context: Context,
  ) {}

  private readonly refuse = (message: string, span: Span, replacement?: string): null => {
    const fix = replacement === undefined ? undefined : { title: `Write ${replacement}`, span, insert: replacement };
    this.diagnostics.push({ severity: 'error', message, span, ...(fix && { fix }) });
    return null;
  };

  private refuseWith(message: string, span: Span, edit: Edit | undefined): null {
    if (!edit) return this.refuse(message, span);
    const { because, insert } = edit;
    const fix = { title: `Write ${insert.trim() || 'it without'}`, span: edit.span, insert };
    this.diagnostics.push({ severity: 'error', message: because ? `${message} ${because}` : message, span, fix });
    return null;
  }

  private misfit = ({ message, span, edit }: Misfit): null => this.refuseWith(message, span, edit);

  visit(expr: Expr): Tensor | null {
    const { budget } = this.context;
    if (budget) {
      budget.visits += 1;
      if (budget.visits > MAX_VISITS) return this.diagnostics.length > 0 ? null : this.refuse(tooManyNodes, expr.span);
    }
    const tensor = this.build(expr);
    if (tensor) this.context.saw?.(expr, tensor);
    const entries = tensor ? sizeOf(tensor.shape) : 0;
    return entries > MAX_TENSOR_ENTRIES ? this.refuse(tooLargeTensor(entries), expr.span) : tensor;
  }

  private build(expr: Expr): Tensor | null {
    switch (expr.kind) {
      case 'number':
        return this.ops.constant(expr.value);
      case 'name': {
        const tensor = this.scope.get(expr.name);
        if (!tensor) this.diagnostics.push(explainUnknownName(expr, this.scope));
        return tensor ?? null;
      }
      case 'negate':
        return this.map(expr.operand, (operand) => this.ops.negate(operand));
      case 'transpose':
        return this.map(expr.operand, (operand) => this.ops.transpose(operand));
      case 'sum':
        return this.sum(expr);
      case 'product':
        return this.product(expr);
      case 'power':
        return this.power(expr);
      case 'index':
        return this.index(expr);
      case 'list':
        return this.list(expr);
      case 'compare':
        return this.compare(expr);
      case 'call':
        return this.call(expr);
    }
  }

  private map(operand: Expr, apply: (operand: Tensor) => Tensor): Tensor | null {
    const tensor = this.visit(operand);
    return tensor && apply(tensor);
  }

  private sum({ first, rest }: SumExpr): Tensor | null {
    let total = this.visit(first);
    for (const { operator, operand } of rest) {
      const term = this.visit(operand);
      const span: Span = [first.span[0], operand.span[1]];
      const apply = (a: Tensor, b: Tensor) => (operator === '+' ? this.ops.add(a, b) : this.ops.subtract(a, b));
      total = this.pair(total, term, span, apply, this.productMeant(first, term) ?? this.productMeant(operand, total));
    }
    return total;
  }

  /** A*w for A @ w, where that would fit what stands on the other side of the sign. */
  private productMeant(side: Expr, other: Tensor | null): Edit | undefined {
    const meant = matrixProductMeant(side, this.scope);
    return meant && other && broadcastShapes(meant.shape, other.shape)
      ? { ...meant.edit, because: meant.message }
      : undefined;
  }

  private product({ first, rest }: ProductExpr): Tensor | null {
    let total = this.visit(first);
    let before = first;
    for (const { operator, operand } of rest) {
      const factor = this.visit(operand);
      const span: Span = [first.span[0], operand.span[1]];
      if (operator === '@') total = total && factor && this.matmul(total, factor, { span, before, operand });
      else if (operator === '*') {
        if (total && factor && total.shape.length > 0 && factor.shape.length > 0) this.context.sawEntrywise?.(operand);
        const wasMeant = total && factor && matmulShape(total.shape, factor.shape) ? '@' : undefined;
        total = this.pair(
          total,
          factor,
          span,
          (a, b) => this.ops.multiply(a, b),
          wasMeant && { span: [before.span[1], operand.span[0]], insert: ` ${wasMeant} ` },
        );
      } else total = this.pair(total, factor, span, (a, b) => this.ops.divide(a, b));
      before = operand;
    }
    return total;
  }

  private power({ base, exponent, span }: PowerExpr): Tensor | null {
    const value = this.visit(base);
    if (value && value.shape.length > 0 && exponent.kind === 'name' && exponent.name === 'T') {
      const message = 'T is the number of steps, so this would be a power. The transpose is written .T.';
      return this.refuseWith(message, span, { span: [base.span[1], exponent.span[1]], insert: '.T' });
    }
    return this.pair(value, this.visit(exponent), span, (a, b) => this.ops.power(a, b));
  }

  private pair(
    a: Tensor | null,
    b: Tensor | null,
    span: Span,
    apply: (a: Tensor, b: Tensor) => Tensor,
    edit?: Edit,
  ): Tensor | null {
    if (!a || !b) return null;
    const shape = broadcastShapes(a.shape, b.shape);
    if (!shape) {
      const shapes = `left of the sign ${describeShape(a.shape)}, right of it ${describeShape(b.shape)}`;
      return this.refuseWith(`Shapes do not fit: ${shapes}.`, span, edit);
    }
    return sizeOf(shape) > MAX_TENSOR_ENTRIES ? this.refuse(tooLargeTensor(sizeOf(shape)), span) : apply(a, b);
  }

  private matmul(a: Tensor, b: Tensor, place: Parameters<typeof productMisfit>[2]): Tensor | null {
    return matmulShape(a.shape, b.shape) ? this.ops.matmul(a, b) : this.misfit(productMisfit(a.shape, b.shape, place));
  }

  private index(expr: IndexExpr): Tensor | null {
    const operand = this.visit(expr.operand);
    if (!operand) return null;
    const name = expr.operand.kind === 'name' ? expr.operand.name : 'this';
    const [counter] = expr.items;
    const isOfAll = counter?.kind === 'name' && expr.items.length === 1 && this.isCounter(counter.name);
    if (isOfAll && operand.shape.length === 2) {
      const message = `${counter.name} is unknown. Of every row at once: norm(${name}, axis=1), sum(${name}, axis=1).`;
      return this.refuse(message, expr.span);
    }
    if (isOfAll) {
      const message = `${counter.name} is unknown. A line holds for all entries at once: write ${name} for ${printText(expr)}.`;
      return this.refuse(message, expr.span, printText(expr.operand));
    }
    const written = withNewAxis(expr, operand.shape);
    if (written !== undefined)
      return this.refuse(`An axis is added by reshape; here it is ${written}.`, expr.span, written);
    const picked = positionsOf(expr, operand.shape, name, {
      refuse: this.refuse,
      constantOf: (item) => this.constant(item),
    });
    if (!picked) return null;
    const view = viewOf(picked.basic, operand.shape, name, this.refuse);
    const sliced = view && this.ops.slice(operand, view);
    return sliced && picked.along ? gatherAlong(this.ops, sliced, picked.along, this.refuse) : sliced;
  }

  private isCounter = (name: string): boolean => /^[ijkn]$/u.test(name) && !this.scope.has(name);

  /** An expression that depends on no parameter and no step; null where it was refused. */
  private constant(expr: Expr): { shape: Shape; entries: number[] } | null {
    const tensor = this.visit(expr);
    if (!tensor) return null;
    if (this.ops.valueOf(tensor).uses !== 0)
      return this.refuse('An index is fixed: it cannot depend on parameters or on the step.', expr.span);
    return { shape: tensor.shape, entries: numbersOf(this.ops, tensor) };
  }

  private list({ items, span }: ListExpr): Tensor | null {
    const entries = items.map((item) => this.visit(item));
    const tensors = entries.filter((entry) => entry !== null);
    const [first] = tensors;
    if (tensors.length < entries.length) return null;
    if (!first) return this.refuse('An empty list has no shape.', span);
    const odd = tensors.findIndex(({ shape }) => !sameShape(shape, first.shape));
    if (odd >= 0) {
      const shapes = `${describeShape(first.shape)} and ${describeShape(at(tensors, odd).shape)}`;
      // Numbers and vectors end to end; rows of two lengths are no matrix, and which entry is missing nobody can say.
      const isRows = items.every((item) => item.kind === 'list');
      const joined = !isRows && tensors.every((tensor) => tensor.shape.length < 2);
      const edit = joined ? { span, insert: `concat(${items.map(printText).join(', ')})` } : undefined;
      return this.refuseWith(`The entries of a list have one shape, not ${shapes}.`, at(items, odd).span, edit);
    }
    if (first.shape.length > 1) return this.refuse('There are vectors and matrices, no arrays of higher rank.', span);
    const shape = [tensors.length, ...first.shape];
    const constants = tensors.map((tensor) => this.ops.valueOf(tensor));
    if (constants.every((value) => value.op === 'constant')) {
      return this.ops.constant(
        constants.flatMap(({ attributes }) => Array.from(attributes.data)),
        shape,
      );
    }
    return this.ops.reshape(this.ops.concat(tensors), shape);
  }

  private compare({ operator, left, right, span }: CompareExpr): Tensor | null {
    const a = this.visit(left);
    return this.pair(a, this.visit(right), span, (a, b) => {
      switch (operator) {
        case '==':
          return this.ops.equal(a, b);
        case '<':
          return this.ops.less(a, b);
        case '<=':
          return this.ops.lessEqual(a, b);
        case '>':
          return this.ops.less(b, a);
        case '>=':
          return this.ops.lessEqual(b, a);
      }
    });
  }

  private derivative(expr: CallExpr, name: DerivativeName): Tensor | null {
    const [option] = expr.options;
    if (option) return this.refuse(`${name} has no option ${option.name}.`, option.span);
    if (expr.args.length !== 2) {
      const [f] = expr.args;
      const names = f && expr.args.length === 1 ? [...namesIn(f).keys()].filter((used) => this.scope.has(used)) : [];
      return this.refuse(
        `${name} takes two arguments: ${FUNCTIONS[name].signature}, such as ${name}(x^2, x).`,
        expr.span,
        f && names.length === 1 ? `${name}(${printText(f)}, ${names[0]})` : undefined,
      );
    }
    const { definitions, budget, depth = 0 } = this.context;
    return differentiate(expr, name, {
      ops: this.ops,
      scope: this.scope,
      definitions,
      depth,
      refuse: this.refuse,
      report: (diagnostic) => this.diagnostics.push(diagnostic),
      visit: (inner, scope, around) => {
        const elaborator = new Elaborator(this.ops, scope, { definitions, depth: around, ...(budget && { budget }) });
        const value = elaborator.visit(inner);
        this.diagnostics.push(...elaborator.diagnostics.filter((fault) => !isKnown(this.diagnostics, fault)));
        return value;
      },
    });
  }

  private call(expr: CallExpr): Tensor | null {
    if (isDerivativeName(expr.name)) return this.derivative(expr, expr.name);
    const args = expr.args.map((arg) => this.visit(arg));
    const rowsOfSet = SET_ROWS.get(expr.name);
    if (rowsOfSet) {
      const known = args.filter((arg) => arg !== null);
      if (known.length < args.length) return null;
      const rows = rowsOfSet(this.ops, known);
      return typeof rows === 'string' ? this.refuse(rows, expr.span) : rows;
    }
    const { name } = expr;
    if (!isFunctionName(name) || isDerivativeName(name)) {
      this.diagnostics.push(explainUnknownFunction(expr, this.scope));
      return null;
    }
    const [least, most] = FUNCTIONS[name].arity;
    if (args.length < least || args.length > most) return this.misfit(argumentMisfit(expr, name));
    const tensors = args.filter((arg) => arg !== null);
    const [first] = tensors;
    if (tensors.length < args.length || !first) return null;
    const axis = axisOf(expr, first.shape);
    if (axis !== null && typeof axis !== 'number') return this.misfit(axis);
    const refuse = (message: string, span = expr.span, replacement?: string): null =>
      this.refuse(message, span, replacement);
    return BUILDERS[name]({ ops: this.ops, expr, args: tensors, axis, refuse });
  }
}

/** A derivative elaborates its argument more than once. */
const isKnown = (known: readonly Diagnostic[], { message, span }: Diagnostic): boolean =>
  known.some((other) => other.message === message && String(other.span) === String(span));
