/** A figure is plain data for Plotly, made by pure functions from a scene. */
import type { Data, Layout } from 'plotly.js';

export interface Figure {
  readonly data: readonly Data[];
  readonly layout: Partial<Layout>;
  /** What the key says of the drawn constraints; absent where none is seen, and where the figure has no key. */
  readonly setLabel?: string | null;
}

/** Lower and upper end of an axis, in data units. */
export type Range = readonly [from: number, to: number];
