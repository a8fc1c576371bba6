/** The runs side by side as numbers: pure functions of what they gave. */
import { at } from '../../core/diagnostic.ts';
import { CHART_OF_NAME } from '../../core/experiment/experiment.ts';
import type { Measure } from '../../core/program/measure.ts';
import { namedNumbers } from '../../core/run/named-numbers.ts';
import type { Picture, RunResult } from './run-slice.ts';

/** One run at its end; null where there is nothing to say. */
export interface RunRow {
  readonly index: number;
  readonly name: string;
  readonly status: string;
  readonly steps: number | null;
  /** f as typed. */
  readonly loss: number | null;
  /** f − f* of what is minimised. */
  readonly gap: number | null;
  readonly violation: number | null;
  readonly stationarity: number | null;
  /** The first recorded step from which on the run stays within 1e-3 of the optimum, relative to 1 + |f*|, and feasible to 1e-3. */
  readonly stepsToTolerance: number | null;
  /** Evaluations of ∇f in all. */
  readonly gradients: number | null;
  readonly milliseconds: number | null;
  /** What the text names by `let`, at the end. */
  readonly [name: NameColumn]: number | null;
}

type NameColumn = `${typeof CHART_OF_NAME}${string}`;

const COLUMNS = [
  { key: 'name', title: 'Run' },
  { key: 'status', title: 'Status' },
  { key: 'steps', title: 'Steps' },
  { key: 'loss', title: 'Loss' },
  { key: 'gap', title: 'Gap to the optimum' },
  { key: 'violation', title: 'Violation' },
  { key: 'stationarity', title: 'Stationarity' },
  { key: 'stepsToTolerance', title: 'Steps to 1e-3' },
  { key: 'gradients', title: 'Gradients' },
  { key: 'milliseconds', title: 'Time, ms' },
] as const;

export type Column = (typeof COLUMNS)[number]['key'] | NameColumn;

interface ColumnOf {
  readonly key: Column;
  readonly title: string;
}

const isOfName = (key: string): key is NameColumn => key.startsWith(CHART_OF_NAME);

/** What every run has, then the names that some run has a number for. */
export function columnsOf(rows: readonly RunRow[]): readonly ColumnOf[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row).filter(isOfName)));
  return [...COLUMNS, ...[...names].map((key) => ({ key, title: key.slice(CHART_OF_NAME.length) }))];
}

const TOLERANCE = 1e-3;

export function runRows(
  picture: Picture | null,
  results: readonly (RunResult | null)[],
  names: readonly string[],
): RunRow[] {
  const study = picture?.study;
  const best = study?.optimum?.loss ?? null;
  const isMaximized = study?.problem.sense === 'maximize';
  return results.map((result, index) => {
    const { trajectory = null, end = null, job = null } = result ?? {};
    const { steps, measures } = trajectory ?? { steps: [], measures: null };
    const last = (values: Float64Array | undefined) => values?.at(-1) ?? null;
    const loss = last(measures?.loss);
    const made = steps.at(-1) ?? null;
    return {
      index,
      name: names[index] ?? '',
      status: end?.status ?? (!result ? 'not run' : result.job ? 'running' : 'refused'),
      steps: made,
      loss: loss !== null && isMaximized ? -loss : loss,
      gap: loss === null || best === null ? null : loss - best,
      violation: last(measures?.violation),
      stationarity: last(measures?.stationarity),
      stepsToTolerance:
        measures && best !== null && job ? settledAt(steps, measures.loss, measures.violation, best) : null,
      gradients: made === null || job === null ? null : made * (job.gradientsPerStep ?? 1),
      milliseconds: end?.elapsedMs ?? null,
      ...(job && measures && namesAtEnd(job.measure, measures.named)),
    };
  });
}

function namesAtEnd(measure: Measure, values: Float64Array): Record<NameColumn, number | null> {
  const numbers = Object.entries(namedNumbers(measure, values));
  return Object.fromEntries(numbers.map(([name, along]) => [CHART_OF_NAME + name, along.at(-1) ?? null]));
}

function settledAt(steps: readonly number[], loss: Float64Array, violation: Float64Array, best: number): number | null {
  const isNear = (k: number) =>
    Math.abs(at(loss, k) - best) <= TOLERANCE * (1 + Math.abs(best)) && at(violation, k) <= TOLERANCE;
  let first = steps.length;
  while (first > 0 && isNear(first - 1)) first -= 1;
  return first < steps.length ? at(steps, first) : null;
}

/** Sorted by a column; what has no number comes last, whichever way. */
export function sorted(rows: readonly RunRow[], column: Column, isDescending: boolean): readonly RunRow[] {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left = null, right = null] = [a[column], b[column]];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (typeof left === 'string' ? left.localeCompare(String(right)) : left - Number(right));
  });
}

const written = (value: string | number | null): string => (value === null ? '' : String(value));

/** A Markdown table: bars and line ends in names are escaped. */
export function asMarkdown(rows: readonly RunRow[]): string {
  const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/[\r\n]+/g, ' ');
  const short = (value: string | number | null) =>
    typeof value === 'number' ? written(Number(value.toPrecision(6))) : written(value);
  const columns = columnsOf(rows);
  const lines = rows.map((row) => columns.map(({ key }) => cell(short(row[key] ?? null))));
  return [columns.map(({ title }) => cell(title)), columns.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** RFC 4180, with all digits; a text that a spreadsheet would take for a formula gets an apostrophe. */
export function asCsv(rows: readonly RunRow[]): string {
  const cell = (text: string) => {
    const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  const value = (entry: string | number | null) => (typeof entry === 'string' ? cell(entry) : written(entry));
  const columns = columnsOf(rows);
  const lines = rows.map((row) => columns.map(({ key }) => value(row[key] ?? null)));
  return [columns.map(({ title }) => cell(title)), ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}
