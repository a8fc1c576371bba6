/** Text, run and swarm → what executors take. */
import type { Catalog } from '../contracts.ts';
import { at, fault, type Result, success } from '../diagnostic.ts';
import { nearest } from '../language/nearest.ts';
import { entryNames } from '../problem/entry-names.ts';
import type { Problem } from '../problem/problem.ts';
import { recordEndGrade } from '../program/grade-end.ts';
import { recordMeasure } from '../program/measure.ts';
import { isNumbered, needsOwnBasis, settingsPerStart } from '../program/per-start.ts';
import type { SettingValues } from '../program/program.ts';
import type { Job } from '../run/run.ts';
import { checkedSteps, type Sampling, type SwarmAxis, type SwarmJob } from '../run/swarm.ts';
import { runWithDefaults } from './defaults.ts';
import { type RunJson, SAMPLES, SCALES, type SwarmAxisJson, type SwarmJson } from './experiment.ts';
import { counted, MAX_JACOBIAN, MAX_SWARM_STARTS } from './limits.ts';
import { prepareRun } from './prepare-run.ts';
import type { Study } from './study/study.ts';

/** Side of a grid where nothing is said, and starts otherwise. */
const DEFAULT_SIDE = 100;
const DEFAULT_STARTS = 10_000;

/** Prefixes of axes, and what the settings are called in a program. */
const OWNERS = { setting: 'method', optimizer: 'optimizer' } as const;

/** A swarm, ready for an executor. Fails with a sentence where the run or an axis does not fit. */
export function prepareSwarm(
  study: Pick<Study, 'problem' | 'structure'>,
  swarm: SwarmJson,
  runs: readonly RunJson[],
  seed: number,
  catalog: Catalog,
): Result<SwarmJob> {
  const run = runs[swarm.run ?? 0];
  if (!run) return fault(`A swarm needs a run: there is no run ${(swarm.run ?? 0) + 1}.`);
  const { problem, structure } = study;
  const rows = structure.equalityRows + structure.inequalityRows;
  if (rows * problem.size > MAX_JACOBIAN)
    return fault(
      `A swarm grades each end by all constraint rows at once: ${counted(rows)} on ${counted(problem.size)} parameters are too many (limit: rows × parameters ≤ ${counted(MAX_JACOBIAN)}).`,
    );
  const steps = swarm.steps ?? runWithDefaults(run).steps;
  const over = swarm.over ?? proposedAxes(problem);
  // A setting that varies is not the run's own: the run is checked at both ends of the axis.
  for (const end of ['from', 'to'] as const) {
    const checked = prepareRun(study, { ...withAxes(run, over, end), steps, record: [] }, 0, catalog);
    if (!checked.ok) return checked;
  }
  const prepared = prepareRun(study, { ...withAxes(run, over, 'from'), steps, record: [] }, 0, catalog);
  if (!prepared.ok) return prepared;
  const job = prepared.value;
  const sampling = samplingOf(problem, job, swarm, over, seed);
  if (!sampling.ok) return sampling;
  const program = settingsPerStart(job.program, settingNames(over));
  if (needsOwnBasis(program)) {
    return fault(
      'A setting that decides a basis of the constraints cannot differ from start to start. Choose another axis.',
    );
  }
  return success({
    program,
    grade: recordEndGrade(problem),
    measure: job.measure.steady ? recordMeasure(problem, null) : job.measure,
    sampling: sampling.value,
    settings: job.settings,
    steps,
    checks: checkedSteps(steps),
  });
}

/** The first two entries of x, as far around the start as it is from 0, at least 2. */
function proposedAxes(problem: Problem): SwarmAxisJson[] {
  const starts = problem.parameters.flatMap(({ start }) => start);
  return entryNames(problem)
    .slice(0, 2)
    .map((axis, i) => {
      const [middle, reach] = [at(starts, i), Math.max(2, Math.abs(at(starts, i)))];
      return { axis, from: middle - reach, to: middle + reach };
    });
}

/** `setting:penalty` as its owner and name; null for an entry of x. */
function settingOf(axis: string): { readonly owner: keyof typeof OWNERS; readonly name: string } | null {
  const [owner, ...rest] = axis.split(':');
  return (owner === 'setting' || owner === 'optimizer') && rest.length > 0 ? { owner, name: rest.join(':') } : null;
}

const settingNames = (over: readonly SwarmAxisJson[]): string[] =>
  over.flatMap(({ axis }) => {
    const setting = settingOf(axis);
    return setting ? [`${OWNERS[setting.owner]}.${setting.name}`] : [];
  });

/** The run with its settings as they are at one end of the axes. */
function withAxes(run: RunJson, over: readonly SwarmAxisJson[], end: 'from' | 'to'): RunJson {
  const chosen = (wanted: keyof typeof OWNERS) =>
    Object.fromEntries(
      over.flatMap((axis) => {
        const setting = settingOf(axis.axis);
        return setting?.owner === wanted ? [[setting.name, axis[end]] as const] : [];
      }),
    );
  const { settings, optimizer } = runWithDefaults(run);
  return {
    ...run,
    settings: { ...settings, ...chosen('setting') },
    optimizer: { ...optimizer, ...chosen('optimizer') },
  };
}

function samplingOf(
  problem: Problem,
  { starts, settings, program }: Job,
  { sample = 'grid', size }: SwarmJson,
  over: readonly SwarmAxisJson[],
  seed: number,
): Result<Sampling> {
  if (!SAMPLES.includes(sample)) return fault(`There is no way “${sample}” to choose starts in this version.`);
  const isGrid = sample === 'grid';
  if (over.length === 0 || (isGrid && over.length > 2)) {
    return fault(
      isGrid
        ? `A grid goes over one or two axes, not ${over.length}. Choose random starts for more.`
        : 'A swarm needs at least one axis along which its starts differ.',
    );
  }
  const axes = axesOf(problem, settings, over);
  if (!axes.ok) return axes;
  const [width, height] = isGrid ? gridSize(size, over.length) : [countOf(size), 1];
  if (width * height > MAX_SWARM_STARTS) return fault(`A swarm has at most ${counted(MAX_SWARM_STARTS)} starts.`);
  const numbered = isNumbered(program);
  const base = [...starts, ...settingNames(over).map((name) => at(settings[name] ?? [], 0)), ...(numbered ? [0] : [])];
  return success({
    kind: sample,
    count: width * height,
    width,
    axes: axes.value,
    base: Float64Array.from(base),
    isNumbered: numbered,
    seed,
  });
}

function gridSize(size: SwarmJson['size'], axes: number): readonly [number, number] {
  if (size === undefined) return axes === 1 ? [DEFAULT_STARTS, 1] : [DEFAULT_SIDE, DEFAULT_SIDE];
  if (typeof size !== 'number') return axes === 1 ? [size[0] * size[1], 1] : size;
  const side = Math.max(1, Math.floor(Math.sqrt(size)));
  return axes === 1 ? [size, 1] : [side, side];
}

const countOf = (size: SwarmJson['size']): number =>
  size === undefined ? DEFAULT_STARTS : typeof size === 'number' ? size : size[0] * size[1];

function axesOf(problem: Problem, settings: SettingValues, over: readonly SwarmAxisJson[]): Result<SwarmAxis[]> {
  const entries = entryNames(problem);
  const axes: SwarmAxis[] = [];
  let behind = problem.size;
  for (const { axis, from, to, scale = 'linear' } of over) {
    const setting = settingOf(axis);
    const position = setting ? behind++ : entries.indexOf(axis);
    if (axes.some(({ name }) => name === axis)) return fault(`The axis ${axis} is named twice.`);
    if (setting && settings[`${OWNERS[setting.owner]}.${setting.name}`]?.length !== 1) {
      return fault(`There is no ${axis} that could differ from start to start: only settings that are numbers can.`);
    }
    if (position < 0) {
      const meant = nearest(axis, entries);
      return fault(`There is no entry ${axis} to start from.${meant ? ` Is ${meant} meant?` : ''}`);
    }
    if (!SCALES.includes(scale)) return fault(`There is no scale “${scale}” of axes in this version.`);
    if (scale === 'log' && !(from > 0 && to > 0)) {
      return fault(`The logarithmic axis ${axis} needs ends above 0, not ${from} and ${to}.`);
    }
    axes.push({ name: axis, position, from, to, scale });
  }
  return success(axes);
}
