/** Which names expressions lead to, through definitions. */
import { type Expr, namesIn } from '../language/expr.ts';
import type { Definition } from './problem.ts';

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
