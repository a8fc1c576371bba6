/** Traces with the fields that a test reads: Plotly's `Data` is a union of all kinds. Test support. */
import type { Data } from 'plotly.js';
import type { Figure } from './figure.ts';

export const drawn = <Fields>(data: Figure['data']): readonly Fields[] => data as readonly (Data & Fields)[];
