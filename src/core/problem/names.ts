/** What names stand for, and which of them expressions lead to. */
import { type Expr, namesIn } from '../language/expr.ts';
import type { Tensor } from '../tensor/ops.ts';
import type { Definition } from './problem.ts';

/** What each name stands for. */
export type Scope = ReadonlyMap<string, Tensor>;

/** Names in the expressions, and in the definitions that they lead to. */
export function reachableNames(roots: readonly Expr[], definitions: readonly Definition[]): ReadonlySet<string> {
  const values = new Map(definitions.flatMap(({ name, value, array }) => (array ? [] : [[name, value] as const])));
  const reached = new Set<string>();
  const pending = [...roots];
  for (let expr = pending.pop(); expr; expr = pending.pop()) {
    for (const name of namesIn(expr).keys()) {
      const value = reached.has(name) ? undefined : values.get(name);
      reached.add(name);
      if (value) pending.push(value);
    }
  }
  return reached;
}
