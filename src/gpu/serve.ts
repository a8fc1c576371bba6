/** The worker's end of the channel: runs what it is told to, sends chunks on their way, and says that it is alive. */
import type { Chunk, Executor } from '../core/run/run.ts';
import { messageOf } from './device.ts';
import { ALIVE_MS, type FromWorker, type Port, type StartMessage, type ToWorker, transferables } from './protocol.ts';

/** Answers messages of the port for ever. Returns how to tell every run under way of a bug that none of them caught. */
export function serve(port: Port, executorFor: (withoutGpu: boolean) => Executor): (message: string) => void {
  const running = new Map<number, AbortController>();
  const send = (message: FromWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  async function start({ id, jobs, executor, urgency, withoutGpu }: StartMessage): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const pulse = setInterval(() => send({ id, kind: 'alive' }), ALIVE_MS);
    const onChunk = (chunk: Chunk) => send({ id, kind: 'chunk', chunk }, transferables(chunk));
    try {
      const ends = await executorFor(withoutGpu).run(jobs, { executor, urgency, onChunk, signal: controller.signal });
      send({ id, kind: 'end', ends });
    } catch (reason) {
      send({ id, kind: 'fault', message: messageOf(reason) });
    } finally {
      clearInterval(pulse);
      running.delete(id);
    }
  }

  port.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    if (data.kind === 'stop') running.get(data.id)?.abort();
    else void start(data);
  });
  return (message) => {
    for (const id of running.keys()) send({ id, kind: 'fault', message });
  };
}
