/** Traces with the fields that a test reads: Plotly's `Data` is a union of all kinds, and does not list every field. Test support. */
import type { Figure } from './figure.ts';

export const drawn = <Fields>(data: Figure['data']): readonly Fields[] => data as unknown as readonly Fields[];
