/** Everything that is measured, on a given GPU object: of a browser, or of Dawn in Node. Speeds are printed, never asserted. */
import { acquireGpu } from '../src/gpu/device.ts';
import { type Accuracy, measureAccuracy, printAccuracy } from './accuracy.ts';
import { type CompileTimes, measureCompile, printCompile } from './compile.ts';
import { type ContestResult, printContest } from './contest.ts';
import { measureFallback } from './fallback.ts';
import { measureFields } from './fields.ts';
import { type Growth, measureGrowth, printGrowth } from './growth.ts';
import { measuredPeak } from './hand/hand-kernel.ts';
import { measureLarge } from './large.ts';
import { type LoopTimes, measureLoops, printLoops } from './loops.ts';
import { measureLowerings } from './lowerings.ts';
import type { Peer } from './peers/peer.ts';
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
  fields: measureFields,
} as const;

export const GROUPS = [
  ...['accuracy', 'loops'],
  ...Object.keys(CONTESTS),
  ...['growth', 'compile'],
] as readonly GroupName[];

export type GroupName = 'accuracy' | 'loops' | keyof typeof CONTESTS | 'growth' | 'compile';

/** For a page that shows how far it is. */
export interface Watch {
  /** Before each group, with the number of those done; after the last with null. */
  readonly onGroup?: (name: GroupName | null, done: number) => void;
  /** Each result as it comes, in Markdown; a contest as numbers, too. */
  readonly onPart?: (markdown: string, contest?: ContestResult) => void;
  /** Once aborted, an error that comes of it ends the measurement with what there is. */
  readonly signal?: AbortSignal;
}

/** All groups, or those named. */
export async function measureAll(
  gpu: GPU | undefined,
  now: () => number,
  only: readonly string[] = GROUPS,
  peers: readonly Peer[] = [],
  { onGroup, onPart, signal }: Watch = {},
): Promise<Report> {
  const acquired = await acquireGpu(gpu);
  if (!acquired.ok) throw new Error(acquired.diagnostics.map(({ message }) => message).join(' '));
  const device = acquired.value;
  const peak = await measuredPeak(device, now);
  const { name: adapter, uncaptured } = device;
  const userAgent = typeof navigator === 'undefined' ? 'Node' : navigator.userAgent; // Node 20 has none
  const tables = [
    `## ${adapter}\n\n${userAgent}; peak of arithmetic in registers, measured: ${digits(peak)} GFLOP/s\n`,
  ];
  const tell = (markdown: string, contest?: ContestResult) => {
    tables.push(markdown);
    onPart?.(markdown, contest);
  };
  const found = {
    accuracy: [] as Accuracy[],
    loops: [] as LoopTimes[],
    contests: [] as ContestResult[],
    growth: [] as Growth[],
    compile: [] as CompileTimes[],
  };
  const measure: Readonly<Record<GroupName, () => Promise<void>>> = {
    accuracy: async () => {
      found.accuracy.push(...(await measureAccuracy(device, now)));
      tell(printAccuracy(found.accuracy));
    },
    loops: async () => {
      found.loops.push(...(await measureLoops(device, now)));
      tell(printLoops(found.loops));
    },
    growth: async () => {
      found.growth.push(...(await measureGrowth(device, now)));
      tell(printGrowth(found.growth));
    },
    compile: async () => {
      found.compile.push(...(await measureCompile(device, now)));
      tell(printCompile(found.compile));
    },
    ...contestsBy(async (group) => {
      for (const contest of await CONTESTS[group](device, now, peers)) {
        found.contests.push(contest);
        tell(printContest(contest, peak), contest);
      }
    }),
  };
  const chosen = GROUPS.filter((name) => only.includes(name));
  try {
    for (const [done, name] of chosen.entries()) {
      onGroup?.(name, done);
      await measure[name]();
      if (uncaptured.length > 0) throw new Error(uncaptured.join('\n'));
    }
  } catch (reason) {
    if (!signal?.aborted) throw reason;
  } finally {
    device.device.destroy();
  }
  onGroup?.(null, chosen.length);
  return { adapter, userAgent, peak, ...found, markdown: tables.join('\n') };
}

const contestsBy = (measure: (group: keyof typeof CONTESTS) => Promise<void>) =>
  Object.fromEntries(
    (Object.keys(CONTESTS) as (keyof typeof CONTESTS)[]).map((group) => [group, () => measure(group)]),
  ) as Record<keyof typeof CONTESTS, () => Promise<void>>;
