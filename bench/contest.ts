/** Columns that do the same work, measured in interleaved rounds in one page: medians, quartiles, and ratios of the same round. */
import { at } from '../src/core/diagnostic.ts';
import { shuffledAt } from '../src/core/tensor/threefry.ts';
import { describe, digits, markdown, type Spread, spreadOf } from './statistics.ts';

export interface Column {
  readonly name: string;
  /** Does the whole work once; resolves when the result is there. */
  readonly run: () => Promise<unknown> | unknown;
  /** How much of the work one call does; 1 where nothing is said. A slow column may do a part. */
  readonly share?: number;
  /** Largest error of its result, where it is known. */
  readonly error?: () => number;
}

export interface Contest {
  readonly name: string;
  /** The first is the project's own. */
  readonly columns: readonly Column[];
  readonly rounds: number;
  /** What is at least wanted of another column's time over the own, by the column's name. */
  readonly goals?: Readonly<Record<string, number>>;
  /** Work of one run, in floating-point operations: printed as a rate. */
  readonly operations?: number;
  /** Bytes that one run must read and write at least: printed as a rate. */
  readonly bytes?: number;
}

export interface ColumnTimes {
  readonly name: string;
  readonly ms: Spread;
  /** Time over that of the own column, of the same round. */
  readonly ratio: Spread;
  readonly goal: number | null;
  readonly gigaflops: number | null;
  readonly gigabytes: number | null;
  readonly error: number | null;
}

export interface ContestResult {
  readonly name: string;
  readonly columns: readonly ColumnTimes[];
}

/** A column repeats until it has taken so long: page clocks and wake-ups are coarse. */
const LEAST_MS = 20;
/** Thread pools of the column before spin for a while. */
const PAUSE_MS = 80;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** 0 … count − 1 in an order of the round's own, so that no column always comes after the same one. */
const shuffled = (count: number, round: number): number[] =>
  Array.from({ length: count }, (_, k) =>
    shuffledAt({ low: 0, high: 0, start: 0, t: round, stream: 0 }, k, count, count),
  );

export async function measureContest(contest: Contest, now: () => number): Promise<ContestResult> {
  const timed = async ({ run, share = 1 }: Column): Promise<number> => {
    const began = now();
    let calls = 0;
    do {
      await run();
      calls += 1;
    } while (now() - began < LEAST_MS);
    return (now() - began) / calls / share;
  };
  const errors: (number | null)[] = [];
  const areBrief: boolean[] = [];
  for (const column of contest.columns) {
    await column.run(); // compiles
    areBrief.push((await timed(column)) * (column.share ?? 1) < LEAST_MS);
    errors.push(column.error?.() ?? null);
  }
  const samples = contest.columns.map(() => [] as number[]);
  for (let round = 0; round < contest.rounds; round++) {
    for (const i of shuffled(contest.columns.length, round)) {
      const column = at(contest.columns, i);
      if (areBrief[i]) await column.run(); // collects what the column before has left behind
      await pause();
      samples[i]?.push(await timed(column));
    }
  }
  const own = samples[0] ?? [];
  return {
    name: contest.name,
    columns: contest.columns.map(({ name }, i) => {
      const times = samples[i] ?? [];
      const ms = spreadOf(times);
      return {
        name,
        ms,
        ratio: spreadOf(times.map((time, round) => time / (own[round] ?? Number.NaN))),
        goal: contest.goals?.[name] ?? null,
        gigaflops: contest.operations ? contest.operations / ms.median / 1e6 : null,
        gigabytes: contest.bytes ? contest.bytes / ms.median / 1e6 : null,
        error: errors[i] ?? null,
      };
    }),
  };
}

/** A table; rates with their share of the measured peak, GFLOP/s. */
export const printContest = ({ name, columns }: ContestResult, peak: number): string =>
  markdown(
    name,
    [
      'column',
      'ms: median (quartiles)',
      '× own time, same round',
      'wanted',
      columns.some(({ gigabytes }) => gigabytes !== null) ? 'GB/s' : 'GFLOP/s (of peak)',
      'error',
    ],
    columns.map(({ name, ms, ratio, goal, gigaflops, gigabytes, error }) => [
      name,
      describe(ms),
      describe(ratio),
      goal === null ? '' : `${ratio.median >= goal ? 'reached' : 'missed'}: ${goal}`,
      rate(gigaflops, gigabytes, peak),
      error === null ? '' : digits(error),
    ]),
  );

function rate(gigaflops: number | null, gigabytes: number | null, peak: number): string {
  if (gigabytes !== null) return digits(gigabytes);
  return gigaflops === null ? '' : `${digits(gigaflops)} (${Math.round((100 * gigaflops) / peak)} %)`;
}
