/** What the moving layer draws of one run: a thinned path with the step at each point. */
import { type MarkerSymbol, paceOf, type RunView, type Scene } from './scene.ts';
import { thinPath } from './thin.ts';
import { projectRecords, rowsAt, type Thinned, thinned } from './trajectory.ts';

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
  const { records, points } = axes.length === 1 ? alongLoss(run, size, axes) : thinned(run, size, axes, MOTION_POINTS);
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
function alongLoss(run: RunView, size: number, axes: readonly number[]): Thinned {
  const entries = projectRecords(run, size, axes);
  const all = new Float64Array(2 * entries.length);
  entries.forEach((entry, record) => {
    all[2 * record] = entry;
    all[2 * record + 1] = run.loss[record] ?? Number.NaN;
  });
  return rowsAt(all, 2, thinPath(all, 2, MOTION_POINTS));
}

/** The greatest recorded step of the visible runs, by the clock: where it ends. */
export const lastStepOf = (runs: readonly RunView[]): number =>
  Math.max(0, ...runs.filter((run) => run.visible).map((run) => (run.steps.at(-1) ?? 0) * paceOf(run)));
