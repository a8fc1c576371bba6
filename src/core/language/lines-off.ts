/** Constraints that are left out: after `subject to`, comments that hold one and nothing else. */
import type { ConstraintStatement } from './document.ts';
import { read } from './read.ts';

export interface OffLines {
  /** The first and the last line, counted from 1. */
  readonly line: number;
  readonly last: number;
  /** What they would say, in one line. */
  readonly text: string;
}

export const SUBJECT_TO = /(^|[^\p{L}\d_.])(?:subject\s+to|st|s\.t\.?)(?![\p{L}\d_])\s*:?/u;
/** A line that is a comment: what stands before it, and what it says. */
export const COMMENT = /^(\s*)#\s?(.*)$/u;
/** A comment of more lines is no constraint. */
const MOST_LINES = 20;

export function linesThatAreOff(text: string): OffLines[] {
  const lines = text.split('\n');
  const found: OffLines[] = [];
  let isConstrained = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (!COMMENT.test(line)) {
      isConstrained ||= SUBJECT_TO.test(line.replace(/#.*$/u, ''));
      continue;
    }
    const off = isConstrained ? beginningAt(lines, i) : null;
    if (off === null) continue;
    found.push(off);
    i = off.last - 1;
  }
  return found;
}

/** Further lines belong to a constraint as long as it is not at its end. */
function beginningAt(lines: readonly string[], first: number): OffLines | null {
  let code = '';
  for (let i = first; i < first + MOST_LINES; i++) {
    const comment = COMMENT.exec(lines[i] ?? '')?.[2];
    if (comment === undefined) return null;
    code += `${i > first ? '\n' : ''}${comment}`;
    if (/[=<>≤≥]|\bin\b/u.test(code) && alone(code) !== null)
      return { line: first + 1, last: i + 1, text: oneLine(code) };
    if (!goesOn(code)) return null;
  }
  return null;
}

/** Whether a bracket is open, or an operator stands at the end. */
function goesOn(code: string): boolean {
  const count = (brackets: RegExp) => (code.match(brackets) ?? []).length;
  return /[-+−*/@^=<>≤≥]\s*$/u.test(code) || count(/[([]/gu) > count(/[)\]]/gu);
}

/** Stands before code that is read alone: its spans count from here. */
export const HEAD = 'minimize 0\nsubject to\n';

/** The constraints of code that holds nothing else, and at least one. */
export function alone(code: string): readonly ConstraintStatement[] | null {
  const document = read(HEAD + code);
  if (!document.ok) return null;
  const statements = document.value.statements.slice(1);
  return statements.length > 0 && statements.every((statement) => statement.kind === 'constraint') ? statements : null;
}

export const oneLine = (code: string): string => code.replace(/#.*$/gmu, '').replace(/\s+/gu, ' ').trim();
