/** A whole problem of a paper, whose signs are plain already: a constraint a line, and vectors where entries are numbered. */
import { behindBracket } from './brackets.ts';

const RELATION = /[<>=≤≥]|\sin\s/u;

/** `subject to a = 1, b >= 0` → a line each. */
export function onLines(text: string): string {
  const [, goal = text, constraints] = /^(.*?)(?:(?<=^|\s)subject to(?=\s|$):?)(.*)$/su.exec(text) ?? [];
  if (constraints === undefined) return text;
  const each = constraints
    .split(/[\n;]/u)
    .flatMap(relations)
    .map((part) => part.trim());
  const written = each.filter((part) => part !== '').map((part) => `\n  ${part}`);
  return `${goal.trim().replace(/[,.]$/u, '')}\nsubject to${written.join('')}\n`;
}

/** At commas outside brackets, where each part says what holds. */
function relations(line: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < line.length; i++) {
    const behind = /[([]/u.test(line.charAt(i)) ? behindBracket(line, i) : -1;
    if (behind > 0) i = behind - 1;
    else if (line.charAt(i) === ',') {
      parts.push(line.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(line.slice(from));
  return parts.every((part) => part.trim() === '' || RELATION.test(part)) ? parts : [line];
}

/**
 * `x_1` beside x itself, or of x ∈ ℝⁿ, is the first entry of a vector: x[0], and x is declared with its length. `source` is the LaTeX
 * that the text was.
 */
export function withVectors(text: string, source: string): string {
  const numbered = [...text.matchAll(/(?<![\p{L}\p{N}_])(\p{L}+)_(\d+)(?![\p{L}\p{N}_])/gu)];
  const lengths = new Map<string, number>();
  for (const [, name = '', number = ''] of numbered)
    lengths.set(name, Math.max(lengths.get(name) ?? 0, Number(number)));
  for (const [, name = '', rows = '', columns] of source.matchAll(SPACE))
    if (columns === undefined) lengths.set(name, Math.max(lengths.get(name) ?? 0, Number(rows)));
  let written = text;
  const declared: string[] = [];
  for (const [name, length] of lengths) {
    const isDeclared = new RegExp(`(?:param|data|let)\\s+${name}\\b`, 'u').test(text);
    const isWhole =
      new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, 'u').test(text) || SPACE_OF(name).test(source);
    if (isDeclared || !isWhole || numbered.some(([, other, number]) => other === name && Number(number) < 1)) continue;
    written = written.replace(
      new RegExp(`(?<![\\p{L}\\p{N}_])${name}_(\\d+)(?![\\p{L}\\p{N}_])`, 'gu'),
      (_, number: string) => `${name}[${Number(number) - 1}]`,
    );
    declared.push(`param ${name}[${length}]`);
  }
  return [...declared, written.trimStart()].join('\n');
}

/** `x \in \mathbb{R}^3` */
const SPACE = /(?<![\p{L}\\])(\p{L}+)\s*\\in\s*\\mathbb\s*\{?R\}?\s*\^\s*\{?\s*(\d+)(?:\s*\\times\s*(\d+))?\s*\}?/gu;
const SPACE_OF = (name: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\\\])${name}\\s*\\\\in\\s*\\\\mathbb\\s*\\{?R\\}?\\s*\\^`, 'u');
