/** Constraints as they stand in the text: whole lines, which are left out by a comment, copied, moved, made soft and taken away. */
import { at, invariant } from '../diagnostic.ts';
import type { ConstraintStatement } from './document.ts';
import { alone, COMMENT, HEAD, linesThatAreOff, oneLine, SUBJECT_TO } from './lines-off.ts';
import { read } from './read.ts';

/** Lines that hold constraints and nothing else, or will when one of them is edited: those that share a line go together. */
export interface ConstraintLines {
  /** The first and the last, counted from 1. */
  readonly line: number;
  readonly last: number;
  /** What they say, in one line, without comments. */
  readonly text: string;
  readonly isOff: boolean;
  /** A wish with a weight; null where it is held by force; undefined where the lines are off or say several things. */
  readonly priority: Priority | null | undefined;
}

/** w of `soft(w):`; null where it is no plain number. */
export interface Priority {
  readonly weight: number | null;
}

interface Block extends ConstraintLines {
  readonly statements: readonly ConstraintStatement[];
}

const NEW_WEIGHT = 10;

/** In the order of the text; null where it has errors. */
export const constraintLines = (text: string): readonly ConstraintLines[] | null => blocksOf(text);

/** The text without the constraint of this line, or with it again; other lines become comments, and comments become lines. */
export function toggleLine(text: string, line: number): string {
  const blocks = blocksOf(text) ?? offBlocks(text);
  const index = blocks.findIndex((block) => block.line <= line && line <= block.last);
  if (index >= 0) return toggled(text, index);
  const lines = text.split('\n');
  const own = lines[line - 1] ?? '';
  lines[line - 1] = COMMENT.test(own) ? uncommented(own) : broken(own);
  return lines.join('\n');
}

/** Of lines that cannot be read: what stands before `subject to` stays. */
function broken(line: string): string {
  const keyword = SUBJECT_TO.exec(line.replace(/#.*$/u, ''));
  const end = keyword ? keyword.index + keyword[0].length : 0;
  return keyword ? `${line.slice(0, end).trimEnd()}\n  # ${line.slice(end).trim()}` : commented(line);
}

/** The text with the constraint left out, or taken back. The index counts `constraintLines`, as in all that follows. */
export const toggled = (text: string, index: number): string =>
  withLines(text, index, (own, { isOff }) => own.map(isOff ? uncommented : commented));

export const removed = (text: string, index: number): string => withLines(text, index, () => []);

/** The text with the constraint twice; the copy has labels of its own. */
export const duplicated = (text: string, index: number): string =>
  withLines(text, index, (own, { isOff }) => {
    const code = (isOff ? own.map(uncommented) : own).join('\n');
    const copy = relabelled(code, labelsOf(text)).split('\n');
    return [...own, ...(isOff ? copy.map(commented) : copy)];
  });

/** The text with the constraint one place further down, or up; as it is where there is no such place. */
export function moved(text: string, index: number, by: 1 | -1): string {
  const [first, second] = by > 0 ? [index, index + 1] : [index - 1, index];
  const { lines, blocks } = onOwnLines(text);
  const [upper, lower] = [blocks[first], blocks[second]];
  if (!upper || !lower) return text;
  return [
    ...lines.slice(0, upper.line - 1),
    ...lines.slice(lower.line - 1, lower.last),
    ...lines.slice(upper.last, lower.line - 1),
    ...lines.slice(upper.line - 1, upper.last),
    ...lines.slice(lower.last),
  ].join('\n');
}

/** The text in which a soft constraint has this weight. */
export function reweighted(text: string, index: number, weight: number): string {
  const priority = blocksOf(text)?.[index]?.statements[0]?.priority;
  if (!priority) return text;
  return text.slice(0, priority.span[0]) + String(weight) + text.slice(priority.span[1]);
}

/** The text in which the constraint is a wish with a weight. */
export function softened(text: string, index: number): string {
  const statement = blocksOf(text)?.[index]?.statements[0];
  if (!statement || statement.priority) return text;
  const { label, span } = statement;
  const from = label ? text.indexOf(':', label.span[1]) + 1 : span[0];
  return `${text.slice(0, from)}${label ? ' ' : ''}soft(${NEW_WEIGHT}):${label ? '' : ' '}${text.slice(from)}`;
}

/** The text in which the soft constraint is held by force. */
export function hardened(text: string, index: number): string {
  const priority = blocksOf(text)?.[index]?.statements[0]?.priority;
  if (!priority) return text;
  const from = text.lastIndexOf('soft', priority.span[0]);
  return text.slice(0, from) + text.slice(priority.span[1]).replace(/^[\s)]*:\s*/u, '');
}

const commented = (line: string): string => line.replace(/^(\s*)/u, '$1# ');
const uncommented = (line: string): string => line.replace(COMMENT, '$1$2');

function withLines(
  text: string,
  index: number,
  change: (own: readonly string[], block: ConstraintLines) => readonly string[],
): string {
  const { lines, blocks } = onOwnLines(text);
  const block = at(blocks, index);
  const own = lines.slice(block.line - 1, block.last);
  return [...lines.slice(0, block.line - 1), ...change(own, block), ...lines.slice(block.last)].join('\n');
}

/** The text where no constraint shares a line with `subject to` or another kind of statement. */
function onOwnLines(text: string): { readonly lines: readonly string[]; readonly blocks: readonly ConstraintLines[] } {
  const broken = (blocksOf(text) ?? []).reduceRight((result, { statements }) => {
    const [first, last] = [statements[0], statements.at(-1)];
    if (!first || !last) return result; // off: a line of its own
    const [from, to] = [first.span[0], last.span[1]];
    const before = result.slice(0, from);
    const start = /\S[^\S\n]*$/u.test(before) ? `${before.trimEnd()}\n  ` : before;
    const after = result.slice(to).replace(/^([^\S\n]*[;,]?)[^\S\n]*(?=[^#\s;,])/u, '$1\n');
    return start + result.slice(from, to) + after;
  }, text);
  return { lines: broken.split('\n'), blocks: blocksOf(broken) ?? offBlocks(broken) };
}

const offBlocks = (text: string): Block[] =>
  linesThatAreOff(text).map((off) => ({ ...off, isOff: true, priority: undefined, statements: [] }));

function blocksOf(text: string): Block[] | null {
  const document = read(text);
  if (!document.ok) return null;
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const on: Block[] = [];
  for (const statement of document.value.statements) {
    if (statement.kind !== 'constraint') continue;
    const [from, to] = statement.span;
    const shared = on.at(-1)?.last === lineAt(from) ? on.pop() : undefined;
    const statements = [...(shared?.statements ?? []), statement];
    const said = statements.map(({ span }) => oneLine(text.slice(...span))).join('; ');
    on.push({
      line: shared?.line ?? lineAt(from),
      last: lineAt(to),
      text: said,
      isOff: false,
      priority: statements.length > 1 ? undefined : priorityOf(statement),
      statements,
    });
  }
  const isInside = (line: number) => on.some((block) => block.line <= line && line <= block.last);
  const off = offBlocks(text).filter(({ line }) => !isInside(line)); // else a comment between the lines of one that is on
  return [...on, ...off].sort((a, b) => a.line - b.line);
}

const priorityOf = ({ priority }: ConstraintStatement): Priority | null =>
  priority === undefined ? null : { weight: priority.kind === 'number' ? priority.value : null };

function relabelled(code: string, taken: Set<string>): string {
  return (alone(code) ?? []).reduceRight((result, { label }) => {
    if (!label) return result;
    const stem = label.name.replace(/_\d+$/u, '');
    let k = 2;
    while (taken.has(`${stem}_${k}`)) k += 1;
    taken.add(`${stem}_${k}`);
    const [from, to] = label.span;
    return `${result.slice(0, from - HEAD.length)}${stem}_${k}${result.slice(to - HEAD.length)}`;
  }, code);
}

/** Labels of all constraints, those that are off included. */
function labelsOf(text: string): Set<string> {
  const document = read(text);
  invariant(document.ok, 'lines of a text with errors are not copied');
  const lines = text.split('\n');
  const off = offBlocks(text).flatMap(
    ({ line, last }) =>
      alone(
        lines
          .slice(line - 1, last)
          .map(uncommented)
          .join('\n'),
      ) ?? [],
  );
  const all = [...document.value.statements, ...off];
  return new Set(all.flatMap((statement) => (statement.kind === 'constraint' && statement.label?.name) || []));
}
