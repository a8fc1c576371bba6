/** A text of separated values as lines of cells, read piece by piece: a file of fifty million characters takes seconds. */
import Papa from 'papaparse';
import type { Stages } from '../../core/stages.ts';

export interface CsvLines {
  readonly lines: readonly string[][];
  /** Where a quotation mark is not closed, or closed too early: the place of its line among them; null where nowhere. */
  readonly broken: number | null;
}

/** Characters that are read in some hundredths of a second. */
const PIECE = 200_000;

/** With a pause after each piece. The same lines as of the whole text at once; ends at the first that is broken. */
export function* csvLines(
  text: string,
  separators: { readonly delimiter: string; readonly newline: '\r' | '\n' | '\r\n' },
  piece = PIECE,
): Stages<CsvLines> {
  const lines: string[][] = [];
  let begin = 0;
  let length = piece;
  while (begin < text.length) {
    const end = Math.min(text.length, begin + length);
    const isLast = end === text.length;
    const { data, errors, meta }: Papa.ParseResult<string[]> = new Papa.Parser(separators).parse(
      text.slice(begin, end),
      begin,
      !isLast, // a line that is cut off is read with the next piece
    );
    const fault = errors.find(({ type, row = 0 }) => type === 'Quotes' && (isLast || row < data.length));
    for (const line of data) lines.push(line);
    if (fault) return { lines, broken: lines.length - data.length + (fault.row ?? 0) };
    if (isLast) break;
    length = meta.cursor > begin ? piece : 2 * length;
    begin = meta.cursor;
    yield;
  }
  return { lines, broken: null };
}
