/** How many steps one submit may make, so that the page, and the desktop behind it, never wait. */
import type { Urgency } from './run.ts';

/** Time aimed at for one submit, in milliseconds. */
export const SUBMIT_TIME = { visible: 30, dragging: 8, hidden: 100 } as const satisfies Record<Urgency, number>;

/** Growth from one submit to the next: the cost of a step may differ from what the last one said. */
const GROWTH = 4;

/** n ← clamp(n · min(4, target / elapsed)). */
export class StepBudget {
  /** `count` is the first submit's: one step, unless the cost is known from an earlier run. */
  constructor(
    private readonly targetMs: number = SUBMIT_TIME.visible,
    private readonly maximum: number = 1_000_000,
    private count: number = 1,
  ) {}

  /** Steps of the next submit. */
  get steps(): number {
    return this.count;
  }

  /** Tells how long a submit of `steps` steps took. */
  observe(steps: number, elapsedMs: number): void {
    const growth = Math.min(GROWTH, this.targetMs / Math.max(elapsedMs, 1e-3));
    this.count = Math.max(1, Math.min(this.maximum, Math.floor(steps * growth)));
  }
}
