/** Lines of WGSL as text: blocks, and names that change what they stand for all at once. */
import { at } from '../../core/diagnostic.ts';

export const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** The names stand for other values from here on, all at once. */
export function renamed(names: readonly string[], values: readonly string[]): string[] {
  const all = new Set(names);
  const held: string[] = [];
  const lines = names.flatMap((name, i) => {
    const value = at(values, i);
    if (value === name) return [];
    if (!all.has(value)) return [`let ${name} = ${value};`];
    held.push(`let n_${name} = ${value};`);
    return [`let ${name} = n_${name};`];
  });
  return [...held, ...lines];
}

/** All targets take their new values at once: a value that is itself a target is held first. Unless `unless` is true. */
export function assignments(
  targets: readonly string[],
  values: readonly string[],
  unless: string | null = null,
): string[] {
  const assigned = new Set(targets);
  const held: string[] = [];
  const changes = targets.flatMap((target, i) => {
    let value = at(values, i);
    if (value === target) return [];
    if (assigned.has(value)) {
      held.push(`let n_${target} = ${value};`);
      value = `n_${target}`;
    }
    return [unless === null ? `${target} = ${value};` : `${target} = select(${value}, ${target}, ${unless});`];
  });
  return [...held, ...changes];
}
