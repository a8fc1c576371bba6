/**
 * Growing paths and moving heads on two canvases. The trail canvas only gets the segments that are new since the last
 * frame; it is redrawn where the view changed or the playhead went back. The heads canvas is small work, drawn anew.
 */
import { blended, type ForceArrows } from '../../figures/force-arrows.ts';
import type { MotionPath } from '../../figures/motion-path.ts';
import { recordAt } from '../../playback/step-scale.ts';
import { type ArrowLook, drawArrows } from './arrow-canvas.ts';
import { traceSymbol } from './marker-shapes.ts';
import type { Projector } from './projector.ts';

export interface MotionCanvas {
  /** `showsWhole`: faintly below what has been walked, the whole of each path. */
  setPaths(paths: readonly MotionPath[], rim: string, showsWhole?: boolean): void;
  setProjector(projector: Projector | null): void;
  /** At the head of one run; null for none. */
  setArrows(arrows: ForceArrows | null, look: ArrowLook): void;
  draw(step: number): void;
}

interface Track {
  readonly path: MotionPath;
  /** Index of the last point on the trail canvas; −1 before the first. */
  drawn: number;
  /** Pixels of trail so far, so that dashes go on where they stopped. */
  length: number;
}

const LINE_WIDTH = 2.25;
const HEAD_RADIUS = 6;
const POINT_RADIUS = 3;
/** Of a path that is drawn whole, faintly: as a graph draws it. */
const WHOLE_OPACITY = 0.35;
const WHOLE_WIDTH = 1.25;

export function createMotionCanvas(trailCanvas: HTMLCanvasElement, headCanvas: HTMLCanvasElement): MotionCanvas {
  const trail = trailCanvas.getContext('2d');
  const heads = headCanvas.getContext('2d');
  const from = new Float64Array(2);
  const to = new Float64Array(2);
  /** In the coordinates of the data. */
  const head = new Float64Array(3);
  let tracks: Track[] = [];
  let projector: Projector | null = null;
  let rim = '#ffffff';
  let arrows: ForceArrows | null = null;
  let arrowLook: ArrowLook | null = null;
  let isWholeShown = false;

  const forget = () => {
    if (trail && projector) {
      trail.clearRect(0, 0, projector.width, projector.height);
      if (isWholeShown) for (const { path } of tracks) drawWhole(trail, path, projector);
    }
    for (const track of tracks) {
      track.drawn = -1;
      track.length = 0;
    }
  };

  /** The points after `first` up to `target`. */
  const drawPoints = (
    context: CanvasRenderingContext2D,
    path: MotionPath,
    first: number,
    target: number,
    view: Projector,
  ) => {
    context.fillStyle = path.color;
    for (let i = first + 1; i <= target; i++) {
      view.project(path.points, i * view.dimensions, to);
      context.beginPath();
      traceSymbol(context, path.symbol, to[0] ?? Number.NaN, to[1] ?? Number.NaN, POINT_RADIUS);
      context.fill();
    }
  };

  const scatter = (context: CanvasRenderingContext2D, track: Track, target: number, view: Projector) => {
    drawPoints(context, track.path, track.drawn, target, view);
    track.drawn = target;
  };

  /** Strokes the line from point `first` to point `target`. Its length, in pixels. */
  const strokeLine = (
    context: CanvasRenderingContext2D,
    path: MotionPath,
    first: number,
    target: number,
    view: Projector,
  ): number => {
    let length = 0;
    view.project(path.points, first * view.dimensions, from);
    context.strokeStyle = path.color;
    context.beginPath();
    context.moveTo(from[0] ?? 0, from[1] ?? 0);
    let isBroken = Number.isNaN(from[0]) || Number.isNaN(from[1]);
    for (let i = first + 1; i <= target; i++) {
      view.project(path.points, i * view.dimensions, to);
      const x = to[0] ?? Number.NaN;
      const y = to[1] ?? Number.NaN;
      if (Number.isNaN(x) || Number.isNaN(y)) {
        isBroken = true;
        continue;
      }
      if (isBroken) context.moveTo(x, y);
      else {
        context.lineTo(x, y);
        length += Math.hypot(x - (from[0] ?? x), y - (from[1] ?? y));
      }
      isBroken = false;
      from[0] = x;
      from[1] = y;
    }
    context.stroke();
    return length;
  };

  const drawWhole = (context: CanvasRenderingContext2D, path: MotionPath, view: Projector) => {
    const last = path.steps.length - 1;
    context.save();
    context.globalAlpha = WHOLE_OPACITY;
    context.lineWidth = WHOLE_WIDTH;
    context.setLineDash(SOLID);
    if (path.trail === 'line') strokeLine(context, path, 0, last, view);
    else drawPoints(context, path, -1, last, view);
    context.restore();
  };

  const extend = (context: CanvasRenderingContext2D, track: Track, target: number, view: Projector) => {
    const { path } = track;
    const first = Math.max(track.drawn, 0);
    if (target <= first && track.drawn >= 0) return;
    context.setLineDash(path.dash as number[]);
    context.lineDashOffset = track.length;
    track.length += strokeLine(context, path, first, target, view);
    track.drawn = target;
  };

  const drawForces = (
    context: CanvasRenderingContext2D,
    { points, steps, records, trail }: MotionPath,
    index: number,
    step: number,
    view: Projector,
  ) => {
    const here = arrows?.at(records[index] ?? 0) ?? null;
    if (!arrows || !arrowLook || here === null) return;
    const [before = 0, after] = [steps[index], steps[index + 1]];
    const share = after === undefined ? 0 : (step - before) / (after - before);
    const forces = share > 0 ? blended(here, arrows.at(records[index + 1] ?? 0), share) : here;
    for (let i = 0; i < view.dimensions; i++) {
      const from = points[index * view.dimensions + i] ?? Number.NaN;
      const to = points[(index + 1) * view.dimensions + i] ?? from;
      head[i] = trail === 'line' && share > 0 && Number.isFinite(to) ? from + share * (to - from) : from;
    }
    drawArrows(context, head, forces, arrows.largest, view, arrowLook);
  };

  const drawHead = (
    context: CanvasRenderingContext2D,
    { path, drawn, length }: Track,
    step: number,
    view: Projector,
  ) => {
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
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    if (arrows?.run === path.run) drawForces(context, path, drawn, step, view);
    context.setLineDash(SOLID);
    context.beginPath();
    traceSymbol(context, path.symbol, x, y, HEAD_RADIUS);
    context.lineWidth = 3.5;
    context.strokeStyle = rim;
    context.stroke();
    context.fillStyle = path.color;
    context.fill();
  };

  return {
    setPaths(paths, color, showsWhole = false) {
      tracks = paths.map((path) => ({ path, drawn: -1, length: 0 }));
      rim = color;
      isWholeShown = showsWhole;
      forget();
    },
    setArrows(next, look) {
      arrows = next;
      arrowLook = look;
    },
    setProjector(next) {
      projector = next;
      if (!next) return;
      for (const canvas of [trailCanvas, headCanvas]) resize(canvas, next);
      for (const context of [trail, heads]) {
        context?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      }
      if (trail) {
        trail.lineWidth = LINE_WIDTH;
        trail.lineJoin = 'round';
        trail.lineCap = 'butt';
      }
      forget();
    },
    draw(step) {
      if (!trail || !heads || !projector) return;
      for (const { path, drawn } of tracks) {
        if (drawn > recordAt(path.steps, step)) {
          forget();
          break;
        }
      }
      heads.clearRect(0, 0, projector.width, projector.height);
      for (const track of tracks) {
        const grow = track.path.trail === 'line' ? extend : scatter;
        grow(trail, track, recordAt(track.path.steps, step), projector);
      }
      // The run with arrows last: nothing may lie on them.
      for (const track of tracks) if (track.path.run !== arrows?.run) drawHead(heads, track, step, projector);
      for (const track of tracks) if (track.path.run === arrows?.run) drawHead(heads, track, step, projector);
    },
  };
}

const SOLID: number[] = [];

function resize(canvas: HTMLCanvasElement, { left, top, width, height }: Projector): void {
  const columns = Math.max(1, Math.round(width * devicePixelRatio));
  const rows = Math.max(1, Math.round(height * devicePixelRatio));
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
