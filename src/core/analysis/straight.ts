/** Methods that move along the affine equalities: by the matrix of all, or by formulas of the sets that they are. */
import { type Support, supported, unsupported } from '../contracts.ts';
import type { Structure } from './structure.ts';

/** Whether A x = b says all that the equalities say. */
export const areAllHeld = ({ affine, constraints }: Pick<Structure, 'affine' | 'constraints'>): boolean =>
  affine !== null && constraints.every((line) => line.relation !== 'equality' || line.affine !== null);

/** Whether all equalities are affine, and their set is known; `what` names what a method projects along them. */
export function keepsStraight(
  { affine, constraints, straight }: Pick<Structure, 'affine' | 'constraints' | 'straight'>,
  what: string,
): Support {
  if (areAllHeld({ affine, constraints }) || straight) return supported;
  const equalities = constraints.filter(({ relation }) => relation === 'equality');
  if (equalities.length === 0)
    return unsupported(`There is no straight (affine) equality along which ${what} could be projected.`);
  return unsupported(
    equalities.some(({ degree }) => degree > 1)
      ? 'This keeps straight (affine) equalities only, and one is curved.'
      : 'The straight (affine) equalities are too many for one matrix, and share parameters. A method with multipliers takes them.',
  );
}
