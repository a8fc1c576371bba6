/** Along which directions a slice of the loss goes through an iterate, as the reader chose. Runs in the worker. */
import { at } from '../core/diagnostic.ts';
import { draws } from '../core/problem/draws.ts';
import { entryNames } from '../core/problem/entry-names.ts';
import type { Problem } from '../core/problem/problem.ts';
import { firstOrder } from '../core/run/first-order.ts';
import { forcesReporter } from '../core/run/forces.ts';
import { KKT_TOLERANCE } from '../core/run/verdict.ts';
import type { Through } from './study.ts';

export interface NamedDirection {
  /** Absent for a direction that means nothing: it is there because a plane takes two. */
  readonly name?: string;
  /** [n], of any length. */
  readonly vector: readonly number[];
}

/** Orthonormal directions, the first `moved` of them those in which the shown paths move most. */
export interface Movement {
  readonly directions: readonly number[][];
  readonly moved: number;
}

/** In the order in which they are wanted; those without a length, or along the ones before, are passed over. */
export function sliceDirections(problem: Problem, through: Through, movement: () => Movement): NamedDirection[] {
  const wanted = asked(problem, through, movement);
  const { directions, moved } = movement();
  const spare = directions.map((vector, k) => (k < moved ? { name: 'where the paths move', vector } : { vector }));
  return [...wanted, ...spare];
}

function asked(problem: Problem, through: Through, movement: () => Movement): NamedDirection[] {
  const { x, t, steps, end, along, seed, entries } = through;
  const { size } = problem;
  switch (along) {
    case 'end': {
      const { gradient } = firstOrder(problem, Math.max(1, steps))(x, t);
      return [
        { name: 'along −∇f', vector: [...gradient].map((slope) => -slope) },
        { name: 'towards the end of the run', vector: [...end].map((entry, i) => entry - at(x, i)) },
      ];
    }
    case 'parts': {
      const forces = forcesReporter(problem, Math.max(1, steps))?.(x, t, KKT_TOLERANCE.float32);
      if (!forces?.tangent) return asked(problem, { ...through, along: 'end' }, movement);
      return [
        { name: 'part of −∇f that is allowed', vector: [...forces.tangent] },
        { name: 'part of −∇f that is held back', vector: [...forces.normal].map((entry) => -entry) },
        ...forces.normals.map(({ direction }) => ({ name: 'a constraint normal', vector: [...direction] })),
      ];
    }
    case 'components': {
      const { directions, moved } = movement();
      return directions.slice(0, moved).map((vector, k) => ({ name: `principal component ${k + 1}`, vector }));
    }
    case 'random': {
      const random = draws(seed);
      const drawn = () => Array.from({ length: size }, () => random.normal());
      return [1, 2].map((k) => ({ name: `random direction ${k}, draw ${seed}`, vector: drawn() }));
    }
    case 'entries': {
      const names = entryNames(problem);
      return entries.map((entry) => ({
        name: `change of ${at(names, entry)}`,
        vector: Array.from({ length: size }, (_, i) => (i === entry ? 1 : 0)),
      }));
    }
  }
}
