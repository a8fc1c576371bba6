/** What means one thing of matrices elsewhere, and another here: it is valid, and a note says what it means. */
import type { Diagnostic } from '../diagnostic.ts';
import { type CallExpr, type Expr, nodesOf, type PowerExpr, type SumExpr } from '../language/expr.ts';
import { printText } from '../language/print-text.ts';
import { matmulShape, type Shape } from '../tensor/shape.ts';
import { matrixProductMeant } from './matrix-product-meant.ts';
import type { Scope } from './names.ts';
import { wholeNumber } from './whole-number.ts';

/** Each is noted once a place: one statement may stand for several expressions. */
export function ambiguousOfMatrices(exprs: readonly Expr[], scope: Scope): Diagnostic[] {
  const notes = new Map<number, Diagnostic>();
  for (const node of exprs.flatMap((expr) => [...nodesOf(expr)])) {
    const note = noteOn(node, scope);
    if (note && !notes.has(node.span[0])) notes.set(node.span[0], note);
  }
  return [...notes.values()];
}

function noteOn(node: Expr, scope: Scope): Diagnostic | null {
  if (node.kind === 'power') return ofReciprocal(node, scope);
  if (node.kind === 'call') return ofOrder(node, scope);
  return node.kind === 'sum' ? (ofColumn(node, scope) ?? ofEntries(node, scope)) : null;
}

/** A*w + b with a square A: all A_ij w_j, with b on each row, in NumPy as well, where A @ w + b was likely meant. */
function ofEntries({ first, rest, span }: SumExpr, scope: Scope): Diagnostic | null {
  const operands = [first, ...rest.map(({ operand }) => operand)];
  const meant = operands.map((operand) => matrixProductMeant(operand, scope)).find((product) => product !== null);
  if (!meant || !operands.some((operand) => vectorIn(scope, operand) === meant.shape[0])) return null;
  const { insert } = meant.edit;
  return { severity: 'warning', message: meant.message, span, fix: { title: `Write ${insert}`, ...meant.edit } };
}

/** The length of a vector: of names, their matrix products and lists of numbers; null where it takes more to tell. */
function vectorIn(scope: Scope, expr: Expr): number | null {
  if (expr.kind === 'list') return expr.items.every(({ kind }) => kind !== 'list') ? expr.items.length : null;
  const shape = shapeIn(scope, expr);
  return shape?.length === 1 ? (shape[0] ?? null) : null;
}

/** A column [n, 1] and a vector [n] make a matrix [n, n], in NumPy as well: seldom what was meant, and nothing fails. */
function ofColumn({ first, rest, span }: SumExpr, scope: Scope): Diagnostic | null {
  const operands = [first, ...rest.map(({ operand }) => operand)];
  const shapes = operands.map((operand) => shapeIn(scope, operand));
  const column = shapes.findIndex((shape) => shape?.length === 2 && shape[1] === 1 && (shape[0] ?? 1) > 1);
  const [n] = shapes[column] ?? [];
  const expr = operands[column];
  if (!expr || !shapes.some((shape) => shape?.length === 1 && shape[0] === n)) return null;
  const written = printText(expr);
  const insert = expr.kind === 'name' ? `${written}[:,0]` : `(${written})[:,0]`;
  return {
    severity: 'warning',
    message: `${written} is a column [${n}, 1]; with a vector [${n}] it makes a matrix [${n}, ${n}] of all pairs, as in NumPy. As a vector it is ${insert}.`,
    span,
    fix: { title: `Write ${insert}`, span: expr.span, insert },
  };
}

/** Of names, and of their matrix products; null where it takes more to tell. */
function shapeIn(scope: Scope, expr: Expr): Shape | null {
  if (expr.kind === 'name') return scope.get(expr.name)?.shape ?? null;
  if (expr.kind !== 'product' || expr.rest.some(({ operator }) => operator !== '@')) return null;
  return expr.rest.reduce<Shape | null>(
    (left, { operand }) => {
      const right = left && shapeIn(scope, operand);
      return left && right && matmulShape(left, right);
    },
    shapeIn(scope, expr.first),
  );
}

/** norm(A, 2) is the largest singular value in NumPy, and the length of all entries here. */
function ofOrder({ name, args, options, span }: CallExpr, scope: Scope): Diagnostic | null {
  if (name !== 'norm' || args.length !== 2 || options.some((option) => option.name === 'axis')) return null;
  const [matrix, order] = args;
  if (matrix?.kind !== 'name' || !order || scope.get(matrix.name)?.shape.length !== 2) return null;
  const p = wholeNumber(order);
  const meant = p === 2 ? 'the length of all entries' : p === 1 ? 'the sum of all |entries|' : 'the largest |entry|';
  const other =
    p === 2
      ? `the largest singular value; to keep that below r, write ${matrix.name} in spectralball(r)`
      : 'a norm of its rows or columns';
  const insert = p === 2 ? `norm(${matrix.name})` : p === 1 ? `sum(abs(${matrix.name}))` : `max(abs(${matrix.name}))`;
  return {
    severity: 'note',
    message: `Of a matrix, this is ${meant}. In NumPy it would be ${other}.`,
    span,
    fix: { title: `Write ${insert}`, span, insert },
  };
}

/** A⁻¹ is the inverse on paper, and 1/a of each entry in NumPy, and here. */
function ofReciprocal({ base, exponent, span }: PowerExpr, scope: Scope): Diagnostic | null {
  if (base.kind !== 'name' || wholeNumber(exponent) !== -1) return null;
  const [rows, columns] = scope.get(base.name)?.shape ?? [];
  if (rows === undefined || rows !== columns || rows === 1) return null;
  const { name } = base;
  const insert = `(1/${name})`;
  return {
    severity: 'note',
    message: `${name}^-1 is 1 divided by each entry, as in NumPy, and not the inverse matrix. In place of an inverse stands what it gives: a parameter Z with ${name} @ Z = eye(${rows}), or x with ${name} @ x = b.`,
    span,
    fix: { title: `Write ${insert}, entry by entry`, span, insert },
  };
}
