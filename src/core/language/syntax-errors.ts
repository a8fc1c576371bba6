/** Explains the places where the grammar gave up, from the words around them. */
import { at, type Diagnostic, type Span } from '../diagnostic.ts';
import { ONLY_PARAMETERS } from './draws-elsewhere.ts';
import { fixOfForeign } from './foreign-signs.ts';
import { isFunctionName } from './functions.ts';
import { wordFix } from './juxtaposition.ts';
import { NUCLEAR_NORM } from './plain/elsewhere.ts';
import { codePoint, isKeyword, type Token } from './scan.ts';

const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['{', 'Curly brackets mean nothing here: group with ( ), list with [ ].'],
  ['}', 'Curly brackets mean nothing here: group with ( ), list with [ ].'],
  ["'", 'Quotes mean nothing here. The transpose of A is written A.T.'],
  ['"', 'Quotes mean nothing here: names are written plainly.'],
  ['$', 'Formulas are written plainly, without dollar signs.'],
  ['\\', 'This is not LaTeX: write x1, sqrt(x), sum(w) plainly.'],
  ['%', 'A comment begins with #, and there is no remainder of a division.'],
  ['&', 'Several constraints stand on lines of their own, or with ; between them.'],
  ['|', 'The absolute value is written abs(x), the length of a vector norm(x).'],
  ['!', 'Constraints are written with =, <= or >=.'],
  ['²', 'A square is written ^2.'],
  ['³', 'A cube is written ^3.'],
  ['√', 'The root is written sqrt(x).'],
  ['∑', 'A sum over the entries of w is written sum(w).'],
  ['∈', 'Membership is written in: w in simplex.'],
  ['‖', 'The length of a vector is written norm(x).'],
  ['?', 'A question mark means nothing here.'],
]);

/** NumPy and PyTorch print long arrays with three points in the middle. */
const LEFT_OUT =
  'Three points stand for numbers that were left out when this was printed. All of them are needed: NumPy prints them after np.set_printoptions(threshold=np.inf), PyTorch after torch.set_printoptions(profile="full").';

export const NO_FUNCTIONS = 'Functions cannot be defined; let names one value: let f = x^2, and then minimize f.';

const OPERATOR = /^(?:\*\*|[+\-−*·×⋅/@^~]|[<>=!]=|=[<>]|[<>=≤≥≠])$/u;
const CONTINUES = /^(?:\*\*|[*·×⋅/@^])$/u;
const RELATION = /^(?:[<>=!]=|=[<>]|[<>=≤≥≠])$/u;
const DECLARES = new Set(['param', 'let', 'data']);
/** Letters and what may follow them, as in the grammar. */
const LETTER = /^[a-zA-Z_ªµºÀ-ÖØ-öø-ɏͰ-ͳͶͷͻ-ͽͿΆΈ-ЁЂ-ҁҊ-ԯḀ-ỿℓぁ-ゖァ-ヺ一-鿿가-힣]$/u;
const FOLLOWS = /^[\d\p{Mn}\u2032\u2080-\u2089]$/u;
const isName = (word: string): boolean => [...word].every((sign) => LETTER.test(sign) || FOLLOWS.test(sign));
const WORD_START = /[\p{L}\p{N}_]/u;

const error = (message: string, span: Span, fix?: Diagnostic['fix']): Diagnostic => ({
  severity: 'error',
  message,
  span,
  ...(fix && { fix }),
});

const asParameter = ({ span }: Token): Diagnostic['fix'] => ({ title: 'Write param', span, insert: 'param' });

/** `data X[64, 256] ~ normal(0, 1)`: the inputs of made-up regression are such a matrix. */
function asRegression(tokens: readonly Token[], index: number): Diagnostic['fix'] | undefined {
  const drawn = /^data[^,]*\[\d+,\d+\]~normal\(0,1\)$/u;
  const from = tokens.slice(0, index).findLastIndex(({ text }) => text === 'data');
  const [sign, last] = [tokens[index], tokens[index + 6]];
  const isDrawn = drawn.test(
    tokens
      .slice(from, index + 7)
      .map(({ text }) => text)
      .join(''),
  );
  if (from < 0 || !sign || !last || !isDrawn) return undefined;
  return { title: 'Write = regression()', span: [sign.span[0], last.span[1]], insert: '= regression()' };
}

/** `position` is where the parser met something it could not use. */
export function explainSyntax(text: string, tokens: readonly Token[], position: number): Diagnostic {
  const found = tokens.findIndex(({ span }) => span[1] > position);
  const index = found < 0 ? tokens.length : found;
  const [next, previous, beforeThat] = [tokens[index], tokens[index - 1], tokens[index - 2]];
  const foreign = next && explainForeign(text, tokens, index);
  if (foreign) return foreign;
  const bare = dataWithoutNumbers(text, tokens, index);
  if (bare) return bare;
  if (beforeThat && previous && next) {
    const habit = explainHabit([tokens[index - 4], tokens[index - 3]], beforeThat, previous, next);
    if (habit) return habit;
  }
  if (next && isKeyword(next.text) && previous && DECLARES.has(previous.text)) {
    return error(`${next.text} is a word of the language and cannot be a name.`, next.span);
  }
  if (next) {
    const word = tokens.slice(0, index).findLast(({ text: typed }) => /^(?:lambda|def)$/u.test(typed));
    if (word && isOnLine(text, word, next)) return error(NO_FUNCTIONS, word.span);
    const both = tokens.slice(0, index).findLast(({ text: typed }) => /^(?:and|or)$/u.test(typed));
    if (both && isOnLine(text, both, next) && isInBrackets(tokens, index)) return error(ONE_COMPARISON, both.span);
  }
  if (previous?.text === '/' && next?.text === '/')
    return error('A comment begins with #, and there is no division of whole numbers.', [
      previous.span[0],
      next.span[1],
    ]);
  if (previous?.text === 'to' && next && !isKeyword(next.text) && next.text !== ';')
    return error(`A constraint cannot begin with ${shown(next)}.`, next.span);
  if (previous && expectsMore(previous.text)) {
    const before = next && !/[\n\r]/u.test(between(text, previous, next)) ? `, before ${shown(next)}` : '';
    return error(`Something is missing after ${shown(previous)}${before}.`, previous.span);
  }
  if (next?.text === '~') {
    const keyword = tokens.slice(0, index).findLast(({ text: word }) => isKeyword(word));
    if (keyword && /^(?:data|let)$/u.test(keyword.text))
      return error(ONLY_PARAMETERS, next.span, asRegression(tokens, index) ?? asParameter(keyword));
  }
  if (previous && beforeThat && DECLARES.has(beforeThat.text)) {
    if (next?.text === '(') return error(NO_FUNCTIONS, next.span);
    const typed = next && /^:\s*\p{L}+\s*[([]\s*(\d+(?:\s*,\s*\d+)?)\s*[)\]]/u.exec(text.slice(next.span[0]));
    if (typed && beforeThat.text === 'param') {
      const span: Span = [previous.span[1], next.span[0] + typed[0].length];
      const fix = { title: `Write ${shown(previous)}[${typed[1]}]`, span, insert: `[${typed[1]}]` };
      return error(`A shape stands in square brackets: ${shown(previous)}[${typed[1]}].`, next.span, fix);
    }
    const end: Span = [previous.span[1], previous.span[1]];
    const fix = { title: `Write ${shown(previous)} = 1`, span: end, insert: ' = 1' };
    return error(`${shown(previous)} needs a value: ${shown(previous)} = 1.`, previous.span, fix);
  }
  if (!next) return error('The text ends too early here.', previous?.span ?? [0, text.length]);
  if (RELATION.test(next.text) && isInObjective(tokens, index)) {
    const word = tokens.slice(0, index).findLast((token) => /^(?:where|with|such)$/u.test(token.text));
    const fix = word && wordFix(text, word.span);
    return error('The objective is one value. What must hold stands after subject to.', next.span, fix);
  }
  const named = RELATION.test(next.text) ? comparisonOfLet(text, tokens, index) : null;
  if (named) return named;
  if (CONTINUES.test(next.text) || RELATION.test(next.text)) return explainLeadingOperator(text, previous, next);
  if (isKeyword(next.text)) return error(`${next.text} is a word of the language and cannot stand here.`, next.span);
  if (!previous) return error(`The text cannot begin with ${shown(next)}.`, next.span);
  if (WORD_START.test(next.text) && WORD_START.test(previous.text)) {
    const span: Span = [previous.span[0], next.span[1]];
    return error(`Something is missing between ${shown(previous)} and ${shown(next)}.`, span);
  }
  return error(`${shown(next)} does not fit here, after ${shown(previous)}.`, next.span);
}

/** `data A[2,2]` and `data A` with nothing behind them. */
function dataWithoutNumbers(text: string, tokens: readonly Token[], index: number): Diagnostic | null {
  const begin = tokens.slice(0, index).findLastIndex((token) => isKeyword(token.text) || token.text === ';');
  const [word, name, last, next] = [tokens[begin], tokens[begin + 1], tokens[index - 1], tokens[index]];
  const isOver =
    !next || next.text === ';' || isKeyword(next.text) || (last !== undefined && !isOnLine(text, last, next));
  if (word?.text !== 'data' || !name || !last || index < begin + 2 || !isOver || !/^[\p{L}_]/u.test(name.text))
    return null;
  const declared = text.slice(name.span[0], last.span[1]);
  const [, lengths] = /^[\p{L}\p{N}_]+\s*(?:\[\s*(\d+(?:\s*,\s*\d+)?)\s*\])?$/u.exec(declared) ?? ['', undefined];
  const message = `Data are given with their numbers: ${name.text} = ${lengths?.includes(',') || /^\p{Lu}/u.test(name.text) ? '[[1, 2], [3, 4]]' : '[1, 2, 3]'}, a table of yours, or a data set, as in data X[100,3], y[100] = regression().`;
  const span: Span = [name.span[0], last.span[1]];
  if (lengths === undefined) return error(message, span);
  const insert = ` = zeros(${lengths.split(/\s*,\s*/u).join(', ')})`;
  return error(message, span, { title: `Write${insert}`, span: [last.span[1], last.span[1]], insert });
}

/** Habits of other languages: `0,5` and `x.sum()`. */
function explainHabit(
  [object, first]: readonly [Token | undefined, Token | undefined],
  second: Token,
  previous: Token,
  next: Token,
): Diagnostic | null {
  const isDecimal = /^\d+$/u.test(second.text) && previous.text === ',' && /^\d/u.test(next.text);
  if (isDecimal && second.span[1] === previous.span[0] && previous.span[1] === next.span[0]) {
    const number = `${second.text}.${next.text}`;
    const fix = { title: `Write ${number}`, span: previous.span, insert: '.' };
    return error(`A decimal number is written with a point: ${number}.`, [second.span[0], next.span[1]], fix);
  }
  if (first?.text === '.' && previous.text === '(' && next.text === ')') {
    const insert = object && /^\p{L}/u.test(object.text) ? `${second.text}(${object.text})` : null;
    const span: Span = [object?.span[0] ?? second.span[0], next.span[1]];
    const fix = insert !== null && isFunctionName(second.text) ? { title: `Write ${insert}`, span, insert } : undefined;
    return error(`A function stands before its argument: ${second.text}(…).`, second.span, fix);
  }
  return previous.text === '(' && next.text === ')'
    ? error('There is nothing between these brackets.', [previous.span[0], next.span[1]])
    : null;
}

/** Whether the last word that begins a statement is `minimize` or `maximize`, and no statement has ended since. */
function isInObjective(tokens: readonly Token[], index: number): boolean {
  const begins = tokens.slice(0, index).findLast(({ text }) => text === ';' || isKeyword(text));
  return begins !== undefined && /^(?:max|min)imi[sz]e$/u.test(begins.text);
}

/** `let above = x > 0`: a comparison has a place in where alone. */
function comparisonOfLet(text: string, tokens: readonly Token[], index: number): Diagnostic | null {
  const begin = tokens.slice(0, index).findLastIndex((token) => token.text === ';' || isKeyword(token.text));
  const [word, equals, next] = [tokens[begin], tokens[begin + 2], at(tokens, index)];
  if ((word?.text !== 'let' && word?.text !== 'data') || equals?.text !== '=' || !isOnLine(text, word, next))
    return null;
  const line = /^[^\n\r;#]*/u.exec(text.slice(equals.span[1]))?.[0] ?? '';
  const from = equals.span[1] + (line.length - line.trimStart().length);
  const insert = `where(${line.trim()}, 1, 0)`;
  const fix = { title: `Write ${insert}`, span: [from, equals.span[1] + line.trimEnd().length] as const, insert };
  return error('A comparison stands in where, which says what it gives: 1 where it holds, else 0.', next.span, fix);
}

const ONE_COMPARISON = 'A condition is one comparison. For two, where stands in where: where(a, where(b, p, q), q).';

const isInBrackets = (tokens: readonly Token[], index: number): boolean =>
  tokens.slice(0, index).reduce((depth, { text }) => depth + (text === '(' ? 1 : text === ')' ? -1 : 0), 0) > 0;

const isOnLine = (text: string, a: Token, b: Token): boolean => !/[\n\r]/u.test(text.slice(a.span[0], b.span[0]));

const expectsMore = (word: string): boolean =>
  OPERATOR.test(word) || ['(', '[', ',', ':', '.'].includes(word) || isKeyword(word) || word === 'to';

const between = (text: string, previous: Token, next: Token): string => text.slice(previous.span[1], next.span[0]);

function explainForeign(text: string, tokens: readonly Token[], index: number): Diagnostic | null {
  const { text: typed, span } = at(tokens, index);
  if (typed === '…' || text.startsWith('...', span[0])) return error(LEFT_OUT, span);
  if (/^(['"])nuc\1/u.test(text.slice(span[0], span[0] + 5))) return error(NUCLEAR_NORM, [span[0], span[0] + 5]);
  const known = FOREIGN.get(typed);
  if (known) return error(known, span, fixOfForeign(text, tokens, index));
  if (/^\p{L}/u.test(typed) && !isName(typed))
    return error(
      `${shown({ text: typed, span })} holds a letter that names cannot have. Latin and Greek letters always work.`,
      span,
    );
  if (/^[\p{L}\w.,;:()[\]~]/u.test(typed) || OPERATOR.test(typed)) return null;
  const fix = /[\p{Sm}\p{N}\p{L}\p{Pd}\p{Ps}\p{Pe}]/u.test(typed)
    ? undefined
    : { title: 'Remove it', span, insert: '' };
  return error(`The character ${typed} (${codePoint(typed)}) means nothing here.`, span, fix);
}

function explainLeadingOperator(text: string, previous: Token | undefined, next: Token): Diagnostic {
  if (!previous) return error(`Something is missing before ${next.text}.`, next.span);
  const gap = between(text, previous, next);
  if (!/[\n\r]/u.test(gap))
    return error(`Something is missing between ${shown(previous)} and ${next.text}.`, next.span);
  const message = `A line cannot begin with ${next.text}: end the line before with it, so that both are read as one.`;
  if (gap.includes('#')) return error(message, next.span);
  const span: Span = [previous.span[1], next.span[0]];
  return error(message, next.span, { title: 'Join the lines', span, insert: ' ' });
}

/** Long words are cut and points and brackets quoted, so that a message stays one sentence. */
const shown = ({ text }: Token): string =>
  text.length > 30 ? `${text.slice(0, 30)}…` : /^[.,:;()[\]]$/u.test(text) ? `“${text}”` : text;
