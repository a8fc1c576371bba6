/** Leaves out what a run does not use: terms with settings that are 0, and state that nothing reads. */
import { at } from '../diagnostic.ts';
import { reachable } from '../tensor/evaluate.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';
import type { Id, Value } from '../tensor/value.ts';
import { compact } from './compact.ts';
import type { Program, SettingValues } from './program.ts';
import { rewrite } from './rewrite.ts';

/**
 * The program with scalar settings that are exactly 0 written as such. Momentum, weight decay and the like mostly are: a step
 * without them is a third as long. Any other value stays in its buffer, so that dragging recompiles nothing but at 0.
 * 0·x counts as 0 for every x, as it does in the kernels of some compilers anyway.
 */
export function specialize(program: Program, settings: SettingValues): Program {
  const isZero = (name: string) => settings[name]?.length === 1 && settings[name][0] === 0;
  if (!program.settings.some(({ name }) => isZero(name))) return withoutUnreadState(program);
  const written = rewrite(program, (ops, value, args) => {
    if (value.op !== 'input') return simplified(ops, value, args);
    const { source, name } = value.attributes;
    return source === 'setting' && value.shape.length === 0 && isZero(name) ? ops.constant(0) : null;
  });
  return withoutUnreadState(written);
}

/** Sums without 0, products of 0, branches that agree. */
function simplified(ops: Ops, { op, shape }: Value, args: readonly Tensor[]): Tensor | null {
  const [a, b, c] = args;
  if (a === undefined || b === undefined) return null;
  if (op === 'add') return ops.add(a, b);
  if (op === 'subtract') return ops.subtract(a, b);
  if (op === 'where') return b.id === c?.id ? b : null;
  if (op !== 'multiply') return null;
  const isNothing = ops.scalarConstant(a) === 0 || ops.scalarConstant(b) === 0;
  return isNothing ? ops.zeros(shape) : ops.multiply(a, b);
}

/** The program with only those slots from which an output follows, in however many steps. */
function withoutUnreadState(program: Program): Program {
  const slotOf = new Map<Id, number>(program.state.map(({ current }, slot) => [current, slot] as const));
  const kept = new Set<number>();
  const pending = program.outputs.map(({ value }) => value);
  for (let root = pending.pop(); root !== undefined; root = pending.pop()) {
    for (const id of reachable(program, [root])) {
      const slot = slotOf.get(id);
      if (slot === undefined || kept.has(slot)) continue;
      kept.add(slot);
      pending.push(at(program.state, slot).next);
    }
  }
  if (kept.size === program.state.length) return program;
  const state = program.state.filter((_, slot) => kept.has(slot));
  return compact(program, { ...program, state });
}
