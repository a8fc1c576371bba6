/** The start of the runs in the plane: dragged with a pointer, or moved by arrow keys. The newest place is computed next. */
import { Tooltip } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Plot } from './plot-host.ts';
import { readAxis } from './projector.ts';
import classes from './start-handle.module.css';

export interface StartHandleProps {
  readonly plot: Plot;
  readonly names: readonly [string, string];
  /** The start, on the shown axes. */
  readonly start: readonly [number, number];
  /** Resolves once the runs from there are shown. */
  readonly onStart: (start: readonly [number, number]) => Promise<void>;
}

type Point = readonly [number, number];

/** Share of the axis that an arrow key moves by; with Shift, ten times as much. */
const KEY_STEP = 0.01;
/** Significant digits of a dragged number, next to the width of the axis: no more than a pixel can say. */
const DIGITS = 3;

export function StartHandle({ plot, names, start, onStart }: StartHandleProps) {
  const [held, setHeld] = useState<Point | null>(null);
  const pixel = usePixel(plot, held ?? start);
  const computeNewest = useNewest(onStart);
  const move = (point: Point) => {
    setHeld(point);
    computeNewest(point);
  };
  const grab = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setHeld(start);
  };
  const drag = (event: PointerEvent) => {
    const point = held && pointAt(plot.element, event);
    if (point) move(point);
  };
  const nudge = (event: KeyboardEvent) => {
    const towards = DIRECTIONS[event.key];
    const point = towards && beside(plot.element, start, towards, event.shiftKey ? 10 * KEY_STEP : KEY_STEP);
    if (!point) return;
    event.preventDefault();
    event.stopPropagation(); // arrows belong to the transport elsewhere
    computeNewest(point);
  };
  if (pixel === null) return null;
  return (
    <Tooltip label="Drag the start" disabled={held !== null} openDelay={300}>
      <button
        type="button"
        className={classes.handle}
        style={{ left: pixel[0], top: pixel[1] }}
        aria-label={`Start: ${names[0]} ${short(start[0])}, ${names[1]} ${short(start[1])}. Drag it, or move it with the arrow keys`}
        onPointerDown={grab}
        onPointerMove={drag}
        onPointerUp={() => setHeld(null)}
        onPointerCancel={() => setHeld(null)}
        onKeyDown={nudge}
      />
    </Tooltip>
  );
}

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** Calls at most once at a time, and after that with the newest of what was asked for meanwhile. */
function useNewest(compute: (point: Point) => Promise<void>): (point: Point) => void {
  const state = useRef<{ compute: typeof compute; next: Point | null; isBusy: boolean }>({
    compute,
    next: null,
    isBusy: false,
  });
  useEffect(() => {
    state.current.compute = compute;
  }, [compute]);
  return (point) => {
    const { current } = state;
    current.next = point;
    if (current.isBusy) return;
    current.isBusy = true;
    void (async () => {
      while (current.next !== null) {
        const newest = current.next;
        current.next = null;
        await current.compute(newest);
      }
      current.isBusy = false;
    })();
  };
}

/** Where the point is, relative to the graph; null outside the plot area, and before the first drawing. */
function usePixel(plot: Plot, [x, y]: Point): Point | null {
  const [, setPlaced] = useState(0);
  useEffect(() => plot.onPlace(() => setPlaced((count) => count + 1)), [plot]);
  const horizontal = readAxis(plot.element, 'xaxis');
  const vertical = readAxis(plot.element, 'yaxis');
  if (!horizontal || !vertical) return null;
  const along = ({ range: [from, to] }: { range: Point }, value: number) => (value - from) / (to - from);
  const [right, up] = [along(horizontal, x), along(vertical, y)];
  if (!(right >= 0 && right <= 1 && up >= 0 && up <= 1)) return null;
  return [horizontal._offset + right * horizontal._length, vertical._offset + (1 - up) * vertical._length];
}

/** The data's coordinates under the pointer, kept inside the plot area and rounded to what a pixel can say. */
function pointAt(element: HTMLElement, { clientX, clientY }: PointerEvent): Point | null {
  const horizontal = readAxis(element, 'xaxis');
  const vertical = readAxis(element, 'yaxis');
  if (!horizontal || !vertical) return null;
  const { left, top } = element.getBoundingClientRect();
  const share = (value: number) => Math.min(1, Math.max(0, value));
  const right = share((clientX - left - horizontal._offset) / horizontal._length);
  const up = 1 - share((clientY - top - vertical._offset) / vertical._length);
  return [between(horizontal.range, right), between(vertical.range, up)];
}

function beside(element: HTMLElement, [x, y]: Point, [right, up]: Point, step: number): Point | null {
  const horizontal = readAxis(element, 'xaxis');
  const vertical = readAxis(element, 'yaxis');
  if (!horizontal || !vertical) return null;
  const moved = (value: number, [from, to]: Point, by: number) => rounded(value + by * step * (to - from), to - from);
  return [moved(x, horizontal.range, right), moved(y, vertical.range, up)];
}

const between = ([from, to]: Point, share: number): number => rounded(from + share * (to - from), to - from);

function rounded(value: number, width: number): number {
  const unit = 10 ** (Math.ceil(Math.log10(width)) - DIGITS);
  return Number((Math.round(value / unit) * unit).toPrecision(12));
}
