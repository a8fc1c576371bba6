/** Drives flights to their end: all advance together, each submit keeps its time, at most two are under way. */
import { at } from '../core/diagnostic.ts';
import { StepBudget } from '../core/run/budget.ts';
import type { Convoy } from './convoy.ts';
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
  readonly onRecords: (records: Records) => boolean | Promise<boolean>;
}

export interface DriveOptions {
  /** Time aimed at for one submit. */
  readonly targetMs: number;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
  /** What short runs are submitted with together; without it each by itself. */
  readonly convoy?: () => Pick<Convoy, 'send'>;
  /** Runs that share a dispatch and together take as long as one: lanes of a GPU, four where a processor stands in for it. */
  readonly sideBySide?: number;
}

/** A ride in a submit, alone or with others. */
interface Seat {
  readonly ride: Ride;
  readonly submitted: Submitted;
  readonly wanted: number;
  /** Of the time of the submit, as far as is known before. */
  readonly share: number;
}

/** Resolves when every run has made its steps, has ended, or the signal has stopped all; rejects when the device is lost. */
export async function drive(passengers: readonly Passenger[], options: DriveOptions): Promise<void> {
  const { targetMs, now, signal } = options;
  const waiting = passengers.map((passenger) => new Ride(passenger, targetMs));
  const underWay: { seats: readonly Seat[]; submittedAt: number }[] = [];
  let lastDone = Number.NEGATIVE_INFINITY;
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (;;) {
    const isHeld = signal?.aborted || underWay.length >= IN_FLIGHT;
    const group = isHeld ? null : nextGroup(waiting, options);
    if (group && group.rides.length > 0) {
      for (const ride of group.rides) waiting.splice(waiting.indexOf(ride), 1);
      const submittedAt = now(); // before it: the host's share of a submit counts, too
      underWay.push({ seats: board(group, options.convoy), submittedAt });
      waiting.push(...group.rides.filter(({ isSubmitted }) => !isSubmitted)); // to the end of the round
      continue;
    }
    const oldest = underWay.shift();
    if (!oldest) return;
    const arrived: Records[] = [];
    for (const { submitted } of oldest.seats) arrived.push(await submitted.records);
    const done = now();
    const isLate = done - busyUntil < LATE_MS;
    const elapsed = done - Math.max(oldest.submittedAt, lastDone);
    for (const [k, { ride, submitted, wanted, share }] of oldest.seats.entries()) {
      const isWhole = submitted.steps === wanted && !isLate;
      ride.arrive(submitted.steps, isWhole || elapsed >= targetMs, elapsed * share);
      if (!isLate) ride.see(submitted.steps, elapsed * share);
      if ((await ride.take(at(arrived, k))) && waiting.includes(ride)) waiting.splice(waiting.indexOf(ride), 1);
    }
    lastDone = done;
    busyUntil = now();
  }
}

/** The first that may go, and as many after it as are expected to be over in the time of one submit, all of them to their end. */
function nextGroup(waiting: readonly Ride[], { targetMs, convoy, sideBySide }: DriveOptions): Group {
  const group = new Group(sideBySide);
  const first = waiting.find(({ mayGo }) => mayGo);
  if (first && (!convoy || first.expectedMs === null)) group.add(first);
  if (!first || group.rides.length > 0) return group;
  for (const ride of waiting) {
    if (!ride.mayGo || ride.expectedMs === null) continue;
    if (group.rides.length === 0 || group.expectedWith(ride) <= targetMs) group.add(ride);
  }
  return group;
}

/** What is expected of runs that share a dispatch: as many `sideBySide` take as long as the longest of them. */
interface Dispatch {
  readonly runs: number;
  readonly longestMs: number;
}

/** Rides of one submit. */
class Group {
  readonly rides: Ride[] = [];
  private readonly dispatches = new Map<object, Dispatch>();
  private expectedMs = 0;

  constructor(private readonly sideBySide = 1) {}

  expectedWith(ride: Ride): number {
    const before = this.dispatches.get(ride.dispatch);
    return this.expectedMs + this.timeOf(joinedBy(before, ride)) - (before ? this.timeOf(before) : 0);
  }

  add(ride: Ride): void {
    this.expectedMs = this.expectedWith(ride);
    this.dispatches.set(ride.dispatch, joinedBy(this.dispatches.get(ride.dispatch), ride));
    this.rides.push(ride);
  }

  /** Of the submit's time, what the ride would have taken alone, as far as is known before. */
  shareOf(ride: Ride): number {
    const longestMs = this.dispatches.get(ride.dispatch)?.longestMs ?? 0;
    return this.expectedMs > 0 ? longestMs / this.expectedMs : 1 / this.rides.length;
  }

  private timeOf({ runs, longestMs }: Dispatch): number {
    return Math.ceil(runs / this.sideBySide) * longestMs;
  }
}

const joinedBy = (before: Dispatch | undefined, { expectedMs }: Ride): Dispatch => ({
  runs: (before?.runs ?? 0) + 1,
  longestMs: Math.max(before?.longestMs ?? 0, expectedMs ?? 1),
});

function board(group: Group, convoy: DriveOptions['convoy']): readonly Seat[] {
  const { rides } = group;
  const together = rides.length > 1 ? convoy?.() : undefined;
  const shares = rides.map((ride) => group.shareOf(ride)); // before they go: then they share nothing any more
  const seats = rides.map((ride, k): Seat => {
    const wanted = ride.budget.steps;
    return { ride, wanted, submitted: ride.submit(wanted, together as Convoy | undefined), share: at(shares, k) };
  });
  together?.send();
  return seats;
}

/** One flight with its budget. */
class Ride {
  readonly budget: StepBudget;
  private underWay = 0;
  private hasEnded = false;

  constructor(
    private readonly passenger: Passenger,
    private readonly targetMs: number,
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

  /** How long it takes from here to its end; null where its pace is unknown, or where it goes alone. */
  get expectedMs(): number | null {
    const { flight, steps } = this.passenger;
    const { stepsPerMs, seen } = flight.pace;
    if (!flight.join || stepsPerMs === null) return null;
    const left = steps - flight.position;
    if (left > this.budget.steps) return null;
    return Math.min(left / stepsPerMs, seen && left <= seen.steps ? seen.ms : Number.POSITIVE_INFINITY);
  }

  /** What it has in common with those that it shares a dispatch with; itself where with none. */
  get dispatch(): object {
    const { flight } = this.passenger;
    return flight.sharesDispatch ? flight.pace : this;
  }

  get isSubmitted(): boolean {
    return this.passenger.flight.position >= this.passenger.steps;
  }

  submit(steps: number, convoy?: Convoy): Submitted {
    this.underWay += 1;
    const { flight } = this.passenger;
    const submitted = (convoy && flight.join?.(steps, convoy)) ?? flight.submit(steps);
    submitted.records.catch(() => {}); // a lost device rejects all that are under way; the oldest tells
    return submitted;
  }

  /** A submit that was cut short, or whose end was not seen at once, may say that a step is dear, but not that it is cheap. */
  arrive(steps: number, isTold: boolean, elapsedMs: number): void {
    this.underWay -= 1;
    if (steps === 0 || !isTold) return;
    this.budget.observe(steps, elapsedMs);
    this.passenger.flight.pace.stepsPerMs = this.budget.steps / this.targetMs;
  }

  see(steps: number, ms: number): void {
    if (steps > 0) this.passenger.flight.pace.seen = { steps, ms };
  }

  /** True when the run ends. */
  async take(records: Records): Promise<boolean> {
    this.hasEnded ||= await this.passenger.onRecords(records);
    return this.hasEnded;
  }
}
