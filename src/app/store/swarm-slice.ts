/** The swarm of the experiment: computed part by part, shown as it grows, cancelled at once. */
import { failure, fault, type Result, success } from '../../core/diagnostic.ts';
import { DEFAULT_SEED } from '../../core/experiment/defaults.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { BASIN, NEVER, type Sampling, type SwarmEnd, type SwarmJob, type SwarmPart } from '../../core/run/swarm.ts';
import type { Study } from '../study.ts';
import type { RunPhase } from './run-slice.ts';
import type { Services, Slice } from './store.ts';

/** One entry a start; those from `done` on are not computed yet. */
export type SwarmColumns = Pick<SwarmPart, 'outcome' | 'basin' | 'stepsToTolerance' | 'violation' | 'loss'>;

/** A swarm, whole or as far as it has come. */
export interface SwarmPicture {
  readonly study: Study;
  readonly run: RunJson;
  readonly sampling: Sampling;
  readonly steps: number;
  /** Filled in place: a new part makes a new picture around the same arrays. */
  readonly columns: SwarmColumns;
  readonly optima: readonly (readonly number[])[];
  /** Starts computed so far. */
  readonly done: number;
  /** Milliseconds that the rest will take, as the part so far suggests; null before the first part. */
  readonly msLeft: number | null;
  /** Null while it is computed. */
  readonly end: SwarmEnd | null;
}

export interface SwarmSlice {
  readonly swarmPhase: RunPhase;
  readonly swarmPicture: SwarmPicture | null;
  /** Studies the text and makes the swarm of the experiment. Resolves with the part that there is where it is cancelled. */
  runSwarm(): Promise<Result<SwarmPicture>>;
  /** Begins no further submit; what was computed stays. */
  stopSwarm(): void;
  /** Drops the swarm and its picture: the experiment is replaced. */
  dropSwarm(): void;
}

const overtaken = failure({ severity: 'note', message: 'A newer swarm took the place of this one.' });

/** A picture is made anew at most so often: drawing a million points takes time, too. */
const SHOW_MS = 100;

export const createSwarmSlice =
  ({ swarms, analyst }: Services): Slice<SwarmSlice> =>
  (set, get) => {
    let abort = new AbortController();

    function overtake(): AbortController {
      abort.abort();
      abort = new AbortController();
      return abort;
    }

    async function compute(begun: SwarmPicture, job: SwarmJob, controller: AbortController) {
      let picture = begun;
      let shownAt = performance.now();
      const beganAt = shownAt;
      const show = () => {
        if (abort === controller) set({ swarmPicture: picture });
        shownAt = performance.now();
      };
      const onPart = (part: SwarmPart) => {
        picture = grown(picture, part, performance.now() - beganAt);
        if (performance.now() - shownAt >= SHOW_MS) show();
      };
      const end = swarms
        ? await swarms
            .swarm(job, { executor: get().executorChoice, urgency: 'visible', signal: controller.signal, onPart })
            .catch(failedEnd)
        : failedEnd('Nothing here computes swarms.');
      picture = { ...picture, end, msLeft: 0 };
      show();
      if (abort === controller) set({ swarmPhase: 'idle' });
      return end.status === 'failed' && picture.done === 0 ? fault(end.message ?? end.reason) : success(picture);
    }

    return {
      swarmPhase: 'idle',
      swarmPicture: null,
      async runSwarm() {
        const controller = overtake();
        const isCurrent = () => abort === controller;
        set({ swarmPhase: 'preparing' });
        await get().examine();
        if (!isCurrent()) return overtaken;
        const { study, studied, diagnosed, diagnostics, experiment } = get();
        const { swarm = {}, runs = [], seed = DEFAULT_SEED } = experiment;
        const refuse = (refused: Result<never>) => {
          set({ swarmPhase: 'idle' });
          return refused;
        };
        if (study === null || studied !== diagnosed) return refuse(failure(...diagnostics));
        const job = await analyst.prepareSwarm(study, swarm, runs, seed);
        if (!isCurrent()) return overtaken;
        const run = runs[swarm.run ?? 0];
        if (!job.ok) return refuse(job);
        if (run === undefined) return refuse(fault('A swarm needs a run.'));
        const begun = empty(study, run, job.value);
        set({ swarmPhase: 'running', swarmPicture: begun });
        return compute(begun, job.value, controller);
      },
      stopSwarm: () => abort.abort(),
      dropSwarm() {
        overtake();
        set({ swarmPhase: 'idle', swarmPicture: null });
      },
    };
  };

function empty(study: Study, run: RunJson, { sampling, steps }: SwarmJob): SwarmPicture {
  const { count } = sampling;
  return {
    study,
    run,
    sampling,
    steps,
    columns: {
      outcome: new Uint8Array(count),
      basin: new Uint16Array(count).fill(BASIN.none),
      stepsToTolerance: new Uint32Array(count).fill(NEVER),
      violation: new Float32Array(count).fill(Number.NaN),
      loss: new Float32Array(count).fill(Number.NaN),
    },
    optima: [],
    done: 0,
    msLeft: null,
    end: null,
  };
}

function grown(picture: SwarmPicture, part: SwarmPart, elapsedMs: number): SwarmPicture {
  const { columns, sampling, optima } = picture;
  columns.outcome.set(part.outcome, part.first);
  columns.basin.set(part.basin, part.first);
  columns.stepsToTolerance.set(part.stepsToTolerance, part.first);
  columns.violation.set(part.violation, part.first);
  columns.loss.set(part.loss, part.first);
  const done = part.first + part.outcome.length;
  return {
    ...picture,
    done,
    optima: part.newOptima.length > 0 ? [...optima, ...part.newOptima] : optima,
    msLeft: (elapsedMs / done) * (sampling.count - done),
  };
}

const failedEnd = (error: unknown): SwarmEnd => ({
  status: 'failed',
  message: error instanceof Error ? error.message : String(error),
  executor: 'reference',
  adapter: '',
  reason: '',
  elapsedMs: 0,
});
