/** Where a search among corners ended, as a KKT point of the problem as it was typed. */
import { at } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import { bentOf } from './corners.ts';
import type { Arrival } from './interior-point.ts';
import { modelOf, type SmoothModel } from './model.ts';
import { liftNear, type Nearness, nearnessIn } from './nearness.ts';
import { type GradedPoint, graded, polished, TOLERANCE } from './polish.ts';
import { type Lift, liftSize } from './replay.ts';

/** Variables and rows of a model whose KKT system is cheap to solve. */
const SMALL = 120;
/** Corners this near, relative to 1 + their value, are variables where a search ends; */
const NEAR_CORNER = 1e-5;
/** this near, the point stands on them. */
const ON_CORNER = 1e-8;
/** An inequality with as much room, relative to 1 + |x|∞, is met wherever a corner leads from there. */
const ROOM = 1e-5;
/** A KKT point, and the model of which it is one. */
export interface Landed extends GradedPoint {
  readonly model: SmoothModel;
}

/** Variables that stand for corners make a model large: where a search ends, only corners on which the point stands are kept. */
export class Landing {
  readonly plain: SmoothModel;
  private readonly near: ((x: Float64Array) => Nearness) | null;
  private readonly models = new Map<string, SmoothModel>();

  constructor(
    readonly problem: Problem,
    readonly whole: SmoothModel,
  ) {
    const { corners, folds } = bentOf(problem);
    const isBent = corners.length + folds.length > 0;
    this.near = isBent ? nearnessIn(problem) : null;
    this.plain = liftSize(whole.lifted) + whole.pins.length === 0 ? whole : modelOf(problem);
  }

  /** The KKT point at which the search ended; null where it is none, or stands on a corner of which nothing is known. */
  of(arrival: Arrival): Landed | null {
    if (this.near === null) {
      const found = polished(this.whole, arrival);
      return found && { ...found, model: this.whole };
    }
    const isSmall = this.whole.size + this.whole.relations.length <= SMALL;
    const first = isSmall ? polished(this.whole, arrival) : null;
    const x = Float64Array.from(first?.x ?? arrival.x).slice(0, this.problem.size);
    const model = this.modelNear(this.near(x));
    const lifted = model.lift(x);
    const multipliers = graded(model, lifted)?.multipliers;
    const found = multipliers && polished(model, { x: lifted, multipliers: Float64Array.from(multipliers) });
    return found && this.isTrue(found, model, this.near) ? { ...found, model } : null;
  }

  /** The same from the entries of x alone. */
  at(x: Float64Array): Landed | null {
    const point = this.whole.lift(x.slice(0, this.problem.size));
    return this.of({ x: point, multipliers: new Float64Array(this.whole.relations.length) });
  }

  private modelNear(near: Nearness): SmoothModel {
    const whole = this.whole.lifted;
    const lift = new Map([...liftNear(near, NEAR_CORNER)].filter(([k]) => whole.has(k)));
    const { pins } = this.whole;
    if (lift.size + pins.length === 0) return this.plain;
    return this.modelWith(lift, pins);
  }

  /** Many searches end on the same corners: their model is made once. */
  private modelWith(lift: Lift, pins: SmoothModel['pins'] = []): SmoothModel {
    const key = JSON.stringify([[...lift], pins]);
    const model = this.models.get(key) ?? modelOf(this.problem, lift, pins);
    this.models.set(key, model);
    return model;
  }

  /** Whether the problem as typed says the same there, and has no other corner that counts. */
  private isTrue(
    found: GradedPoint,
    { lifted, pins, pinnedRows, typedMultipliers }: SmoothModel,
    near: (x: Float64Array) => Nearness,
  ): boolean {
    const x = Float64Array.from(found.x.slice(0, this.problem.size));
    const { loss, residual } = this.plain.values(x);
    const room = TOLERANCE * (1 + maximumNorm(x));
    const isKept = this.plain.relations.every(
      (relation, row) => (relation === 'equality' ? Math.abs(at(residual, row)) : at(residual, row)) <= room,
    );
    if (!isKept || !(Math.abs(loss - found.loss) <= TOLERANCE * (1 + Math.abs(loss)))) return false;
    const here = near(x);
    const others = [...liftNear(here, ON_CORNER)].flatMap(([k, entries]): [number, number[]][] => {
      const rest = entries.filter((entry) => !lifted.get(k)?.includes(entry));
      return rest.length === 0 ? [] : [[k, rest]];
    });
    const isKnown = others.length === 0 || this.areIdle(new Map(others), x, typedMultipliers(found.multipliers));
    const areSmooth = here.folds.every((gap, fold) => pins.includes(fold) || gap > ON_CORNER);
    return isKnown && areSmooth && pinnedRows.every((rows) => isHeld(found.multipliers, rows));
  }

  /**
   * Whether nothing that counts depends on these entries of corners there, as on those in the branch of a `where` that is not taken, and
   * as on those of inequalities that have room about the point.
   */
  private areIdle(others: Lift, x: Float64Array, typed: readonly number[]): boolean {
    const model = this.modelWith(others);
    const point = model.lift(x);
    const multipliers = Float64Array.from([...typed, ...model.definitions.map(() => 0)]);
    const [{ gradient, residual, jacobian }, W] = [model.at(point), model.hessian(point, multipliers)];
    const n = model.size;
    const counting = typed.flatMap((multiplier, row) => {
      const hasRoom = at(model.relations, row) === 'inequality' && at(residual, row) < -ROOM * (1 + maximumNorm(point));
      return hasRoom && Math.abs(multiplier) <= TOLERANCE ? [] : [row];
    });
    const isIdle = (column: number) =>
      gradient[column] === 0 &&
      counting.every((row) => jacobian.data[row * n + column] === 0) &&
      Array.from({ length: n }, (_, i) => W.data[i * n + column]).every((bend) => bend === 0);
    return Array.from({ length: n - x.length }, (_, k) => x.length + k).every(isIdle);
  }
}

/** Whether a length rests at 0: λ of a = 0 is no longer than what the loss gains by each unit of the length. */
function isHeld(multipliers: readonly number[], [own = 0, ...inside]: readonly number[]): boolean {
  const gain = -at(multipliers, own);
  return euclideanNorm(inside.map((row) => at(multipliers, row))) <= gain + TOLERANCE * (1 + Math.abs(gain));
}
