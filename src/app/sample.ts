/** Loss and curved constraints on a grid: what the figures draw between the iterates. Runs in the worker. */
import type { Structure } from '../core/analysis/structure.ts';
import { at } from '../core/diagnostic.ts';
import { once } from '../core/once.ts';
import type { Constraint, Problem } from '../core/problem/problem.ts';
import { compact } from '../core/program/compact.ts';
import type { Program } from '../core/program/program.ts';
import type { FieldJob } from '../core/run/field.ts';
import type { OpenRun } from '../core/run/float64-machine.ts';
import type { Stages } from '../core/stages.ts';
import type { Tensor } from '../core/tensor/ops.ts';
import { checkedOn } from './field-check.ts';
import { eachPoint, Functions, pointAt, pointGrid, pointsIn, pointWriter } from './grid-functions.ts';
import { seamsOf } from './seams.ts';
import type { GridRequest, Kept, PartOfSample, SampledConstraint } from './study.ts';

/** More curves than this are no longer a picture. */
const MOST_CONSTRAINTS = 12;
/** Rows of one equality; with more, its first ones are drawn. */
const MOST_ROWS = 8;
/** Numbers that are kept of a grid for other steps: 0.8 MB, which comes and goes with each. */
const MOST_KEPT = 100_000;

/** What a figure shows of a problem: the loss, then its curved constraints, in their order. */
interface Shown {
  readonly relation: Constraint['relation'] | null;
  /** Its first rows. */
  readonly of: Tensor;
  readonly rows: number;
}

function shownOf(functions: Functions, problem: Problem, { constraints }: Structure): readonly Shown[] {
  const curved = problem.constraints
    .filter(({ index }) => constraints[index]?.affine === null)
    .slice(0, MOST_CONSTRAINTS)
    .map((constraint): Shown => {
      const { relation } = constraint;
      const rows = relation === 'equality' ? Math.min(constraint.rows, MOST_ROWS) : 1;
      return { relation, of: functions.rowsOf(constraint, rows), rows };
    });
  return [{ relation: null, of: functions.loss, rows: 1 }, ...curved];
}

/** One of them on the grid. */
interface Sampled extends Pick<Shown, 'of' | 'relation'> {
  /** Position of its first row among the rows of all that are shown. */
  readonly first: number;
  readonly rows: readonly Float64Array[];
}

/** Where the inequality leaves less than a cell of a plane. */
function seamsIn(functions: Functions, { of, rows: [values] }: Sampled, grid: GridRequest): SampledConstraint['seams'] {
  if (grid.zs || grid.xs.length < 2 || !values) return [];
  const write = pointWriter(grid, functions.point);
  const { compute, numbers } = functions.evaluation([of.id]);
  return seamsOf({ xs: grid.xs, ys: grid.ys, values }, (a, b) => {
    write(a, b, 0);
    compute();
    return at(numbers(of.id), 0);
  });
}

/** Of functions that move, what depends on x alone, and how many numbers that is on a grid; none where that is too much to keep. */
function stillParts(functions: Functions, moving: readonly Tensor[], points: number) {
  const parts = functions.stillPartsOf(moving).map((id) => ({ id, all: functions.sizeOf(id) * points }));
  const isMuch = parts.reduce((sum, { all }) => sum + all, 0) > MOST_KEPT;
  return isMuch ? [] : parts;
}

/**
 * `before`: what is the same at every step was sampled on this grid, and is left out; of functions that move, so much of it was kept.
 * `open`: a machine that computes them with the same numbers as the interpreter, which is there without it.
 * `given`: all rows that are shown, computed by a device in float32, [row][point]: taken where Float64 confirms them.
 */
export function* sampleStages(
  problem: Problem,
  structure: Structure,
  grid: GridRequest,
  before?: Kept,
  open?: OpenRun,
  given?: Float32Array,
): Stages<PartOfSample> {
  const functions = new Functions(problem, grid.time);
  const points = pointsIn(grid);
  let first = 0;
  const shown = shownOf(functions, problem, structure).map(({ of, relation, rows }): Sampled | null => {
    first += rows;
    if (before && functions.isStill(of)) return null;
    return { of, relation, first: first - rows, rows: Array.from({ length: rows }, () => new Float64Array(points)) };
  });
  const all = shown.filter((one) => one !== null);
  const confirmed = given === undefined ? null : yield* takeGiven(functions, all, grid, given);
  const isGiven = confirmed !== null;
  const targets = all.map(({ of }) => of);
  const moving = isGiven ? [] : targets.filter((of) => !functions.isStill(of));
  const parts = stillParts(functions, moving, points).map(({ id, all }) => ({ id, kept: new Float64Array(all) }));
  const isKept = before !== undefined && before.length > 0 && before.length === parts.length;
  if (all.length > 0 && !isGiven) {
    const ids = targets.map(({ id }) => id);
    const { compute, numbers, end } = isKept
      ? functions.evaluationFromStillParts(ids)
      : functions.evaluation([...ids, ...parts.map(({ id }) => id)], open);
    try {
      yield* eachPoint(grid, functions.point, (i) => {
        if (isKept)
          parts.forEach(({ id }, k) => {
            const part = functions.numbers(id);
            part.set(at(before, k).subarray(i * part.length, (i + 1) * part.length));
          });
        compute();
        if (before === undefined)
          for (const { id, kept } of parts) {
            const part = numbers(id);
            kept.set(part, i * part.length);
          }
        for (const { of, rows } of all) {
          const values = numbers(of.id);
          for (let r = 0; r < rows.length; r++) at(rows, r)[i] = at(values, r);
        }
      });
    } finally {
      end();
    }
  }
  const facts = (index: number) => structure.constraints[index];
  const shifted = problem.constraints.filter(({ index }) => facts(index)?.affine && facts(index)?.isMoving);
  const [loss = null, ...curved] = shown;
  return {
    loss: loss && at(loss.rows, 0),
    constraints: curved.map((on) => {
      if (on === null) return null;
      const relation = on.relation ?? 'equality';
      const seams = relation === 'inequality' ? seamsIn(functions, on, grid) : [];
      return { relation, values: on.rows, ...(seams?.length && { seams }) };
    }),
    offsets: shifted.map((each) => ({ index: each.index, b: offsetsOf(functions, each) })),
    kept: before ? null : parts.map(({ kept }) => kept),
    confirmed,
  };
}

/** Takes the rows that a device computed, with the points at which Float64 was asked as it has them: how many; null where it says otherwise. */
function* takeGiven(
  functions: Functions,
  all: readonly Sampled[],
  grid: GridRequest,
  given: Float32Array,
): Stages<number | null> {
  const points = pointsIn(grid);
  const rows = all.flatMap(({ first, rows, relation }) =>
    rows.map((values, r) => {
      values.set(given.subarray((first + r) * points, (first + r + 1) * points));
      return { values, isLoss: relation === null };
    }),
  );
  const { compute, numbers } = functions.evaluation(all.map(({ of }) => of.id));
  const write = pointAt(grid, functions.point);
  return yield* checkedOn(rows, (i) => {
    write(i);
    compute();
    return all.flatMap(({ of, rows }) => Array.from(numbers(of.id).subarray(0, rows.length)));
  });
}

/** The functions that are shown as the outputs of a program that a device may compute. */
const programOf = once((problem: Problem, structure: Structure): Program => {
  const functions = new Functions(problem);
  const { values, regions, ...whole } = functions.program(
    shownOf(functions, problem, structure).map(({ of }) => of.id),
  );
  return compact({ values, regions }, whole);
});

/** What a device is asked; null below so many operations, which the machine at hand makes as soon, and where that keeps of x what other steps need. */
export function fieldJob(
  problem: Problem,
  structure: Structure,
  grid: GridRequest,
  before?: Kept,
  least = WORTH_ASKING,
): FieldJob | null {
  const operations = costAtPoint(problem, structure) * pointsIn(grid);
  if (operations < least || before?.length) return null;
  const functions = new Functions(problem, grid.time);
  const moving = shownOf(functions, problem, structure).flatMap(({ of }) => (functions.isStill(of) ? [] : [of]));
  const isNothing = before !== undefined && moving.length === 0;
  if (isNothing || stillParts(functions, moving, pointsIn(grid)).length > 0) return null;
  const step = grid.time?.step ?? 0;
  if (!Number.isInteger(step)) return null;
  return {
    program: programOf(problem, structure),
    settings: functions.settings,
    step,
    grid: pointGrid(grid),
    float64Ms: operations / OPERATIONS_A_MS,
  };
}

/** Operations from which on a device is asked: 10 ms in WebAssembly, 40 without it. There and back, confirmed, takes 5 to 10. */
const WORTH_ASKING = 1e7;
/** Of the interpreter, which has 4 ns for an operation. */
const OPERATIONS_A_MS = 2.5e5;

const costAtPoint = once((problem: Problem, structure: Structure): number => {
  const functions = new Functions(problem);
  const { tanh, others } = functions.operations(shownOf(functions, problem, structure).map(({ of }) => of));
  return others + OPERATIONS_OF_A_CALL * tanh;
});

/** A call of `tanh` out of WebAssembly loses, beside one in JavaScript, what about so many other operations gain there. */
const OPERATIONS_OF_A_CALL = 20;
/** Operations after which compiling has paid: it takes 1 to 5 ms, and what it saves is about 2 ns each. */
const WORTH_COMPILING = 2.5e6;

const gainAtPoint = once((problem: Problem): number => {
  const functions = new Functions(problem);
  const rows = problem.constraints.map((constraint) => functions.residualOf(constraint));
  const { tanh, others } = functions.operations([functions.loss, ...rows]);
  return others - OPERATIONS_OF_A_CALL * tanh;
});

/** Whether a grid has so much to compute that WebAssembly is faster, with its preparations, than the interpreter. */
export const isWorthCompiling = (problem: Problem, grid: GridRequest): boolean =>
  gainAtPoint(problem) * pointsIn(grid) > WORTH_COMPILING;

/** residual = A x − b(t), so b(t) is the residual at 0 with the other sign. */
function offsetsOf(functions: Functions, constraint: Constraint): number[] {
  const residual = functions.residualOf(constraint);
  functions.point.fill(0);
  const { compute, numbers } = functions.evaluation([residual.id]);
  compute();
  return Array.from(numbers(residual.id), (value) => -value);
}
