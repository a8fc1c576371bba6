/** The page's end: an `Executor` whose work is done in a worker, so that the page never waits for it. */
import type { Executor, Job, JobEnd, RunOptions } from '../core/run/run.ts';
import type { FromWorker, Port, ToWorker } from './protocol.ts';

/** A worker as the client needs it; a test may be one. */
export interface WorkerLike extends Port {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

export interface ClientOptions {
  readonly spawn: () => WorkerLike;
  /** True where the page has no WebGPU: the worker then does not look for it. */
  readonly withoutGpu?: boolean;
  /** A worker that is silent for so long is replaced. */
  readonly silenceMs?: number;
}

/** Fifteen signs of life. */
const SILENCE_MS = 15_000;
const WATCH_MS = 1000;

export const spawnWorker = (): WorkerLike =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'executor' });

/** One call of `run`. */
interface Call {
  readonly jobs: readonly Job[];
  readonly options: RunOptions;
  readonly resolve: (ends: readonly JobEnd[]) => void;
}

export function createClient({ spawn, withoutGpu = false, silenceMs = SILENCE_MS }: ClientOptions): Executor {
  const calls = new Map<number, Call>();
  let worker: WorkerLike | null = null;
  let lastId = 0;
  let watch: ReturnType<typeof setInterval> | undefined;
  let silentFor = 0;

  function connected(): WorkerLike {
    if (worker) return worker;
    const fresh = spawn();
    fresh.addEventListener('message', (event) => {
      if (worker === fresh) receive(event.data as FromWorker);
    });
    fresh.addEventListener('error', ({ message }) => {
      if (worker === fresh) replace(message || 'The worker could not be started.');
    });
    worker = fresh;
    return fresh;
  }

  /** A message of a run that has ended, or that another worker was to make, is dropped. */
  function receive(message: FromWorker): void {
    silentFor = 0;
    const call = calls.get(message.id);
    if (!call) return;
    if (message.kind === 'chunk') call.options.onChunk(message.chunk);
    else if (message.kind === 'end') end(message.id, message.ends);
    else if (message.kind === 'fault') replace(message.message);
  }

  function end(id: number, ends: readonly JobEnd[]): void {
    const call = calls.get(id);
    calls.delete(id);
    if (calls.size === 0) {
      clearInterval(watch);
      watch = undefined;
    }
    call?.resolve(ends);
  }

  /** Ends every run under way; the next one gets a fresh worker. */
  function replace(reason: string): void {
    worker?.terminate();
    worker = null;
    for (const [id, { jobs }] of [...calls])
      end(
        id,
        jobs.map((job) => failedEnd(job, reason)),
      );
  }

  /** Counts turns of its own timer: a page that was frozen has not waited. */
  function watchSilence(): void {
    watch ??= setInterval(() => {
      silentFor += WATCH_MS;
      if (silentFor >= silenceMs)
        replace(`The worker did not answer for ${Math.round(silenceMs / 1000)} s and was ended.`);
    }, WATCH_MS);
  }

  return {
    run(jobs, options) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        if (calls.size === 0) silentFor = 0; // a further call does not forgive the silence so far
        calls.set(id, { jobs, options, resolve });
        watchSilence();
        const post = (message: ToWorker) => worker?.postMessage(message);
        connected();
        const { executor, urgency = 'visible', signal } = options;
        post({ id, kind: 'start', jobs, executor, urgency, withoutGpu });
        const stop = () => post({ id, kind: 'stop' });
        if (signal?.aborted) stop();
        else signal?.addEventListener('abort', stop, { once: true });
      });
    },
  };
}

const failedEnd = ({ id }: Job, reason: string): JobEnd => ({
  job: id,
  status: 'failed',
  message: `${reason} The steps so far are kept; run again.`,
  executor: 'reference',
  adapter: 'none',
  reason: 'The worker has ended.',
  pseudoinverses: [],
  elapsedMs: 0,
});
