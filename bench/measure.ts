/** Everything that is measured, on a given GPU object: of a browser, or of Dawn in Node. Speeds are printed, never asserted. */
import { acquireGpu } from '../src/gpu/device.ts';
import { type Accuracy, measureAccuracy, printAccuracy } from './accuracy.ts';
import { type CompileTimes, measureCompile, printCompile } from './compile.ts';
import { type ContestResult, printContest } from './contest.ts';
import { measureFallback } from './fallback.ts';
import { type Growth, measureGrowth, printGrowth } from './growth.ts';
import { measuredPeak } from './hand/hand-kernel.ts';
import { measureLarge } from './large.ts';
import { type LoopTimes, measureLoops, printLoops } from './loops.ts';
import { measureLowerings } from './lowerings.ts';
import type { Peer } from './peers/open.ts';
import { measureInverses, measureProducts } from './products.ts';
import { digits } from './statistics.ts';
import { measureSteps } from './steps.ts';
import { measureSwarm } from './swarm.ts';
import { measureTraining } from './training.ts';

/** What `peers/torch_columns.py` prints. */
export interface TorchTimes {
  readonly version: string;
  readonly columns: readonly { readonly name: string; readonly ms: number; readonly error: number }[];
}

export interface Report {
  readonly adapter: string;
  readonly userAgent: string;
  /** Measured rate of arithmetic in registers, GFLOP/s. */
  readonly peak: number;
  readonly accuracy: readonly Accuracy[];
  readonly loops: readonly LoopTimes[];
  readonly contests: readonly ContestResult[];
  readonly growth: readonly Growth[];
  readonly compile: readonly CompileTimes[];
  readonly torch?: TorchTimes;
  readonly markdown: string;
}

/** Every group that can be measured by itself. */
const CONTESTS = {
  steps: measureSteps,
  swarm: measureSwarm,
  products: measureProducts,
  inverses: measureInverses,
  fallback: measureFallback,
  training: measureTraining,
  large: measureLarge,
  lowerings: measureLowerings,
} as const;

export const GROUPS = ['accuracy', 'loops', ...Object.keys(CONTESTS), 'growth', 'compile'] as const;

/** All groups, or those named. */
export async function measureAll(
  gpu: GPU | undefined,
  now: () => number,
  only: readonly string[] = GROUPS,
  peers: readonly Peer[] = [],
): Promise<Report> {
  const acquired = await acquireGpu(gpu);
  if (!acquired.ok) throw new Error(acquired.diagnostics.map(({ message }) => message).join(' '));
  const device = acquired.value;
  const peak = await measuredPeak(device, now);
  const accuracy = only.includes('accuracy') ? await measureAccuracy(device, now) : [];
  const loops = only.includes('loops') ? await measureLoops(device, now) : [];
  const contests: ContestResult[] = [];
  for (const [name, measure] of Object.entries(CONTESTS))
    if (only.includes(name)) contests.push(...(await measure(device, now, peers)));
  const growth = only.includes('growth') ? await measureGrowth(device, now) : [];
  const compile = only.includes('compile') ? await measureCompile(device, now) : [];
  const { name: adapter, uncaptured } = device;
  if (uncaptured.length > 0) throw new Error(uncaptured.join('\n'));
  device.device.destroy();
  const userAgent = typeof navigator === 'undefined' ? 'Node' : navigator.userAgent; // Node 20 has none
  const tables = [
    `## ${adapter}\n\n${userAgent}; peak of arithmetic in registers, measured: ${digits(peak)} GFLOP/s\n`,
    ...(accuracy.length > 0 ? [printAccuracy(accuracy)] : []),
    ...(loops.length > 0 ? [printLoops(loops)] : []),
    ...contests.map((contest) => printContest(contest, peak)),
    ...(growth.length > 0 ? [printGrowth(growth)] : []),
    ...(compile.length > 0 ? [printCompile(compile)] : []),
  ];
  return { adapter, userAgent, peak, accuracy, loops, contests, growth, compile, markdown: tables.join('\n') };
}
