/** The text with other start values: what a start that is dragged, placed or typed writes. */
import type { ParameterStatement } from '../../core/language/document.ts';
import type { Expr } from '../../core/language/expr.ts';
import { read } from '../../core/language/read.ts';
import type { Parameter, Problem } from '../../core/problem/problem.ts';

/** Significant digits of a changed entry that a hand on a figure can mean. */
const DRAGGED_DIGITS = 4;
/** Of entries that were drawn at random, and that nobody chose. */
const DRAWN_DIGITS = 6;

const rounded = (value: number, digits: number): string => String(Number(value.toPrecision(digits)));

/** [1, 2] or [[1, 2], [3, 4]], row-major. */
function literal(values: readonly string[], shape: readonly number[]): string {
  const [rows = 1, ...rest] = shape;
  if (shape.length === 0) return values[0] ?? '0';
  const size = values.length / rows;
  const parts = Array.from({ length: rows }, (_, i) => literal(values.slice(i * size, (i + 1) * size), rest));
  return `[${parts.join(', ')}]`;
}

/** Each entry as it is written, row-major; null where the text has no literal of that shape, so that entries have no place of their own. */
function written(expr: Expr, shape: readonly number[]): Expr[] | null {
  const [rows, ...rest] = shape;
  if (rows === undefined) return [expr];
  if (expr.kind !== 'list' || expr.items.length !== rows) return null;
  const parts = expr.items.map((item) => written(item, rest));
  return parts.every((part) => part !== null) ? parts.flat() : null;
}

interface Moved {
  readonly parameter: Parameter;
  readonly entries: readonly number[];
  readonly digits: number;
}

const isChanged = ({ parameter, entries }: Moved, i: number): boolean => entries[i] !== parameter.start[i];

/** All entries in digits: the changed ones rounded, the others as they were. */
const asLiteral = (moved: Moved, isDrawn = false): string =>
  literal(
    moved.entries.map((value, i) => {
      if (isChanged(moved, i)) return rounded(value, moved.digits);
      return isDrawn ? rounded(value, DRAWN_DIGITS) : String(value);
    }),
    moved.parameter.shape,
  );

/** Replaces `= …` or `~ …` of a declaration, or adds it; in a literal, only the entries that changed. */
function edited(text: string, { declared, start, draw, span }: ParameterStatement, moved: Moved): string {
  const old = start ?? draw;
  if (old === undefined) return `${text.slice(0, span[1])} = ${asLiteral(moved)}${text.slice(span[1])}`;
  const places = start && written(start, moved.parameter.shape);
  if (places)
    return places.reduceRight(
      (result, { span: [from, to] }, i) =>
        isChanged(moved, i)
          ? result.slice(0, from) + rounded(moved.entries[i] ?? 0, moved.digits) + result.slice(to)
          : result,
      text,
    );
  const mark = text.slice(declared.span[1], old.span[0]);
  const before = text.slice(0, declared.span[1]) + (draw === undefined ? mark : mark.replace(/~\s*$/, '= '));
  return before + asLiteral(moved, draw !== undefined) + text.slice(old.span[1]);
}

/**
 * Changed entries are written with so many significant digits (17: exactly). Null where the text has errors now, or declares
 * other parameters than the problem.
 */
export function withStart(
  text: string,
  { parameters }: Problem,
  start: ArrayLike<number>,
  digits = DRAGGED_DIGITS,
): string | null {
  const document = read(text);
  if (!document.ok) return null;
  const all = parameters.map((parameter): Moved => {
    const entries = parameter.start.map((value, i) => start[parameter.offset + i] ?? value);
    return { parameter, entries, digits };
  });
  const statements = document.value.statements.flatMap((one) => (one.kind === 'parameter' ? [one] : []));
  const isImplicit = statements.length === 0;
  if (isImplicit) {
    const lines = all.map((moved) => `param ${moved.parameter.name} = ${asLiteral(moved)}\n`);
    return lines.join('') + text;
  }
  // From the end of the text to its beginning, so that spans stay true.
  const edits = all
    .filter((moved) => moved.entries.some((_, i) => isChanged(moved, i)))
    .map((moved) => ({ moved, statement: statements.find(({ declared }) => declared.name === moved.parameter.name) }))
    .sort((a, b) => (b.statement?.span[0] ?? 0) - (a.statement?.span[0] ?? 0));
  return edits.reduce<string | null>(
    (result, { moved, statement }) =>
      result === null || statement === undefined ? null : edited(result, statement, moved),
    text,
  );
}

/** Whether a start is drawn at random, so that another seed gives another. */
export function drawsAtRandom(text: string): boolean {
  if (!text.includes('~')) return false;
  const document = read(text);
  return document.ok && document.value.statements.some((one) => one.kind === 'parameter' && one.draw !== undefined);
}
