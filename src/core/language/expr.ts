/** Expressions as plain data. Sums and products are flat, so that a thousand terms have no depth; every node keeps its span. */
import type { Span } from '../diagnostic.ts';

interface Node<Kind extends string> {
  readonly kind: Kind;
  readonly span: Span;
}

export interface NumberExpr extends Node<'number'> {
  readonly value: number;
}

export interface NameExpr extends Node<'name'> {
  readonly name: string;
}

export interface NegateExpr extends Node<'negate'> {
  readonly operand: Expr;
}

export type SumOperator = '+' | '-';
export type ProductOperator = '*' | '/' | '@';

export interface Part<Operator> {
  readonly operator: Operator;
  readonly operand: Expr;
}

/** first ± … ± …, from the left. */
export interface SumExpr extends Node<'sum'> {
  readonly first: Expr;
  readonly rest: readonly Part<SumOperator>[];
}

/** first · … / … @ …, from the left. */
export interface ProductExpr extends Node<'product'> {
  readonly first: Expr;
  readonly rest: readonly Part<ProductOperator>[];
}

export interface PowerExpr extends Node<'power'> {
  readonly base: Expr;
  readonly exponent: Expr;
}

/** An argument by keyword: `axis=0`. */
export interface Option {
  readonly name: string;
  readonly value: Expr;
  readonly span: Span;
}

/** `name` is what was typed; whether such a function exists is asked by `check`. */
export interface CallExpr extends Node<'call'> {
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expr[];
  readonly options: readonly Option[];
}

/** Absent bounds are NumPy's: `w[:3]`, `w[::2]`. */
export interface Slice extends Node<'slice'> {
  readonly from?: Expr;
  readonly to?: Expr;
  readonly step?: Expr;
}

export interface IndexExpr extends Node<'index'> {
  readonly operand: Expr;
  readonly items: readonly (Expr | Slice)[];
}

export interface TransposeExpr extends Node<'transpose'> {
  readonly operand: Expr;
}

export interface ListExpr extends Node<'list'> {
  readonly items: readonly Expr[];
}

export type CompareOperator = '==' | '<=' | '>=' | '<' | '>';

/** A truth value, 1 or 0, entry by entry; the condition of `where`. */
export interface CompareExpr extends Node<'compare'> {
  readonly operator: CompareOperator;
  readonly left: Expr;
  readonly right: Expr;
}

export type Expr =
  | NumberExpr
  | NameExpr
  | NegateExpr
  | SumExpr
  | ProductExpr
  | PowerExpr
  | CallExpr
  | IndexExpr
  | TransposeExpr
  | ListExpr
  | CompareExpr;

/** The expressions directly inside, in the order typed. */
function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'name':
      return [];
    case 'negate':
    case 'transpose':
      return [expr.operand];
    case 'sum':
    case 'product':
      return [expr.first, ...expr.rest.map(({ operand }) => operand)];
    case 'power':
      return [expr.base, expr.exponent];
    case 'call':
      return [...expr.args, ...expr.options.map(({ value }) => value)];
    case 'index':
      return [expr.operand, ...expr.items.flatMap((item) => (item.kind === 'slice' ? boundsOf(item) : [item]))];
    case 'list':
      return expr.items;
    case 'compare':
      return [expr.left, expr.right];
  }
}

const boundsOf = ({ from, to, step }: Slice): readonly Expr[] =>
  [from, to, step].filter((bound) => bound !== undefined);

/** Every node, the expression itself first, each before what stands to its right. */
export function* nodesOf(expr: Expr): Generator<Expr> {
  const pending = [expr];
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node;
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child) pending.push(child);
    }
  }
}

/** Names in the order of first appearance, each with its first node. */
export function namesIn(expr: Expr): Map<string, NameExpr> {
  const names = new Map<string, NameExpr>();
  for (const node of nodesOf(expr)) if (node.kind === 'name' && !names.has(node.name)) names.set(node.name, node);
  return names;
}
