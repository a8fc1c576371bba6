/** Which state must stay within ±1e9, the bound of divergence: max |x| is bounded, whatever else a method keeps. */
import { at } from '../diagnostic.ts';
import { reachable } from '../tensor/evaluate.ts';
import type { Program } from './program.ts';

/** For each slot, whether the iterate is computed from it: x itself, or θ or v. Multipliers, ρ and squared gradients may be large where x is not. */
export function isOfIterate({ values, regions, state, outputs }: Program): readonly boolean[] {
  const needed = reachable({ values, regions }, [at(outputs, 0).value]);
  return state.map(({ current }) => needed.has(current));
}
