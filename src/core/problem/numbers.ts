/** Values that are known while a text is checked. */
import { Machine } from '../tensor/evaluate.ts';
import type { Ops, Tensor } from '../tensor/ops.ts';

/** The numbers of a tensor that depends on no input. */
export function numbersOf(ops: Ops, { id }: Tensor): number[] {
  const machine = new Machine(ops);
  machine.procedure([id])();
  return Array.from(machine.numbers(id));
}
