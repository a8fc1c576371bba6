/** A text of comma-separated values → named columns of cells, and chosen columns of them → numbers. */
import Papa from 'papaparse';
import type { Table } from '../../core/contracts.ts';
import { fault, type Result, success } from '../../core/diagnostic.ts';
import { MAX_COLUMNS } from '../../core/experiment/limits.ts';
import { finished, type Stages } from '../../core/stages.ts';
import { csvLines } from './csv-lines.ts';

export interface CsvColumn {
  readonly name: string;
  /** How many cells below the names are numbers. */
  readonly numbers: number;
  /** Whether some of them are hundredths: 5% is 0.05. */
  readonly hasPercents?: true;
  /** Of a column of two words, as no and yes: the one that is 0, and the one that is 1. */
  readonly words?: readonly [zero: string, one: string];
}

export interface Csv {
  readonly columns: readonly CsvColumn[];
  /** Cells without the line of names; every row is as long as `columns`. */
  readonly rows: readonly (readonly string[])[];
  readonly hasHeader: boolean;
  /** The sign of decimals: a comma where something else separates the columns, and a cell needs it. */
  readonly decimal: Decimal;
  /** Where each of `rows` stands in the file, counted from 1; blank rows are left out. */
  readonly places: readonly number[];
}

type Decimal = '.' | ',';

const MAX_ROWS = 200_000;
const MAX_CHARACTERS = 50_000_000;

const PERCENT = /\s*%\s*$/u;

/** 1,234.5 or 1,234,567: a comma that groups digits, where it cannot be a decimal one. */
const GROUPED = /^[+\-−]?\d{1,3}(?:,\d{3})+(?:\.\d+|(?<=,\d{3},\d{3}))$/u;

/** The number of a cell, or null: blanks around it are fine, an empty cell is no number, and 5% is 0.05. */
function numberIn(cell: string, decimal: Decimal = '.'): number | null {
  const typed = cell.trim().replace(PERCENT, '');
  const plain = decimal === ',' ? typed.replace(',', '.') : GROUPED.test(typed) ? typed.replaceAll(',', '') : typed;
  if (!/^[+\-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u.test(plain)) return null;
  const value = Number(plain.replace('−', '-')) / (PERCENT.test(cell) ? 100 : 1);
  return Number.isFinite(value) ? value : null;
}

/** Numbers that only blanks separate, as np.savetxt writes them: with a tab between them. */
function columnsApart(text: string): string {
  const sample =
    text
      .slice(0, 10_000)
      .match(/^.*\S.*$/gmu)
      ?.slice(0, 20)
      .at(-1)
      ?.trim()
      .split(/ +/u) ?? [];
  const areNumbers = sample.length > 1 && sample.every((cell) => numberIn(cell) !== null);
  return areNumbers ? text.replace(/^ +| +$/gmu, '').replace(/ +/gu, '\t') : text;
}

/** Separators are found out; rows of another length than the first, and quotes that do not close, are faults with their row. */
export const readCsv = (text: string): Result<Csv> => finished(csvStages(text));

/** Cells that are looked at in some hundredths of a second. */
const CELLS = 50_000;

/** `readCsv`, with pauses where the file is long. */
export function* csvStages(text: string): Stages<Result<Csv>> {
  if (text.length > MAX_CHARACTERS)
    return fault('The file has more than 50 million characters, which is too large here.');
  const plain = columnsApart(text.replace(/^\ufeff/u, ''));
  const { delimiter, linebreak } = Papa.parse<string[]>(plain, { skipEmptyLines: 'greedy', preview: 20 }).meta; // blank rows mislead it
  const newline = linebreak as '\r' | '\n' | '\r\n'; // Papa finds one of these
  const { lines: data, broken } = yield* csvLines(plain, { delimiter, newline });
  if (broken !== null) {
    const row = data[broken] ?? [];
    const column = Math.max(
      1,
      row.findLastIndex((cell) => cell.includes('"') || cell.includes('\n')) + 1 || row.length,
    );
    return fault(`Row ${broken + 1}, column ${column}: a quotation mark is not closed, or closed too early.`);
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
  const rowsAtOnce = Math.max(1, Math.floor(CELLS / first.length));
  let decimal: Decimal = '.';
  for (let from = 0; from < lines.length && delimiter !== ',' && decimal === '.'; from += rowsAtOnce) {
    if (from > 0) yield;
    if (lines.slice(from, from + rowsAtOnce).some((cells) => cells.some(isCommaDecimal))) decimal = ',';
  }
  const hasHeader = startsWithNames(lines, decimal);
  const rows = hasHeader ? lines.slice(1) : lines;
  if (rows.length === 0) return fault('There is a line of names, and no row of numbers below it.');
  const names = distinct(first.map((cell, j) => (hasHeader && cell.trim()) || `column ${j + 1}`));
  const columns: CsvColumn[] = [];
  for (const [j, name] of names.entries()) columns.push(yield* columnOf(name, j, rows, decimal));
  return success({ columns, rows, hasHeader, decimal, places: hasHeader ? numbers.slice(1) : numbers });
}

function* columnOf(name: string, j: number, rows: Csv['rows'], decimal: Decimal): Stages<CsvColumn> {
  let numbers = 0;
  let hasPercents = false;
  for (const [i, row] of rows.entries()) {
    if (i % CELLS === CELLS - 1) yield;
    const cell = row[j] ?? '';
    if (numberIn(cell, decimal) === null) continue;
    numbers += 1;
    hasPercents ||= PERCENT.test(cell);
  }
  const words = numbers === 0 ? twoWords(rows.map((row) => (row[j] ?? '').trim())) : null;
  yield;
  return { name, numbers, ...(hasPercents && { hasPercents }), ...(words && { words }) };
}

/** What is 1 wherever it stands beside another word. */
const ONES = /^(?:y|yes|t|true|on|positive|present|success|pass|passed|won|ja|oui|sí|si|vrai|wahr)$/iu;

/** The only two words of more cells than two, empty ones aside; 1 is what affirms, else the later in the alphabet. */
function twoWords(cells: readonly string[]): readonly [string, string] | null {
  const [a, b, ...more] = [...new Set(cells)].filter((cell) => cell !== '').sort();
  if (a === undefined || b === undefined || more.length > 0 || cells.length < 3) return null;
  return ONES.test(a) && !ONES.test(b) ? [b, a] : [a, b];
}

/** The same with 0 and 1 exchanged in a column of two words. */
export const turned = (csv: Csv, column: string): Csv => ({
  ...csv,
  columns: csv.columns.map((one) =>
    one.name === column && one.words ? { ...one, words: [one.words[1], one.words[0]] } : one,
  ),
});

/** The number that a cell of a column stands for, or null. */
function numberFor(cell: string, { words }: CsvColumn, decimal: Decimal): number | null {
  const word = words?.indexOf(cell.trim()) ?? -1;
  return word < 0 ? numberIn(cell, decimal) : word;
}

/** The first row names the columns if it has a cell that is no number where a number follows, or if it has no number at all. */
const isCommaDecimal = (cell: string): boolean => /^\s*[+-]?\d+,\d+\s*%?\s*$/u.test(cell);

function startsWithNames([first = [], second]: readonly (readonly string[])[], decimal: Decimal): boolean {
  const isNumber = (cell: string | undefined) => cell !== undefined && numberIn(cell, decimal) !== null;
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

/** The rows with a number in each of the chosen columns. */
export function completeRows({ columns, rows, decimal }: Csv, chosen: ReadonlySet<string>): number {
  const kept = columns.flatMap((column, j) => (chosen.has(column.name) ? [{ column, j }] : []));
  return rows.filter((row) => kept.every(({ column, j }) => numberFor(row[j] ?? '', column, decimal) !== null)).length;
}

/** The chosen columns as numbers; the first cell that is none is a fault with its row and column, or its row is left out. */
export function tableFrom(
  { columns, rows, places, decimal }: Csv,
  chosen: ReadonlySet<string>,
  leavesGapsOut = false,
): Result<Table> {
  const kept = columns.flatMap((column, j) => (chosen.has(column.name) ? [{ column, j }] : []));
  if (kept.length === 0) {
    const noNumbers = columns.every(({ numbers, words }) => numbers === 0 && !words);
    return fault(noNumbers ? 'No column has numbers in it.' : 'Choose at least one column.');
  }
  const numbers: number[][] = [];
  for (const [i, row] of rows.entries()) {
    const values = kept.map(({ column, j }) => numberFor(row[j] ?? '', column, decimal));
    const gap = values.indexOf(null);
    if (gap < 0) numbers.push(values as number[]);
    else if (!leavesGapsOut) {
      const { column, j } = kept[gap] as { column: CsvColumn; j: number };
      const cell = (row[j] ?? '').trim();
      const what = cell === '' ? 'the cell is empty' : `“${shortened(cell)}” is not a number`;
      const comma = isCommaDecimal(cell) ? ' A decimal number has a point.' : '';
      return fault(`Row ${places[i]}, column ${j + 1} (${column.name}): ${what}.${comma}`);
    }
  }
  if (numbers.length === 0) return fault('No row has a number in each of the chosen columns.');
  return success({ columns: kept.map(({ column }) => column.name), rows: numbers });
}

const shortened = (cell: string): string => (cell.length > 30 ? `${cell.slice(0, 30)}…` : cell);
