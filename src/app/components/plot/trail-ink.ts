/** How boldly a path is drawn: of a run that swings to and fro for hundreds of steps, bold lines would fill the picture. */
import type { MotionPath } from '../../figures/motion-path.ts';
import type { Projector } from './projector.ts';

export const LINE_WIDTH = 2.25;
const THINNEST = 0.75;
/** The share of the plot area that a path may cover with lines of full width. */
const COVERED = 0.04;
/** Shorter sides of the plot area: so much of the way to a head is drawn at full width, whatever the rest is. */
const RECENT = 2.5;
/** And no more points of it: it is drawn in every frame. */
const RECENT_POINTS = 200;

const from = new Float64Array(2);
const to = new Float64Array(2);

/** Pixels of line in the plot area, about: a segment with an end there counts as what of it can be there. */
function inkLength({ points, steps }: MotionPath, view: Projector): number {
  const longest = Math.hypot(view.width, view.height);
  let length = 0;
  let wasInside = false;
  for (let i = 0; i < steps.length; i++) {
    view.project(points, i * view.dimensions, to);
    const [x = 0, y = 0] = to;
    const isInside = x >= 0 && x <= view.width && y >= 0 && y <= view.height;
    const step = Math.hypot(x - (from[0] ?? 0), y - (from[1] ?? 0));
    if (i > 0 && (isInside || wasInside) && step > 0) length += Math.min(step, longest);
    wasInside = isInside;
    from.set(to);
  }
  return length;
}

/** Pixels across the line of a path, the same at every step of it; less where the whole would cover much of the picture. */
export function lineWidth(path: MotionPath, view: Projector): number {
  if (path.trail === 'points') return LINE_WIDTH;
  const room = COVERED * view.width * view.height;
  return Math.max(THINNEST, Math.min(LINE_WIDTH, room / (inkLength(path, view) || 1)));
}

/** The last part of a path with a thin line: it begins at a point, and is so many pixels long. */
export interface Recent {
  readonly first: number;
  readonly length: number;
}

/** Of a path with a thin line, the part up to a point that is drawn at full width. */
export function recentPart({ points }: MotionPath, last: number, view: Projector): Recent {
  const room = RECENT * Math.min(view.width, view.height);
  view.project(points, last * view.dimensions, from);
  let length = 0;
  for (let i = last - 1; i >= Math.max(0, last - RECENT_POINTS); i--) {
    view.project(points, i * view.dimensions, to);
    const step = Math.hypot((to[0] ?? 0) - (from[0] ?? 0), (to[1] ?? 0) - (from[1] ?? 0));
    if (!(length + step <= room)) return { first: i + 1, length };
    length += step;
    from.set(to);
  }
  return { first: Math.max(0, last - RECENT_POINTS), length };
}
