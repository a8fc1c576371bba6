/** Moving heads, and the way to each from the last point of its trail: small work, drawn anew in each frame. */
import { DEEPEST } from '../../figures/coincidence.ts';
import { blended, type ForceArrows } from '../../figures/force-arrows.ts';
import type { MotionPath } from '../../figures/motion-path.ts';
import { type ArrowLook, drawArrows } from './arrow-canvas.ts';
import { traceSymbol } from './marker-shapes.ts';
import type { Projector } from './projector.ts';
import { APART, SOLID, strokeLine, type Track } from './trail-canvas.ts';
import { LINE_WIDTH, recentPart } from './trail-ink.ts';

interface Head {
  readonly track: Track;
  /** In pixels; not a number where it is not seen. */
  x: number;
  y: number;
}

/** At the head of one run. */
interface Arrows {
  readonly forces: ForceArrows;
  readonly look: ArrowLook;
}

export interface HeadCanvas {
  setTracks(tracks: readonly Track[], rim: string): void;
  setProjector(projector: Projector): void;
  setArrows(arrows: Arrows | null): void;
  /** Once the trails are drawn up to the step. */
  draw(step: number): void;
}

const RADIUS = 6;
const RIM_WIDTH = 2.75;
/** Pixels by which a head is larger for each head of a later run that lies on it. */
const RING = 3.25;
const NOWHERE = { x: Number.NaN, y: Number.NaN };

const from = new Float64Array(2);
const to = new Float64Array(2);
/** In the coordinates of the data. */
const place = new Float64Array(3);

export function createHeadCanvas(context: CanvasRenderingContext2D): HeadCanvas {
  let tracks: readonly Track[] = [];
  /** In the order in which they are drawn. */
  let heads: Head[] = [];
  let projector: Projector | null = null;
  let arrows: Arrows | null = null;
  let rim = '#ffffff';

  /** The run with arrows last: they begin at its mark. */
  const order = () => {
    const pointed = tracks.filter(({ path }) => path.run === arrows?.forces.run);
    const others = tracks.filter((track) => !pointed.includes(track));
    heads = [...others, ...pointed].map((track) => ({ track, ...NOWHERE }));
  };

  const isSeen = ({ x, y }: Head) => Number.isFinite(x) && Number.isFinite(y);

  const drawHead = (head: Head, over: number) => {
    if (!isSeen(head)) return;
    const { path } = head.track;
    const { x, y } = head;
    context.setLineDash(SOLID);
    context.beginPath();
    traceSymbol(context, path.symbol, x, y, RADIUS + RING * over);
    context.lineWidth = RIM_WIDTH;
    context.strokeStyle = rim;
    context.stroke();
    context.fillStyle = path.color;
    context.fill();
  };

  return {
    setTracks(next, color) {
      [tracks, rim] = [next, color];
      order();
    },
    setProjector(next) {
      projector = next;
    },
    setArrows(next) {
      arrows = next;
      order();
    },
    draw(step) {
      if (!projector) return;
      context.clearRect(0, 0, projector.width, projector.height);
      for (const { track } of heads) drawRecent(context, track, projector);
      for (const head of heads) placeHead(context, head, step, projector);
      // Beneath all marks: where another run rests on an arrow, it would be hidden, and the arrow goes on beside it.
      for (const head of heads) {
        const { path, drawn } = head.track;
        if (arrows?.forces.run === path.run && isSeen(head)) drawForces(context, arrows, path, drawn, step, projector);
      }
      for (let i = 0; i < heads.length; i++) {
        const head = heads[i];
        if (head) drawHead(head, headsOver(heads, i));
      }
    },
  };
}

/** Boldly the last part of a trail that is thin. */
function drawRecent(context: CanvasRenderingContext2D, { path, drawn, length, width }: Track, view: Projector): void {
  if (drawn < 1 || width >= LINE_WIDTH) return;
  const recent = recentPart(path, drawn, view);
  context.lineJoin = 'round';
  context.lineWidth = LINE_WIDTH;
  context.setLineDash(path.dash as number[]);
  context.lineDashOffset = length - recent.length;
  strokeLine(context, path, recent.first, drawn, view);
  context.globalCompositeOperation = 'source-over';
}

/** Finds where the head is between two records, and draws the way there from the last. */
function placeHead(context: CanvasRenderingContext2D, head: Head, step: number, view: Projector): void {
  const { path, drawn, length } = head.track;
  head.x = Number.NaN;
  head.y = Number.NaN;
  if (drawn < 0) return;
  view.project(path.points, drawn * view.dimensions, from);
  let x = from[0] ?? Number.NaN;
  let y = from[1] ?? Number.NaN;
  if (path.trail === 'line' && drawn + 1 < path.steps.length) {
    const here = path.steps[drawn] ?? 0;
    const share = (step - here) / ((path.steps[drawn + 1] ?? here + 1) - here);
    view.project(path.points, (drawn + 1) * view.dimensions, to);
    const dx = (to[0] ?? Number.NaN) - x;
    const dy = (to[1] ?? Number.NaN) - y;
    if (share > 0 && Number.isFinite(dx) && Number.isFinite(dy)) {
      context.strokeStyle = path.color;
      context.lineWidth = LINE_WIDTH;
      context.setLineDash(path.dash as number[]);
      context.lineDashOffset = length;
      context.beginPath();
      context.moveTo(x, y);
      x += share * dx;
      y += share * dy;
      context.lineTo(x, y);
      context.stroke();
    }
  }
  head.x = x;
  head.y = y;
}

/** How many heads that are drawn later lie on the one at this position, in pixels. */
export function headsOver(heads: readonly Pick<Head, 'x' | 'y'>[], position: number): number {
  const { x, y } = heads[position] ?? NOWHERE;
  let count = 0;
  for (let i = position + 1; i < heads.length; i++) {
    const other = heads[i];
    if (other && Math.hypot(other.x - x, other.y - y) < APART) count++;
  }
  return Math.min(DEEPEST, count);
}

/** At the point of a path that was reached last, and a share of the way to the next. */
function drawForces(
  context: CanvasRenderingContext2D,
  { forces, look }: Arrows,
  { points, steps, records, trail }: MotionPath,
  index: number,
  step: number,
  view: Projector,
): void {
  const here = forces.at(records[index] ?? 0);
  if (here === null) return;
  const [before = 0, after] = [steps[index], steps[index + 1]];
  const share = after === undefined || trail === 'points' ? 0 : (step - before) / (after - before);
  const now = share > 0 ? blended(here, forces.at(records[index + 1] ?? 0), share) : here;
  for (let i = 0; i < view.dimensions; i++) {
    const start = points[index * view.dimensions + i] ?? Number.NaN;
    const end = points[(index + 1) * view.dimensions + i] ?? start;
    place[i] = share > 0 && Number.isFinite(end) ? start + share * (end - start) : start;
  }
  drawArrows(context, place, now, forces.largest, view, look);
}
