/** Drives flights to their end: all advance together, each submit keeps its time, at most two are under way. */
import { StepBudget } from '../core/run/budget.ts';
import type { Flight, Records, Submitted } from './runner.ts';

/** Submits under way: one that runs and one that waits, so that the device never idles and never queues for long. */
const IN_FLIGHT = 2;

const MOST_STEPS = 1_000_000;

/** What was done before this thread came to look took an unknown time, less than it seems for this one, more for the next. */
const LATE_MS = 0.2;

export interface Passenger {
  readonly flight: Flight;
  readonly steps: number;
  /** Takes records as they come; true ends the run. */
  readonly onRecords: (records: Records) => boolean;
}

export interface DriveOptions {
  /** Time aimed at for one submit. */
  readonly targetMs: number;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves when every run has made its steps, has ended, or the signal has stopped all; rejects when the device is lost. */
export async function drive(passengers: readonly Passenger[], { targetMs, now, signal }: DriveOptions): Promise<void> {
  const waiting = passengers.map((passenger) => new Ride(passenger, targetMs));
  const underWay: { ride: Ride; submitted: Submitted; wanted: number; submittedAt: number }[] = [];
  let lastDone = Number.NEGATIVE_INFINITY;
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (;;) {
    const index = signal?.aborted || underWay.length >= IN_FLIGHT ? -1 : waiting.findIndex((ride) => ride.mayGo);
    if (index >= 0) {
      const [ride] = waiting.splice(index, 1) as [Ride];
      const wanted = ride.budget.steps;
      const submittedAt = now(); // before it: the host's share of a submit counts, too
      underWay.push({ ride, submitted: ride.submit(wanted), wanted, submittedAt });
      if (!ride.isSubmitted) waiting.push(ride); // to the end of the round
      continue;
    }
    const oldest = underWay.shift();
    if (!oldest) return;
    const { ride, submitted, wanted, submittedAt } = oldest;
    const records = await submitted.records;
    const done = now();
    const isLate = done - busyUntil < LATE_MS;
    const isWhole = submitted.steps === wanted && !isLate;
    ride.arrive(submitted.steps, isWhole, done - Math.max(submittedAt, lastDone), targetMs);
    lastDone = done;
    if (ride.take(records) && waiting.includes(ride)) waiting.splice(waiting.indexOf(ride), 1);
    busyUntil = now();
  }
}

/** One flight with its budget. */
class Ride {
  readonly budget: StepBudget;
  private underWay = 0;
  private hasEnded = false;

  constructor(
    private readonly passenger: Passenger,
    targetMs: number,
  ) {
    const { stepsPerMs } = passenger.flight.pace;
    this.budget = new StepBudget(
      targetMs,
      MOST_STEPS,
      stepsPerMs === null ? 1 : Math.max(1, Math.floor(stepsPerMs * targetMs)),
    );
  }

  /** A second submit waits until the cost of the first is known. */
  get mayGo(): boolean {
    return this.underWay === 0 || this.passenger.flight.pace.stepsPerMs !== null;
  }

  get isSubmitted(): boolean {
    return this.passenger.flight.position >= this.passenger.steps;
  }

  submit(steps: number): Submitted {
    this.underWay += 1;
    const submitted = this.passenger.flight.submit(steps);
    submitted.records.catch(() => {}); // a lost device rejects all that are under way; the oldest tells
    return submitted;
  }

  /** A submit that was cut short, or whose end was not seen at once, may say that a step is dear, but not that it is cheap. */
  arrive(steps: number, isWhole: boolean, elapsedMs: number, targetMs: number): void {
    this.underWay -= 1;
    if (steps === 0 || (!isWhole && elapsedMs < targetMs)) return;
    this.budget.observe(steps, elapsedMs);
    this.passenger.flight.pace.stepsPerMs = this.budget.steps / targetMs;
  }

  /** True when the run ends. */
  take(records: Records): boolean {
    this.hasEnded ||= this.passenger.onRecords(records);
    return this.hasEnded;
  }
}
