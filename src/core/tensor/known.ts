/** Numbers that are known while a program is recorded. */
import { invariant } from '../diagnostic.ts';
import type { Ops, Tensor } from './ops.ts';

/** The entries of a constant. */
export function knownNumbers(ops: Ops, a: Tensor): number[] {
  const value = ops.valueOf(a);
  invariant(value.op === 'constant', 'a constant is asked for');
  return [...value.attributes.data];
}
