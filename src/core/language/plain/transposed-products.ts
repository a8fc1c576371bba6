/** Lines that transpose as in MATLAB or on paper, A'*x and xᵀ*Q*x: there `*` multiplies matrices, where it multiplies entries here. */
import { isFunctionName } from '../functions.ts';
import { beforeBracket, behindAtom, behindBracket } from './brackets.ts';
import type { Known } from './shapes.ts';
import { isSetting } from './statement.ts';

/** What a factor is, by its declaration or by the habit of its letter. */
type Kind = 'number' | 'matrix' | 'unknown';

interface Factor {
  readonly kind: Kind;
  readonly isTransposed: boolean;
}

const TRANSPOSED = /(?<=[\p{L}\p{N}_)\]])(?:'|[ᵀ⊤]|\^T(?![\p{L}\p{N}_(]))/u;
/** `.^`, of entries there, beside the `*` of matrices. */
const ENTRYWISE = /(?<!\d)\.[*/^]/u;
const TRANSPOSE_AT = /^(?:\.?'|[ᵀ⊤]|\^T(?![\p{L}\p{N}_(])|\.T(?![\p{L}\p{N}_]))/u;
const TIMES = /(?<![*.^])\*(?!\*)/gu;
const NUMERIC = /^[\s\d.eE+\-*/()½⅓¼]+$/u;
const TO_NUMBER = /^(?:sum|norm|trace|det|mean|dot|max|min)$/u;

/**
 * With @ for each `*` of a product in which something is transposed, and between a matrix and what it multiplies; numbers and names
 * of numbers keep theirs. The line itself where nothing is transposed; null where x*y' is a matrix of vectors whose lengths nothing tells.
 */
export function transposedProducts(line: string, known: Known): string | null {
  if (!(TRANSPOSED.test(line) || ENTRYWISE.test(line)) || /(?<=[(,]\s*)'/u.test(line)) return line; // 'fro' is a word
  let out = '';
  let from = 0;
  let isOfMatrices = false;
  let end = -1;
  for (const { index } of line.matchAll(TIMES)) {
    const left = before(line, index, known);
    const [right, behind] = after(line, index + 1, known);
    if (!left || !right) continue;
    const goesOn = line.slice(end, index).trim() === '' && end >= 0;
    if (left.kind === 'number' || right.kind === 'number') {
      if (!goesOn) isOfMatrices = false;
    } else if (right.isTransposed && !left.isTransposed && left.kind !== 'matrix' && !(goesOn && isOfMatrices)) {
      return null;
    } else {
      isOfMatrices = (goesOn && isOfMatrices) || left.isTransposed || right.isTransposed || left.kind === 'matrix';
      if (isOfMatrices) {
        out += `${line.slice(from, index).trimEnd()} @ `;
        from = index + 1 + (/^\s*/u.exec(line.slice(index + 1))?.[0].length ?? 0);
      }
    }
    end = behind;
  }
  return out + line.slice(from);
}

/** What ends before `to`. */
function before(line: string, to: number, known: Known): Factor | null {
  let text = line.slice(0, to).trimEnd();
  const isTransposed = /(?:'|[ᵀ⊤]|\^T|\.T)$/u.test(text);
  text = text.replace(/(?:\.?'|[ᵀ⊤]|\^T|\.T)$/u, '');
  const power = /\^(?:[\d.]+|[\p{L}_]\w*)$/u.exec(text);
  if (power) text = text.slice(0, power.index);
  const bracket = /[)\]]$/u.test(text) ? beforeBracket(text, text.length) : -1;
  const inner = bracket < 0 ? null : text.slice(bracket);
  const word = /[\p{L}\p{N}_.₀-₉²³]+$/u.exec(bracket < 0 ? text : text.slice(0, bracket))?.[0] ?? '';
  return word === '' && inner === null ? null : { kind: kindOf(word, inner, known), isTransposed };
}

/** What begins behind `from`, and where it ends. */
function after(line: string, from: number, known: Known): readonly [factor: Factor | null, end: number] {
  const begin = from + (/^\s*/u.exec(line.slice(from))?.[0].length ?? 0);
  const word = /^[\p{L}\p{N}_.₀-₉²³]+/u.exec(line.slice(begin))?.[0] ?? '';
  const open = begin + word.length;
  const behind = /[([]/u.test(line.charAt(open)) ? behindBracket(line, open) : -1;
  const inner = behind < 0 ? null : line.slice(open, behind);
  if (word === '' && inner === null) return [null, begin];
  const stem = behind < 0 ? open : behind;
  const sign = TRANSPOSE_AT.exec(line.slice(stem))?.[0] ?? '';
  const end = sign === '' ? Math.max(stem, behindAtom(line, begin)) : stem + sign.length;
  return [
    { kind: kindOf(word.replace(/\.T$/u, ''), inner, known), isTransposed: sign !== '' || /\.T$/u.test(word) },
    end,
  ];
}

function kindOf(word: string, inner: string | null, { shapes }: Known): Kind {
  if (word === '') return NUMERIC.test(inner ?? '') ? 'number' : 'unknown';
  if (/^[\d.]/u.test(word) && NUMERIC.test(word)) return 'number';
  if (inner !== null && (TO_NUMBER.test(word) || /^\[[^:]*\]$/u.test(inner))) return 'number';
  if (inner !== null && isFunctionName(word)) return 'unknown';
  const shape = shapes.get(word);
  if (shape) return shape.length === 0 ? 'number' : shape.length === 2 ? 'matrix' : 'unknown';
  if (isSetting(word)) return 'number';
  return /^\p{Lu}[\p{L}\p{N}_]*$/u.test(word) ? 'matrix' : 'unknown';
}
