/** Runs as a table: one row a record, with the parameters under their names. */
import { at } from '../../core/diagnostic.ts';
import { entryNames } from '../../core/problem/entry-names.ts';
import type { RunResult } from './types.ts';

const MEASURES = ['run', 'step', 'loss', 'violation', 'stationarity'];

/** RFC 4180: comma, quotes where needed, a line end after each row. */
export function runsAsCsv(results: readonly RunResult[]): string {
  const entries = entryNames({ parameters: results.find(({ parameters }) => parameters.length > 0)?.parameters ?? [] });
  const rows = results.flatMap(({ label, steps, loss, violation, stationarity, iterates }) =>
    steps.map((step, k) => [cell(label), step, at(loss, k), at(violation, k), at(stationarity, k), ...at(iterates, k)]),
  );
  return [[...MEASURES, ...entries.map(cell)], ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** Text that no spreadsheet takes for a formula, quoted where it holds what separates cells. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
