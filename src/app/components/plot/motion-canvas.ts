/**
 * Growing paths and moving heads on two canvases. The trail canvas only gets the segments that are new since the last
 * frame; it is redrawn where the view changed or the playhead went back. The heads canvas is small work, drawn anew.
 */
import { DEEPEST, depths } from '../../figures/coincidence.ts';
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
  /** Pixels of the head. */
  x: number;
  y: number;
  /** Of each point of a trail of points, how many marks of later runs lie on it. */
  depths: Uint8Array | null;
}

const LINE_WIDTH = 2.25;
const HEAD_RADIUS = 6;
const [RIM_WIDTH, POINT_RIM] = [2.75, 1.5];
const POINT_RADIUS = 3;
/** Of a path that is drawn whole, faintly: as a graph draws it. */
const WHOLE_OPACITY = 0.35;
const WHOLE_WIDTH = 1.25;
/** Pixels by which a mark is larger for each mark of a later run that lies on it. */
const [HEAD_RING, POINT_RING] = [3.25, 2.5];
/** Pixels between marks that are told apart. */
const APART = 3;

export function createMotionCanvas(trailCanvas: HTMLCanvasElement, headCanvas: HTMLCanvasElement): MotionCanvas {
  const trail = trailCanvas.getContext('2d');
  const heads = headCanvas.getContext('2d');
  const from = new Float64Array(2);
  const to = new Float64Array(2);
  /** In the coordinates of the data. */
  const head = new Float64Array(3);
  let tracks: Track[] = [];
  /** The same in the order in which trails and heads are drawn. */
  let grown: Track[] = [];
  let inFront: Track[] = [];
  let projector: Projector | null = null;
  let rim = '#ffffff';
  let arrows: ForceArrows | null = null;
  let arrowLook: ArrowLook | null = null;
  let isWholeShown = false;

  const forget = () => {
    if (trail && projector) {
      trail.clearRect(0, 0, projector.width, projector.height);
      if (isWholeShown) for (const track of grown) drawWhole(trail, track, projector);
    }
    for (const track of tracks) {
      track.drawn = -1;
      track.length = 0;
    }
  };

  /** Which marks lie on which goes by the pixels: a closer look tells them apart. */
  const findDepths = (view: Projector) => {
    const places = tracks.map(({ path }) => {
      const cells = new Float64Array(2 * path.steps.length);
      for (let i = 0; i < path.steps.length; i++) {
        view.project(path.points, i * view.dimensions, to);
        cells[2 * i] = (to[0] ?? Number.NaN) / APART;
        cells[2 * i + 1] = (to[1] ?? Number.NaN) / APART;
      }
      return cells;
    });
    depths(places).forEach((found, i) => {
      const track = tracks[i];
      if (track) track.depths = found;
    });
  };

  /** The points after `first` up to `target`; those that others lie on larger, and beneath them. */
  const drawPoints = (
    context: CanvasRenderingContext2D,
    { path, depths: over }: Track,
    first: number,
    target: number,
    view: Projector,
  ) => {
    context.fillStyle = path.color;
    context.strokeStyle = rim;
    context.lineWidth = POINT_RIM;
    context.setLineDash(SOLID);
    for (let i = first + 1; i <= target; i++) {
      const depth = over?.[i] ?? 0;
      view.project(path.points, i * view.dimensions, to);
      context.beginPath();
      traceSymbol(context, path.symbol, to[0] ?? Number.NaN, to[1] ?? Number.NaN, POINT_RADIUS + POINT_RING * depth);
      // The rim goes around the mark: above what is beneath it, or itself beneath.
      context.globalCompositeOperation = depth > 0 ? 'destination-over' : 'source-over';
      if (depth > 0) context.fill();
      context.stroke();
      if (depth === 0) context.fill();
    }
    context.lineWidth = LINE_WIDTH;
  };

  const scatter = (context: CanvasRenderingContext2D, track: Track, target: number, view: Projector) => {
    if (track.depths === null) findDepths(view);
    drawPoints(context, track, track.drawn, target, view);
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
    // A slower run without gaps goes beneath the dashes that were there before it.
    context.globalCompositeOperation = path.dash.length === 0 ? 'destination-over' : 'source-over';
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

  const drawWhole = (context: CanvasRenderingContext2D, track: Track, view: Projector) => {
    const { path } = track;
    if (track.depths === null && path.trail === 'points') findDepths(view);
    const last = path.steps.length - 1;
    context.save();
    context.globalAlpha = WHOLE_OPACITY;
    context.lineWidth = WHOLE_WIDTH;
    context.setLineDash(SOLID);
    if (path.trail === 'line') strokeLine(context, path, 0, last, view);
    else drawPoints(context, track, -1, last, view);
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
    const share = after === undefined || trail === 'points' ? 0 : (step - before) / (after - before);
    const forces = share > 0 ? blended(here, arrows.at(records[index + 1] ?? 0), share) : here;
    for (let i = 0; i < view.dimensions; i++) {
      const from = points[index * view.dimensions + i] ?? Number.NaN;
      const to = points[(index + 1) * view.dimensions + i] ?? from;
      head[i] = share > 0 && Number.isFinite(to) ? from + share * (to - from) : from;
    }
    drawArrows(context, head, forces, arrows.largest, view, arrowLook);
  };

  /** Finds where the head is between two records, and draws the way there from the last. */
  const placeHead = (context: CanvasRenderingContext2D, track: Track, step: number, view: Projector) => {
    const { path, drawn, length } = track;
    track.x = Number.NaN;
    track.y = Number.NaN;
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
    track.x = x;
    track.y = y;
  };

  /** How many heads that are drawn later lie on the one at this position. */
  const headsOver = (position: number): number => {
    const { x, y } = inFront[position] ?? NOWHERE;
    let count = 0;
    for (let i = position + 1; i < inFront.length; i++) {
      const other = inFront[i];
      if (other && Math.hypot(other.x - x, other.y - y) < APART) count++;
    }
    return Math.min(DEEPEST, count);
  };

  const drawHead = (
    context: CanvasRenderingContext2D,
    { path, drawn, x, y }: Track,
    over: number,
    step: number,
    view: Projector,
  ) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    if (arrows?.run === path.run) drawForces(context, path, drawn, step, view);
    context.setLineDash(SOLID);
    context.beginPath();
    traceSymbol(context, path.symbol, x, y, HEAD_RADIUS + HEAD_RING * over);
    context.lineWidth = RIM_WIDTH;
    context.strokeStyle = rim;
    context.stroke();
    context.fillStyle = path.color;
    context.fill();
  };

  /** The run with arrows last: nothing may lie on them. */
  const order = () => {
    const isPointed = ({ path }: Track) => path.run === arrows?.run;
    inFront = [...tracks.filter((track) => !isPointed(track)), ...tracks.filter(isPointed)];
  };

  return {
    setPaths(paths, color, showsWhole = false) {
      tracks = paths.map((path) => ({ path, drawn: -1, length: 0, x: Number.NaN, y: Number.NaN, depths: null }));
      // Marks go beneath those of later runs, which therefore come first; lines go over earlier ones.
      grown = tracks[0]?.path.trail === 'points' ? tracks.toReversed() : tracks;
      rim = color;
      isWholeShown = showsWhole;
      order();
      forget();
    },
    setArrows(next, look) {
      arrows = next;
      arrowLook = look;
      order();
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
      for (const track of tracks) track.depths = null;
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
      for (const track of grown) {
        const grow = track.path.trail === 'line' ? extend : scatter;
        grow(trail, track, recordAt(track.path.steps, step), projector);
      }
      for (const track of inFront) placeHead(heads, track, step, projector);
      for (let i = 0; i < inFront.length; i++) {
        const track = inFront[i];
        if (track) drawHead(heads, track, headsOver(i), step, projector);
      }
    },
  };
}

const SOLID: number[] = [];
const NOWHERE = { x: Number.NaN, y: Number.NaN };

function resize(canvas: HTMLCanvasElement, { left, top, width, height }: Projector): void {
  const columns = Math.max(1, Math.round(width * devicePixelRatio));
  const rows = Math.max(1, Math.round(height * devicePixelRatio));
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
