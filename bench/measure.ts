/** Everything that is measured, on a given GPU object: of a browser, or of Dawn in Node. Speeds are printed, never asserted. */
import { acquireGpu } from '../src/gpu/device.ts';
import { type Accuracy, measureAccuracy, printAccuracy } from './accuracy.ts';
import { type LoopTimes, measureLoops, printLoops } from './loops.ts';

export interface Report {
  readonly adapter: string;
  readonly accuracy: readonly Accuracy[];
  readonly loops: readonly LoopTimes[];
  readonly markdown: string;
}

export async function measureAll(gpu: GPU | undefined, now: () => number): Promise<Report> {
  const acquired = await acquireGpu(gpu);
  if (!acquired.ok) throw new Error(acquired.diagnostics.map(({ message }) => message).join(' '));
  const accuracy = await measureAccuracy(acquired.value, now);
  const loops = await measureLoops(acquired.value, now);
  const { name: adapter, uncaptured } = acquired.value;
  if (uncaptured.length > 0) throw new Error(uncaptured.join('\n'));
  acquired.value.device.destroy();
  return { adapter, accuracy, loops, markdown: `## ${adapter}\n\n${printAccuracy(accuracy)}\n${printLoops(loops)}` };
}
