/** Spaces and brackets as the language prints them; comments, blank lines and the order of statements stay as they are. */
import type { Span } from '../diagnostic.ts';
import type { Document, Statement } from './document.ts';
import type { Expr } from './expr.ts';
import { printDocument, printText } from './print-text.ts';
import { read } from './read.ts';

/** The text in good form; null where it has errors. The formatted text says the same, and formatting it again changes nothing. */
export function formatText(text: string): string | null {
  const document = read(text);
  if (!document.ok) return null;
  const formatted = trimmed(indented(spaced(withPrinted(document.value))));
  const again = read(formatted);
  return again.ok && printDocument(again.value) === printDocument(document.value) ? formatted : trimmed(text);
}

/** Expressions of one line without a comment are printed anew, from the last to the first. */
function withPrinted({ text, statements }: Document): string {
  const spans = statements.flatMap(expressionsOf).sort((a, b) => b.span[0] - a.span[0]);
  return spans.reduce((result, expr) => {
    const [from, to]: Span = expr.span;
    return /[#\n\r]/u.test(text.slice(from, to)) ? result : result.slice(0, from) + printText(expr) + result.slice(to);
  }, text);
}

function expressionsOf(statement: Statement): readonly Expr[] {
  switch (statement.kind) {
    case 'parameter':
      return [statement.start ?? statement.draw].filter((expr) => expr !== undefined);
    case 'data':
    case 'definition':
    case 'objective':
      return [statement.value];
    case 'constraint':
      return [...(statement.priority ? [statement.priority] : []), ...statement.operands];
  }
}

/** One blank around relations, after `;` and `:`, and between words; a comment keeps its distance. */
function spaced(text: string): string {
  let depth = 0;
  return text
    .split('\n')
    .map((line) => {
      const [, indent = '', code = '', comment = ''] = /^(\s*)([^#]*?)(\s*(?:#.*)?)$/su.exec(line) ?? [];
      let result = '';
      for (const [piece] of code.matchAll(/[([\])]|\s*(?:[<>=!]=|=[<>]|[<>=≤≥~;:])\s*|\s+|[^\s()[\]<>=!≤≥~;:]+|./gsu)) {
        if (piece === '(' || piece === '[') depth++;
        else if (piece === ')' || piece === ']') depth--;
        const sign = piece.trim();
        const isWithin = depth > 0;
        if (isWithin || /^[()[\]]$/u.test(sign)) result += piece;
        else if (sign === ';' || sign === ':') result += `${sign} `;
        else if (/^(?:[<>=!]=|=[<>]|[<>=≤≥~])$/u.test(sign)) result += ` ${sign} `;
        else result += sign === '' ? ' ' : piece;
      }
      return indent + (depth > 0 ? result : result.trimEnd()) + comment;
    })
    .join('\n');
}

/** Lines after `subject to` are indented by two, others by nothing; lines inside open brackets keep what they have. */
function indented(text: string): string {
  let isConstrained = false;
  let depth = 0;
  const lines = text.split('\n').map((line) => {
    const code = line.replace(/#.*$/u, '');
    const isStatement = /^\s*(?:param|data|let|m(?:in|ax)imi[sz]e|subject\s+to|st|s\.t\.?)(?![\p{L}\d_])/u.test(line);
    const isInside = depth > 0;
    depth += (code.match(/[([]/gu) ?? []).length - (code.match(/[)\]]/gu) ?? []).length;
    const own = isInside ? line : (isConstrained && !isStatement ? '  ' : '') + line.trimStart();
    if (/(?:^|[^\p{L}\d_.])(?:subject\s+to|st|s\.t\.?)(?![\p{L}\d_])/u.test(code)) isConstrained = true;
    return own;
  });
  return lines.join('\n');
}

const trimmed = (text: string): string => text.replace(/[ \t\r]+(?=\n|$)/gu, '');
