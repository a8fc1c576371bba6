/**
 * How far rounding to float32 may carry a computation: it is repeated in Float64 with every number moved at random within
 * what one float32 operation may err, and the largest spread is taken. Higham 2002, Accuracy and Stability of Numerical
 * Algorithms, §2.8 (running errors by perturbation). Test support.
 */
import { at } from '../diagnostic.ts';
import { Machine, reachable, type ValueTable } from './evaluate.ts';
import { prepare } from './reference.ts';
import type { Id, OpName } from './value.ts';

const ROUNDING = 2 ** -24;

/** In units of a rounding: relative, and absolute where the result is small against the arguments. None for a name: 1. */
const ERRORS: Partial<Record<OpName, readonly [relative: number, absolute: number]>> = {
  exp: [8, 0],
  log: [8, 1],
  sqrt: [4, 0],
  sin: [4, 4],
  cos: [4, 4],
  tan: [30, 8],
  tanh: [8, 0],
  power: [100, 0],
  divide: [8, 0],
  sum: [4, 0],
  matmul: [4, 0],
};

/** Whose results are numbers of their arguments, or truth values: exact. */
const EXACT: ReadonlySet<OpName> = new Set<OpName>([
  'negate',
  'abs',
  'sign',
  'floor',
  'maximum',
  'minimum',
  'less',
  'lessEqual',
  'equal',
  'where',
  'broadcast',
  'transpose',
  'slice',
  'max',
]);

/** The targets of a table without loops at inputs of one's choice: exactly, and how far float32 may be from that. */
export function roundingSpread(table: ValueTable, input: Id, targets: readonly Id[], random: () => number, tries = 6) {
  const machine = new Machine(table);
  const order = [...reachable(table, targets)].sort((a, b) => a - b);
  let scale = 0;
  const steps = order.flatMap((id) => {
    const value = at(table.values, id);
    const out = machine.numbers(id);
    if (['input', 'constant', 'identity', 'reshape'].includes(value.op)) return [];
    const args = value.args.map((argument) => ({
      data: machine.numbers(argument),
      shape: at(table.values, argument).shape,
    }));
    const kernel = prepare(value, args, out);
    const [relative, absolute] = ERRORS[value.op] ?? [1, 0];
    return () => {
      kernel?.();
      if (scale === 0 || EXACT.has(value.op)) return;
      for (let i = 0; i < out.length; i++) {
        const error = Math.abs(at(out, i)) * relative + absolute;
        out[i] = at(out, i) + scale * ROUNDING * error * (2 * random() - 1);
      }
    };
  });
  const run = (): number[] => {
    for (const step of steps) step();
    return targets.flatMap((id) => [...machine.numbers(id)]);
  };
  return (point: readonly number[]): { readonly exact: readonly number[]; readonly spread: readonly number[] } => {
    machine.numbers(input).set(point);
    scale = 0;
    const exact = run();
    scale = 1;
    const spread = exact.map((value) => Math.abs(value) * ROUNDING);
    for (let k = 0; k < tries; k++)
      run().forEach((value, i) => {
        spread[i] = Math.max(at(spread, i), Math.abs(value - at(exact, i)));
      });
    return { exact, spread };
  };
}
