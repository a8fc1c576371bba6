/** A text of comma-separated values → named columns of cells, and chosen columns of them → numbers. */
import Papa from 'papaparse';
import type { Table } from '../../core/contracts.ts';
import { fault, type Result, success } from '../../core/diagnostic.ts';
import { MAX_COLUMNS } from '../../core/experiment/limits.ts';

export interface CsvColumn {
  readonly name: string;
  /** Whether every cell below the names is a number. */
  readonly isNumeric: boolean;
}

export interface Csv {
  readonly columns: readonly CsvColumn[];
  /** Cells without the line of names; every row is as long as `columns`. */
  readonly rows: readonly (readonly string[])[];
  readonly hasHeader: boolean;
  /** Where each of `rows` stands in the file, counted from 1; blank rows are left out. */
  readonly places: readonly number[];
}

const MAX_ROWS = 200_000;
const MAX_CHARACTERS = 50_000_000;

/** The number of a cell, or null: blanks around it and a decimal point are fine, an empty cell is no number. */
function numberIn(cell: string): number | null {
  const trimmed = cell.trim();
  if (!/^[+\-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u.test(trimmed)) return null;
  const value = Number(trimmed.replace('−', '-'));
  return Number.isFinite(value) ? value : null;
}

/** Separators are found out; rows of another length than the first, and quotes that do not close, are faults with their row. */
export function readCsv(text: string): Result<Csv> {
  if (text.length > MAX_CHARACTERS)
    return fault('The file has more than 50 million characters, which is too large here.');
  const plain = text.replace(/^\ufeff/u, '');
  const { delimiter } = Papa.parse<string[]>(plain, { skipEmptyLines: 'greedy', preview: 20 }).meta; // blank rows mislead it
  const { data, errors } = Papa.parse<string[]>(plain, { delimiter });
  const broken = errors.find(({ type }) => type === 'Quotes');
  if (broken) {
    const row = data[broken.row ?? 0] ?? [];
    const column = Math.max(
      1,
      row.findLastIndex((cell) => cell.includes('"') || cell.includes('\n')) + 1 || row.length,
    );
    return fault(
      `Row ${(broken.row ?? 0) + 1}, column ${column}: a quotation mark is not closed, or closed too early.`,
    );
  }
  const numbers: number[] = []; // of the rows that are not blank
  const lines = data.filter((cells, i) => cells.some((cell) => cell.trim() !== '') && numbers.push(i + 1));
  const [first] = lines;
  if (!first) return fault('The file is empty: there are no rows.');
  if (first.length > MAX_COLUMNS) return fault(`There are ${first.length} columns; at most ${MAX_COLUMNS} fit.`);
  if (lines.length > MAX_ROWS) return fault(`There are ${lines.length} rows; at most ${MAX_ROWS} fit.`);
  const odd = lines.findIndex((line) => line.length !== first.length);
  if (odd > 0) {
    const found = lines[odd]?.length ?? 0;
    const where =
      found < first.length ? `column ${found + 1} is missing` : `column ${first.length + 1} is one too many`;
    const cells = `${found} ${found === 1 ? 'cell' : 'cells'}`;
    return fault(`Row ${numbers[odd]} has ${cells}, but row ${numbers[0]} has ${first.length}: ${where}.`);
  }
  const hasHeader = startsWithNames(lines);
  const rows = hasHeader ? lines.slice(1) : lines;
  if (rows.length === 0) return fault('There is a line of names, and no row of numbers below it.');
  const names = distinct(first.map((cell, j) => (hasHeader && cell.trim()) || `column ${j + 1}`));
  const columns = names.map((name, j) => ({ name, isNumeric: rows.every((row) => numberIn(row[j] ?? '') !== null) }));
  return success({ columns, rows, hasHeader, places: hasHeader ? numbers.slice(1) : numbers });
}

/** The first row names the columns if it has a cell that is no number where a number follows, or if it has no number at all. */
function startsWithNames([first = [], second]: readonly (readonly string[])[]): boolean {
  const isNumber = (cell: string | undefined) => cell !== undefined && numberIn(cell) !== null;
  if (!first.some(isNumber)) return true;
  return second !== undefined && first.some((cell, j) => cell.trim() !== '' && !isNumber(cell) && isNumber(second[j]));
}

/** A name that occurs again gets a number. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let k = 2; taken.has(own); k++) own = `${name} ${k}`;
    taken.add(own);
    return own;
  });
}

/** The chosen columns as numbers; the first cell that is none is a fault with its row and column. */
export function tableFrom({ columns, rows, places }: Csv, chosen: ReadonlySet<string>): Result<Table> {
  const kept = columns.flatMap(({ name }, j) => (chosen.has(name) ? [{ name, j }] : []));
  if (kept.length === 0) return fault('Choose at least one column.');
  const numbers: number[][] = [];
  for (const [i, row] of rows.entries()) {
    const values: number[] = [];
    for (const { name, j } of kept) {
      const cell = row[j] ?? '';
      const value = numberIn(cell);
      if (value === null) {
        const what = cell.trim() === '' ? 'the cell is empty' : `“${shortened(cell.trim())}” is not a number`;
        const comma = /^[+-]?\d+,\d+$/u.test(cell.trim()) ? ' A decimal number has a point.' : '';
        return fault(`Row ${places[i]}, column ${j + 1} (${name}): ${what}.${comma}`);
      }
      values.push(value);
    }
    numbers.push(values);
  }
  return success({ columns: kept.map(({ name }) => name), rows: numbers });
}

const shortened = (cell: string): string => (cell.length > 30 ? `${cell.slice(0, 30)}…` : cell);
