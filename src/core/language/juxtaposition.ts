/** Two values side by side, `2x` or `a and b`: never right, so what was meant is guessed and said. */
import type { Diagnostic, Span } from '../diagnostic.ts';
import { isDraw, ONLY_PARAMETERS } from './draws-elsewhere.ts';
import { isFunctionName, ON_PAPER } from './functions.ts';

const PYTHON_WORDS: ReadonlyMap<string, string> = new Map([
  ['and', 'Several constraints stand on lines of their own or with ; between them; a range is a chain: 0 <= x <= 1.'],
  ['or', 'A constraint cannot be one or the other. Try two problems, or one function such as min(a, b) <= 0.'],
  ['not', 'A constraint cannot be negated; turn the inequality round instead.'],
  ['if', 'A value that depends on a condition is written where(condition, a, b).'],
  ['else', 'A value that depends on a condition is written where(condition, a, b).'],
  ['for', 'There are no loops: sum(w**2) sums over all entries of w.'],
  ['where', 'Constraints follow the words subject to.'],
  ['with', 'Constraints follow the words subject to.'],
  ['such', 'Constraints follow the words subject to.'],
  ['over', 'What is learned is declared with param.'],
  ['is', 'Equality is written =.'],
]);

/** Words that have one of their own here. */
export function wordFix(text: string, span: Span): Diagnostic['fix'] {
  const word = text.slice(...span);
  const that = word === 'such' ? /^\s+that\b:?/u.exec(text.slice(span[1]))?.[0] : '';
  const insert = new Map([
    ['and', ';'],
    ['is', '='],
    ['where', 'subject to'],
    ['with', 'subject to'],
    ['such', 'subject to'],
  ]).get(word);
  if (insert === undefined || that === undefined) return undefined;
  return { title: `Write ${insert}`, span: [span[0], span[1] + that.length], insert };
}

const MODULE_CALL =
  /(?:^|[^\p{L}\p{N}_])((?:np|numpy|torch|math|tf|jnp|jax|cp|cvxpy|F|nn)\.(?:(?:linalg|nn|functional|random)\.)*)([\p{L}\p{N}_]+)$/u;

const METHOD_CALL = /(?<![\p{L}\p{N}_.])([\p{L}_][\p{L}\p{N}_]*)\.([\p{L}_][\p{L}\p{N}_]*)$/u;

export function explainJuxtaposition(text: string, left: Span, right: Span): Diagnostic {
  const typed = text.slice(right[0], right[1]);
  for (const span of [left, right]) {
    const word = PYTHON_WORDS.get(text.slice(span[0], span[1]));
    if (word) {
      const fix = wordFix(text, span);
      return { severity: 'error', message: word, span, ...(fix && { fix }) };
    }
  }
  const module = MODULE_CALL.exec(text.slice(left[0], left[1]));
  if (module?.[1] && module[2] && typed.startsWith('(')) {
    const nameAt = left[1] - module[2].length;
    const span: Span = [nameAt - module[1].length, nameAt];
    return {
      severity: 'error',
      message: isDraw(module[2]) ? ONLY_PARAMETERS : `Functions are called without a module: ${module[2]}(…).`,
      span: [span[0], left[1]],
      ...(!isDraw(module[2]) && { fix: { title: `Write ${module[2]}`, span, insert: '' } }),
    };
  }
  const method = METHOD_CALL.exec(text.slice(left[0], left[1]));
  if (method?.[1] && method[2] && isFunctionName(method[2]) && typed.startsWith('(')) {
    const insert = `${method[2]}(${method[1]}, ${typed.slice(1)}`;
    const span: Span = [left[1] - method[1].length - method[2].length - 1, right[1]];
    const message = `A function stands before its arguments: ${short(insert)}.`;
    return { severity: 'error', message, span, fix: { title: `Write ${short(insert)}`, span, insert } };
  }
  const before = lastWord(text.slice(left[0], left[1]));
  const called = isFunctionName(before) ? before : ON_PAPER.get(before);
  if (called !== undefined) {
    const span: Span = [left[1] - before.length, right[1]];
    const fix = { title: `Write ${called}(…)`, span, insert: `${called}(${typed})` };
    return {
      severity: 'error',
      message: `A function needs brackets: ${called}(${short(typed)}).`,
      span: [left[1], right[1]],
      fix,
    };
  }
  if (left[1] < right[0] && areTwoConstraints(text.slice(0, left[1]), text.slice(right[0]))) {
    const span: Span = [left[1], right[0]];
    const message = 'Two constraints on one line have ; between them.';
    return {
      severity: 'error',
      message,
      span: [left[1] - before.length, right[1]],
      fix: { title: 'Write ;', span, insert: '; ' },
    };
  }
  const isImaginary = left[1] === right[0] && /^[ij]$/u.test(typed) && /^[\d.]/u.test(before);
  const found = isImaginary
    ? `${before}${typed} would be a complex number, and all numbers here are real.`
    : `An operator is missing between ${before} and ${short(typed)}.`;
  const sign = signBetween(before, typed);
  const product = sign === '*' ? 'A product' : 'The product of a matrix';
  return {
    severity: 'error',
    message: `${found} ${product} is written ${before}${sign}${short(typed)}.`,
    span: [left[1] - before.length, right[1]],
    fix: { title: `Write ${sign.trim()}`, span: [left[1], right[0]], insert: sign },
  };
}

/** What a product of two operands side by side is written with: a capital is a matrix, and multiplies what it stands beside. */
export const signBetween = (before: string, after: string): '*' | ' @ ' =>
  isMatrix(before) && !/^[(\d]/u.test(after) ? ' @ ' : '*';

const isMatrix = (operand: string): boolean => /^\p{Lu}[\p{L}\p{N}_]*(?:\.T)?$/u.test(operand) || /\.T$/u.test(operand);

const RELATION = /[<>=≤≥]/u;
const NUMBER = /^\s*[-+]?[\d.]+\s*$/u;

/** `x = 1 y = 2`: a gap with a relation on either side of it. `0 <= 2 x <= 1` is a range, and its gap a product. */
export function areTwoConstraints(before: string, after: string): boolean {
  const clause = before.split(/[\n\r;:]|subject\s+to|\bs\.t\.|\bst\b/u).at(-1) ?? '';
  const next = after.split(/[\n\r;]/u)[0] ?? '';
  const [left = ''] = clause.split(RELATION);
  return RELATION.test(clause) && RELATION.test(next) && !NUMBER.test(left);
}

const lastWord = (text: string): string => /[\p{L}\p{N}_.]+$/u.exec(text)?.[0] ?? short(text);
const short = (text: string): string =>
  text.length > 24 || /[\n\r]/u.test(text) ? `${text.slice(0, 24).replace(/[\n\r].*/su, '')}…` : text;
