/**
 * Growing paths. Only the segments that are new since the last frame are drawn; all of them where the view changed or the playhead
 * went back.
 */
import { depths } from '../../figures/coincidence.ts';
import type { MotionPath } from '../../figures/motion-path.ts';
import { recordAt } from '../../playback/step-scale.ts';
import { traceSymbol } from './marker-shapes.ts';
import type { Projector } from './projector.ts';
import { LINE_WIDTH, lineWidth } from './trail-ink.ts';

export interface Track {
  readonly path: MotionPath;
  /** Index of the last point that is drawn; −1 before the first. */
  drawn: number;
  /** Pixels of trail so far, so that dashes go on where they stopped. */
  length: number;
  /** Pixels across its line. */
  width: number;
  /** Of each point of a trail of points, how many marks of later runs lie on it; null until it is asked for. */
  depths: Uint8Array | null;
}

export interface TrailCanvas {
  /** `showsWhole`: faintly below what has been walked, the whole of each path. What it gives goes along with what is drawn. */
  setPaths(paths: readonly MotionPath[], rim: string, showsWhole: boolean): readonly Track[];
  setProjector(projector: Projector): void;
  draw(step: number): void;
}

export const SOLID: number[] = [];
/** Pixels between marks that are told apart. */
export const APART = 3;

const POINT_RADIUS = 3;
const POINT_RIM = 1.5;
/** Pixels by which a point is larger for each mark of a later run that lies on it. */
const POINT_RING = 2.5;
/** Of a path that is drawn whole, faintly: as a graph draws it. */
const WHOLE_OPACITY = 0.35;
const WHOLE_WIDTH = 1.25;

const from = new Float64Array(2);
const to = new Float64Array(2);

export function createTrailCanvas(context: CanvasRenderingContext2D): TrailCanvas {
  let tracks: Track[] = [];
  /** The same in the order in which they are drawn. */
  let grown: Track[] = [];
  let projector: Projector | null = null;
  let rim = '#ffffff';
  let isWholeShown = false;

  /** Draws the way from one point of a path to a later one, from −1 with its first. Its length, in pixels, where it is a line. */
  const drawWay = (track: Track, after: number, last: number, view: Projector): number => {
    if (track.path.trail === 'line') return strokeLine(context, track.path, Math.max(0, after), last, view);
    if (track.depths === null) findDepths(tracks, view);
    context.strokeStyle = rim;
    drawPoints(context, track, after + 1, last, view);
    return 0;
  };

  const drawWhole = (track: Track, view: Projector) => {
    context.save();
    context.globalAlpha = WHOLE_OPACITY;
    context.lineWidth = Math.min(WHOLE_WIDTH, track.width);
    context.setLineDash(SOLID);
    drawWay(track, -1, track.path.steps.length - 1, view);
    context.restore();
  };

  const extend = (track: Track, last: number, view: Projector) => {
    if (last <= track.drawn) return;
    context.lineWidth = track.width;
    context.setLineDash(track.path.dash as number[]);
    context.lineDashOffset = track.length;
    track.length += drawWay(track, track.drawn, last, view);
    track.drawn = last;
  };

  const forget = () => {
    for (const track of tracks) [track.drawn, track.length] = [-1, 0];
    if (!projector) return;
    context.clearRect(0, 0, projector.width, projector.height);
    if (isWholeShown) for (const track of grown) drawWhole(track, projector);
  };

  const measure = () => {
    if (projector) for (const track of tracks) track.width = lineWidth(track.path, projector);
  };

  return {
    setPaths(paths, color, showsWhole) {
      tracks = paths.map((path) => ({ path, drawn: -1, length: 0, width: LINE_WIDTH, depths: null }));
      // Marks go beneath those of later runs, which therefore come first; lines go over earlier ones.
      grown = tracks[0]?.path.trail === 'points' ? tracks.toReversed() : tracks;
      [rim, isWholeShown] = [color, showsWhole];
      measure();
      forget();
      return tracks;
    },
    setProjector(next) {
      projector = next;
      context.lineJoin = 'round';
      context.lineCap = 'butt';
      for (const track of tracks) track.depths = null;
      measure();
      forget();
    },
    draw(step) {
      if (!projector) return;
      if (tracks.some(({ path, drawn }) => drawn > recordAt(path.steps, step))) forget();
      for (const track of grown) extend(track, recordAt(track.path.steps, step), projector);
    },
  };
}

/** Strokes the line from point `first` to point `last`. Its length, in pixels. */
export function strokeLine(
  context: CanvasRenderingContext2D,
  path: MotionPath,
  first: number,
  last: number,
  view: Projector,
): number {
  let length = 0;
  view.project(path.points, first * view.dimensions, from);
  // A slower run without gaps goes beneath the dashes that were there before it.
  context.globalCompositeOperation = path.dash.length === 0 ? 'destination-over' : 'source-over';
  context.strokeStyle = path.color;
  context.beginPath();
  context.moveTo(from[0] ?? 0, from[1] ?? 0);
  let isBroken = Number.isNaN(from[0]) || Number.isNaN(from[1]);
  for (let i = first + 1; i <= last; i++) {
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
}

/** The points from `first` to `last`, with rims in the colour of the context; those that others lie on larger, and beneath them. */
function drawPoints(
  context: CanvasRenderingContext2D,
  { path, depths: over }: Track,
  first: number,
  last: number,
  view: Projector,
): void {
  context.fillStyle = path.color;
  context.lineWidth = POINT_RIM;
  context.setLineDash(SOLID);
  for (let i = first; i <= last; i++) {
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
}

/** Which marks lie on which goes by the pixels: a closer look tells them apart. */
function findDepths(tracks: readonly Track[], view: Projector): void {
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
}
