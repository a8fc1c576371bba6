/** The proof that a residual is Σ wᵢ |xᵢ − cᵢ| − r: affine in its absolute values, which read one entry each. */
import type { AbsoluteEvidence } from '../contracts.ts';
import type { Symbols } from './symbols.ts';

/** Of a residual with one row; null where it is anything else, or depends on the step. */
export function absoluteEvidence(
  _symbols: Symbols,
  _value: number,
  _coordinates: readonly number[],
): AbsoluteEvidence | null {
  return null;
}
