/** Steps of a run that are spared because they would change nothing. */
import { at } from '../diagnostic.ts';
import { isAutonomous } from '../program/autonomous.ts';
import type { Interpreter, Outcome } from '../program/interpret.ts';
import type { Program } from '../program/program.ts';
import { DIVERGENCE_BOUND } from './run.ts';

/**
 * Steps that are not made where they would change nothing: once one step, or two, have led the state back to where it was, and no
 * step asks for t.
 */
export class RestingSteps {
  /** 1 or 2 steps, or null where they are not known to lead back. */
  private period: number | null = null;
  private readonly mayRest: boolean;
  /** The states before the last step and before that. */
  private readonly before: readonly (readonly Float64Array[])[];

  constructor(
    private readonly steps: Interpreter,
    program: Program,
  ) {
    this.mayRest = isAutonomous(program);
    this.before = [1, 2].map(() => steps.state().map((numbers) => new Float64Array(numbers.length)));
  }

  /** For another start. */
  begin(): void {
    this.period = null;
  }

  /** Whether further steps are known to lead back, and take no time. */
  get isResting(): boolean {
    return this.period !== null;
  }

  /** What `count` steps make of the state; the last two tell whether they lead back. */
  advance(count: number): Outcome {
    const { steps, before, mayRest, period } = this;
    const made = (count: number) => steps.advance(count, DIVERGENCE_BOUND);
    if (!mayRest) return made(count);
    if (period !== null) return made(count % period);
    const apart = Math.min(2, count);
    let outcome = made(count - apart);
    for (let left = apart; left > 0 && outcome === 'moved'; left--) {
      steps.state().forEach((numbers, slot) => at(at(before, left - 1), slot).set(numbers));
      outcome = made(1);
    }
    if (outcome !== 'moved') return outcome;
    const leadsBack = (by: number) =>
      steps.state().every((numbers, slot) => sameBits(numbers, at(at(before, by - 1), slot)));
    if (apart >= 1 && leadsBack(1)) this.period = 1;
    else if (apart >= 2 && leadsBack(2)) this.period = 2;
    return 'moved';
  }
}

/** Not what `===` says: −0 is not 0 here, and may lead elsewhere. */
const sameBits = (a: Float64Array, b: Float64Array): boolean => a.every((entry, i) => Object.is(entry, b[i]));
