/** A thing in the picture to take: dragged, moved by arrow keys, or clicked and placed by a second click. The newest place is computed next. */
import { Tooltip } from '@mantine/core';
import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useNewest } from '../use-newest.ts';
import classes from './drag-handle.module.css';
import type { Plot } from './plot-host.ts';
import { beside, type Point, pointAt, usePixel, usePlotArea } from './plot-point.ts';

export interface Placing {
  /** Whether the next click on the picture places it. */
  readonly isPlacing: boolean;
  readonly onPlacing: (isPlacing: boolean) => void;
}

interface DragHandleProps extends Placing {
  readonly plot: Plot;
  readonly point: Point;
  /** Where it is seen while it is held at a point. */
  readonly seenAt?: (point: Point) => Point;
  readonly label: string;
  readonly hint: string;
  /** What a click on the picture is asked for, and what it does. */
  readonly request: string;
  readonly layerLabel: string;
  /** Whether it moves to the sides alone: a finger that goes up or down scrolls the page, then. */
  readonly isSideways?: boolean;
  readonly className: string;
  readonly style?: CSSProperties & { readonly '--across'?: string };
  readonly children?: ReactNode;
  /** Resolves once what follows from there is shown. */
  readonly onMove: (point: Point) => Promise<void>;
  /** A hand takes it, or leaves it. */
  readonly onHeld: (isHeld: boolean) => void;
}

/** Share of the axis that an arrow key moves by; with Shift, ten times as much. */
const KEY_STEP = 0.01;
/** A pointer that moves by less, in pixels, has clicked. */
const CLICK = 4;

export function DragHandle(props: DragHandleProps) {
  const { plot, point, label, hint, request, layerLabel, onMove, onHeld, isPlacing, onPlacing } = props;
  const { seenAt = (place) => place, isSideways = false, className, style, children } = props;
  const [held, setHeld] = useState<Point | null>(null);
  const grabbedAt = useRef<Point | null>(null);
  /** Where it was before it was moved; null while it was not. */
  const origin = useRef<Point | null>(null);
  const isHeld = held !== null;
  const pixel = usePixel(plot, seenAt(held ?? point), isHeld); // what is in the hand stays there
  const computeNewest = useNewest(onMove);
  /** Settles once what was asked for last is shown. */
  const asked = useRef<Promise<void>>(Promise.resolve());
  useHeld(isHeld, asked, onHeld);
  /** Where the arrow keys brought it, until that is shown: the next press goes on from there. */
  const ahead = useRef<Point | null>(null);
  const move = (place: Point) => {
    setHeld(place);
    asked.current = computeNewest(place);
  };
  const grab = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    grabbedAt.current = [event.clientX, event.clientY];
    setHeld(point);
  };
  const isClick = ({ clientX, clientY }: PointerEvent): boolean => {
    const [x, y] = grabbedAt.current ?? [Number.NaN, Number.NaN];
    return Math.hypot(clientX - x, clientY - y) < CLICK;
  };
  const drag = (event: PointerEvent) => {
    if (grabbedAt.current && isClick(event)) return; // a finger is never quite still
    grabbedAt.current = null;
    const place = held && pointAt(plot.element, event);
    if (!place) return;
    origin.current ??= point;
    move(place);
  };
  const leave = () => {
    grabbedAt.current = null;
    origin.current = null;
    setHeld(null);
  };
  /** The finger scrolls the page instead. */
  const giveBack = () => {
    if (origin.current) asked.current = computeNewest(origin.current);
    leave();
  };
  const release = (event: PointerEvent) => {
    if (isClick(event)) onPlacing(!isPlacing);
    leave();
  };
  const onKey = (event: KeyboardEvent) => {
    const towards = DIRECTIONS[event.key];
    const place =
      towards && beside(plot.element, ahead.current ?? point, towards, event.shiftKey ? 10 * KEY_STEP : KEY_STEP);
    if (!place) return;
    event.preventDefault();
    event.stopPropagation(); // arrows belong to the transport elsewhere
    ahead.current = place;
    void computeNewest(place).finally(() => {
      if (ahead.current === place) ahead.current = null;
    });
  };
  const put = (place: Point) => {
    onPlacing(false);
    void computeNewest(place);
  };
  return (
    <>
      {isPlacing && (
        <PlaceLayer plot={plot} request={request} label={layerLabel} onPlace={put} onEnd={() => onPlacing(false)} />
      )}
      {pixel !== null && (
        <Tooltip label={hint} disabled={isHeld || isPlacing}>
          <button
            type="button"
            className={`${classes.handle} ${className}`}
            data-placing={isPlacing || undefined}
            data-held={isHeld || undefined}
            style={{ ...style, left: pixel[0], top: pixel[1], ...(isSideways && { touchAction: 'pan-y' }) }}
            aria-label={label}
            onPointerDown={grab}
            onPointerMove={drag}
            onPointerUp={release}
            onPointerCancel={giveBack}
            onKeyDown={onKey}
          >
            {children}
          </button>
        </Tooltip>
      )}
    </>
  );
}

/**
 * Tells when it is taken, and when it is left and what the hand asked for last is shown: it belongs to the drag, however slow the
 * machine. Left is also what the picture goes from under.
 */
function useHeld(isHeld: boolean, asked: { readonly current: Promise<void> }, onHeld: (isHeld: boolean) => void): void {
  const tell = useRef(onHeld);
  const hand = useRef(0);
  useEffect(() => {
    tell.current = onHeld;
  }, [onHeld]);
  useEffect(() => {
    if (!isHeld) return;
    hand.current++;
    const own = hand.current;
    const leave = () => {
      if (hand.current === own) tell.current(false); // not taken again meanwhile
    };
    tell.current(true);
    return () => void asked.current.then(leave, leave);
  }, [isHeld, asked]);
}

interface PlaceLayerProps {
  readonly plot: Plot;
  readonly request: string;
  readonly label: string;
  readonly onPlace: (point: Point) => void;
  readonly onEnd?: () => void;
}

/** Takes the next click on the plot area. Escape ends it. */
export function PlaceLayer({ plot, request, label, onPlace, onEnd }: PlaceLayerProps) {
  const area = usePlotArea(plot);
  const end = useRef(onEnd);
  useEffect(() => {
    end.current = onEnd;
  }, [onEnd]);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape') end.current?.();
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
        aria-label={label}
        onClick={(event) => {
          const point = pointAt(plot.element, event);
          if (point) onPlace(point);
        }}
      >
        <span className={classes.hint}>{request}</span>
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
