/** Of a run whose steps jump about a kink of the loss, where its slope does not fade: why it does not arrive, and steps that shrink. */
import { bentOf } from '../../analysis/optimum/corners.ts';
import { nearnessIn } from '../../analysis/optimum/nearness.ts';
import type { Advice, Catalog } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { shortNumber } from '../../number-text.ts';
import type { Problem } from '../../problem/problem.ts';
import { reachable } from '../../tensor/evaluate.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { runWithDefaults } from '../defaults.ts';
import type { RunJson } from '../experiment.ts';
import { counted, STEPS_RANGE } from '../limits.ts';
import type { Ended } from './advice.ts';

/** Records at the end that are looked at. */
const LAST = 20;
/** Steps that fade come to less than this of those before. */
const FADED = 0.7;
/** The loss fell by less than this part of its range. */
const STILL = 1e-2;
/** How much shorter the steps are that are offered, and how many more. */
const TIMES = 10;

/**
 * Null where neither the loss nor a constraint has a kink within the last steps, where steps fade or the loss still falls, and for optimizers whose steps shrink
 * by themselves. With a constant η, subgradient steps end at a distance of about η‖∇f‖.
 * Source: Boyd & Vandenberghe, Subgradients, lecture notes of EE364b, Stanford 2022, §§3–4.
 */
export function adviceOnKink(problem: Problem, run: RunJson, catalog: Catalog, ended: Ended): Advice | null {
  const { iterates, loss, gradient, learningRate } = ended;
  const { method: id, optimizer, steps } = runWithDefaults(run);
  const records = loss.length;
  const usesRate = catalog.methods.find((entry) => entry.id === id)?.optimizer !== 'none';
  const shrinking = catalog.optimizers.filter(({ hasShrinkingSteps }) => hasShrinkingSteps);
  if (!usesRate || !learningRate || shrinking.some(({ id: own }) => own === optimizer.kind)) return null;
  if (records < 3 * LAST) return null;
  const n = problem.size;
  const x = Array.from({ length: LAST + 1 }, (_, k) => iterates.subarray((records - LAST - 1 + k) * n).subarray(0, n));
  const moves = x.slice(1).map((point, k) => euclideanNorm(point.map((entry, i) => entry - at(at(x, k), i))));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const late = mean(moves.slice(LAST / 2));
  const isSeen = late > 1e-6 * (1 + maximumNorm(at(x, LAST)));
  const fallen = Math.min(...loss.subarray(0, -LAST)) - Math.min(...loss.subarray(-LAST));
  const isStill = fallen <= STILL * (Math.max(...loss) - Math.min(...loss));
  if (!isSeen || late < FADED * mean(moves.slice(0, LAST / 2)) || !isStill) return null;
  const whose = kinkAt(problem, x);
  if (whose === null) return null;
  const distance = learningRate * Math.max(...gradient.subarray(-LAST)); // on a kink itself the slope counts as 0
  const [rate, more] = [Number((learningRate / TIMES).toPrecision(2)), Math.min(TIMES * steps, STEPS_RANGE[1])];
  const ending = shrinking.map(({ title }) => title).join(' and ');
  const others = ending && `; those of ${ending} shrink by themselves`;
  return {
    message:
      whose === 'loss'
        ? `The steps jump about a kink of the loss, at a distance of about learning rate × slope = ${shortNumber(distance, 2)}: there the slope does not fade, so steps of a constant rate do not end. Shorter ones come nearer${others}.`
        : `The steps jump about a kink of a constraint, as |x| has at 0: there its slope turns round and does not fade, so steps of a constant rate do not end. Shorter ones come nearer${others}.`,
    change: {
      title: `Try the learning rate ${rate} for ${counted(more)} steps`,
      settings: {},
      optimizer: { learningRate: rate },
      steps: more,
    },
  };
}

/** A kink this near to the last point, relative to 1 + |x|∞, stands in the way. */
const BESIDE = 0.05;

/**
 * Of a run that ends off a KKT point beside a kink, and of which nothing else is known: that methods of slopes, and of curvature yet
 * more, take what they find on one side of it for the other, too.
 */
export function adviceBesideKink(problem: Problem, catalog: Catalog, { iterates }: Ended): Advice | null {
  const { symbols, loss, corners, folds } = bentOf(problem);
  if (corners.length + folds.length === 0) return null;
  const x = iterates.subarray(-problem.size);
  const here = nearnessIn(problem)(x);
  const room = BESIDE * (1 + maximumNorm(x));
  const ofLoss = reachable(symbols.ops, [loss.id]);
  const beside = [
    ...corners.flatMap(({ node }, k) => (at(here.gaps, k).some((gap) => gap <= room) ? [node] : [])),
    ...folds.flatMap(({ node }, k) => (at(here.folds, k) <= room ? [node] : [])),
  ];
  if (beside.length === 0) return null;
  const whose = beside.some((node) => ofLoss.has(node)) ? 'the loss' : 'a constraint';
  const shrinking = catalog.optimizers.filter(({ hasShrinkingSteps }) => hasShrinkingSteps);
  const others = shrinking.length > 0 ? `, as those of ${shrinking.map(({ title }) => title).join(' and ')}` : '';
  return {
    message: `It stands beside a kink of ${whose}, as |x| has at 0: there the slope jumps, and this method takes the slope of one side for that of the other. Methods with a learning rate come nearer by steps that shrink${others}.`,
  };
}

/** Within a step of these points, a corner of the loss, or else one of a constraint; null where there is neither. */
function kinkAt(problem: Problem, points: readonly Float64Array[]): 'loss' | 'constraint' | null {
  const { symbols, loss, corners, folds } = bentOf(problem);
  const ofLoss = reachable(symbols.ops, [loss.id]);
  if (corners.length + folds.length === 0) return null;
  const near = nearnessIn(problem);
  const gaps = points.map((point) => {
    const { gaps, folds } = near(point);
    return [...gaps, ...folds.map((fold) => [fold])];
  });
  const isPassed = (k: number) =>
    at(at(gaps, 0), k).some((_, entry) => {
      const along = gaps.map((gap) => at(at(gap, k), entry));
      const step = Math.max(...along.slice(1).map((gap, i) => Math.abs(gap - at(along, i))));
      return step > 0 && Math.min(...along) <= step;
    });
  const passed = [...corners, ...folds].filter((_, k) => isPassed(k));
  if (passed.length === 0) return null;
  return passed.some(({ node }) => ofLoss.has(node)) ? 'loss' : 'constraint';
}
