/** What runs gave, in a link: enough to say whether they give it again. Rounded numbers, not a hash: adapters differ. */
import { at } from '../diagnostic.ts';
import type { ExecutorKind } from '../run/run.ts';
import type { ResultJson } from './experiment.ts';
import { MAX_RESULT_ENTRIES } from './limits.ts';

/** The last record of a run, and what computed it. */
export interface LastRecord {
  readonly executor: ExecutorKind | string;
  readonly adapter: string;
  readonly loss: number;
  readonly violation: number;
  readonly x: ArrayLike<number>;
}

const DIGITS = 6;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

/** Null where a number is not finite: such a run has nothing to give again. */
export function resultOf({ executor, adapter, loss, violation, x }: LastRecord): ResultJson | null {
  const entries = Array.from(x).slice(0, MAX_RESULT_ENTRIES);
  return [loss, violation, ...entries].every(Number.isFinite)
    ? { executor, adapter, loss: rounded(loss), violation: rounded(violation), x: entries.map(rounded) }
    : null;
}

/** Between two adapters in float32 a run may drift by this much, relative to the size of the number. */
const WITHIN = 1e-3;

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= WITHIN * Math.max(1, Math.abs(a), Math.abs(b));

/** Null where the run gave the same; else what differs most, in words. `names`: of the entries of x. */
export function difference(kept: ResultJson, now: LastRecord, names: readonly string[]): string | null {
  const pairs: [name: string, before: number, after: number][] = [
    ['loss', kept.loss, now.loss],
    ['violation', kept.violation, now.violation],
    ...kept.x.map((entry, i): [string, number, number] => [names[i] ?? `x[${i}]`, entry, now.x[i] ?? Number.NaN]),
  ];
  const off = pairs.filter(([, before, after]) => !isNear(before, after));
  if (off.length === 0) return null;
  const [name, before, after] = at(off, 0);
  const others = off.length > 1 ? `, and ${off.length - 1} more` : '';
  return `${name} was ${rounded(before)} and is ${rounded(after)}${others}`;
}
