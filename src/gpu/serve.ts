/** The worker's end of the channel: runs what it is told to, sends chunks on their way, and says that it is alive. */
import type { Chunk, Executor } from '../core/run/run.ts';
import type { SwarmExecutor, SwarmPart } from '../core/run/swarm.ts';
import { messageOf } from './device.ts';
import {
  ALIVE_MS,
  type FromWorker,
  type Port,
  partTransferables,
  type StartMessage,
  type SwarmMessage,
  type ToWorker,
  transferables,
} from './protocol.ts';

/** Nothing has run for so long: whoever has asked for a run has seen its figures. */
const IDLE_MS = 3000;

/** Answers messages of the port for ever; `onIdle` some time after the last run, with how to tell whether still nothing runs; `onConnect` with a port on which fields are asked for. Returns how to tell every run under way of a bug that none of them caught. */
export function serve(
  port: Port,
  executorFor: (withoutGpu: boolean) => Executor & SwarmExecutor,
  onIdle: (isIdle: () => boolean) => unknown = () => undefined,
  onConnect: (port: MessagePort) => void = () => undefined,
): (message: string) => void {
  const running = new Map<number, AbortController>();
  let idle: ReturnType<typeof setTimeout> | undefined;
  const send = (message: FromWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  async function answer(id: number, work: (signal: AbortSignal) => Promise<FromWorker>): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const pulse = setInterval(() => send({ id, kind: 'alive' }), ALIVE_MS);
    try {
      send(await work(controller.signal));
    } catch (reason) {
      send({ id, kind: 'fault', message: messageOf(reason) });
    } finally {
      clearInterval(pulse);
      running.delete(id);
      clearTimeout(idle);
      idle = setTimeout(() => running.size === 0 && onIdle(() => running.size === 0), IDLE_MS);
    }
  }

  const start = ({ id, jobs, executor, urgency, withoutGpu }: StartMessage) =>
    answer(id, async (signal) => {
      const onChunk = (chunk: Chunk) => send({ id, kind: 'chunk', chunk }, transferables(chunk));
      const ends = await executorFor(withoutGpu).run(jobs, { executor, urgency, onChunk, signal });
      return { id, kind: 'end', ends };
    });

  const swarm = ({ id, job, executor, urgency, withoutGpu }: SwarmMessage) =>
    answer(id, async (signal) => {
      const onPart = (part: SwarmPart) => send({ id, kind: 'part', part }, partTransferables(part));
      const end = await executorFor(withoutGpu).swarm(job, { executor, urgency, onPart, signal });
      return { id, kind: 'swarm-end', end };
    });

  port.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    if (data.kind === 'connect') onConnect(data.port);
    else if (data.kind === 'stop') running.get(data.id)?.abort();
    else void (data.kind === 'swarm' ? swarm(data) : start(data));
  });
  port.addEventListener('close', () => {
    for (const controller of running.values()) controller.abort();
  });
  return (message) => {
    for (const id of running.keys()) send({ id, kind: 'fault', message });
  };
}
