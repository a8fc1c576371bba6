/** Whether something applies, and why not. */
import type { RecognizedSet, Structure } from '../analysis/structure.ts';
import type { Numbers } from '../settings.ts';

export type Support = { readonly supported: true } | { readonly supported: false; readonly reason: string };
export const supported: Support = { supported: true };
export const unsupported = (reason: string): Support => ({ supported: false, reason });

/** Why the nearest feasible point has no formula: the first constraint that has none by itself, in the order typed; else that they overlap. */
export function noNearestPoint(
  { constraints }: Pick<Structure, 'constraints'>,
  sets: readonly Pick<RecognizedSet, 'constraints' | 'hasProjection'>[],
): Support {
  const known = new Set(sets.flatMap((set) => (set.hasProjection ? set.constraints : [])));
  const first = constraints.find(({ index }) => !known.has(index));
  return unsupported(
    first
      ? `No formula is known here for the nearest point of constraint ${first.index + 1}.`
      : 'The constraints share parameters, and no formula for their intersection is known here.',
  );
}

/** Whether an array that a run may give has the shape that the problem asks for. */
export function fits(given: number | Numbers | null | undefined, shape: readonly number[], what: string): Support {
  if (given === null || given === undefined || typeof given === 'number') return supported;
  const found = typeof given[0] === 'object' ? [given.length, given[0].length] : [given.length];
  const wanted = `${shape.join(' × ')} ${String(shape) === '1' ? 'entry' : 'entries'}`;
  return String(found) === String(shape)
    ? supported
    : unsupported(`${what} must have ${wanted} here, and has ${found.join(' × ')}.`);
}

/** Multipliers at the start: one for each row in the order typed, or one for each equality, and μ = 0. */
export function fitsMultipliers(
  given: number | Numbers | null | undefined,
  equalityRows: number,
  inequalityRows: number,
): Support {
  const ofEqualities = fits(given, [equalityRows], 'The list of multipliers');
  return ofEqualities.supported
    ? ofEqualities
    : fits(given, [equalityRows + inequalityRows], 'The list of multipliers');
}
