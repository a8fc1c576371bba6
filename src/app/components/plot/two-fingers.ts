/** Fingers on a graph in the plane: one scrolls the page, as everywhere on it; two move the axes, and stretch them. */
import { type Axes, axesOf } from './projector.ts';

/** The middle between two fingers, from the graph's left and top, and how far they are apart: CSS pixels. */
export interface Grip {
  readonly x: number;
  readonly y: number;
  readonly apart: number;
}

/** Ranges by the names of their axes. */
export type Ranges = Readonly<Record<string, readonly [number, number]>>;

/** Fingers that are nearer count as being so far apart. */
const LEAST_APART = 24;

/**
 * The ranges [a, b] of the axes under the first grip after the fingers went on to the second. Both axes stretch by the same factor
 * k = apart₁ / apart₂, and what lay under the middle stays there: with the middle at the share s of an axis, u = a + s₁(b − a),
 * it becomes [u − s₂k(b − a), u + (1 − s₂)k(b − a)]. No axis under it: none.
 */
export function rangesAfter(axes: Axes, first: Grip, second: Grip): Ranges {
  const factor = Math.max(first.apart, LEAST_APART) / Math.max(second.apart, LEAST_APART);
  const entries = Object.entries(axes).flatMap(([name, { _offset, _length, range }]) => {
    const [a, b] = range;
    const shareOf = ({ x, y }: Grip) => (name.startsWith('x') ? (x - _offset) / _length : 1 - (y - _offset) / _length);
    const [from, to] = [shareOf(first), shareOf(second)];
    if (!(from >= 0 && from <= 1)) return [];
    const held = a + from * (b - a);
    const width = factor * (b - a);
    return [[name, [held - to * width, held + (1 - to) * width] as const] as const];
  });
  return Object.fromEntries(entries);
}

/** A finger that went so far across, and hardly up or down, meant the picture: the page has nothing there. */
const ACROSS = 30;

export interface Fingers {
  /** Two fingers ask for these ranges. */
  readonly onRanges: (ranges: Ranges) => void;
  /** One finger swipes to a side, where the page does not scroll. */
  readonly onSwipe: () => void;
}

type Place = readonly [x: number, y: number];

/** Returns what ends it. */
export function listenToFingers(element: HTMLElement, { onRanges, onSwipe }: Fingers): () => void {
  let held: { readonly axes: Axes; readonly grip: Grip } | null = null;
  let alone: Place | null = null;
  const down = (event: TouchEvent) => {
    event.stopPropagation(); // Plotly would drag by the first finger, and keep the page from scrolling
    const [first, second, third] = places(event);
    alone = first && !second ? first : null;
    held = first && second && !third ? { axes: axesOf(element), grip: gripOf(element, first, second) } : null;
    if (held && event.cancelable) event.preventDefault(); // else the whole page is magnified
  };
  const move = (event: TouchEvent) => {
    const [first, second] = places(event);
    if (held && first && second) {
      if (event.cancelable) event.preventDefault();
      onRanges(rangesAfter(held.axes, held.grip, gripOf(element, first, second)));
    } else if (alone && first) {
      const [right, below] = [Math.abs(first[0] - alone[0]), Math.abs(first[1] - alone[1])];
      if (right < ACROSS || right < 2 * below) return;
      alone = null;
      onSwipe();
    }
  };
  const up = () => {
    held = null;
    alone = null;
  };
  const options = { capture: true, passive: false };
  element.addEventListener('touchstart', down, options);
  element.addEventListener('touchmove', move, options);
  element.addEventListener('touchend', up, options);
  element.addEventListener('touchcancel', up, options);
  return () => {
    element.removeEventListener('touchstart', down, options);
    element.removeEventListener('touchmove', move, options);
    element.removeEventListener('touchend', up, options);
    element.removeEventListener('touchcancel', up, options);
  };
}

const places = ({ touches }: TouchEvent): readonly Place[] =>
  Array.from(touches, ({ clientX, clientY }) => [clientX, clientY] as const);

function gripOf(element: HTMLElement, [x, y]: Place, [x2, y2]: Place): Grip {
  const { left, top } = element.getBoundingClientRect();
  return { x: (x + x2) / 2 - left, y: (y + y2) / 2 - top, apart: Math.hypot(x2 - x, y2 - y) };
}
