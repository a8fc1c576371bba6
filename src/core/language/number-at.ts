/** The number under the cursor, for a slider, and the text with another in its place. */
import type { Span } from '../diagnostic.ts';

export interface WrittenNumber {
  /** Of the digits, and of a sign that belongs to the number alone. */
  readonly span: Span;
  readonly value: number;
  /** After `^` or `**`: there, whole numbers are meant. */
  readonly isExponent: boolean;
}

/** Digits that are no part of a name: in `x1` there is no number. */
const NUMBER = /(?<![\p{L}\p{N}_.])(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}_])/gu;

/** What a sign follows where it is the number's own: the beginning, a bracket, a comma, a relation, an operation, or a word like `minimize`. */
const BEFORE_SIGN = /(?:^|[([,;:=<>≤≥~*/^+-]|\b(?:minimi[sz]e|maximi[sz]e|to))\s*$/;

/** The number that the position is in or beside; null in comments, and for sizes and indices in square brackets after a name. */
export function numberAt(text: string, position: number): WrittenNumber | null {
  const lineStart = text.lastIndexOf('\n', position - 1) + 1;
  const lineEnd = text.indexOf('\n', position);
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const comment = line.indexOf('#');
  for (const match of line.matchAll(NUMBER)) {
    const [from, to] = [lineStart + match.index, lineStart + match.index + match[0].length];
    if (position < from || position > to || (comment >= 0 && match.index > comment)) continue;
    if (isIndex(text.slice(0, from))) return null;
    const before = text.slice(lineStart, from);
    const sign = /-\s*$/.exec(before);
    const isSigned = sign !== null && BEFORE_SIGN.test(before.slice(0, sign.index));
    const start = isSigned ? lineStart + sign.index : from;
    const value = Number(match[0].replaceAll('_', '')) * (isSigned ? -1 : 1);
    return { span: [start, to], value, isExponent: /(?:\^|\*\*)\s*\(?\s*$/.test(text.slice(lineStart, start)) };
  }
  return null;
}

/** Whether the innermost open square bracket stands behind a name or another bracket, as in `w[3]`: its numbers count. */
function isIndex(before: string): boolean {
  let depth = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const letter = before[i] as string;
    if (letter === ']') depth += 1;
    if (letter !== '[') continue;
    if (depth === 0) return /[\p{L}\p{N}_\])]$/u.test(before.slice(0, i));
    depth -= 1;
  }
  return false;
}

/**
 * The text with `value` in the number's place, and a position in it; a negative one in brackets where an operation stands before it,
 * which go when it is positive again.
 */
export function withNumber(
  text: string,
  { span: [from, to] }: Pick<WrittenNumber, 'span'>,
  value: number,
): { readonly text: string; readonly position: number } {
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const isOperand = value < 0 && /[+\-*/^]\s*$/.test(before);
  if (isOperand) return { text: `${before}(${value})${after}`, position: from + 2 };
  const isFreed = value >= 0 && text[from] === '-' && /[+\-*/^]\s*\($/.test(before) && after.startsWith(')');
  if (isFreed) return { text: before.slice(0, -1) + value + after.slice(1), position: from - 1 };
  return { text: before + value + after, position: from + (value < 0 ? 1 : 0) };
}
