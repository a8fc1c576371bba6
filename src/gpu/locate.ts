/** Finds the last good iterate of a run that went wrong between two sparse records, by running again with denser ones. */
import type { Job } from '../core/run/run.ts';
import { type DriveOptions, drive } from './drive.ts';
import { RecordLayout } from './record-layout.ts';
import type { Records, Runner, Trouble } from './runner.ts';

/** Records of one pass. */
const POINTS = 2048;

export interface Located {
  /** The last good record after the one that was known, if there is one. */
  readonly last: Records | null;
  readonly trouble: Trouble;
}

/** Equal programs give equal bits however they are cut into chunks, so the run goes wrong at the same step again. */
export async function locate(
  runner: Runner,
  job: Job,
  lastStep: number,
  trouble: Trouble,
  options: DriveOptions,
): Promise<Located> {
  const layout = new RecordLayout(job);
  let found: Located = { last: null, trouble };
  const known = () => found.last?.steps[0] ?? lastStep;
  while (found.trouble.step - known() > 1 && !options.signal?.aborted) {
    const end = found.trouble.step;
    const before = end - known();
    const flight = await runner.prepare({ ...job, record: evenly(known() + 1, end), steps: end });
    const onRecords = (records: Records): boolean => {
      const judged = layout.judge(records);
      const last = judged.good > 0 ? layout.only(records, judged.good - 1) : found.last;
      found = { last, trouble: judged.trouble ?? found.trouble };
      return judged.trouble !== null;
    };
    try {
      await drive([{ flight, steps: end, onRecords }], options);
    } finally {
      flight.destroy();
    }
    if (found.trouble.step - known() >= before) break; // a device that does not repeat itself
  }
  return found;
}

/** At most POINTS steps from `first` to `end`, both included. */
function evenly(first: number, end: number): number[] {
  const stride = Math.ceil((end - first + 1) / POINTS);
  const steps: number[] = [];
  for (let step = first; step < end; step += stride) steps.push(step);
  return [...steps, end];
}
