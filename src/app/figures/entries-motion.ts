/** What the moving layer draws of all entries: the iterate of each run between two records, and the colour of a number. */
import { MOST_PROFILE_ENTRIES } from './entries-figure.ts';
import { paceOf, type RunView, type Scene } from './scene.ts';

export interface EntriesPath {
  readonly run: RunView;
  /** By the clock, ascending. */
  readonly steps: Float64Array;
}

export const entriesPaths = ({ runs }: Pick<Scene, 'runs'>): EntriesPath[] =>
  runs
    .filter((run) => run.visible && run.steps.length > 0)
    .map((run) => ({ run, steps: Float64Array.from(run.steps, (step) => step * paceOf(run)) }));

/** The entries that profiles show: of many, evenly chosen ones. */
export function profileEntries(size: number): number[] {
  const stride = Math.max(1, Math.ceil(size / MOST_PROFILE_ENTRIES));
  return Array.from({ length: Math.ceil(size / stride) }, (_, i) => i * stride);
}

/** x_k + share · (x_{k+1} − x_k) of one entry; at the last record, and where the next is not finite, x_k. */
export function entryBetween(
  iterates: Float64Array,
  size: number,
  record: number,
  share: number,
  entry: number,
): number {
  const here = iterates[record * size + entry] ?? Number.NaN;
  if (share <= 0) return here;
  const next = iterates[(record + 1) * size + entry] ?? Number.NaN;
  return Number.isFinite(next) ? here + share * (next - here) : here;
}

/** Share of the way from the record to the next at a count of the clock. */
export function shareAfter(steps: Float64Array, record: number, step: number): number {
  const [here, next] = [steps[record], steps[record + 1]];
  return here === undefined || next === undefined ? 0 : Math.max(0, Math.min(1, (step - here) / (next - here)));
}

const BLACK: readonly [number, string] = [0, '#000000'];

/** 256 colours between the stops of a scale, red, green and blue in turn. Stops are hexadecimal. */
export function colorRamp(stops: readonly (readonly [number, string])[]): Uint8ClampedArray {
  const channels = (color: string) => [1, 3, 5].map((place) => Number.parseInt(color.slice(place, place + 2), 16));
  const ramp = new Uint8ClampedArray(256 * 3);
  for (let i = 0; i < 256; i++) {
    const at = i / 255;
    const above = Math.max(
      1,
      stops.findIndex(([place]) => place >= at),
    );
    const from = stops[above - 1] ?? BLACK;
    const to = stops[above] ?? BLACK;
    const share = (at - from[0]) / (to[0] - from[0] || 1);
    const [a, b] = [channels(from[1]), channels(to[1])];
    a.forEach((value, channel) => {
      ramp[3 * i + channel] = value + share * ((b[channel] ?? 0) - value);
    });
  }
  return ramp;
}
