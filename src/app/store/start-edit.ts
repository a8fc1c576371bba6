/** The text with other start values: what dragging the start in a figure writes. */
import type { ParameterStatement } from '../../core/language/document.ts';
import { parse } from '../../core/language/parse.ts';
import type { Parameter, Problem } from '../../core/problem/problem.ts';

/** Four significant digits: what a hand on a figure can mean. */
const written = (value: number): string => String(Number(value.toPrecision(4)));

/** [1, 2] or [[1, 2], [3, 4]], row-major. */
function literal(values: readonly number[], shape: readonly number[]): string {
  const [rows = 1, ...rest] = shape;
  if (shape.length === 0) return written(values[0] ?? 0);
  const size = values.length / rows;
  const parts = Array.from({ length: rows }, (_, i) => literal(values.slice(i * size, (i + 1) * size), rest));
  return `[${parts.join(', ')}]`;
}

/** Replaces `= …` or `~ …` of a declaration, or adds it. */
function edited(text: string, { declared, start, draw, span }: ParameterStatement, value: string): string {
  const old = start ?? draw;
  if (old === undefined) return `${text.slice(0, span[1])} = ${value}${text.slice(span[1])}`;
  const mark = text.slice(declared.span[1], old.span[0]);
  const before = text.slice(0, declared.span[1]) + (draw === undefined ? mark : mark.replace(/~\s*$/, '= '));
  return before + value + text.slice(old.span[1]);
}

/** Null where the text has errors now, or declares other parameters than the problem. */
export function withStart(text: string, { parameters }: Problem, start: ArrayLike<number>): string | null {
  const document = parse(text);
  if (!document.ok) return null;
  const entriesOf = ({ offset, start: old }: Parameter): number[] => old.map((value, i) => start[offset + i] ?? value);
  const changed = parameters.filter((parameter) =>
    entriesOf(parameter).some((value, i) => value !== parameter.start[i]),
  );
  const statements = document.value.statements.flatMap((one) => (one.kind === 'parameter' ? [one] : []));
  const isImplicit = statements.length === 0;
  if (isImplicit) {
    const lines = parameters.map(
      (parameter) => `param ${parameter.name} = ${literal(entriesOf(parameter), parameter.shape)}\n`,
    );
    return lines.join('') + text;
  }
  // From the end of the text to its beginning, so that spans stay true.
  const edits = changed
    .map((parameter) => ({ parameter, statement: statements.find(({ declared }) => declared.name === parameter.name) }))
    .sort((a, b) => (b.statement?.span[0] ?? 0) - (a.statement?.span[0] ?? 0));
  return edits.reduce<string | null>(
    (result, { parameter, statement }) =>
      result === null || statement === undefined
        ? null
        : edited(result, statement, literal(entriesOf(parameter), parameter.shape)),
    text,
  );
}
