/** Graphs draw one after the other, each in a task of its own, and rest: the hand and the clock have their turns in between. */
import type { Clock } from '../../pace.ts';

export type TurnToDraw = () => Promise<() => void>;

/** Resolves when it is the caller's turn, in the order of the calls. What it gives ends the turn; the next begins after as long a rest as it took. */
export function drawingTurns({ now, later }: Clock): TurnToDraw {
  let last: Promise<void> = Promise.resolve();
  const rest = (ms: number) => new Promise<void>((resolve) => later(resolve, ms));
  return () =>
    new Promise((take) => {
      last = last
        .then(() => rest(0)) // not in the task that asked
        .then(() => {
          const began = now();
          return new Promise<void>((end) => take(end)).then(() => rest(now() - began));
        });
    });
}
