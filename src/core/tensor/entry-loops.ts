/**
 * What each entry becomes, in Float64, of the entries at the same place. Every operation has a loop of its own: one loop that calls
 * the function of an operation for each entry takes five times as long, since JavaScript then cannot compile the two into one.
 */
import type { EntrywiseName } from './entrywise.ts';

/** Fills `out` from the numbers of the arguments, each as long as `out`. */
export type EntryLoop = (out: Float64Array, x: Float64Array, y: Float64Array, z: Float64Array) => void;

export const ENTRY_LOOPS: Readonly<Record<EntrywiseName, EntryLoop>> = {
  negate(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = -(x[i] as number);
  },
  abs(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(x[i] as number);
  },
  sign(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.sign(x[i] as number);
  },
  exp(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i] as number);
  },
  log(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.log(x[i] as number);
  },
  sqrt(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i] as number);
  },
  sin(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.sin(x[i] as number);
  },
  cos(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.cos(x[i] as number);
  },
  tan(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.tan(x[i] as number);
  },
  tanh(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.tanh(x[i] as number);
  },
  floor(out, x) {
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(x[i] as number);
  },
  add(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = (x[i] as number) + (y[i] as number);
  },
  subtract(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = (x[i] as number) - (y[i] as number);
  },
  multiply(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = (x[i] as number) * (y[i] as number);
  },
  divide(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = (x[i] as number) / (y[i] as number);
  },
  power(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = (x[i] as number) ** (y[i] as number);
  },
  maximum(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i] as number, y[i] as number);
  },
  minimum(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = Math.min(x[i] as number, y[i] as number);
  },
  less(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = (x[i] as number) < (y[i] as number) ? 1 : 0;
  },
  lessEqual(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = (x[i] as number) <= (y[i] as number) ? 1 : 0;
  },
  equal(out, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = x[i] === y[i] ? 1 : 0;
  },
  where(out, condition, x, y) {
    for (let i = 0; i < out.length; i++) out[i] = (condition[i] !== 0 ? x[i] : y[i]) as number;
  },
};
