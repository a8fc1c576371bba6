import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Chunk, Executor, Job, JobEnd } from '../core/run/run.ts';
import type { SwarmExecutor } from '../core/run/swarm.ts';
import { createClient, type WorkerLike } from './client.ts';
import { jobOf, sumOne } from './fused/programs.fixture.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { serve } from './serve.ts';

type Listener = (event: MessageEvent) => void;

/** A worker in this thread: messages are cloned and arrive later, as between threads. */
class FakeWorker implements WorkerLike {
  readonly toPage = new Set<Listener>();
  readonly toWorker = new Set<Listener>();
  readonly sent: ToWorker[] = [];
  readonly connected: MessagePort[] = [];
  isAlive = true;
  swarm: SwarmExecutor['swarm'] = () => new Promise(() => {});
  onError: (event: ErrorEvent) => void = () => {};

  constructor(executor: Executor | null, seen: { withoutGpu?: boolean } = {}) {
    const port = {
      postMessage: (message: unknown, transfer: Transferable[] = []) =>
        this.later(this.toPage, structuredClone(message, { transfer })),
      addEventListener: (_: 'message' | 'close', listener: Listener | (() => void)) => void this.toWorker.add(listener),
    };
    if (!executor) return;
    serve(
      port,
      (withoutGpu) => {
        seen.withoutGpu = withoutGpu;
        return { ...executor, swarm: this.swarm };
      },
      undefined,
      (connected) => this.connected.push(connected),
    );
  }

  private later(listeners: Set<Listener>, data: unknown): void {
    setTimeout(() => {
      if (this.isAlive) for (const listener of listeners) listener({ data } as MessageEvent);
    });
  }

  postMessage(message: ToWorker, transfer: Transferable[] = []): void {
    this.sent.push(message);
    this.later(this.toWorker, structuredClone(message, { transfer }));
  }

  addEventListener(type: 'message' | 'error', listener: (event: never) => void): void {
    if (type === 'message') this.toPage.add(listener as Listener);
    else this.onError = listener as (event: ErrorEvent) => void;
  }

  terminate(): void {
    this.isAlive = false;
  }

  say(message: FromWorker): void {
    for (const listener of this.toPage) listener({ data: message } as MessageEvent);
  }
}

const job = (id: number): Job => ({ ...jobOf(sumOne(), [0, 0, 0], { learningRate: 0.1 }, 5, [0, 5]), id });

const chunkOf = (id: number): Chunk => ({
  job: id,
  steps: [0],
  iterates: Float64Array.of(1, 2, 3),
  states: {},
  measures: {
    loss: Float64Array.of(0),
    violation: Float64Array.of(0),
    violations: new Float64Array(0),
    stationarity: Float64Array.of(0),
    multipliers: new Float64Array(0),
    gradient: Float64Array.of(0),
    named: new Float64Array(0),
  },
});

const endOf = (id: number): JobEnd => ({
  job: id,
  status: 'finished',
  executor: 'fused',
  adapter: 'fake',
  reason: '',
  pseudoinverses: [],
  elapsedMs: 1,
});

/** Sends one chunk a job; ends at once, or when told to stop. */
const obliging = (waits = false): Executor => ({
  async run(jobs, { onChunk, signal }) {
    for (const { id } of jobs) onChunk(chunkOf(id));
    if (waits) await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
    return jobs.map(({ id }) => ({ ...endOf(id), status: waits ? ('stopped' as const) : ('finished' as const) }));
  },
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the client of the worker', () => {
  it('brings chunks and ends back, jobs and programs intact', async () => {
    const worker = new FakeWorker(obliging());
    const chunks: Chunk[] = [];
    const ends = await createClient({ spawn: () => worker }).run([job(7), job(8)], {
      executor: 'gpu',
      onChunk: (chunk) => chunks.push(chunk),
    });
    expect(ends.map(({ job: id, status }) => [id, status])).toEqual([
      [7, 'finished'],
      [8, 'finished'],
    ]);
    expect(chunks.map(({ job: id, iterates }) => [id, ...iterates])).toEqual([
      [7, 1, 2, 3],
      [8, 1, 2, 3],
    ]);
    expect(worker.sent[0]).toMatchObject({ id: 1, kind: 'start', executor: 'gpu', urgency: 'visible' });
  });

  it('passes a stop on', async () => {
    const controller = new AbortController();
    const options = { executor: 'gpu' as const, onChunk: () => controller.abort(), signal: controller.signal };
    const [end] = await createClient({ spawn: () => new FakeWorker(obliging(true)) }).run([job(1)], options);
    expect(end?.status).toBe('stopped');
  });

  it('takes the GPU away from the worker where the page has none', async () => {
    const seen: { withoutGpu?: boolean } = {};
    await createClient({ spawn: () => new FakeWorker(obliging(), seen), withoutGpu: true }).run([job(1)], {
      executor: 'gpu',
      onChunk: () => {},
    });
    expect(seen.withoutGpu).toBe(true);
  });

  it('drops messages of a run that has ended', async () => {
    const worker = new FakeWorker(obliging());
    const chunks: Chunk[] = [];
    const client = createClient({ spawn: () => worker });
    await client.run([job(1)], { executor: 'gpu', onChunk: (chunk) => chunks.push(chunk) });
    worker.say({ id: 1, kind: 'chunk', chunk: chunkOf(1) });
    expect(chunks.length).toBe(1);
  });

  it('fails runs when the worker breaks, and gives the next one a fresh worker', async () => {
    const workers = [new FakeWorker(null), new FakeWorker(obliging())];
    let spawned = 0;
    const client = createClient({ spawn: () => workers[spawned++] as FakeWorker });
    const first = client.run([job(1)], { executor: 'gpu', onChunk: () => {} });
    workers[0]?.onError({ message: 'out of memory' } as ErrorEvent);
    expect((await first)[0]).toMatchObject({
      job: 1,
      status: 'failed',
      message: expect.stringContaining('out of memory'),
    });
    expect(workers[0]?.isAlive).toBe(false);
    expect((await client.run([job(2)], { executor: 'gpu', onChunk: () => {} }))[0]?.status).toBe('finished');
  });

  it('tells of a bug in the worker that nothing caught', async () => {
    const broken: Executor = { run: () => Promise.reject(new Error('Invariant broken: test')) };
    const [end] = await createClient({ spawn: () => new FakeWorker(broken) }).run([job(1)], {
      executor: 'gpu',
      onChunk: () => {},
    });
    expect(end).toMatchObject({ status: 'failed', message: expect.stringContaining('Invariant broken: test') });
  });

  it('replaces a worker that falls silent, but not one that says it is alive', async () => {
    vi.useFakeTimers();
    const worker = new FakeWorker(null);
    let ends: readonly JobEnd[] | null = null;
    void createClient({ spawn: () => worker, silenceMs: 5000 })
      .run([job(1)], { executor: 'gpu', onChunk: () => {} })
      .then((result) => {
        ends = result;
      });
    await vi.advanceTimersByTimeAsync(4500);
    worker.say({ id: 1, kind: 'alive' });
    await vi.advanceTimersByTimeAsync(4400);
    expect(ends).toBeNull();
    await vi.advanceTimersByTimeAsync(1500);
    expect(ends).toMatchObject([{ status: 'failed', message: expect.stringContaining('did not answer for 5 s') }]);
  });

  it('opens ports to each of its workers, on which others ask for fields, and none to one without a GPU', async () => {
    const workers = [new FakeWorker(obliging()), new FakeWorker(obliging())];
    let spawned = 0;
    let fresh = 0;
    const spawn = () => workers[spawned++] as FakeWorker;
    const client = createClient({ spawn, onFresh: () => (fresh += 1) });
    expect(client.fieldPort(), 'nobody is there before the first run').toBeNull();
    await client.run([job(1)], { executor: 'gpu', onChunk: () => {} });
    expect(fresh).toBe(1);
    const port = client.fieldPort();
    await vi.waitFor(() => expect(workers[0]?.connected).toHaveLength(1));
    const heard = new Promise((resolve) => {
      port?.addEventListener('message', ({ data }) => resolve(data));
    });
    port?.start();
    workers[0]?.connected[0]?.postMessage('an answer');
    expect(await heard).toBe('an answer');
    workers[0]?.onError({ message: 'out of memory' } as ErrorEvent);
    await client.run([job(2)], { executor: 'gpu', onChunk: () => {} });
    expect(fresh).toBe(2);
    client.fieldPort();
    await vi.waitFor(() => expect(workers[1]?.connected).toHaveLength(1));
    for (const worker of workers) for (const connected of worker.connected) connected.close();
    port?.close();

    const without = createClient({ spawn: () => new FakeWorker(obliging()), withoutGpu: true });
    await without.run([job(3)], { executor: 'gpu', onChunk: () => {} });
    expect(without.fieldPort()).toBeNull();
  });
});
