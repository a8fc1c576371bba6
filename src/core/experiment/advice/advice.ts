/** Why a run ended where it should not, and what would mend it: the method's own word on a rest, or the steps; on the measure's evidence. */
import { proposals } from '../../analysis/proposal.ts';
import type { Structure } from '../../analysis/structure.ts';
import type { Advice, Catalog, Method, Optimizer } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import { isKept, KKT_TOLERANCE, precisionOf, scaledKktResidual } from '../../run/verdict.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { chooseSettings } from '../chosen-settings.ts';
import { DEFAULT_OPTIMIZER, runWithDefaults } from '../defaults.ts';
import type { RunJson, SettingsJson } from '../experiment.ts';
import { adviceOnWay, type Course } from './more-steps.ts';
import { adviceOnCreeping, adviceOnNoSteps, adviceOnShortSteps } from './short-steps.ts';

/** A run that made all its steps. */
export interface Ended extends Course {
  /** η as the run had it, where it had one. */
  readonly learningRate?: number | undefined;
}

/** Share of the last records in which a run at rest no longer moves. */
const LAST = 0.2;
/** A late move below this share of the way that the run came is none: adaptive steps tremble around their limit. */
const STILL = 2e-2;
/** ‖∇L‖ that is this much above the tolerance of the executor is not a matter of more steps. */
const FAR = 10;

/** The advice of the run's method, if the run came to rest at a point that is not feasible, or not stationary; of shorter steps, or of more. */
export function adviceFor(structure: Structure, run: RunJson, catalog: Catalog, ended: Ended): Advice | null {
  const { method: id, settings, optimizer: json } = runWithDefaults(run);
  const method = catalog.methods.find((entry) => entry.id === id);
  const optimizer = catalog.optimizers.find((entry) => entry.id === json.kind);
  if (!method || !optimizer) return null;
  const unmoved = method.optimizer !== 'none' && isOff(ended, structure.size) && adviceOnNoSteps(run, ended);
  if (unmoved) return unmoved;
  const chosen = chooseSettings(method, settings);
  const rest = restOff(ended, structure.size, (chosen.ok && method.cycle?.(chosen.value)) || 1);
  const { size } = structure;
  const isPlain = method.optimizer !== 'none' && !optimizer.isAdaptive;
  const otherwise =
    adviceOnIgnored(method, structure, catalog, ended) ||
    (method.optimizer !== 'none' && adviceOnShortSteps(run, optimizer, structure, ended)) ||
    (rest?.isFeasible && method.optimizer !== 'none' && adviceOnDecay(json, optimizer)) ||
    (isPlain && adviceOnSwing(ended, size)) ||
    adviceOnWay(ended, size) ||
    adviceOnScales(structure, ended) ||
    (isPlain && adviceOnCreeping(catalog, optimizer, structure, ended)) ||
    null;
  if (!chosen.ok) return otherwise;
  const advice = rest
    ? method.adviseAtRest?.(structure, optimizer, chosen.value, rest)
    : (otherwise ?? (isOff(ended, size) ? method.adviseInMotion?.(chosen.value) : null));
  if (!advice?.change) return advice ?? otherwise;
  const changed = changedRun({ ...run, settings }, advice.change);
  const target = catalog.methods.find((entry) => entry.id === changed.method);
  const mended = target && chooseSettings(target, changed.settings ?? {});
  return mended?.ok && target?.supports(structure, mended.value).supported ? advice : { message: advice.message };
}

/** Whether the last record is far from a KKT point. */
export function isOff({ executor, iterates, violation, stationarity, gradient }: Ended, size: number): boolean {
  const largest = maximumNorm(iterates.subarray(iterates.length - size));
  const [gradientNorm = 0, last = 0, broken = 0] = [gradient.at(-1), stationarity.at(-1), violation.at(-1)];
  const point = { stationarity: last, gradientNorm, violation: broken, largest };
  return scaledKktResidual(point) > FAR * KKT_TOLERANCE[precisionOf(executor)];
}

/** The run as advised: its method with these settings changed, or another method with these settings. */
export const changedRun = (
  run: RunJson,
  { method = run.method, settings, optimizer, steps }: NonNullable<Advice['change']>,
): RunJson => ({
  ...run,
  method,
  settings: method === run.method ? { ...run.settings, ...settings } : settings,
  ...(steps !== undefined && { steps }),
  ...(optimizer && { optimizer: withoutUndefined({ kind: DEFAULT_OPTIMIZER.kind, ...run.optimizer, ...optimizer }) }),
});

const withoutUndefined = <T extends object>(settings: T): T =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;

const IGNORED = {
  constraints: 'This method does not look at the constraints: it goes where the loss alone leads.',
  inequalities:
    'This method keeps equalities alone: what inequalities are violated by is measured, and nothing mends it.',
  loss: 'This method does not look at the loss: it goes from the start to the feasible set, and ends there.',
} as const;

/** Of a run that is off by what its method did not look at: the method that is proposed first for the problem. */
function adviceOnIgnored({ ignores }: Method, structure: Structure, catalog: Catalog, ended: Ended): Advice | null {
  const { size, inequalityRows } = structure;
  if (!ignores || (ignores === 'inequalities' && inequalityRows === 0)) return null;
  const isOffRows = endsOff(ended, size);
  if (ignores === 'loss' ? isOffRows || !isOff(ended, size) : !isOffRows) return null;
  const message = IGNORED[ignores];
  const methods = catalog.methods.map(({ id, supports }) => ({ id, ...supports(structure) }));
  const looking = proposals({ structure, methods }, catalog).flatMap(
    (proposal) => catalog.methods.find((entry) => entry.id === proposal.method && !entry.ignores) ?? [],
  );
  const [proposed] = looking;
  return proposed
    ? { message, change: { title: `Use ${proposed.title}`, method: proposed.id, settings: {} } }
    : { message };
}

/** Whether the last record violates a constraint, by more than the rounding of its executor. */
const endsOff = ({ violation, iterates, executor }: Ended, size: number): boolean =>
  !isKept(violation.at(-1) ?? 0, maximumNorm(iterates.subarray(iterates.length - size)), executor);

/** Of a run that rests where weight decay balances the loss: it minimises another one. Null without decay. */
function adviceOnDecay({ kind: _, ...json }: SettingsJson, optimizer: Optimizer): Advice | null {
  const chosen = chooseSettings(optimizer, json);
  const decay = chosen.ok ? Number(chosen.value.weightDecay ?? 0) : 0;
  if (!(decay > 0)) return null;
  return {
    message:
      'Weight decay pulls towards 0 beside the loss: the run rests where both balance, and not at the optimum of the loss as typed.',
    change: { title: 'Try it without weight decay', settings: {}, optimizer: { weightDecay: 0 } },
  };
}

/** Affine rows that differ more in steepness are told. */
const STEEPER = 1e3;

/** Of a run that ends off its constraints, some of which are much steeper than others. */
function adviceOnScales({ constraints, size }: Structure, ended: Ended): Advice | null {
  const steepness = constraints
    .flatMap(({ affine }) => affine?.A.map(euclideanNorm) ?? [])
    .filter((length) => length > 0);
  const ratio = Math.max(...steepness) / Math.min(...steepness);
  return ratio > STEEPER && endsOff(ended, size)
    ? {
        message: `One constraint is ${shortNumber(ratio, 1)} times as steep as another: steps that are short enough for it hardly move the rest. Divide its line by that, or use a method that projects.`,
      }
    : null;
}

/** Of the last steps of a run that swings, this share goes back on the one before, at more than 120°. */
const BACK = 0.9;
/** η that makes steps of twice the curvature's own length, as in a swing that does not fade, stable with room to spare. */
const CALMER = 1 / 3;

/**
 * Of plain steps that go to and fro at the end of a run, and no shorter ones: η exceeds 2/λ_max there, however it was at the start.
 * λ_max ≥ |‖∇f(x₁)‖ − ‖∇f(x₀)‖| / ‖x₁ − x₀‖: where a projection throws a step back that was too long by far, η/3 would be so, too.
 * Source: Nesterov 2018, Lectures on Convex Optimization, §1.2.3.
 */
function adviceOnSwing(ended: Ended, size: number): Advice | null {
  const { iterates, steps, learningRate } = ended;
  const records = iterates.length / Math.max(1, size);
  const first = Math.floor((1 - LAST) * records);
  const isEveryStep = steps === undefined || steps.at(-1) === (steps[first] ?? 0) + records - 1 - first;
  if (learningRate === undefined || !isEveryStep || records - first < 10) return null;
  const moves = Array.from({ length: records - 1 - first }, (_, k) => {
    const here = (first + k) * size;
    return iterates.slice(here + size, here + 2 * size).map((entry, i) => entry - (iterates[here + i] as number));
  });
  const lengths = moves.map(euclideanNorm);
  const isBack = (move: Float64Array, k: number) => {
    const [before, bound] = [moves[k - 1], 0.5 * at(lengths, k) * (lengths[k - 1] ?? 0)];
    return before !== undefined && bound > 0 && move.reduce((sum, entry, i) => sum + entry * at(before, i), 0) < -bound;
  };
  const back = moves.filter(isBack).length;
  const fades = (lengths.at(-1) ?? 0) < 0.5 * at(lengths, 0);
  const isSeen = (lengths.at(-1) ?? 0) > 1e-6 * (1 + maximumNorm(iterates.subarray(-size)));
  if (back < BACK * (moves.length - 1) || fades || !isSeen) return null;
  const slopes = ended.gradient.slice(-moves.length - 1);
  const steepening = lengths.reduce((most, length, k) => {
    const along = Math.abs(at(slopes, k + 1) - at(slopes, k)) / length;
    return Number.isFinite(along) ? Math.max(most, along) : most;
  }, 0);
  const rate = Number(Math.min(CALMER * learningRate, 1 / steepening).toPrecision(2));
  return {
    message:
      'It swings to and fro at the end, and the swings do not fade: the steps are too long for how steep the loss and the constraints are there.',
    change: { title: `Try the learning rate ${rate}`, settings: {}, optimizer: { learningRate: rate } },
  };
}

/** How much shorter than the automatic η, which is measured at the start, to try where that is too long further on. */
const SHORTER = 0.1;

/** Of a run whose iterates grew without bound, at the automatic learning rate. */
export function adviceOnDivergence(
  { method, optimizer }: RunJson,
  catalog: Catalog,
  learningRate?: number,
): Advice | null {
  const usesRate = catalog.methods.find(({ id }) => id === method)?.optimizer !== 'none';
  if (!usesRate || learningRate === undefined || optimizer?.learningRate !== undefined) return null;
  const rate = Number((SHORTER * learningRate).toPrecision(2));
  return {
    message: 'The automatic learning rate is measured at the start; the loss or a constraint is steeper further on.',
    change: { title: `Try the learning rate ${rate}`, settings: {}, optimizer: { learningRate: rate } },
  };
}

/** Null for a run that is still on its way, or at an optimum; judged by the last of each `cycle` steps. */
function restOff(ended: Ended, size: number, cycle: number): Parameters<NonNullable<Method['adviseAtRest']>>[3] | null {
  const { executor, iterates, violation, stationarity } = ended;
  const steps = ended.steps ?? Array.from(violation, (_, record) => record);
  const ends = steps.flatMap((step, record) => (step % cycle === 0 ? [record] : []));
  const pointAt = (record: number) => iterates.subarray(record * size, (record + 1) * size);
  const newest = ends.at(-1) ?? 0;
  const tolerance = KKT_TOLERANCE[precisionOf(executor)];
  const last = pointAt(newest);
  const scale = 1 + maximumNorm(last);
  const isFeasible = at(violation, newest) <= tolerance * scale;
  const isStationary = at(stationarity, newest) <= FAR * tolerance * scale;
  const farthest = (records: readonly number[]) => {
    let most = 0;
    for (const record of records) {
      const point = pointAt(record);
      for (let i = 0; i < size; i++) most = Math.max(most, Math.abs((point[i] ?? 0) - (last[i] ?? 0)));
    }
    return most;
  };
  const isStill = farthest(ends.slice(Math.floor((1 - LAST) * ends.length))) <= STILL * farthest(ends);
  const endsWithin = (steps.at(-1) ?? 0) % cycle !== 0;
  return isStill && ends.length > 10 && (endsWithin || !(isFeasible && isStationary))
    ? {
        isFeasible,
        isStationary: isStationary || at(stationarity, newest) <= STILL * maximumNorm(stationarity),
        endsWithin,
        start: pointAt(0),
      }
    : null;
}
