/** What the key says of the feasible set, so that nothing passes for more than what is drawn. */
import type { FeasibleSet } from './scene.ts';

export interface Drawn {
  /** Whether anything is seen of the constraints. */
  readonly isSeen: boolean;
  /** Whether what is drawn is the feasible set, no more and no less. */
  readonly isExact: boolean;
  /** The step at which moving constraints are drawn. */
  readonly time?: number;
}

/** Null where there is nothing to name: no constraints, or none that the shown axes see. */
export function setLabel(sets: readonly FeasibleSet[], { isSeen, isExact, time = 0 }: Drawn): string | null {
  const hasUndrawn = sets.some(({ kind }) => kind === 'undrawn');
  if (!isSeen) return hasUndrawn ? 'feasible set not drawn' : null;
  const isSlice = sets.some((set) => 'isSlice' in set && set.isSlice);
  const extent = !isExact || hasUndrawn ? ', bounds only' : isSlice ? ', a slice' : '';
  const isMoving = sets.some((set) => 'isMoving' in set && set.isMoving);
  return `feasible set${extent}${isMoving ? ` at step ${time}` : ''}`;
}
