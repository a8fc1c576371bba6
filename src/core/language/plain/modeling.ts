/** A model of AMPL or of JuMP → a text of the language. What has no counterpart here, as whole numbers and indexed sets, is named. */

import { plainProducts } from './products.ts';
import { split } from './python-lines.ts';
import type { Translation } from './python-problem.ts';

const WHOLE =
  'it asks for whole numbers. That is combinatorial: nothing here moves from one of them to the next. What lies between is continuous: 0 <= x <= 1.';
const INDEXED =
  'it is stated over an index set, or with entries counted from 1: write vectors, param w[3], whose entries are w[0], w[1], w[2].';

/** Null where the text is none of the two. */
export function translatedModel(text: string): Translation | null {
  if (/^\s*@(?:variable|objective|constraint|NLobjective|NLconstraint)\(/mu.test(text))
    return new Model('JuMP').read(julia(text), (model, line) => model.macro(line));
  const isAmpl = /^\s*var\s+\w+[^;]*;/mu.test(text) && /^\s*(?:mini|maxi)mize\s+\w+\s*:/mu.test(text);
  if (!isAmpl) return null;
  const statements = text.replace(/#.*$/gmu, (comment) => ' '.repeat(comment.length)).split(';');
  let line = 1;
  const numbered = statements.map((own) => {
    const number = line + (/^\s*/u.exec(own)?.[0].split('\n').length ?? 1) - 1;
    line += own.split('\n').length - 1;
    return { text: own.trim().replace(/\s+/gu, ' '), number };
  });
  return new Model('AMPL').read(numbered, (model, own) => model.statement(own));
}

interface Numbered {
  readonly text: string;
  readonly number: number;
}

const julia = (text: string): Numbered[] =>
  text.split('\n').map((line, i) => ({ text: line.replace(/#.*$/u, '').trim(), number: i + 1 }));

/** Why a statement has no counterpart here; null where it was taken. */
type Refusal = string | null;

const unread = (text: string): Refusal => `“${shortened(text)}” is not read.`;
const indexed = (text: string): Refusal => `In “${shortened(text)}” ${INDEXED}`;

class Model {
  private readonly declared: string[] = [];
  private readonly constraints: string[] = [];
  private objective = '';

  constructor(private readonly kind: string) {}

  read(lines: readonly Numbered[], take: (model: Model, line: string) => Refusal): Translation {
    const { kind } = this;
    for (const { text, number } of lines) {
      const refusal = take(this, text);
      if (refusal !== null) return { kind, line: number, refusal };
    }
    if (this.objective === '') return { kind, line: 0, refusal: 'What is minimized is not to be found.' };
    const rows = this.constraints.map((row) => `  ${row}\n`).join('');
    const declared = this.declared.map((line) => `${line}\n`).join('');
    return { kind, text: `${declared}${this.objective}\n${rows && `subject to\n${rows}`}` };
  }

  /** One of AMPL, without its semicolon. */
  statement(text: string): Refusal {
    if (text === '' || /^(?:solve|display|option|end|data|reset)\b/u.test(text)) return null;
    if (/\{|\}/u.test(text)) return indexed(text);
    const [, name, bounds = ''] = /^var (\w+)(.*)$/u.exec(text) ?? [];
    if (name) return this.variable(name, '', split(bounds, ','));
    const [, given, value = ''] = /^param (\w+)\s*:?=\s*(.+)$/u.exec(text) ?? [];
    if (given) return this.declare(`let ${given} = ${expression(value)}`);
    const [, sense, objective = ''] = /^(minimize|maximize) \w+\s*:\s*(.+)$/u.exec(text) ?? [];
    if (sense) return this.aim(sense, objective);
    const [, label, row = ''] = /^(?:subject to |s\.t\. |subj to )?(\w+)\s*:\s*(.+)$/u.exec(text) ?? [];
    return label && /[<>=]/u.test(row) ? this.constrain(`${label}: ${expression(row)}`) : unread(text);
  }

  /** One line of JuMP. */
  macro(text: string): Refusal {
    const [, given, value] = /^(\w+)\s*=\s*([-\d.e]+|\[[-\d.,e\s]+\])$/u.exec(text) ?? [];
    if (given) return this.declare(`data ${given} = ${value}`);
    const [, word, inside = ''] = /^@(?:NL)?(variable|objective|constraint)\((.*)\)$/u.exec(text) ?? [];
    if (!word) return text.startsWith('@') ? unread(text) : null;
    const [, first = '', ...rest] = split(inside, ',');
    if (word === 'objective') return this.aim(/^Max/u.test(first) ? 'maximize' : 'minimize', rest.join(', '));
    if (word === 'constraint') {
      const [row] = rest;
      const written = row ? `${first}: ${expression(row)}` : expression(first);
      return COUNTED.test(written) || /\[/u.test(row ? first : '') ? indexed(text) : this.constrain(written);
    }
    const [, below, name, shape = '', bound = ''] =
      /^(?:([^<>=]+?)\s*(?:<=|≤)\s*)?(\w+)(\[[^\]]*\])?\s*((?:[<>]=|==|≤|≥).*)?$/u.exec(first) ?? [];
    const size = /^\[1:(\d+)\]$/u.exec(shape)?.[1];
    if (!name || (shape !== '' && !size)) return indexed(text);
    return this.variable(name, size ? `[${size}]` : '', [below ? `>= ${below}` : '', bound, ...rest]);
  }

  private variable(name: string, size: string, bounds: readonly string[]): Refusal {
    if (bounds.some((bound) => /\b(?:binary|integer|Bin|Int)\b/u.test(bound))) return `Of ${name} ${WHOLE}`;
    const [start = size === '' ? '0' : undefined] = bounds.flatMap(
      (bound) => /^(?::=|default|start\s*=)\s*(.+)$/u.exec(bound)?.[1] ?? [],
    );
    for (const bound of bounds) if (/^(?:[<>]=?|==?|≤|≥)/u.test(bound)) this.constrain(`${name} ${expression(bound)}`);
    return this.declare(`param ${name}${size}${start ? ` = ${start}` : ''}`);
  }

  private aim(sense: string, objective: string): Refusal {
    if (COUNTED.test(objective)) return indexed(objective);
    this.objective = `${sense} ${expression(objective)}`;
    return null;
  }

  private declare(line: string): null {
    this.declared.push(line);
    return null;
  }

  private constrain(row: string): null {
    this.constraints.push(row);
    return null;
  }
}

/** `x[1]`, or a sum over an index: entries are counted from 0 here. */
const COUNTED = /\w\[\d|\bfor\b/u;

const expression = (text: string): string =>
  plainProducts(
    text
      .replace(/\.(?=[*/^<>=])/gu, '')
      .replace(/(?<![<>=!])==(?!=)/gu, '=')
      .trim(),
  );

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
