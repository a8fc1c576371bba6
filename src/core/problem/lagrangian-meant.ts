/** f + λ·h with λ a parameter: minimized in λ as well it has no minimum, and the methods keep multipliers of their own. */
import type { Diagnostic } from '../diagnostic.ts';
import type { Document } from '../language/document.ts';
import { type Expr, namesIn, nodesOf } from '../language/expr.ts';
import { printText } from '../language/print-text.ts';
import { reachableNames } from './names.ts';
import type { Definition, Parameter } from './problem.ts';

/**
 * The first term λ·h of the objective, or of what it names, in which λ is a scalar parameter that occurs nowhere else and h depends
 * on another: linear in λ, so unbounded wherever h ≠ 0. Null where there is none.
 */
export function lagrangianMeant(
  { text, statements }: Document,
  objective: Expr,
  parameters: readonly Parameter[],
  definitions: readonly Definition[],
): Diagnostic | null {
  const named = objective.kind === 'name' ? definitions.find(({ name }) => name === objective.name) : undefined;
  const value = named && !named.array ? named.value : objective;
  if (value.kind !== 'sum') return null;
  const timesTyped = (name: string) => [...text.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)].filter(([word]) => word === name);
  let end = value.first.span[1];
  for (const { operand } of value.rest) {
    const from = end;
    end = operand.span[1];
    if (operand.kind !== 'product' || operand.rest.some(({ operator }) => operator !== '*')) continue;
    const factors = [operand.first, ...operand.rest.map((part) => part.operand)];
    for (const factor of factors) {
      const own = factor.kind === 'name' && parameters.find(({ name, shape }) => name === factor.name && !shape.length);
      const others = factors.filter((other) => other !== factor);
      const learned = parameters.filter((other) => other !== own).map(({ name }) => name);
      const used = reachableNames(others, definitions);
      if (!own || used.has(own.name) || !learned.some((name) => used.has(name))) continue;
      const declaration = statements.find((each) => each.kind === 'parameter' && each.declared.name === own.name);
      if (timesTyped(own.name).length > (declaration ? 2 : 1)) continue;
      if ([...nodesOf(value)].some((node) => node.kind === 'call' && namesIn(node).has(own.name))) continue;
      const h = others.map((other) => printText(other)).join('*');
      const without = text.slice(0, from) + text.slice(end);
      const line = new RegExp(`^[ \\t]*param[ \\t]+${own.name}(?![\\p{L}\\p{N}_])[^,;\\n]*(?:\\n|$)`, 'mu');
      const insert = `${without.replace(line, '').trimEnd()}\nsubject to\n  ${h} = 0`;
      return {
        severity: 'warning',
        message: `${own.name} occurs only in ${printText(operand)}, along which the objective has no bound. If this is a Lagrangian, type the constraint ${h} = 0 instead: its multiplier is kept by the method.`,
        span: operand.span,
        fix: { title: `Constrain ${h} = 0`, span: [0, text.length], insert },
      };
    }
  }
  return null;
}
