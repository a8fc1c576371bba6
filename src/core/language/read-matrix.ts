/** A small matrix that is typed or pasted: rows in brackets, as here, in NumPy, PyTorch or MATLAB. */
import type { Matrix } from '../tensor/matrix.ts';
import { readPastedArray } from './paste-array.ts';

/** Null where the text is no list of equally long rows of numbers; a plain list is one row. */
export function readMatrix(text: string): Matrix | null {
  const found = readPastedArray(text) ?? readPastedArray(`array(${text})`); // a literal of the language is not pasted
  if (found === null) return null;
  const parsed = JSON.parse(found.literal) as number[] | number[][];
  const rows = parsed.map((row) => (typeof row === 'number' ? null : row)).filter((row) => row !== null);
  const all = rows.length > 0 ? rows : [parsed as number[]];
  return { rows: all.length, columns: all[0]?.length ?? 0, data: Float64Array.from(all.flat()) };
}
