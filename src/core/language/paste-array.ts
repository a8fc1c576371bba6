/** Arrays as NumPy, PyTorch and MATLAB write them → a literal of the language. Nothing of the text is kept but its numbers and its name. */

export interface PastedArray {
  /** What it was called there, where that is a name here too. */
  readonly name: string | null;
  /** `[[1, 1, 0], [0, 1, 1]]` */
  readonly literal: string;
}

/** More is no array that one would want in a text. */
const MAX_PASTED = 100_000;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
const ASSIGNED = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?!=)/;
/** What PyTorch prints before a parameter. */
const PARAMETER = /^Parameter containing:\s*/;
const WRAPPED = /^(?:(?:np|numpy|torch|jnp|cp)\.)?(?:array|tensor|asarray|matrix|Tensor|Array)\s*\(\s*/;
const AFTER = /^(?:\s*,\s*(?:dtype|device|requires_grad|grad_fn)\s*=\s*[\w.<>:'"]+)*\s*,?\s*\)\s*(\.T)?\s*;?\s*$/;
const AFTER_BRACKETS = /^\s*(\.?'|\.T)?\s*;?\s*$/;

/** Null where the text is anything else, or is a literal of the language already. */
export function readPastedArray(text: string): PastedArray | null {
  if (text.length > MAX_PASTED) return null;
  let rest = text
    .replace(/\.\.\.[^\n\]]*\n/g, ' ') // MATLAB's lines go on after three points
    .replace(/[#%].*$/gm, '') // comments of Python and of MATLAB
    .trim()
    .replace(PARAMETER, '');
  const assigned = ASSIGNED.exec(rest);
  rest = rest.slice(assigned?.[0].length ?? 0);
  const wrapped = WRAPPED.exec(rest);
  rest = rest.slice(wrapped?.[0].length ?? 0);
  // An assignment without a call is MATLAB's: there a line is a row. Printed by NumPy, a long vector goes on in the next line.
  const isMatlab = wrapped === null && assigned !== null;
  const parsed = bracketed(isMatlab ? rest.replace(/\s*\n\s*/g, '\n') : rest, isMatlab);
  if (parsed === null) return null;
  const ended = (wrapped ? AFTER : AFTER_BRACKETS).exec(parsed.rest);
  const isTransposed = ended?.[1] !== undefined;
  if (ended === null || !(wrapped || parsed.isSpaced || isTransposed)) return null;
  const { rows } = parsed;
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.some((row) => row.length !== width)) return null;
  return { name: assigned?.[1] ?? null, literal: literalOf(parsed, isTransposed) };
}

const list = (numbers: readonly number[]): string => `[${numbers.join(', ')}]`;

/** MATLAB has no vectors but rows and columns: both are vectors here. */
function literalOf({ rows, isVector, isNested }: Bracketed, isTransposed: boolean): string {
  const [first = []] = rows;
  if (isVector || (!isNested && first.length === 1)) return list(rows.flat());
  const oriented = isTransposed ? first.map((_, j) => rows.map((row) => row[j] ?? 0)) : rows;
  return `[${oriented.map(list).join(', ')}]`;
}

interface Bracketed {
  readonly rows: readonly (readonly number[])[];
  readonly isVector: boolean;
  /** Rows are lists of their own, as in Python. */
  readonly isNested: boolean;
  /** Numbers are set apart by spaces, or rows by semicolons: as no list of the language is. */
  readonly isSpaced: boolean;
  readonly rest: string;
}

/** `[…]` with numbers, or with lists of numbers. `linesAreRows`: a line end is as good as a semicolon. */
function bracketed(text: string, linesAreRows: boolean): Bracketed | null {
  const rows: number[][] = [];
  let row: number[] = [];
  let [depth, deepest, place, isSpaced, hasComma] = [0, 0, 0, false, true];
  while (place < text.length) {
    const rest = text.slice(place, place + 64);
    const [space = ''] = /^\s+/.exec(rest) ?? [];
    const number = NUMBER.exec(rest)?.[0];
    const sign = rest[0];
    const endsRow = linesAreRows && sign === '\n' && depth === 1 && deepest === 1;
    if (endsRow) {
      if (row.length > 0) {
        rows.push(row);
        isSpaced = true;
      }
      row = [];
      hasComma = true;
      place += 1;
    } else if (space !== '') place += space.length;
    else if (number !== undefined && depth > 0) {
      if (!hasComma && row.length > 0) isSpaced = true;
      row.push(Number(number));
      hasComma = false;
      place += number.length;
    } else if (sign === '[' && depth < 2) {
      depth += 1;
      deepest = Math.max(deepest, depth);
      if (depth === 2 && !hasComma && rows.length > 0) isSpaced = true;
      hasComma = true;
      place += 1;
    } else if (sign === ',' && depth > 0) {
      hasComma = true;
      place += 1;
    } else if (sign === ';' && depth === 1 && deepest === 1) {
      rows.push(row);
      row = [];
      isSpaced = true;
      hasComma = true;
      place += 1;
    } else if (sign === ']' && depth > 0) {
      if (row.length > 0) rows.push(row);
      row = [];
      depth -= 1;
      hasComma = false;
      place += 1;
      if (depth === 0) {
        const isVector = deepest === 1 && rows.length === 1;
        return rows.flat().every(Number.isFinite)
          ? { rows, isVector, isNested: deepest > 1, isSpaced, rest: text.slice(place) }
          : null;
      }
    } else return null;
  }
  return null;
}
