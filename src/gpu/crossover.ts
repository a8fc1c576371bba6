/** From how much work on a workgroup's kernel is slower than dispatches: a number of the adapter, measured once and kept. */

export interface Crossover {
  /** Operations of a step for one invocation, for each piece of a step's dispatches (a run of entrywise ones is one, however many one workgroup takes), at which the two take the same time. */
  readonly operationsPerDispatch: number;
  readonly isMeasured: boolean;
}

/**
 * On SwiftShader with two quiet cores: 2215 operations of an invocation took as long as the 4 dispatches that they replace. It holds
 * for processors that stand in for a GPU; measured while something else ran on them, it came out anywhere up to ten times that.
 */
export const ASSUMED: Crossover = { operationsPerDispatch: 554, isMeasured: false };

/** Where measurements outlive the page. */
export interface Kept {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<unknown>;
}

/** Changed with the kernels: what older ones measured is not believed. */
const VERSION = 3;

/** What is believable: an adapter that measures beyond was disturbed. */
const [LEAST, MOST] = [50, 50_000];

/**
 * The crossover of a device: the one kept under the adapter's name, else `measure`, which is then kept. Measured once for each device,
 * whoever asks; not at all on a processor that stands in for a GPU (`hasQuads`), where `ASSUMED` was measured. Where there is no place to keep it, or measuring fails, the page goes on without.
 */
export function keepCrossovers<Device extends { readonly name: string; readonly hasQuads?: boolean }>(
  measure: (device: Device) => Promise<number>,
  kept: Kept,
): (device: Device) => Promise<Crossover> {
  const known = new WeakMap<Device, Promise<Crossover>>();

  async function find(device: Device): Promise<Crossover> {
    if (device.hasQuads) return ASSUMED;
    const key = `crossover ${VERSION} ${device.name}`;
    const before = await kept.get(key).catch(() => undefined);
    if (isBelievable(before)) return { operationsPerDispatch: before, isMeasured: true };
    const found = await measure(device).catch(() => Number.NaN);
    if (!isBelievable(found)) return ASSUMED;
    await kept.set(key, found).catch(() => undefined);
    return { operationsPerDispatch: found, isMeasured: true };
  }

  return (device) => {
    const crossover = known.get(device) ?? find(device);
    known.set(device, crossover);
    return crossover;
  };
}

const isBelievable = (found: unknown): found is number => typeof found === 'number' && found >= LEAST && found <= MOST;
