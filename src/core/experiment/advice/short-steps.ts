/** Of a run whose steps bring it hardly nearer: because its learning rate is too small, or because the loss is uneven. */
import type { Structure } from '../../analysis/structure.ts';
import type { Advice, Catalog, Optimizer } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { isKept } from '../../run/verdict.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import type { RunJson } from '../experiment.ts';
import type { Ended } from './advice.ts';

/** Steps and records that tell whether all were alike. */
const FEWEST = 20;
/** The way of the last quarter of the steps is at least this share of that of the first, */
const ALIKE = 0.5;
/** and this cosine to it. */
const STRAIGHT = 0.95;

const AUTOMATIC = { title: 'Try the automatic learning rate', settings: {}, optimizer: { learningRate: undefined } };

/** Of a run whose own learning rate is 0: it did not come to rest, whatever its method says of rests. */
export const adviceOnNoSteps = ({ optimizer }: RunJson, { learningRate }: Ended): Advice | null =>
  optimizer?.learningRate === 0 && learningRate === 0
    ? { message: 'The learning rate is 0: no step moves anything.', change: AUTOMATIC }
    : null;

/**
 * Null where the rate is automatic or the optimizer sets the length of its steps itself; where the loss has no curvature, from which
 * the automatic rate comes; and where steps were longer at first: then they are as long as the steepest direction allows.
 */
export function adviceOnShortSteps(
  run: RunJson,
  optimizer: Optimizer,
  { size, lossDegree }: Pick<Structure, 'size' | 'lossDegree'>,
  { iterates, loss, steps, learningRate }: Ended,
): Advice | null {
  if (run.optimizer?.learningRate === undefined || learningRate === undefined) return null;
  const records = loss.length;
  const made = steps?.at(-1) ?? records - 1;
  if (optimizer.isAdaptive || lossDegree <= 1 || made < FEWEST || records < FEWEST) return null;
  const pointAt = (share: number) => {
    const record = steps ? steps.findIndex((step) => step >= share * made) : Math.round(share * made);
    return iterates.subarray(record * size, (record + 1) * size);
  };
  const way = (from: number, to: number) => {
    const [a, b] = [pointAt(from), pointAt(to)];
    return a.map((entry, i) => at(b, i) - entry);
  };
  // The first step may be another one: a projection of the start.
  const [first, last] = [way(1 / FEWEST, 0.25), way(0.75, 1)];
  const lengths = [first, last].map(euclideanNorm) as [number, number];
  const cosine = first.reduce((sum, entry, i) => sum + entry * at(last, i), 0) / (lengths[0] * lengths[1]);
  if (!(cosine >= STRAIGHT) || lengths[1] < ALIKE * lengths[0]) return null; // NaN where nothing moved
  return {
    message: `All its steps were alike, and short: the learning rate ${learningRate} is far below what the curvature of the loss allows.`,
    change: AUTOMATIC,
  };
}

/** ‖∇L‖ of the first tenth of the records is this much more than at the end: what was steep is behind it, */
const STEEPER = 10;
/** and falls by less than this share over the last two fifths. */
const CREEPS = 0.1;

/**
 * Of plain steps that keep the constraints, and of which the first went far and the last hardly anywhere, although the loss still falls:
 * at that pace κ steps make one unit of progress. Null where it stands still, or arrived.
 * Source: Nesterov 2018, Lectures on Convex Optimization, §2.1.5 (the rate is (κ − 1)/(κ + 1) a step).
 */
export function adviceOnCreeping(
  { optimizers }: Pick<Catalog, 'optimizers'>,
  optimizer: Optimizer,
  { size, lossDegree }: Pick<Structure, 'size' | 'lossDegree'>,
  { iterates, loss, violation, stationarity, executor }: Ended,
): Advice | null {
  const records = loss.length;
  if (optimizer.isAdaptive || size < 2 || lossDegree <= 1 || records < 5 * FEWEST) return null;
  const from = Math.floor(0.6 * records);
  const [before, end] = [at(stationarity, from), at(stationarity, records - 1)];
  const steep = Math.max(...stationarity.subarray(0, Math.ceil(records / 10)));
  const isFalling = loss.subarray(from).every((value, k, late) => k === 0 || value <= at(late, k - 1));
  const hasFallen = at(loss, records - 1) < at(loss, from);
  const isFeasible = isKept(at(violation, records - 1), maximumNorm(iterates.subarray(-size)), executor);
  if (!isFeasible || !isFalling || !hasFallen || steep < STEEPER * end) return null;
  if (end > before || end < (1 - CREEPS) * before) return null;
  const scaling = optimizers.find(({ isAdaptive, hasMetric = isAdaptive }) => isAdaptive && hasMetric);
  const other = scaling ? `, or let the optimizer do that, as ${scaling.title} does` : '';
  return {
    message: `It creeps: the loss is far steeper in some directions than in others, and steps that are short enough for the steep ones hardly move along the rest. Bring columns of data and parameters to about the same size, as to mean 0 and deviation 1${other}.`,
  };
}
