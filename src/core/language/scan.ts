/** Words and signs of the text, for what a grammar explains badly: hidden characters and brackets that do not match. */
import { at, type Diagnostic, type Span } from '../diagnostic.ts';
import { MAX_DEPTH, tooDeep } from './limits.ts';

export interface Token {
  readonly text: string;
  readonly span: Span;
}

const TOKEN =
  /#[^\n\r]*|s\.t\b\.?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[\p{L}_][\p{L}\p{Nd}\p{M}_\u2032\u2080-\u2089]*|\*\*|[<>=!]=|=[<>]|[^\s\ufeff]/gu;

/** Comments and blanks left out. */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    if (!match[0].startsWith('#')) tokens.push({ text: match[0], span: [match.index, match.index + match[0].length] });
  }
  return tokens;
}

const STARTS_STATEMENT = new Set([
  'param',
  'data',
  'let',
  'minimize',
  'maximize',
  'minimise',
  'maximise',
  'subject',
  'st',
  's.t',
  's.t.',
  ';',
]);

export const isKeyword = (word: string): boolean => word === 'in' || (word !== ';' && STARTS_STATEMENT.has(word));

const HIDDEN = /[\0\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069]/u;

/** Characters that change how a text looks but not what it says (CVE-2021-42574, “Trojan Source”), outside comments. */
export function hiddenCharacters(tokens: readonly Token[]): Diagnostic[] {
  return tokens
    .filter(({ text }) => HIDDEN.test(text))
    .map(({ text, span: [from, to] }) => {
      const offset = text.search(HIDDEN);
      const span: Span = to - from === 1 ? [from, to] : [from + offset, from + offset + 1];
      return {
        severity: 'error',
        message: `There is an invisible character here (${codePoint(text.slice(offset))}), which can make a text look like another one.`,
        span,
        fix: { title: 'Remove it', span, insert: '' },
      };
    });
}

export const codePoint = (text: string): string =>
  `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
]);

/** Brackets that are never closed, never opened, closed by the wrong kind, or nested too deep; the first such place. */
export function unmatchedBracket(text: string, tokens: readonly Token[]): Diagnostic | null {
  const open: Token[] = [];
  for (const token of tokens) {
    if (CLOSING.has(token.text)) {
      open.push(token);
      if (open.length > MAX_DEPTH) return { severity: 'error', message: tooDeep, span: token.span };
    } else if (token.text === ')' || token.text === ']') {
      const opening = open.pop();
      if (!opening) {
        const fix = { title: `Remove ${token.text}`, span: token.span, insert: '' };
        return {
          severity: 'error',
          message: `Nothing is open that this ${token.text} could close.`,
          span: token.span,
          fix,
        };
      }
      const expected = closingOf(opening);
      if (expected !== token.text) {
        const fix = { title: `Write ${expected}`, span: token.span, insert: expected };
        return {
          severity: 'error',
          message: `${opening.text} is closed by ${token.text} here.`,
          span: token.span,
          fix,
        };
      }
    } else if (open.length > 0 && STARTS_STATEMENT.has(token.text)) {
      if (token.text === ';' && open[open.length - 1]?.text === '[') {
        const message = 'A matrix is a list of its rows: [[1, 2], [3, 4]].';
        const fix = rowsFix(text, at(open, open.length - 1));
        return { severity: 'error', message, span: token.span, ...(fix && { fix }) };
      }
      return unclosed(text, at(open, open.length - 1), token.span[0]);
    }
  }
  const last = open.pop();
  return last ? unclosed(text, last, text.length) : null;
}

/** `[1, 2; 3, 4]` as a list of its rows. */
function rowsFix(text: string, { span: [from, to] }: Token): Diagnostic['fix'] {
  const end = text.indexOf(']', to);
  const inner = text.slice(to, Math.max(to, end));
  if (end < 0 || /[[(\n\r#]/u.test(inner)) return undefined;
  const rows = inner.split(';').map(
    (row) =>
      `[${row
        .trim()
        .split(/\s*,\s*|\s+/u)
        .join(', ')}]`,
  );
  const insert = `[${rows.join(', ')}]`;
  return { title: `Write ${insert.length > 40 ? '[[…], …]' : insert}`, span: [from, end + 1], insert };
}

const closingOf = ({ text }: Token): string => CLOSING.get(text) ?? ')';

function unclosed(text: string, opening: Token, before: number): Diagnostic {
  const lineEnd = text.slice(opening.span[1]).search(/[#\n\r]/u);
  const limit = lineEnd < 0 ? before : Math.min(before, opening.span[1] + lineEnd);
  const end = text.slice(0, limit).trimEnd().length;
  const closing = closingOf(opening);
  return {
    severity: 'error',
    message: `This ${opening.text} is never closed.`,
    span: opening.span,
    fix: { title: `Write ${closing}`, span: [end, end], insert: closing },
  };
}
