/** From the grammar's tree to expressions. The tree has no error nodes; what is grammatical but wrong is reported. */
import type { SyntaxNode } from '@lezer/common';
import { at, type Diagnostic, invariant, type Span } from '../diagnostic.ts';
import type { CompareOperator, Expr, Option, Part, ProductOperator, Slice, SumOperator } from './expr.ts';
import { explainJuxtaposition } from './juxtaposition.ts';
import { MAX_DEPTH, tooDeep } from './limits.ts';

export const spanOf = ({ from, to }: SyntaxNode): Span => [from, to];

export function nodesIn(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'Comment') children.push(child);
  return children;
}

const PUNCTUATION = new Set(['(', ')', '[', ']', ',', '=', '~']);

/** Children without brackets and commas. */
export const contentOf = (node: SyntaxNode): SyntaxNode[] => nodesIn(node).filter(({ name }) => !PUNCTUATION.has(name));

/** Stands in for what was reported; no document with reports is handed on. */
const nothing = (span: Span): Expr => ({ kind: 'number', value: 0, span });

export class Converter {
  readonly diagnostics: Diagnostic[] = [];

  constructor(readonly text: string) {}

  report(message: string, span: Span, fix?: Diagnostic['fix']): void {
    this.diagnostics.push({ severity: 'error', message, span, ...(fix && { fix }) });
  }

  textOf = ({ from, to }: SyntaxNode): string => this.text.slice(from, to);

  /** Names that look the same are the same: NFC. */
  nameOf = (node: SyntaxNode): string => this.textOf(node).normalize('NFC');

  expression(node: SyntaxNode, depth = 0): Expr {
    const span = spanOf(node);
    if (depth > MAX_DEPTH) {
      this.report(tooDeep, span);
      return nothing(span);
    }
    switch (node.name) {
      case 'Number':
        return this.number(node);
      case 'Name':
        return { kind: 'name', name: this.nameOf(node), span };
      case 'Parenthesized':
        return this.parenthesized(node, depth);
      case 'List':
        return { kind: 'list', items: contentOf(node).map((item) => this.expression(item, depth + 1)), span };
      case 'Sum':
        return this.sum(node, depth);
      case 'Product':
        return this.product(node, depth);
      case 'Signed':
        return this.signed(contentOf(node), depth);
      case 'Power':
        return this.power(contentOf(node), depth);
      case 'Suffixed':
        return this.suffixed(contentOf(node), depth);
      case 'Call':
        return this.call(node, depth);
      case 'Compare':
        return this.compare(node, depth);
      default:
        invariant(false, `no expression is made from ${node.name}`);
    }
  }

  private number(node: SyntaxNode): Expr {
    const value = Number(this.textOf(node));
    if (!Number.isFinite(value)) {
      const fix = { title: 'Write inf', span: spanOf(node), insert: 'inf' };
      this.report('This number is too large; the largest is about 1.8e308.', spanOf(node), fix);
    }
    return { kind: 'number', value, span: spanOf(node) };
  }

  private parenthesized(node: SyntaxNode, depth: number): Expr {
    const [first, ...others] = contentOf(node);
    invariant(first, 'brackets hold an expression');
    if (others.length > 0) {
      const span = spanOf(node);
      const inner = this.text.slice(span[0] + 1, span[1] - 1);
      this.report(
        `A list is written with square brackets: [${inner}]. A decimal number has a point, not a comma.`,
        span,
        {
          title: 'Write [ ]',
          span,
          insert: `[${inner}]`,
        },
      );
    }
    return { ...this.expression(first, depth + 1), span: spanOf(node) };
  }

  private sum(node: SyntaxNode, depth: number): Expr {
    const [first, ...others] = contentOf(node);
    invariant(first, 'a sum has terms');
    const rest: Part<SumOperator>[] = [];
    for (let i = 0; i < others.length; i += 2) {
      const operator = at(others, i).name === 'Plus' ? '+' : '-';
      rest.push({ operator, operand: this.expression(at(others, i + 1), depth + 1) });
    }
    return { kind: 'sum', first: this.expression(first, depth + 1), rest, span: spanOf(node) };
  }

  private product(node: SyntaxNode, depth: number): Expr {
    const [first, ...others] = contentOf(node);
    invariant(first, 'a product has factors');
    const rest: Part<ProductOperator>[] = [];
    let previous = first;
    let operator: ProductOperator = '*';
    for (const part of others) {
      if (part.name === 'Juxtaposed') {
        this.diagnostics.push(explainJuxtaposition(this.text, spanOf(previous), spanOf(part)));
        return nothing(spanOf(node));
      }
      if (part.name === 'Times' || part.name === 'Divide' || part.name === 'At') {
        operator = part.name === 'Times' ? '*' : part.name === 'Divide' ? '/' : '@';
      } else {
        rest.push({ operator, operand: this.expression(part, depth + 1) });
        previous = part;
      }
    }
    return { kind: 'product', first: this.expression(first, depth + 1), rest, span: spanOf(node) };
  }

  /** Signs before `last`, outermost first. */
  private signed(parts: readonly SyntaxNode[], depth: number): Expr {
    const last = at(parts, parts.length - 1);
    const minuses = parts.slice(0, -1).filter(({ name }) => name === 'Minus');
    let expr = this.expression(last, depth + minuses.length);
    for (const minus of minuses.reverse()) expr = { kind: 'negate', operand: expr, span: [minus.from, last.to] };
    return expr;
  }

  /** base ^ signs exponent ^ …: from the right. */
  private power(parts: readonly SyntaxNode[], depth: number): Expr {
    const groups: SyntaxNode[][] = [[]];
    for (const part of parts) {
      if (part.name === 'Raise') groups.push([]);
      else at(groups, groups.length - 1).push(part);
    }
    let result: Expr | null = null;
    let level = depth + parts.length;
    for (const group of groups.reverse()) {
      const base = this.expression(at(group, group.length - 1), level);
      const end: number = result ? result.span[1] : base.span[1];
      let expr: Expr = result
        ? { kind: 'power', base, exponent: result, span: [at(group, group.length - 1).from, end] }
        : base;
      for (const sign of group.slice(0, -1).reverse()) {
        if (sign.name === 'Minus') expr = { kind: 'negate', operand: expr, span: [sign.from, end] };
      }
      result = expr;
      level = Math.max(depth, level - group.length - 1);
    }
    invariant(result, 'a power has a base');
    return result;
  }

  private suffixed(parts: readonly SyntaxNode[], depth: number): Expr {
    const [atom, ...suffixes] = parts;
    invariant(atom, 'a suffix follows something');
    let expr = this.expression(atom, depth + suffixes.length);
    for (const suffix of suffixes) {
      const span: Span = [atom.from, suffix.to];
      if (suffix.name === 'Index') expr = { kind: 'index', operand: expr, items: this.indices(suffix, depth), span };
      else if (/^\.\s*T$/u.test(this.textOf(suffix))) expr = { kind: 'transpose', operand: expr, span };
      else this.report(`${this.textOf(suffix)} is unknown: the only such suffix is .T, the transpose.`, spanOf(suffix));
    }
    return expr;
  }

  private indices(node: SyntaxNode, depth: number): (Expr | Slice)[] {
    return contentOf(node).map((item) => {
      if (item.name !== 'Slice') return this.expression(item, depth + 1);
      const bounds: (SyntaxNode | undefined)[] = [undefined];
      for (const part of contentOf(item)) {
        if (part.name === 'Colon') bounds.push(undefined);
        else bounds[bounds.length - 1] = part;
      }
      const [from, to, step] = bounds.map((bound) => bound && this.expression(bound, depth + 1));
      return { kind: 'slice', ...(from && { from }), ...(to && { to }), ...(step && { step }), span: spanOf(item) };
    });
  }

  private call(node: SyntaxNode, depth: number): Expr {
    const [callee, list] = nodesIn(node);
    invariant(callee && list, 'a call has a name and arguments');
    const args: Expr[] = [];
    const options: Option[] = [];
    for (const item of contentOf(list)) {
      if (item.name !== 'Option') {
        args.push(this.expression(item, depth + 1));
        continue;
      }
      const [name, value] = contentOf(item);
      invariant(name && value, 'an option has a name and a value');
      options.push({ name: this.nameOf(name), value: this.expression(value, depth + 1), span: spanOf(item) });
    }
    return { kind: 'call', name: this.nameOf(callee), nameSpan: spanOf(callee), args, options, span: spanOf(node) };
  }

  private compare(node: SyntaxNode, depth: number): Expr {
    const [left, sign, right] = contentOf(node);
    invariant(left && sign && right, 'a comparison has two sides');
    const operator = COMPARISONS.get(this.textOf(sign));
    if (!operator)
      this.report(`${this.textOf(sign)} is not a comparison here; there are <=, >=, <, > and ==.`, spanOf(sign));
    return {
      kind: 'compare',
      operator: operator ?? '==',
      left: this.expression(left, depth + 1),
      right: this.expression(right, depth + 1),
      span: spanOf(node),
    };
  }
}

/** What is typed between the sides of an inequality. */
export const ORDERS: readonly (readonly [typed: string, meant: Exclude<CompareOperator, '=='>])[] = [
  ['<=', '<='],
  ['≤', '<='],
  ['>=', '>='],
  ['≥', '>='],
  ['<', '<'],
  ['>', '>'],
];

const COMPARISONS: ReadonlyMap<string, CompareOperator> = new Map([['==', '=='], ...ORDERS]);
