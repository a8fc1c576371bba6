/** Grades recorded iterates in Float64, by the same measure for every method and every executor. */
import { MultiplierSolver, type Rows, RowsInverse, type Stationarity } from '../analysis/optimum/kkt.ts';
import { rowsAtCorner } from '../analysis/optimum/rows-at-corner.ts';
import { slopesAtCorner } from '../analysis/optimum/slopes-at-corner.ts';
import { SparseMultiplierSolver } from '../analysis/optimum/sparse-multipliers.ts';
import { at } from '../diagnostic.ts';
import { once } from '../once.ts';
import type { Measure, SoftRow } from '../program/measure.ts';
import { finished, finishedUnless, type Stages } from '../stages.ts';
import { Machine } from '../tensor/evaluate.ts';
import { euclideanNorm, maximumNorm } from '../tensor/norms.ts';
import { operationsFor } from '../tensor/operations.ts';
import { permutedRows, type SparseMatrix, stackedRows, toSparse } from '../tensor/sparse.ts';
import type { Measures } from './run.ts';
import { FAR_OFF, KKT_TOLERANCE, type KktPoint, RESTING_RECORDS, scaledKktResidual } from './verdict.ts';

/** What computes a measure. */
interface Scales {
  readonly machine: Machine;
  readonly compute: () => void;
  readonly slopes: ReturnType<typeof slopesAtCorner> | null;
  readonly rows: ReturnType<typeof rowsAtCorner> | null;
  readonly sparse: SparseMultiplierSolver;
}

/** Some milliseconds. */
const OPERATIONS_AT_ONCE = 1e6;
/** For each entry of rows that are the same at every point: looks at what their multipliers leave, and steps. */
const OPERATIONS_OF_ENTRY = 10;

/** Records that are expected to be graded in a moment, at least 1. */
export function recordsAtOnce(measure: Measure): number {
  const { loss, gradient, residual, jacobian, steady } = measure;
  const computed = [loss, gradient, residual, jacobian].reduce((sum, id) => sum + operationsFor(measure, id), 0);
  const operations = computed + OPERATIONS_OF_ENTRY * (steady?.slopes.values.length ?? 0);
  return Math.max(1, Math.floor(OPERATIONS_AT_ONCE / operations));
}

/** Those that nothing is graded with now. What a run grades may pause, and others that share its measure be graded meanwhile. */
const idle = once((_: Measure): Scales[] => []);

const inversesOf = once((_: Measure) => new RowsInverse());

function scalesOf(measure: Measure): Scales {
  const machine = new Machine(measure);
  const compute = machine.procedure([
    measure.loss,
    measure.gradient,
    measure.residual,
    measure.jacobian,
    measure.softResidual,
    ...measure.named.map(({ id }) => id),
  ]);
  const slopes = measure.bent ? slopesAtCorner(measure.bent) : null;
  const rows = measure.bentRows ? rowsAtCorner(measure.bentRows) : null;
  return { machine, compute, slopes, rows, sparse: new SparseMultiplierSolver() };
}

/** Where the slopes that a corner has by default leave less than this, relative to 1 + ‖∇f‖, no others are looked for. */
const OFF = 1e-9;

/** Times the length of a run's way: a room of no more than a thousandth of it, of float32 iterates. */
const TRAVELLED = 10;

type JudgedPoint = Parameters<typeof scaledKktResidual>[0];

const isFarOff = (point: JudgedPoint, tolerance: number): boolean => !(scaledKktResidual(point) <= FAR_OFF * tolerance);

/** A grader keeps its arrays from chunk to chunk. */
export class Grader {
  private readonly solver: MultiplierSolver;
  private graded: KktPoint | null = null;
  /** Whether a KKT point was met and not left since, and how many records ago one was left. */
  private hasArrived = false;
  private sinceLeft = Number.POSITIVE_INFINITY;
  /** The first iterate, and how far from it a later one was, by its largest entry. */
  private origin: Float64Array | null = null;
  private travelled = 0;

  constructor(
    private readonly measure: Measure,
    private readonly totalSteps: number,
    private readonly precision: keyof typeof KKT_TOLERANCE = 'float64',
  ) {
    this.solver = new MultiplierSolver(inversesOf(measure));
  }

  /** The record graded last: what the verdict on the run is about. */
  get last(): KktPoint | null {
    return this.graded;
  }

  /** Measures of x at these steps; iterates are row-major [steps, n]. */
  grade(steps: readonly number[], iterates: Float64Array): Measures {
    return finished(this.stages(steps, iterates));
  }

  /** `grade`, with a breath at each pause; null as soon as it is wanted no more. */
  gradeUnless(
    isOvertaken: () => boolean,
    breathe: () => Promise<void>,
    steps: readonly number[],
    iterates: Float64Array,
  ): Promise<Measures | null> {
    return finishedUnless(this.stages(steps, iterates), isOvertaken, breathe);
  }

  /** `grade`, with pauses between records, and in one where its rows are many. */
  *stages(steps: readonly number[], iterates: Float64Array): Stages<Measures> {
    const own = idle(this.measure).pop() ?? scalesOf(this.measure);
    const measures = yield* this.weighed(own, steps, iterates);
    idle(this.measure).push(own); // what is left in a pause is not used again
    return measures;
  }

  private *weighed(own: Scales, steps: readonly number[], iterates: Float64Array): Stages<Measures> {
    const { measure } = this;
    const { machine, compute, rows: rowsAt } = own;
    const rows = measure.typed.length;
    const hard = measure.relations.length;
    const count = steps.length;
    const [loss, violation] = [new Float64Array(count), new Float64Array(count)];
    const [stationarity, gradient] = [new Float64Array(count), new Float64Array(count)];
    const [violations, multipliers] = [new Float64Array(count * rows), new Float64Array(count * rows)];
    const named = new Float64Array(count * measure.named.length);
    const soft = machine.numbers(measure.softResidual);
    const numbers = {
      gradient: machine.numbers(measure.gradient),
      residual: machine.numbers(measure.residual),
      jacobian: machine.numbers(measure.jacobian),
    };
    machine.numbers(measure.steps)[0] = this.totalSteps;
    for (let k = 0; k < count; k++) {
      if (k > 0) yield;
      const x = iterates.subarray(k * measure.size, (k + 1) * measure.size);
      machine.numbers(measure.x).set(x);
      machine.numbers(measure.time)[0] = at(steps, k);
      compute();
      loss[k] = at(machine.numbers(measure.loss), 0);
      for (let i = 0; i < hard; i++)
        violation[k] = Math.max(at(violation, k), violationOf(at(measure.relations, i), at(numbers.residual, i)));
      measure.named.forEach(({ id }, i) => {
        named[k * measure.named.length + i] = at(machine.numbers(id), 0);
      });
      const largest = maximumNorm(x);
      const held = { ...numbers, relations: measure.relations };
      const first = yield* this.balanced(own, x, held, numbers.gradient, largest);
      const isOff = first.stationarity > OFF * (1 + first.gradientNorm);
      const answer = isOff ? rowsAt?.(x, held, KKT_TOLERANCE[this.precision]) : null;
      const other = answer
        ? yield* this.balanced(own, x, { ...held, jacobian: answer.jacobian }, answer.gradient, largest)
        : first;
      const solved = other.stationarity < first.stationarity ? other : first;
      for (let i = 0; i < rows; i++) {
        const row = at(measure.typed, i);
        const softRow = row < hard ? null : at(measure.softRows, row - hard);
        const residual = softRow ? at(soft, row - hard) : at(numbers.residual, row);
        violations[k * rows + i] = violationOf(softRow?.relation ?? at(measure.relations, row), residual);
        if (softRow) multipliers[k * rows + i] = softMultiplier(softRow, residual);
      }
      measure.typed.forEach((row, i) => {
        if (row < hard) multipliers[k * rows + i] = at(solved.multipliers, row);
      });
      stationarity[k] = solved.stationarity;
      gradient[k] = solved.gradientNorm;
      const before = this.graded?.undefinedAt ?? null;
      const undefinedAt = before ?? (Number.isFinite(loss[k]) ? null : at(steps, k));
      const { stationarity: still, gradientNorm } = solved;
      const point = { stationarity: still, gradientNorm, violation: at(violation, k), largest };
      const tolerance = KKT_TOLERANCE[this.precision];
      this.origin ??= x.slice();
      this.travelled = Math.max(this.travelled, largestDifference(x, this.origin));
      // Rows with no more room than the tolerance count as met: of float32 iterates, and of runs that end about a bound.
      const isNear = scaledKktResidual(point) > tolerance && this.precision === 'float32';
      const last = isNear ? yield* this.withRoom(own, tolerance, x, held, point) : point;
      const isLeft =
        this.hasArrived &&
        isFarOff(last, tolerance) &&
        isFarOff(yield* this.withRoom(own, FAR_OFF * tolerance, x, held, last), tolerance);
      this.graded = { ...last, isPassing: this.passes(last, isLeft), undefinedAt };
    }
    return { loss, violation, violations, stationarity, multipliers, gradient, named };
  }

  /**
   * The point as it is judged where inequalities count as met with room·(1 + max |x|) to their bound, or less where the run has gone a
   * short way only: one that is inside by less has no multiplier there, and has not gone anywhere.
   */
  private *withRoom(own: Scales, room: number, x: Float64Array, held: Rows, point: JudgedPoint): Stages<JudgedPoint> {
    const within = -room * Math.min(1 + point.largest, TRAVELLED * this.travelled);
    const residual = held.residual.map((value, row) =>
      at(held.relations, row) === 'inequality' && value >= within ? Math.max(value, 0) : value,
    );
    const gradient = own.machine.numbers(this.measure.gradient);
    const { stationarity } = yield* this.balanced(own, x, { ...held, residual }, gradient, point.largest);
    return stationarity < point.stationarity ? { ...point, stationarity } : point;
  }

  /** Whether a run that stands at this point, its newest, was at a KKT point shortly before and left it. */
  private passes(point: JudgedPoint, leaves: boolean): boolean {
    const residual = scaledKktResidual(point);
    this.hasArrived = residual <= KKT_TOLERANCE[this.precision] || (this.hasArrived && !leaves);
    this.sinceLeft = leaves ? 0 : this.sinceLeft + 1;
    return this.sinceLeft < RESTING_RECORDS;
  }

  /** The multipliers that balance this slope of the loss, or at a corner of it the slope that they balance best. */
  private *balanced(own: Scales, x: Float64Array, held: Rows, gradient: Float64Array, largest: number) {
    const corner = own.slopes?.(x, held, KKT_TOLERANCE[this.precision]) ?? null;
    const slope = corner?.gradient ?? gradient;
    const { multipliers, stationarity } = yield* this.solved(own, slope, held, largest);
    return {
      multipliers,
      stationarity: Math.hypot(stationarity, corner?.rest ?? 0),
      gradientNorm: euclideanNorm(slope),
    };
  }

  private *solved({ sparse }: Scales, gradient: Float64Array, held: Rows, largest: number): Stages<Stationarity> {
    const { measure, solver } = this;
    if (!measure.steady) return solver.solve(gradient, held, largest);
    const jacobian = wholeJacobian(measure, measure.steady, held.jacobian);
    return yield* sparse.stages(gradient, { ...held, jacobian }, largest);
  }
}

/** The whole Jacobian by its entries that are not 0: the same object at each record where none of its rows moves. */
function wholeJacobian(
  { size, relations }: Measure,
  { rows, slopes }: NonNullable<Measure['steady']>,
  moving: Float64Array,
): SparseMatrix {
  if (rows.length === relations.length) return slopes;
  const places = new Int32Array(relations.length).fill(-1);
  rows.forEach((row, k) => {
    places[row] = k;
  });
  let next = rows.length;
  const order = places.map((place) => (place < 0 ? next++ : place));
  return permutedRows(stackedRows(size, [slopes, toSparse(relations.length - rows.length, size, moving)]), order);
}

function largestDifference(one: Float64Array, other: Float64Array): number {
  let most = 0;
  for (let i = 0; i < one.length; i++) most = Math.max(most, Math.abs(at(one, i) - at(other, i)));
  return most;
}

/** |h| for an equality, max(g, 0) for an inequality. */
const violationOf = (relation: 'equality' | 'inequality', residual: number): number =>
  relation === 'equality' ? Math.abs(residual) : Math.max(residual, 0);

/** The slope of (w/2)·violation² in the residual: w·h, or w·max(g, 0). */
const softMultiplier = ({ relation, weight }: SoftRow, residual: number): number =>
  weight * (relation === 'equality' ? residual : Math.max(residual, 0));
