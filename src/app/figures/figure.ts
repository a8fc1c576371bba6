/** A figure is plain data for Plotly, made by pure functions from a scene. */
import type { Data, Layout } from 'plotly.js';

export interface Figure {
  readonly data: readonly Data[];
  readonly layout: Partial<Layout>;
}

/** Lower and upper end of an axis, in data units. */
export type Range = readonly [from: number, to: number];
