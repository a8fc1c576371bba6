/** The start as a thing to take, in a picture of one or two entries. */
import { shortNumber } from '../../number-text.ts';
import classes from './drag-handle.module.css';
import { DragHandle, type Placing } from './drag-handle.tsx';
import type { Plot } from './plot-host.ts';
import type { Point } from './plot-point.ts';

export interface StartHandleProps extends Placing {
  readonly plot: Plot;
  /** Of the two axes; of a curve, the name of the one parameter. */
  readonly names: readonly [string] | readonly [string, string];
  /** The start, on the shown axes. */
  readonly start: Point;
  /** Given: the start moves sideways only, along this curve. */
  readonly heightAt?: ((x: number) => number) | undefined;
  /** Resolves once the runs from there are shown. */
  readonly onStart: (start: Point) => Promise<void>;
  readonly onHeld: (isHeld: boolean) => void;
}

export function StartHandle({ plot, names, start, heightAt, onStart, onHeld, ...placing }: StartHandleProps) {
  const where = names.map((name, i) => `${name} ${shortNumber(start[i] ?? 0)}`).join(', ');
  return (
    <DragHandle
      plot={plot}
      point={start}
      seenAt={([x, y]) => [x, heightAt?.(x) ?? y]}
      label={`Start: ${where}. Drag it, click it and then its new place, or move it with the arrow keys`}
      hint="Drag the start, or click it and then where it should be"
      request="Pick where the runs should start"
      layerLabel="Place the start here"
      isSideways={heightAt !== undefined}
      className={classes.start ?? ''}
      onMove={onStart}
      onHeld={onHeld}
      {...placing}
    />
  );
}
