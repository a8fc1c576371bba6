/** What the moving layer draws of one run: a thinned path with the step at each point. */
import { type MarkerSymbol, paceOf, type RunView, type Scene } from './scene.ts';
import { thinPath } from './thin.ts';
import { projectRecords } from './trajectory.ts';

/** Points of one run in motion. */
export const MOTION_POINTS = 2000;

export interface MotionPath {
  /** Id of the run. */
  readonly run: string;
  readonly color: string;
  /** Lengths of strokes and gaps in pixels; empty for a solid line. */
  readonly dash: readonly number[];
  readonly symbol: MarkerSymbol;
  /** A line that grows; or, where the way between two records means nothing, points that appear. */
  readonly trail: 'line' | 'points';
  /** Row-major [steps, shown axes]; with one axis, [steps, 2]: entry and loss. */
  readonly points: Float64Array;
  /** By the clock, ascending. */
  readonly steps: Float64Array;
  /** Which record each point is. */
  readonly records: readonly number[];
}

const dashes: Readonly<Record<RunView['dash'], readonly number[]>> = {
  solid: [],
  dash: [9, 6],
  dot: [2, 5],
  dashdot: [9, 5, 2, 5],
  longdash: [15, 7],
  longdashdot: [15, 6, 2, 6],
};

/** Lengths of strokes and gaps in pixels. */
export const dashOf = ({ dash }: Pick<RunView, 'dash'>): readonly number[] => dashes[dash];

export const motionPaths = ({ runs, size, axes }: Pick<Scene, 'runs' | 'size' | 'axes'>): MotionPath[] =>
  runs.filter((run) => run.visible && run.steps.length > 0).map((run) => motionPath(run, size, axes));

function motionPath(run: RunView, size: number, axes: readonly number[]): MotionPath {
  const width = Math.max(2, axes.length);
  const all = axes.length === 1 ? withLoss(run, projectRecords(run, size, axes)) : projectRecords(run, size, axes);
  const records = thinPath(all, width, MOTION_POINTS);
  const points = new Float64Array(records.length * width);
  records.forEach((record, i) => {
    points.set(all.subarray(record * width, (record + 1) * width), i * width);
  });
  return {
    run: run.id,
    color: run.color,
    dash: dashes[run.dash],
    symbol: run.symbol,
    trail: axes.length === 1 ? 'points' : 'line',
    points,
    steps: Float64Array.from(records, (record) => (run.steps[record] ?? 0) * paceOf(run)),
    records,
  };
}

/** With one parameter shown, the second coordinate is the loss. */
const withLoss = ({ loss }: RunView, entries: Float64Array): Float64Array =>
  Float64Array.from({ length: 2 * entries.length }, (_, i) => (i % 2 === 0 ? entries : loss)[i >> 1] ?? Number.NaN);

/** The greatest recorded step of the visible runs, by the clock: where it ends. */
export const lastStepOf = (runs: readonly RunView[]): number =>
  Math.max(0, ...runs.filter((run) => run.visible).map((run) => (run.steps.at(-1) ?? 0) * paceOf(run)));
