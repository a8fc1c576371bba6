/** Constraints that are left out by a comment, and lines that are turned on and off. */
import { parse } from './parse.ts';

const SUBJECT_TO = /(^|[^\p{L}\d_.])(?:subject\s+to|st|s\.t\.?)(?![\p{L}\d_])\s*:?/u;

/** Lines after `subject to` that hold nothing but a constraint in a comment, counted from 1. */
export function linesThatAreOff(text: string): number[] {
  let isConstrained = false;
  return text.split('\n').flatMap((line, i) => {
    const comment = /^\s*#\s*(.*)$/u.exec(line)?.[1];
    if (comment === undefined) isConstrained ||= SUBJECT_TO.test(line.replace(/#.*$/u, ''));
    return isConstrained && comment !== undefined && isConstraint(comment) ? [i + 1] : [];
  });
}

function isConstraint(comment: string): boolean {
  if (!/[=<>≤≥]|\bin\b/u.test(comment)) return false;
  const document = parse(`minimize 0\nsubject to\n${comment}`);
  return (
    document.ok && document.value.statements.every(({ kind }, i) => kind === (i === 0 ? 'objective' : 'constraint'))
  );
}

/** The text with the line commented out, or its comment taken away. What stands before `subject to` on the line stays. */
export function toggleLine(text: string, line: number): string {
  const lines = text.split('\n');
  const own = lines[line - 1] ?? '';
  const comment = /^(\s*)#\s?(.*)$/u.exec(own);
  const keyword = SUBJECT_TO.exec(own.replace(/#.*$/u, ''));
  const end = keyword ? keyword.index + keyword[0].length : 0;
  lines[line - 1] = comment
    ? `${comment[1] ?? ''}${comment[2] ?? ''}`
    : keyword
      ? `${own.slice(0, end).trimEnd()}\n  # ${own.slice(end).trim()}`
      : own.replace(/^(\s*)/u, '$1# ');
  return lines.join('\n');
}
