/** The end of the worker that has the GPU: computes fields for whoever holds the other end of the port. */
import { at, fault } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import type { FieldExecutor } from '../../core/run/field.ts';
import { messageOf } from '../device.ts';
import type { FieldAnswer, FieldMessage, FieldPort, ToFields } from './protocol.ts';

/** Programs that are kept: those of the problem that is open, and of a few before it. */
const MOST_KEPT = 4;

export function serveFields(port: FieldPort, executor: FieldExecutor): void {
  const programs = new Map<number, Program>();
  const underWay = new Map<number, AbortController>();
  const send = (answer: FieldAnswer, transfer: Transferable[] = []) => port.postMessage(answer, transfer);

  async function field({ id, kind: _, key, program: sent, ...rest }: FieldMessage): Promise<void> {
    const program = sent ?? programs.get(key);
    if (!program) return send({ id, answer: 'forgotten' });
    programs.delete(key); // to the end: the first key is the least recently used
    programs.set(key, program);
    if (programs.size > MOST_KEPT) programs.delete(at([...programs.keys()], 0));
    const controller = new AbortController();
    underWay.set(id, controller);
    const answer = await executor
      .field({ ...rest, program }, controller.signal)
      .catch((reason: unknown) => fault(messageOf(reason))); // whoever asks computes it without us
    underWay.delete(id);
    send({ id, answer }, answer.ok ? [answer.value.values.buffer as ArrayBuffer] : []);
  }

  port.addEventListener('message', ({ data }: MessageEvent<ToFields>) => {
    if (data.kind === 'stop') underWay.get(data.id)?.abort();
    else void field(data);
  });
  port.start();
}
