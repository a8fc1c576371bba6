/** Graphs draw one after the other, each in tasks of its own, and rest: the hand and the clock have their turns in between. */
import type { Clock } from '../../pace.ts';

export interface Turn {
  /** Resolves after as long a rest as was drawn since the turn, or the last pause, began. The turn goes on. */
  pause(): Promise<void>;
  /** The next turn begins after such a rest. */
  end(): void;
}

export type TurnToDraw = () => Promise<Turn>;

/** Resolves when it is the caller's turn, in the order of the calls. */
export function drawingTurns({ now, later }: Clock): TurnToDraw {
  let last: Promise<void> = Promise.resolve();
  const rest = (ms: number) => new Promise<void>((resolve) => later(resolve, ms));
  return () =>
    new Promise((take) => {
      last = last
        .then(() => rest(0)) // not in the task that asked
        .then(() => {
          let began = now();
          const restFromDrawing = () => rest(now() - began);
          const pause = async () => {
            await restFromDrawing();
            began = now();
          };
          return new Promise<void>((end) => take({ pause, end })).then(restFromDrawing);
        });
    });
}
