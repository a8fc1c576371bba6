/** Runs as a table: one row a record, with the parameters and what the text names by `let` under their names. */
import { at } from '../../core/diagnostic.ts';
import { CHART_OF_NAME, type Experiment } from '../../core/experiment/experiment.ts';
import { writtenExperiment } from '../../core/experiment/link/file.ts';
import { entryNames } from '../../core/problem/entry-names.ts';
import { csvCell } from '../csv-cell.ts';
import type { RunResult } from './types.ts';

const MEASURES = ['run', 'step', 'loss', 'violation', 'stationarity'];

/**
 * RFC 4180: comma, quotes where needed, a line end after each row; numbers in full. The first line is a comment that holds the
 * experiment: `pandas.read_csv(…, skiprows=1)` leaves it out. The column `run` holds the label of a result, and of results that share
 * one, as those of a sweep, the `names` of their runs.
 */
export function runsAsCsv(results: readonly RunResult[], names: readonly string[], experiment: Experiment): string {
  const entries = entryNames({ parameters: results.find(({ parameters }) => parameters.length > 0)?.parameters ?? [] });
  const told = [...new Set(results.flatMap(({ named = {} }) => Object.keys(named)))];
  const isShared = (own: string) => results.filter(({ label }) => label === own).length > 1;
  const rows = results.flatMap(({ label, steps, loss, violation, stationarity, iterates, named }, i) =>
    steps.map((step, k) => [
      csvCell(isShared(label) ? at(names, i) : label),
      step,
      at(loss, k),
      at(violation, k),
      at(stationarity, k),
      ...at(iterates, k),
      ...told.map((name) => named?.[name]?.[k] ?? ''),
    ]),
  );
  const head = `# ${JSON.stringify(writtenExperiment(experiment))}\r\n`; // JSON escapes line ends: it is one line
  return (
    head +
    [[...MEASURES, ...entries.map(csvCell), ...told.map((name) => csvCell(titleOf(name)))], ...rows]
      .map((row) => `${row.join(',')}\r\n`)
      .join('')
  );
}

/** A name of the text that a measure has, too, is told apart as charts tell it: a table has each title once. */
const titleOf = (name: string): string => (MEASURES.includes(name) ? `${CHART_OF_NAME}${name}` : name);
