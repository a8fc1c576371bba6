/** The table of runs as it is read: its columns, its order, and how it is copied. */
import { CHART_OF_NAME } from '../../core/experiment/experiment.ts';
import { titleOfName } from '../../core/run/named-numbers.ts';
import { csvCell } from '../csv-cell.ts';
import type { NameColumn, RunRow } from './run-table.ts';

const COLUMNS = [
  { key: 'name', title: 'Run' },
  { key: 'status', title: 'Status' },
  { key: 'steps', title: 'Steps' },
  { key: 'loss', title: 'Loss' },
  { key: 'gap', title: 'Gap to the optimum' },
  { key: 'violation', title: 'Violation' },
  { key: 'stationarity', title: 'Stationarity' },
  { key: 'stepsToTolerance', title: 'Steps to 0.001' },
  { key: 'gradients', title: 'Gradients' },
  { key: 'milliseconds', title: 'Time, ms' },
] as const;

export type Column = (typeof COLUMNS)[number]['key'] | NameColumn;

interface ColumnOf {
  readonly key: Column;
  readonly title: string;
}

const isOfName = (key: string): key is NameColumn => key.startsWith(CHART_OF_NAME);

/** What every run has, against the optimum where that is told, then the names that some run has a number for. */
export function columnsOf(rows: readonly RunRow[]): readonly ColumnOf[] {
  const isCompared = rows.some(({ gap }) => gap !== null);
  const ofAll = isCompared ? COLUMNS : COLUMNS.filter(({ key }) => key !== 'gap' && key !== 'stepsToTolerance');
  const names = new Set(rows.flatMap((row) => Object.keys(row).filter(isOfName)));
  const taken = COLUMNS.map(({ title }) => title);
  const titleOf = (key: NameColumn) => titleOfName(key.slice(CHART_OF_NAME.length), taken);
  return [...ofAll, ...[...names].map((key) => ({ key, title: titleOf(key) }))];
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
  const value = (entry: string | number | null) => (typeof entry === 'string' ? csvCell(entry) : written(entry));
  const columns = columnsOf(rows);
  const lines = rows.map((row) => columns.map(({ key }) => value(row[key] ?? null)));
  return [columns.map(({ title }) => csvCell(title)), ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}
