/** Points of the data and places on the graph: what a finger on the plot area means. */
import { useEffect, useState } from 'react';
import type { Plot } from './plot-host.ts';
import { readAxis } from './projector.ts';

export type Point = readonly [number, number];

/** Significant digits of a dragged number, next to the width of the axis: no more than a pixel can say. */
const DIGITS = 3;

/**
 * Where the point is, relative to the graph; null before the first drawing. What is outside the plot area: null, or, where it
 * `keepsInside`, the nearest place at its edge.
 */
export function usePixel(plot: Plot, [x, y]: Point, keepsInside = false): Point | null {
  useRedrawOnPlace(plot);
  const horizontal = readAxis(plot.element, 'xaxis');
  const vertical = readAxis(plot.element, 'yaxis');
  if (!horizontal || !vertical) return null;
  const along = ({ range: [from, to] }: { range: Point }, value: number) => {
    const share = (value - from) / (to - from);
    return keepsInside ? clamped(share) : share;
  };
  const [right, up] = [along(horizontal, x), along(vertical, y)];
  if (!(right >= 0 && right <= 1 && up >= 0 && up <= 1)) return null;
  return [horizontal._offset + right * horizontal._length, vertical._offset + (1 - up) * vertical._length];
}

const clamped = (share: number): number => Math.min(1, Math.max(0, share));

/** The plot area within the graph, in CSS pixels; null before the first drawing. */
export function usePlotArea(plot: Plot): { left: number; top: number; width: number; height: number } | null {
  useRedrawOnPlace(plot);
  const x = readAxis(plot.element, 'xaxis');
  const y = readAxis(plot.element, 'yaxis');
  return x && y ? { left: x._offset, top: y._offset, width: x._length, height: y._length } : null;
}

/** What is read of the graph is read anew after each drawing, and while it is panned and zoomed. */
export function useRedrawOnPlace(plot: Plot): void {
  const [, setPlaced] = useState(0);
  useEffect(() => plot.onPlace(() => setPlaced((count) => count + 1)), [plot]);
}

/** The data's coordinates under the pointer, kept inside the plot area and rounded to what a pixel can say. */
export function pointAt(
  element: HTMLElement,
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
): Point | null {
  const horizontal = readAxis(element, 'xaxis');
  const vertical = readAxis(element, 'yaxis');
  if (!horizontal || !vertical) return null;
  const { left, top } = element.getBoundingClientRect();
  const right = clamped((clientX - left - horizontal._offset) / horizontal._length);
  const up = 1 - clamped((clientY - top - vertical._offset) / vertical._length);
  return [between(horizontal.range, right), between(vertical.range, up)];
}

/** The point beside one, by a share of the axes. */
export function beside(element: HTMLElement, [x, y]: Point, [right, up]: Point, step: number): Point | null {
  const horizontal = readAxis(element, 'xaxis');
  const vertical = readAxis(element, 'yaxis');
  if (!horizontal || !vertical) return null;
  const moved = (value: number, [from, to]: Point, by: number) => rounded(value + by * step * (to - from), to - from);
  return [moved(x, horizontal.range, right), moved(y, vertical.range, up)];
}

const between = ([from, to]: Point, share: number): number => rounded(from + share * (to - from), to - from);

/** The least that a hand can mean on an axis of that width. */
export const handUnit = (width: number): number => 10 ** (Math.ceil(Math.log10(width)) - DIGITS);

/** Degrees, clockwise from the right, of a slope (∂/∂x, ∂/∂y) as it is seen: the axes have scales of their own. */
export function screenAngle({ element }: Plot, [a, b]: Point): number {
  const scale = (name: 'xaxis' | 'yaxis') => {
    const axis = readAxis(element, name);
    return axis ? axis._length / (axis.range[1] - axis.range[0]) : 1;
  };
  return (Math.atan2(-b / scale('yaxis'), a / scale('xaxis')) * 180) / Math.PI;
}

function rounded(value: number, width: number): number {
  const unit = handUnit(width);
  return Number((Math.round(value / unit) * unit).toPrecision(12));
}
