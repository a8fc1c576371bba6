/** `w in simplex` and the like → the relations that define the set. */
import type { Diagnostic, Span } from '../diagnostic.ts';
import type { RelationOperator } from '../language/document.ts';
import type { CallExpr, Expr, NameExpr } from '../language/expr.ts';
import { nearest } from '../language/nearest.ts';

export interface Sides {
  readonly left: Expr;
  readonly operator: RelationOperator;
  readonly right: Expr;
}

interface SetEntry {
  readonly signature: string;
  /** Number of arguments. */
  readonly arity: number;
  readonly meaning: string;
  readonly relations: (x: Expr, args: readonly Expr[]) => readonly Sides[];
}

const number = (value: number, span: Span): Expr => ({ kind: 'number', value, span });
const square = (base: Expr): Expr => ({ kind: 'power', base, exponent: number(2, base.span), span: base.span });
const call = (name: string, arg: Expr, axis?: number): CallExpr => ({
  kind: 'call',
  name,
  nameSpan: arg.span,
  args: [arg],
  options: axis === undefined ? [] : [{ name: 'axis', value: number(axis, arg.span), span: arg.span }],
  span: arg.span,
});

/** Balls and spheres by squares, which are smooth at 0. */
export const SETS: ReadonlyMap<string, SetEntry> = new Map([
  [
    'simplex',
    {
      signature: 'simplex',
      arity: 0,
      meaning: 'Entries from 0 on that sum to 1.',
      relations: (x) => [
        { left: x, operator: '>=', right: number(0, x.span) },
        { left: call('sum', x), operator: '=', right: number(1, x.span) },
      ],
    },
  ],
  [
    'stochastic',
    {
      signature: 'stochastic',
      arity: 0,
      meaning: 'A matrix whose rows hold entries from 0 on that sum to 1.',
      relations: (x) => [
        { left: x, operator: '>=', right: number(0, x.span) },
        { left: call('sum', x, 1), operator: '=', right: number(1, x.span) },
      ],
    },
  ],
  [
    'box',
    {
      signature: 'box(a, b)',
      arity: 2,
      meaning: 'Every entry between a and b.',
      relations: (x, [low = x, high = x]) => [
        { left: low, operator: '<=', right: x },
        { left: x, operator: '<=', right: high },
      ],
    },
  ],
  [
    'ball',
    {
      signature: 'ball(r)',
      arity: 1,
      meaning: 'Length at most r: Σx² ≤ r².',
      relations: (x, [radius = x]) => [{ left: call('sum', square(x)), operator: '<=', right: square(radius) }],
    },
  ],
  [
    'sphere',
    {
      signature: 'sphere(r)',
      arity: 1,
      meaning: 'Length r: Σx² = r².',
      relations: (x, [radius = x]) => [{ left: call('sum', square(x)), operator: '=', right: square(radius) }],
    },
  ],
  [
    'l1ball',
    {
      signature: 'l1ball(r)',
      arity: 1,
      meaning: 'Σ|x| ≤ r.',
      relations: (x, [radius = x]) => [{ left: call('sum', call('abs', x)), operator: '<=', right: radius }],
    },
  ],
  [
    'symmetric',
    {
      signature: 'symmetric',
      arity: 0,
      meaning: 'A square matrix that is its own transpose.',
      relations: (x) => [{ left: x, operator: '=', right: { kind: 'transpose', operand: x, span: x.span } }],
    },
  ],
] satisfies [string, SetEntry][]);

const PLANNED = new Set(['span', 'orthogonal', 'psd', 'mask', 'tied']);

const isNamed = (set: Expr): set is NameExpr | CallExpr => set.kind === 'name' || set.kind === 'call';

export function membership(x: Expr, set: Expr): readonly Sides[] | Diagnostic {
  const error = (message: string, span: Span): Diagnostic => ({ severity: 'error', message, span });
  if (!isNamed(set))
    return error('After in stands a set, such as simplex or ball(1). An interval is a chain: 0 <= x <= 1.', set.span);
  const span = set.kind === 'call' ? set.nameSpan : set.span;
  if (PLANNED.has(set.name)) return error(`The set ${set.name} is not there yet.`, span);
  const entry = SETS.get(set.name);
  if (!entry) {
    const similar = nearest(set.name, SETS.keys());
    if (!similar) return error(`There is no set ${set.name}. There are ${[...SETS.keys()].join(', ')}.`, span);
    const fix = { title: `Write ${similar}`, span, insert: similar };
    return { ...error(`There is no set ${set.name}. Did you mean ${similar}?`, span), fix };
  }
  const args = set.kind === 'call' ? set.args : [];
  if (args.length !== entry.arity || (set.kind === 'call' && set.options.length > 0))
    return error(`This set is written ${entry.signature}.`, set.span);
  const negative = set.name === 'box' ? undefined : args.find(({ kind }) => kind === 'negate');
  return negative
    ? error('No point has a negative length: the set is empty.', negative.span)
    : entry.relations(x, args);
}
