/** The page's end: an `Executor` whose work is done in a worker, so that the page never waits for it. */
import type { Executor, Job, JobEnd, RunOptions } from '../core/run/run.ts';
import type { SwarmEnd, SwarmExecutor } from '../core/run/swarm.ts';
import type { FromWorker, Port, ToWorker } from './protocol.ts';

/** A worker as the client needs it; a test may be one. */
export interface WorkerLike extends Pick<Port, 'postMessage'> {
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
  /** There is a worker, the first or one in the place of another. */
  readonly onFresh?: () => void;
}

export interface Client extends Executor, SwarmExecutor {
  /** A port on which another worker may ask for fields of figures; null where no worker has a GPU. */
  fieldPort(): MessagePort | null;
}

/** Fifteen signs of life. */
const SILENCE_MS = 15_000;
const WATCH_MS = 1000;

export const spawnWorker = (): WorkerLike =>
  new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'executor' });

/** One call of `run` or `swarm`. */
interface Call {
  /** Takes a message of its own; true where it was the last. */
  readonly take: (message: FromWorker) => boolean;
  /** The worker has ended. */
  readonly fail: (reason: string) => void;
}

export function createClient({ spawn, withoutGpu = false, silenceMs = SILENCE_MS, onFresh }: ClientOptions): Client {
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
    onFresh?.();
    return fresh;
  }

  /** A message of a run that has ended, or that another worker was to make, is dropped. */
  function receive(message: FromWorker): void {
    silentFor = 0;
    const call = calls.get(message.id);
    if (!call) return;
    if (message.kind === 'fault') replace(message.message);
    else if (call.take(message)) end(message.id);
  }

  function end(id: number): void {
    calls.delete(id);
    if (calls.size > 0) return;
    clearInterval(watch);
    watch = undefined;
  }

  /** Ends every run under way; the next one gets a fresh worker. */
  function replace(reason: string): void {
    worker?.terminate();
    worker = null;
    for (const [id, call] of [...calls]) {
      end(id);
      call.fail(reason);
    }
  }

  /** Counts turns of its own timer: a page that was frozen has not waited. */
  function watchSilence(): void {
    watch ??= setInterval(() => {
      silentFor += WATCH_MS;
      if (silentFor >= silenceMs)
        replace(`The worker did not answer for ${Math.round(silenceMs / 1000)} s and was ended.`);
    }, WATCH_MS);
  }

  function begin(call: Call, signal: AbortSignal | undefined, messageOf: (id: number) => ToWorker): void {
    lastId += 1;
    const id = lastId;
    if (calls.size === 0) silentFor = 0; // a further call does not forgive the silence so far
    calls.set(id, call);
    watchSilence();
    const post = (message: ToWorker) => worker?.postMessage(message);
    connected();
    post(messageOf(id));
    const stop = () => post({ id, kind: 'stop' });
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  }

  return {
    fieldPort() {
      if (worker === null || withoutGpu) return null;
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ kind: 'connect', port: port2 } satisfies ToWorker, [port2]);
      return port1;
    },
    run: (jobs, { executor, urgency = 'visible', signal, onChunk }: RunOptions) =>
      new Promise((resolve) => {
        const take = (message: FromWorker): boolean => {
          if (message.kind === 'chunk') onChunk(message.chunk);
          if (message.kind === 'end') resolve(message.ends);
          return message.kind === 'end';
        };
        const fail = (reason: string) => resolve(jobs.map((job) => failedEnd(job, reason)));
        begin({ take, fail }, signal, (id) => ({ id, kind: 'start', jobs, executor, urgency, withoutGpu }));
      }),
    swarm: (job, { executor, urgency = 'visible', signal, onPart }) =>
      new Promise((resolve) => {
        const take = (message: FromWorker): boolean => {
          if (message.kind === 'part') onPart(message.part);
          if (message.kind === 'swarm-end') resolve(message.end);
          return message.kind === 'swarm-end';
        };
        const fail = (reason: string) => resolve(failedSwarm(reason));
        begin({ take, fail }, signal, (id) => ({ id, kind: 'swarm', job, executor, urgency, withoutGpu }));
      }),
  };
}

const failedSwarm = (reason: string): SwarmEnd => ({
  status: 'failed',
  message: `${reason} What was computed is kept; run again.`,
  executor: 'reference',
  adapter: 'none',
  reason: 'The worker has ended.',
  elapsedMs: 0,
});

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
