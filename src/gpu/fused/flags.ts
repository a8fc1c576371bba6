/** How a kernel notices that a start went wrong: by the bits of its state. */
import { at } from '../../core/diagnostic.ts';
import { isOfIterate } from '../../core/program/iterate-slots.ts';
import type { Program } from '../../core/program/program.ts';
import { DIVERGENCE_BOUND } from '../../core/run/run.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { NO_STEP } from './bindings.ts';

/** Bits of |v| as a whole number: ordered as the magnitudes are, with infinity and NaN above all. */
export const magnitude = (element: string) => `bitcast<u32>(${element}) & 0x7fffffffu`;

export const BOUND_BITS = new Uint32Array(Float32Array.of(DIVERGENCE_BOUND).buffer)[0];

/** Once a segment, or after every step: any number of the state not finite, or one that the iterate is computed from beyond the bound. By bits: NaN is not seen otherwise. */
export function flagLines(program: Program, elements: readonly string[]): string[] {
  const ofIterate = isOfIterate(program);
  const isBounded = program.state.flatMap(({ shape }, slot) =>
    new Array<boolean>(sizeOf(shape)).fill(at(ofIterate, slot)),
  );
  const largest = (name: string, kept: boolean) =>
    elements.flatMap((element, k) =>
      at(isBounded, k) === kept ? [`${name} = max(${name}, ${magnitude(element)});`] : [],
    );
  return [
    'var largest = 0u;',
    ...largest('largest', true),
    'var any = largest;',
    ...largest('any', false),
    `flag = min(flag, select(${NO_STEP}u, 2u * t + u32(any >= 0x7f800000u), (largest > ${BOUND_BITS}u) | (any >= 0x7f800000u)));`,
  ];
}
