/** Draws the arrows at a head. Their tips are where vectors of the data point in the picture. */
import { type Arrow, arrowLength, NORMAL_LENGTH, type SeenForces } from '../../figures/force-arrows.ts';
import { lookOf } from '../../figures/look.ts';
import type { Theme } from '../../figures/scene.ts';
import type { Projector } from './projector.ts';

export interface ArrowLook {
  readonly descent: string;
  readonly tangent: string;
  readonly held: string;
  readonly normal: string;
  readonly rim: string;
}

export function arrowLook(theme: Theme): ArrowLook {
  const { ink, free, accent, surface } = lookOf(theme);
  return { descent: ink, tangent: free, held: accent, normal: accent, rim: surface };
}

/** Strokes and gaps of the part that is held back. */
export const HELD_DASH: readonly number[] = [5, 4];
const SOLID: number[] = [];
/** Arrows shorter than this have no room for a head. */
const LEAST = 3;

type Pixel = readonly [number, number];

const tip = new Float64Array(3);
const pixel = new Float64Array(2);

/** Where the vector ends, so many times as long, in pixels: y downwards. */
function reached(head: Float64Array, vector: Arrow, scale: number, view: Projector): Pixel {
  for (let i = 0; i < 3; i++) tip[i] = (head[i] ?? 0) + scale * (vector[i] ?? 0);
  view.project(tip, 0, pixel);
  return [pixel[0] ?? Number.NaN, pixel[1] ?? Number.NaN];
}

/** Pixels that a tip keeps from the edge of the plot area. */
const RIM = 3;

/** Of the way from a point inside the plot area: the share that stays there. */
function roomFor([x, y]: Pixel, [toX, toY]: Pixel, { width, height }: Projector): number {
  const along = (from: number, to: number, size: number): number => {
    if (from < RIM || from > size - RIM || from === to) return 1;
    return Math.min(1, ((to > from ? size - RIM : RIM) - from) / (to - from));
  };
  return Math.min(along(x, toX, width), along(y, toY, height));
}

const shortened = ([x, y]: Pixel, [toX, toY]: Pixel, share: number): Pixel => [
  x + share * (toX - x),
  y + share * (toY - y),
];

/**
 * The largest descent of the run is `largest`; `head` is in the coordinates of the data. An arrow that would leave the plot area is
 * shorter: a normal by itself, −∇f and its parts by the same factor.
 */
export function drawArrows(
  context: CanvasRenderingContext2D,
  head: Float64Array,
  { descent, tangent, normals }: SeenForces,
  largest: number,
  view: Projector,
  look: ArrowLook,
): void {
  const from = reached(head, descent, 0, view);
  for (const { direction } of normals) {
    const to = reached(head, direction, NORMAL_LENGTH / (view.lengthAt(head, direction) || 1), view);
    stroke(context, from, shortened(from, to, roomFor(from, to, view)), {
      color: look.normal,
      width: 1.25,
      rim: look.rim,
      isOpen: true,
    });
  }
  const pixels = view.lengthAt(head, descent);
  if (!(pixels > 0)) return;
  const scale = arrowLength(Math.hypot(...descent), largest) / pixels;
  const [wholeEnd, wholeBend] = [reached(head, descent, scale, view), reached(head, tangent ?? descent, scale, view)];
  const share = Math.min(roomFor(from, wholeEnd, view), roomFor(from, wholeBend, view));
  const end = shortened(from, wholeEnd, share);
  const bend = shortened(from, wholeBend, share);
  stroke(context, from, end, { color: look.descent, width: 5.5, rim: look.rim });
  stroke(context, bend, end, { color: look.held, width: 1.75, dash: HELD_DASH, rim: look.rim });
  if (tangent) stroke(context, from, bend, { color: look.tangent, width: 2, rim: look.rim });
}

interface Stroke {
  readonly color: string;
  readonly width: number;
  readonly dash?: readonly number[];
  /** Drawn beneath, wider. */
  readonly rim?: string;
  /** A head of two lines in place of a filled one. */
  readonly isOpen?: boolean;
}

function stroke(
  context: CanvasRenderingContext2D,
  [x, y]: Pixel,
  [toX, toY]: Pixel,
  { color, width, dash, rim, isOpen }: Stroke,
): void {
  const length = Math.hypot(toX - x, toY - y);
  if (!(length > LEAST)) return;
  const [ux, uy] = [(toX - x) / length, (toY - y) / length];
  const head = Math.min(length, 4 + 2 * width);
  const half = 0.5 * head;
  const [baseX, baseY] = [toX - head * ux, toY - head * uy];
  const trace = () => {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(isOpen ? toX : baseX, isOpen ? toY : baseY);
  };
  context.lineCap = 'butt';
  context.setLineDash(SOLID);
  if (rim) {
    trace();
    context.strokeStyle = rim;
    context.lineWidth = width + 1.5;
    context.stroke();
  }
  context.strokeStyle = color;
  context.lineWidth = width;
  if (dash) context.setLineDash(dash as number[]);
  trace();
  context.stroke();
  context.setLineDash(SOLID);
  context.beginPath();
  context.moveTo(baseX - half * uy, baseY + half * ux);
  context.lineTo(toX, toY);
  context.lineTo(baseX + half * uy, baseY - half * ux);
  if (isOpen) {
    context.stroke();
    return;
  }
  context.closePath();
  context.fillStyle = color;
  context.fill();
}
