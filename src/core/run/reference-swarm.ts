/** A swarm in Float64, by default on the interpreter, one start after the other: small ones, and the check of the others. */
import { at } from '../diagnostic.ts';
import { GRADED, SWARM_TOLERANCE } from '../program/grade-end.ts';
import type { Outcome } from '../program/interpret.ts';
import { specialize } from '../program/specialize.ts';
import { breathing, finishedUnless, type Stages } from '../stages.ts';
import { Basins } from './basins.ts';
import { StepBudget } from './budget.ts';
import { interpreted, type Opened, type OpenRun, toldBy } from './float64-machine.ts';
import type { Surroundings } from './reference-executor.ts';
import { RestingSteps } from './resting-steps.ts';
import {
  BASIN,
  NEAREST,
  NEVER,
  OUTCOME,
  SETTLED,
  type SwarmEnd,
  type SwarmExecutor,
  type SwarmJob,
  type SwarmPart,
} from './swarm.ts';
import { SwarmStarts } from './swarm-starts.ts';

/** A part is sent after so long, or so many starts. */
const PART_MS = 100;
const PART_STARTS = 4096;
/** Others have their turn after so long. */
const TURN_MS = 30;

export function createReferenceSwarms({ now, pause, reason, open = interpreted }: Surroundings): SwarmExecutor {
  return {
    async swarm(job, { onPart, signal }): Promise<SwarmEnd> {
      const began = now();
      const run = new ReferenceSwarm(job, open);
      const { count } = job.sampling;
      const breathe = breathing(now, pause, TURN_MS);
      const isStopped = () => signal?.aborted ?? false;
      let sent = now();
      for (let index = 0; index < count && !isStopped(); index++) {
        if ((await finishedUnless(run.make(index, now), isStopped, breathe)) === null) break;
        const isLast = index === count - 1;
        if (isLast || run.pending >= PART_STARTS || now() - sent > PART_MS) {
          onPart(run.part());
          sent = now();
        }
        await breathe();
      }
      if (run.pending > 0) onPart(run.part());
      run.release();
      return {
        status: run.done < count ? 'stopped' : 'finished',
        ...toldBy(run.opened, reason),
        elapsedMs: now() - began,
      };
    },
  };
}

interface StartEnd {
  readonly outcome: number;
  readonly basin: number;
  readonly steps: number;
  readonly violation: number;
  readonly loss: number;
}

class ReferenceSwarm {
  done = 0;
  private readonly starts: SwarmStarts;
  private readonly start: Float64Array;
  readonly opened: Opened;
  private readonly rest: RestingSteps;
  private readonly grade: EndGrader;
  private readonly basins = new Basins();
  private readonly ends: StartEnd[] = [];
  /** x at the checks, one after the other. */
  private readonly seen: Float64Array[];
  /** Steps that are made before others may have their turn. */
  private readonly budget = new StepBudget(TURN_MS);
  private told = 0;

  constructor(
    private readonly job: SwarmJob,
    open: OpenRun,
  ) {
    this.starts = new SwarmStarts(job);
    this.start = new Float64Array(this.starts.width);
    this.opened = open(job.program, this.start, job.settings);
    this.rest = new RestingSteps(this.opened.steps, specialize(job.program, job.settings));
    this.grade = new EndGrader(job, open);
    this.seen = job.checks.map(() => new Float64Array(job.measure.size));
  }

  get pending(): number {
    return this.ends.length;
  }

  release(): void {
    this.opened.release();
    this.grade.release();
  }

  /** All steps from start `index`, with pauses where they take long. How many starts are done. */
  *make(index: number, now: Surroundings['now']): Stages<number> {
    this.starts.write(index, this.start);
    this.ends.push(yield* this.end(now));
    this.done += 1;
    return this.done;
  }

  private *end(now: Surroundings['now']): Stages<StartEnd> {
    const { job, seen } = this;
    const { steps } = this.opened;
    const lost = (outcome: number): StartEnd => ({
      outcome,
      basin: BASIN.none,
      steps: NEVER,
      violation: Number.NaN,
      loss: Number.NaN,
    });
    if (!this.start.every(Number.isFinite)) return lost(OUTCOME.nonFinite);
    steps.restart(this.start);
    this.rest.begin();
    for (let check = 0; check < job.checks.length; check++) {
      const moved = yield* this.advance(at(job.checks, check) - (job.checks[check - 1] ?? 0), now);
      if (moved !== 'moved') return lost(moved === 'diverged' ? OUTCOME.diverged : OUTCOME.nonFinite);
      at(seen, check).set(at(steps.outputs(), 0));
    }
    const x = at(seen, seen.length - 1);
    const { loss, violation, kktResidual } = this.grade.of(x);
    if (!Number.isFinite(loss) || !Number.isFinite(violation)) return lost(OUTCOME.nonFinite);
    if (!(kktResidual <= SWARM_TOLERANCE)) return { ...lost(OUTCOME.undecided), violation, loss };
    return {
      outcome: OUTCOME.optimal,
      basin: this.basins.of(x),
      steps: stepsToSettle(seen, job.checks),
      violation,
      loss,
    };
  }

  private *advance(count: number, now: Surroundings['now']): Stages<Outcome> {
    for (let left = count; left > 0; ) {
      const slice = Math.min(left, this.budget.steps);
      const began = now();
      const outcome = this.rest.advance(slice);
      if (outcome !== 'moved') return outcome;
      left -= slice;
      if (!this.rest.isResting) this.budget.observe(slice, now() - began);
      if (left > 0) yield;
    }
    return 'moved';
  }

  /** What was made since the last part. */
  part(): SwarmPart {
    const ends = this.ends.splice(0);
    const newOptima = this.basins.optima.slice(this.told);
    this.told = this.basins.optima.length;
    return {
      first: this.done - ends.length,
      outcome: Uint8Array.from(ends, ({ outcome }) => outcome),
      basin: Uint16Array.from(ends, ({ basin }) => basin),
      stepsToTolerance: Uint32Array.from(ends, ({ steps }) => steps),
      violation: Float32Array.from(ends, ({ violation }) => violation),
      loss: Float32Array.from(ends, ({ loss }) => loss),
      newOptima,
    };
  }
}

/**
 * The step from which on all have settled where the last one lies: between the last check that had not, at distance d, and the
 * next one, at d′, it is where d·q^k is small enough, with the q that makes d′ of d.
 */
function stepsToSettle(seen: readonly Float64Array[], checks: readonly number[]): number {
  const end = at(seen, seen.length - 1);
  const largest = (size: (j: number) => number) => end.reduce((most, _, j) => Math.max(most, size(j)), 0);
  const distance = (check: number) => largest((j) => Math.abs(at(at(seen, check), j) - at(end, j)));
  const bound = SETTLED * (1 + largest((j) => Math.abs(at(end, j))));
  let first = seen.length - 1;
  while (first > 0 && distance(first - 1) <= bound) first -= 1;
  const settled = at(checks, first);
  if (first === 0) return settled;
  const [before, far] = [at(checks, first - 1), distance(first - 1)];
  if (!Number.isFinite(far)) return settled;
  const share = Math.log(far / bound) / Math.log(far / Math.max(distance(first), NEAREST * bound));
  return Math.min(settled, before + Math.max(1, Math.ceil(share * (settled - before))));
}

/** Loss, violation and scaled KKT residual of an end, in Float64. */
class EndGrader {
  private readonly opened: Opened;

  constructor({ grade, settings, steps }: SwarmJob, open: OpenRun) {
    this.opened = open(grade, new Float64Array(grade.size), settings, steps);
  }

  release(): void {
    this.opened.release();
  }

  of(x: Float64Array) {
    this.opened.steps.restart(x);
    const [graded] = this.opened.steps.outputs();
    const entry = (name: keyof typeof GRADED) => at(graded ?? [], GRADED[name]);
    return { loss: entry('loss'), violation: entry('violation'), kktResidual: entry('kktResidual') };
  }
}
