/** Tables of numbers with named columns, and how their columns are called in a text. */
import type { Table } from '../contracts/data.ts';

/** A table of our own: commas, no quotes, a line of names first. What readers bring is read by the app. */
export function tableOf(text: string): Table {
  const [names = '', ...lines] = text.trim().split(/\r?\n/u);
  return { columns: names.split(','), rows: lines.map((line) => line.split(',').map(Number)) };
}

/** `Beak Length (mm)` → `Beak_Length_mm`: the name of a column where names have no blanks. */
export function identifierOf(column: string): string {
  const name = column
    .normalize('NFC')
    .replace(/[^\p{L}\d_]+/gu, '_')
    .replace(/^_+|_+$/gu, '');
  return /^\p{L}/u.test(name) ? name : `c${name}`;
}
