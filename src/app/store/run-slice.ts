/** All runs of the experiment share dispatches. A drag starts many: chunks of an overtaken start are dropped. */
import { type Diagnostic, failure, type Result, success } from '../../core/diagnostic.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import type { ExecutorChoice, Job, JobEnd, Urgency } from '../../core/run/run.ts';
import { paced } from '../pace.ts';
import type { Study } from '../study.ts';
import { estimateAll, isCostly } from './cost.ts';
import type { Services, Slice, Store } from './store.ts';
import { append, type Trajectory } from './trajectory.ts';

/** What one run gave. */
export interface RunResult {
  /** The run as it was when it began. */
  readonly run: RunJson;
  /** Null where its settings are refused; `diagnostics` says why. */
  readonly job: Job | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly trajectory: Trajectory | null;
  /** Null while it runs. */
  readonly end: JobEnd | null;
}

/** What is shown: a problem and the runs on it, together, so that iterates are never drawn on another problem. */
export interface Picture {
  readonly study: Study;
  readonly results: readonly RunResult[];
}

export interface RunRequest {
  readonly executor?: ExecutorChoice;
  /** Nobody asked: take the last good study, and hold what is costly for Run. */
  readonly isAutomatic?: boolean;
}

/** About how much it takes. */
export interface Held {
  readonly what: 'study' | 'runs';
  readonly operations: number;
}

/** Whether the problem is read, or its runs are prepared: nothing of them can be shown yet. */
export const isPreparing = ({ phase, readingSince }: Pick<Store, 'phase' | 'readingSince'>): boolean =>
  phase === 'preparing' || (phase === 'idle' && readingSince !== null);

export type RunPhase = 'idle' | 'preparing' | 'running';

export interface RunSlice {
  readonly phase: RunPhase;
  /** The last complete picture, until the next is complete or takes long. */
  readonly picture: Picture | null;
  /** What the newest start began with. */
  readonly started: { readonly study: Study; readonly runs: readonly RunJson[] } | null;
  /** What waits for Run because it is costly: the study of the problem, or the runs; null where nothing waits for that reason. */
  readonly held: Held | null;
  readonly token: number;
  readonly executorChoice: ExecutorChoice;
  chooseExecutor(choice: ExecutorChoice): void;
  /** Studies the text, then runs all runs. Fails where the text has errors, or a newer start overtakes it in preparation. */
  run(request?: RunRequest): Promise<Result<Picture>>;
  /** Submits no further chunk; what was recorded stays. What is read or prepared for longer than a moment is left, and waits for Run. */
  stop(): void;
  /** Drops what is under way, the reading of the problem, too: the experiment is replaced. */
  abandon(): void;
}

/** Automatic starts that follow each other so closely come from a drag: the page has to stay quick. */
const DRAG_GAP_MS = 500;

/** What takes longer says so, and can be stopped; a run shows its records as they come, in place of the last picture. */
export const PATIENCE_MS = 300;

const overtaken = failure({ severity: 'note', message: 'A newer run took the place of this one.' });
const stoppedEarly = failure({ severity: 'note', message: 'Stopped before the runs began.' });
const costly = failure({ severity: 'note', message: 'This experiment computes for long. Press Run to begin.' });

const unmeasured = { executor: 'reference', adapter: '', reason: '', pseudoinverses: [], elapsedMs: 0 } as const;

const failedEnd = (job: Job, error: unknown): JobEnd => ({
  ...unmeasured,
  job: job.id,
  status: 'failed',
  message: `The executor failed: ${error instanceof Error ? error.message : String(error)}. Run again, or reload the page.`,
});

/** Why a start was ended by hand before its runs began. */
const BY_HAND = 'by hand';

/** Resolves with null once it is. */
const endedByHand = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    const end = () => signal.reason === BY_HAND && resolve(null);
    signal.addEventListener('abort', end, { once: true });
  });

/** Of a picture that nothing will complete. */
const stopped = (picture: Picture | null): Picture | null =>
  picture && {
    ...picture,
    results: picture.results.map((result) =>
      result.job && result.end === null
        ? { ...result, end: { ...unmeasured, job: result.job.id, status: 'stopped' } }
        : result,
    ),
  };

export const createRunSlice =
  ({ executor, analyst }: Services): Slice<RunSlice> =>
  (set, get) => {
    let abort = new AbortController();
    let lastBegan = Number.NEGATIVE_INFINITY;
    let preparedSince = 0;

    /** Ends what is under way and makes this the newest start. */
    function overtake() {
      abort.abort();
      const controller = new AbortController();
      abort = controller;
      const token = get().token + 1;
      set({ token, phase: 'preparing' });
      preparedSince = performance.now();
      const { signal } = controller;
      const insteadOf = () => (signal.reason === BY_HAND ? stoppedEarly : overtaken);
      return { signal, isCurrent: () => get().token === token, insteadOf };
    }

    async function execute(
      study: Study,
      begun: readonly RunResult[],
      choice: ExecutorChoice,
      urgency: Urgency,
      start: ReturnType<typeof overtake>,
    ): Promise<Result<Picture>> {
      const { signal, isCurrent } = start;
      const jobs = begun.flatMap(({ job }) => job ?? []);
      const beganAt = performance.now();
      let results = begun;
      const update = (id: number, change: (result: RunResult) => RunResult) => {
        results = results.map((result) => (result.job?.id === id ? change(result) : result));
      };
      const show = () => {
        if (isCurrent()) set({ picture: { study, results } });
      };
      const partial = paced(show);
      const ends =
        jobs.length === 0
          ? []
          : await executor
              .run(jobs, {
                executor: choice,
                urgency,
                signal,
                onChunk(chunk) {
                  update(chunk.job, (result) => ({
                    ...result,
                    trajectory: append(result.trajectory, chunk, result.job?.record.length),
                  }));
                  if (get().picture === null || performance.now() - beganAt > PATIENCE_MS) partial.request();
                },
              })
              .catch((error: unknown) => jobs.map((job) => failedEnd(job, error)));
      partial.end();
      for (const end of ends) update(end.job, (result) => ({ ...result, end }));
      show();
      if (isCurrent()) set({ phase: 'idle' });
      return success({ study, results });
    }

    return {
      phase: 'idle',
      picture: null,
      started: null,
      held: null,
      token: 0,
      executorChoice: 'gpu',
      chooseExecutor: (executorChoice) => set({ executorChoice }),
      async run({ executor: choice = get().executorChoice, isAutomatic = false } = {}) {
        const start = overtake();
        if (!isAutomatic) await get().examine();
        if (!start.isCurrent()) return start.insteadOf();
        const { study, studied, diagnosed, diagnostics, experiment } = get();
        if (study === null || (!isAutomatic && studied !== diagnosed)) {
          set(({ picture }) => ({ phase: 'idle', picture: stopped(picture) }));
          return failure(...diagnostics);
        }
        const runs = experiment.runs ?? [];
        set({ started: { study, runs } });
        const prepared = await Promise.race([analyst.prepare(study, runs), endedByHand(start.signal)]);
        if (prepared === null || !start.isCurrent()) return start.insteadOf();
        const results = runs.map((run, i): RunResult => {
          const answer = prepared[i] ?? failure();
          const [job, diagnostics] = answer.ok ? [answer.value, []] : [null, answer.diagnostics];
          return { run, job, diagnostics, trajectory: null, end: null };
        });
        const jobs = results.flatMap(({ job }) => job ?? []);
        if (isAutomatic && isCostly(jobs)) {
          const held: Held = { what: 'runs', operations: estimateAll(jobs) };
          set({ phase: 'idle', isHeld: true, held, picture: { study, results: [] } });
          return costly;
        }
        set({ phase: 'running', isHeld: false });
        const now = performance.now();
        const urgency = isAutomatic && now - lastBegan < DRAG_GAP_MS ? 'dragging' : 'visible';
        lastBegan = now;
        return execute(study, results, choice, urgency, start);
      },
      stop() {
        const { phase, readingSince, token } = get();
        const isPreparing = phase === 'preparing';
        const since = isPreparing ? preparedSince : readingSince;
        const isSeen = since !== null && performance.now() - since > PATIENCE_MS; // an Esc that closes a hint meant no study
        if (phase === 'running' || !isSeen) return abort.abort();
        abort.abort(BY_HAND);
        get().leaveReading();
        set(({ picture, study }) => ({
          token: token + 1,
          phase: 'idle',
          isHeld: true,
          picture: study === null || picture?.study === study ? stopped(picture) : { study, results: [] },
        }));
      },
      abandon() {
        overtake();
        get().leaveReading();
        set(({ picture }) => ({ phase: 'idle', picture: stopped(picture) }));
      },
    };
  };
