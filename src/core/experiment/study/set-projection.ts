/** Nearest points of the recognised sets, in Float64 at t = 0: what analysis asks of the catalogue beside its evidence. */
import type { Structure } from '../../analysis/structure.ts';
import type { ConstraintKind } from '../../contracts.ts';
import { type Problem, startOf } from '../../problem/problem.ts';
import { methodProblem } from '../../program/method-problem.ts';
import type { Stages } from '../../stages.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { factorsAhead } from '../../tensor/factors-ahead.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { Ops } from '../../tensor/ops.ts';

export interface SetProjection {
  /** x on each set, one after the other: the nearest point where no two share an entry, else one round of a cycle. */
  readonly onto: (x: Float64Array) => Float64Array;
  /** What `onto` needs of large matrices, with pauses. */
  readonly ahead: () => Stages<void>;
  /** Whether that is the nearest point of a convex set. */
  readonly isConvex: boolean;
}

const ROUNDS = 200;
/** A violation below this, relative to 1 + |x|∞, is rounding. */
const ROUNDING = 1e-9;

/** Null where a constraint is in no set whose nearest points are known, or moves. */
export function setProjection(
  problem: Problem,
  structure: Structure,
  kinds: readonly ConstraintKind[],
): SetProjection | null {
  const { sets, unrecognized, constraints, hasExactProjection } = structure;
  const areKnown = unrecognized.length === 0 && sets.every((set) => set.hasProjection);
  if (sets.length === 0 || !areKnown || constraints.some(({ isMoving }) => isMoving)) return null;
  const ops = new Ops();
  const [x, steps] = [ops.input('start', 'x', [problem.size]), ops.input('setting', 'T', [])];
  const own = methodProblem(ops, problem, structure, kinds, { start: x, steps });
  const nearest = own.sets.reduce((point, set) => set.project(point, ops.constant(0)), x);
  const machine = new Machine(ops);
  machine.numbers(steps.id)[0] = 1;
  const run = machine.procedure([nearest.id]);
  return {
    isConvex: hasExactProjection && sets.every((set) => set.isConvex),
    ahead: () => factorsAhead(ops, [nearest.id]),
    onto(point) {
      machine.numbers(x.id).set(point);
      run();
      return machine.numbers(nearest.id).slice();
    },
  };
}

/** A point of all sets, from the start by projections in turn; null where the rounds do not end at one. */
export function pointBySets(
  problem: Problem,
  { onto }: SetProjection,
  violationAt: (x: Float64Array) => number,
): Float64Array | null {
  let x = startOf(problem);
  for (let round = 1; round <= ROUNDS; round++) {
    x = onto(x);
    const isLook = (round & (round - 1)) === 0 || round === ROUNDS; // after 1, 2, 4, 8, … rounds
    if (isLook && violationAt(x) <= ROUNDING * (1 + maximumNorm(x))) return x;
  }
  return null;
}
