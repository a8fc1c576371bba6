/** Draws the arrows at a head. Their tips are where vectors of the data point in the picture. */
import { type Arrow, arrowLength, NORMAL_LENGTH, type SeenForces } from '../figures/force-arrows.ts';
import { lookOf } from '../figures/look.ts';
import type { Theme } from '../figures/scene.ts';
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

const origin = new Float64Array(2);
const place = new Float64Array(2);
const from = new Float64Array(2);

/** The vector in pixels, y downwards. */
function onScreen([x, y]: Arrow, view: Projector): [number, number] {
  origin.fill(0);
  view.project(origin, 0, from);
  place[0] = x;
  place[1] = y;
  view.project(place, 0, origin);
  return [(origin[0] ?? 0) - (from[0] ?? 0), (origin[1] ?? 0) - (from[1] ?? 0)];
}

/** The largest descent of the run is `largest`; (x, y) is the head in pixels. */
export function drawArrows(
  context: CanvasRenderingContext2D,
  { x, y }: { readonly x: number; readonly y: number },
  { descent, tangent, normals }: SeenForces,
  largest: number,
  view: Projector,
  look: ArrowLook,
): void {
  for (const { direction } of normals) {
    const [dx, dy] = onScreen(direction, view);
    const scale = NORMAL_LENGTH / (Math.hypot(dx, dy) || 1);
    stroke(context, x, y, x + scale * dx, y + scale * dy, {
      color: look.normal,
      width: 1.25,
      rim: look.rim,
      isOpen: true,
    });
  }
  const [dx, dy] = onScreen(descent, view);
  const pixels = Math.hypot(dx, dy);
  if (!(pixels > 0)) return;
  const scale = arrowLength(Math.hypot(...descent), largest) / pixels;
  const [tx, ty] = onScreen(tangent, view);
  const tip = { x: x + scale * dx, y: y + scale * dy };
  const bend = { x: x + scale * tx, y: y + scale * ty };
  stroke(context, x, y, tip.x, tip.y, { color: look.descent, width: 5.5, rim: look.rim });
  stroke(context, bend.x, bend.y, tip.x, tip.y, { color: look.held, width: 1.75, dash: HELD_DASH, rim: look.rim });
  stroke(context, x, y, bend.x, bend.y, { color: look.tangent, width: 2, rim: look.rim });
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
  x: number,
  y: number,
  toX: number,
  toY: number,
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
