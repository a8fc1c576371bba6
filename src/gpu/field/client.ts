/** The end of who draws figures: a device that computes fields in another worker. What does not answer in time is not waited for. */
import { fault, type Result } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import type { FieldExecutor, FieldJob, FieldValues } from '../../core/run/field.ts';
import type { FieldAnswer, FieldPort, ToFields } from './protocol.ts';

/** Beyond what Float64 takes: a device is taken, a worker that is busy comes to a break. One that has ended says nothing. */
const PATIENCE_MS = 250;

export function createFieldClient(port: FieldPort, patienceMs = PATIENCE_MS): FieldExecutor {
  const waiting = new Map<number, (answer: FieldAnswer['answer']) => void>();
  const keys = new WeakMap<Program, number>();
  let lastKey = 0;
  let lastId = 0;
  /** An answer is overdue: until it comes, nothing more is asked. */
  let isSilent = false;
  const post = (message: ToFields) => port.postMessage(message);

  port.addEventListener('message', ({ data }: MessageEvent<FieldAnswer>) => {
    isSilent = false;
    waiting.get(data.id)?.(data.answer);
  });
  port.start();

  function ask({ program, ...rest }: FieldJob, isWhole: boolean, signal?: AbortSignal): Promise<FieldAnswer['answer']> {
    lastId += 1;
    const id = lastId;
    const key = keys.get(program) ?? ++lastKey;
    keys.set(program, key);
    return new Promise((resolve) => {
      const stop = () => post({ id, kind: 'stop' });
      const end = (answer: FieldAnswer['answer']) => {
        clearTimeout(timer);
        waiting.delete(id);
        signal?.removeEventListener('abort', stop);
        resolve(answer);
      };
      const timer = setTimeout(() => {
        isSilent = true;
        stop();
        end(fault('The worker that has the GPU did not answer.'));
      }, patienceMs + rest.float64Ms);
      waiting.set(id, end);
      post({ id, kind: 'field', key, ...rest, ...(isWhole && { program }) });
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  return {
    async field(job, signal): Promise<Result<FieldValues>> {
      if (isSilent) return fault('The worker that has the GPU does not answer.');
      if (signal?.aborted) return fault('Wanted no more.');
      const first = await ask(job, !keys.has(job.program), signal);
      const answer = first === 'forgotten' ? await ask(job, true, signal) : first;
      return answer === 'forgotten' ? fault('The program was forgotten on its way.') : answer;
    },
  };
}
