/** The picture as the figures take it: runs with their looks, the feasible set, the loss around them. */
import type { Listing } from '../../../core/contracts.ts';
import type { RunJson, ViewJson } from '../../../core/experiment/experiment.ts';
import { once } from '../../../core/once.ts';
import { entryNames } from '../../../core/problem/entry-names.ts';
import { startEntries } from '../../../core/problem/problem.ts';
import { rowName } from '../../../core/problem/row-name.ts';
import { ownMultipliers } from '../../../core/run/multipliers.ts';
import { namedNumbers } from '../../../core/run/named-numbers.ts';
import type { Job } from '../../../core/run/run.ts';
import { recordsInPlane, setInPlane } from '../../figures/plane-scene.ts';
import { runStyle } from '../../figures/run-style.ts';
import type { Axes, Field as LossField, RunView, Scene, SceneRecords, Theme } from '../../figures/scene.ts';
import { isHidden } from '../../store/hidden-parts.ts';
import { aroundStarts, isSameLandscape } from '../../store/landscape.ts';
import { noiseOf } from '../../store/noise.ts';
import { resultsByRun } from '../../store/results.ts';
import { roundingOf } from '../../store/rounding.ts';
import { runName } from '../../store/run-name.ts';
import type { Picture, RunResult } from '../../store/run-slice.ts';
import type { Trajectory } from '../../store/trajectory.ts';
import type { Field } from '../../store/view-slice.ts';
import type { GridRequest, SeenPlane, Study } from '../../study.ts';
import { learningRates } from './learning-rates.ts';
import { feasibleSets } from './scene-sets.ts';

/** What of a view its scene depends on: to turn a camera, or to choose a chart, changes no scene. */
export type SceneView = Pick<ViewJson, 'kind' | 'axes' | 'hide' | 'sameCost'>;

export interface SceneParts {
  readonly picture: Picture;
  readonly runs: readonly RunJson[];
  readonly view: SceneView;
  readonly field: Field | null;
  readonly catalog: Listing;
  readonly theme: Theme;
  /** Given: the scene is seen on it, in place of axes. */
  readonly plane?: SeenPlane | null;
}

/** The axes that the view names, where the problem has them; else the first entries: two of a plane, three of space. */
function axesOf({ problem }: Study, { axes = [], kind }: ViewJson, names: readonly string[]): Axes {
  const named = axes.length > 3 ? [] : axes.map((name) => names.indexOf(name));
  const [first, second, third] = named;
  if (named.every((position) => position >= 0) && new Set(named).size === named.length && first !== undefined) {
    if (second === undefined) return problem.size === 1 ? [first] : [first, first === 0 ? 1 : 0];
    return third === undefined ? [first, second] : [first, second, third];
  }
  if (problem.size === 1) return [0];
  const isSpace = kind === '3d' || (kind !== '2d' && problem.size === 3);
  return isSpace && problem.size >= 3 ? [0, 1, 2] : [0, 1];
}

const isMaximized = ({ problem }: Study): boolean => problem.sense === 'maximize';

/** Of f, where the program minimises −f. */
const asTyped = (study: Study, loss: Float64Array): Float64Array =>
  isMaximized(study) ? loss.map((value) => -value) : loss;

function runView(
  result: RunResult,
  run: RunJson,
  index: number,
  { picture, catalog, theme, view }: Omit<SceneParts, 'field' | 'plane'>,
): RunView {
  const style = runStyle(index, theme);
  const { multipliers, keepsMultipliers, ...numbers } = numbersOf(result, picture.study);
  return {
    ...style,
    id: String(index),
    label: runName(run, catalog),
    color: run.color ?? style.color,
    visible: run.visible !== false,
    ...(!isHidden(view, 'verdicts') && { status: result.end?.status ?? 'running' }),
    ...(result.job && costOf(result.job, view.sameCost)),
    ...numbers,
    ...(multipliers && !isHidden(view, 'multipliers') && { multipliers, keepsMultipliers: keepsMultipliers === true }),
  };
}

type Looks = 'id' | 'label' | 'visible' | 'status' | 'cost' | 'pace' | keyof ReturnType<typeof runStyle>;

/** What the records of a run say, however it is looked at. `study` is that of its problem. */
const numbersOf = once((result: RunResult, study: Study): Omit<RunView, Looks> => {
  const { trajectory, job } = result;
  return {
    steps: trajectory?.steps ?? [],
    iterates: trajectory?.iterates ?? new Float64Array(0),
    loss: asTyped(study, trajectory?.measures.loss ?? new Float64Array(0)),
    violation: trajectory?.measures.violation ?? new Float64Array(0),
    rounding: roundingOf(result),
    ...(job && noiseOf(job) !== null && { isNoisy: true }),
    ...(trajectory && rowMeasures(result, trajectory)),
  };
});

/** What one step takes, in gradients over all data: a mini-batch takes its share of one. */
function costOf({ gradientsPerStep = 1, batch }: Job, isPace = false): Pick<RunView, 'cost' | 'pace'> {
  const cost = Math.max(1, gradientsPerStep) * (batch ? batch.size / batch.rows : 1);
  return isPace ? { cost, pace: cost } : { cost };
}

/** Beside loss and violation, what is charted row by row, or of some methods alone. */
function rowMeasures(result: RunResult, trajectory: Trajectory): Partial<RunView> {
  const { job } = result;
  const { measures, states } = trajectory;
  const rates = learningRates(result, trajectory.steps);
  const own = job ? ownMultipliers(trajectory, job.measure) : null;
  return {
    stationarity: measures.stationarity,
    gradient: measures.gradient,
    ...(job && { named: namedNumbers(job.measure, measures.named) }),
    ...(rates && { learningRate: rates }),
    ...(states.moved && { moved: states.moved.map((length, k) => (k === 0 ? Number.NaN : length)) }),
    violations: measures.violations,
    multipliers: own ?? measures.multipliers,
    keepsMultipliers: own !== null,
    ...(states.rho && states.rho.length === trajectory.steps.length && { penalty: states.rho }),
  };
}

/** What a scalar row is called, soft ones among the rest in the order typed. */
function rowNamer({ problem }: Study, { results }: Picture): (row: number) => string {
  const typed = results.find(({ job }) => job !== null)?.job?.measure.typed;
  const constraints = [...problem.constraints, ...problem.soft];
  return (row) => {
    let before = typed ? (typed[row] ?? row) : row;
    for (const constraint of constraints) {
      if (before < constraint.rows) return rowName(problem, constraint, before);
      before -= constraint.rows;
    }
    return `row ${row + 1}`;
  };
}

const namesOf = aroundStarts(({ problem }) => entryNames(problem));

const knownStart = once(startEntries);

/** By the numbers: a plane is placed anew after each run, and often where it was. Then nothing is sampled again. */
const isOn = ({ origin, directions }: SeenPlane, { at, directions: sampled }: GridRequest): boolean =>
  isSameVector(at, origin) && directions.every((direction, k) => isSameVector(sampled?.[k] ?? [], direction));

const isSameVector = (one: ArrayLike<number>, other: readonly number[]): boolean =>
  one.length === other.length && other.every((value, i) => value === one[i]);

/** The field, where it was sampled for this problem and these axes, or on this plane. */
function fieldFor(
  { picture, field, plane }: Pick<SceneParts, 'picture' | 'field' | 'plane'>,
  axes: Axes,
): Field | null {
  if (field === null || !isSameLandscape(field.study, picture.study)) return null;
  if (plane || field.grid.directions) return plane && isOn(plane, field.grid) ? field : null;
  const [first, second = first, third] = axes;
  const [x, y, z] = field.grid.axes;
  return x === first && y === second && z === third ? field : null;
}

/** In the entries of the iterate, or on the plane. */
export function sceneOf(parts: SceneParts): Scene {
  const records = recordsOf(parts);
  return surrounded(parts.plane ? recordsInPlane(records, parts.plane) : records, parts);
}

/** In the entries of the iterate. */
export function recordsOf(parts: Omit<SceneParts, 'field' | 'plane'>): SceneRecords {
  const { picture, runs, view, theme } = parts;
  const { study } = picture;
  const isMoving = study.structure.constraints.some((facts) => facts.isMoving);
  const names = namesOf(study);
  const results = resultsByRun(picture, runs);
  return {
    parameterNames: names,
    size: study.problem.size,
    start: knownStart(study.problem),
    bounds: study.bounds,
    axes: axesOf(study, view, names),
    theme,
    rowName: rowNamer(study, picture),
    sense: study.problem.sense,
    runs: runs.flatMap((run, i) => {
      const result = results[i];
      return result ? [runView(result, run, i, parts)] : [];
    }),
    // Where the feasible set moves, it is the optimum of step 0 alone.
    ...(study.optimum &&
      !isMoving &&
      !isHidden(view, 'optimum') && {
        optimum: study.optimum.x,
        optimumLoss: isMaximized(study) ? -study.optimum.loss : study.optimum.loss,
      }),
  };
}

/** With the loss and the feasible set around the runs. `records` are in the plane's coordinates where one is given. */
export function surrounded(records: SceneRecords, parts: Pick<SceneParts, 'picture' | 'field' | 'plane'>): Scene {
  const { picture, plane } = parts;
  const { axes } = records;
  const field = fieldFor(parts, axes);
  const sets = feasibleSets(picture.study, axes, field);
  return {
    ...records,
    sets: plane ? sets.flatMap((set) => setInPlane(set, plane)) : sets,
    ...(field?.grid.time && { time: field.grid.time.step }),
    ...(field && axes.length === 2 && { field: lossOver(field.sample.loss, field) }),
    ...(field &&
      axes.length === 1 && { curve: { xs: field.grid.ys, values: lossOver(field.sample.loss, field).values } }),
  };
}

/** The same object for the same losses, whose relief is then found once, too: at another step they are the same where they do not move. */
const lossOver = once(
  (loss: Float64Array, { study, grid: { xs, ys } }: Field): LossField => ({ xs, ys, values: asTyped(study, loss) }),
);
