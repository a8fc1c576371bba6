/** Of a run whose learning rate, as typed, is so small that all its steps were alike: that it is, and the automatic one. */
import type { Structure } from '../../analysis/structure.ts';
import type { Advice, Optimizer } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { euclideanNorm } from '../../tensor/norms.ts';
import type { RunJson } from '../experiment.ts';
import type { Ended } from './advice.ts';

/** Steps and records that tell whether all were alike. */
const FEWEST = 20;
/** The way of the last quarter of the steps is at least this share of that of the first, */
const ALIKE = 0.5;
/** and this cosine to it. */
const STRAIGHT = 0.95;

const AUTOMATIC = { title: 'Try the automatic learning rate', settings: {}, optimizer: { learningRate: undefined } };

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
  if (learningRate === 0) return { message: 'The learning rate is 0: no step moves anything.', change: AUTOMATIC };
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
