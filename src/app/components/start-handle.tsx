/** The start as a thing to take: dragged, moved by arrow keys, or clicked and placed by a second click. The newest place is computed next. */
import { Tooltip } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Plot } from './plot-host.ts';
import { beside, type Point, pointAt, usePixel, usePlotArea } from './plot-point.ts';
import classes from './start-handle.module.css';
import { useNewest } from './use-newest.ts';

export interface StartHandleProps {
  readonly plot: Plot;
  /** Of the two axes; of a curve, the name of the one parameter. */
  readonly names: readonly [string] | readonly [string, string];
  /** The start, on the shown axes. */
  readonly start: Point;
  /** Given: the start moves sideways only, along this curve. */
  readonly heightAt?: ((x: number) => number) | undefined;
  /** Resolves once the runs from there are shown. */
  readonly onStart: (start: Point) => Promise<void>;
  /** Whether the next click on the picture places the start. */
  readonly isPlacing: boolean;
  readonly onPlacing: (isPlacing: boolean) => void;
}

/** Share of the axis that an arrow key moves by; with Shift, ten times as much. */
const KEY_STEP = 0.01;
/** A pointer that moves by less, in pixels, has clicked. */
const CLICK = 4;

export function StartHandle(props: StartHandleProps) {
  const { plot, names, start, heightAt, onStart, isPlacing, onPlacing } = props;
  const [held, setHeld] = useState<Point | null>(null);
  const grabbedAt = useRef<Point | null>(null);
  const onCurve = ([x, y]: Point): Point => [x, heightAt?.(x) ?? y];
  const pixel = usePixel(plot, onCurve(held ?? start));
  const computeNewest = useNewest(onStart);
  const move = (point: Point) => {
    setHeld(point);
    computeNewest(point);
  };
  const grab = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    grabbedAt.current = [event.clientX, event.clientY];
    setHeld(start);
  };
  const isClick = ({ clientX, clientY }: PointerEvent): boolean => {
    const [x, y] = grabbedAt.current ?? [Number.NaN, Number.NaN];
    return Math.hypot(clientX - x, clientY - y) < CLICK;
  };
  const drag = (event: PointerEvent) => {
    if (grabbedAt.current && isClick(event)) return; // a finger is never quite still
    grabbedAt.current = null;
    const point = held && pointAt(plot.element, event);
    if (point) move(point);
  };
  const release = (event: PointerEvent) => {
    if (isClick(event)) onPlacing(!isPlacing);
    grabbedAt.current = null;
    setHeld(null);
  };
  const onKey = (event: KeyboardEvent) => {
    const towards = DIRECTIONS[event.key];
    const point = towards && beside(plot.element, start, towards, event.shiftKey ? 10 * KEY_STEP : KEY_STEP);
    if (!point) return;
    event.preventDefault();
    event.stopPropagation(); // arrows belong to the transport elsewhere
    computeNewest(point);
  };
  const place = (point: Point) => {
    onPlacing(false);
    computeNewest(point);
  };
  const where = names.map((name, i) => `${name} ${short(start[i] ?? 0)}`).join(', ');
  return (
    <>
      {isPlacing && <PlaceLayer plot={plot} onPlace={place} onEnd={() => onPlacing(false)} />}
      {pixel !== null && (
        <Tooltip label="Drag the start, or click it and then where it should be" disabled={held !== null || isPlacing}>
          <button
            type="button"
            className={classes.handle}
            data-placing={isPlacing || undefined}
            style={{ left: pixel[0], top: pixel[1] }}
            aria-label={`Start: ${where}. Drag it, click it and then its new place, or move it with the arrow keys`}
            onPointerDown={grab}
            onPointerMove={drag}
            onPointerUp={release}
            onPointerCancel={() => setHeld(null)}
            onKeyDown={onKey}
          />
        </Tooltip>
      )}
    </>
  );
}

interface PlaceLayerProps {
  readonly plot: Plot;
  readonly onPlace: (point: Point) => void;
  readonly onEnd: () => void;
}

/** Takes the next click on the plot area. Escape ends it. */
function PlaceLayer({ plot, onPlace, onEnd }: PlaceLayerProps) {
  const area = usePlotArea(plot);
  const end = useRef(onEnd);
  useEffect(() => {
    end.current = onEnd;
  }, [onEnd]);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape') end.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    area && (
      <button
        type="button"
        tabIndex={-1}
        className={classes.place}
        style={area}
        aria-label="Place the start here"
        onClick={(event) => {
          const point = pointAt(plot.element, event);
          if (point) onPlace(point);
        }}
      >
        <span className={classes.hint}>Click where the runs should start</span>
      </button>
    )
  );
}

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const short = (value: number): string => String(Number(value.toPrecision(4)));
