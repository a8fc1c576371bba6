/** A model of AMPL or of JuMP → a text of the language. What has no counterpart here, as whole numbers and sets of names, is named. */

import { entriesFrom0, forEach, type Range, rangeOf, withSums } from './index-sets.ts';
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

/** Whether bounds are other ones for each index, `x[i in 1:3] >= i`. */
const ofIndex = (set: string, bounds: string): boolean => {
  const letter = /^\s*(\w+)\s+in\s/u.exec(set)?.[1];
  return letter !== undefined && new RegExp(`(?<![A-Za-z_])${letter}(?!\\w)`, 'u').test(bounds);
};

const unread = (text: string): Refusal => `“${shortened(text)}” is not read.`;
const indexed = (text: string): Refusal => `In “${shortened(text)}” ${INDEXED}`;

class Model {
  private readonly declared: string[] = [];
  private readonly constraints: string[] = [];
  private objective = '';
  private readonly sets = new Map<string, Range>();
  private readonly numbers = new Map<string, number>();
  private readonly lengths = new Map<string, number>();

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
    const [, set, of = ''] = /^set (\w+)\s*:?=\s*(.+)$/u.exec(text) ?? [];
    if (set) {
      const range = this.range(of);
      if (range === null) return unread(text);
      this.sets.set(set, range);
      return null;
    }
    const [, name, over, bounds = ''] = /^var (\w+)\s*(?:\{([^{}]*)\})?(.*)$/u.exec(text) ?? [];
    if (name && over !== undefined) {
      const range = this.range(over.replace(/^\s*\w+\s+in\s+/u, ''));
      return range?.[0] === 1 && !ofIndex(over, bounds)
        ? this.variable(name, `[${range[1]}]`, split(bounds, ','))
        : indexed(text);
    }
    if (name) return this.variable(name, '', split(bounds, ','));
    const [, given, value = ''] = /^param (\w+)\s*:?=\s*(.+)$/u.exec(text) ?? [];
    if (given && /^\d+$/u.test(value)) this.numbers.set(given, Number(value));
    if (given) return this.declare(`let ${given} = ${expression(value)}`);
    const [, sense, objective = ''] = /^(minimize|maximize) \w+\s*:\s*(.+)$/u.exec(text) ?? [];
    if (sense) return this.aim(sense, objective);
    const [, label, each, row = ''] =
      /^(?:subject to |s\.t\. |subj to )?(\w+)\s*(?:\{([^{}]*)\})?\s*:\s*(.+)$/u.exec(text) ?? [];
    if (!label || !/[<>=]/u.test(row)) return /[{}]/u.test(text) ? indexed(text) : unread(text);
    return each === undefined ? this.row(label, row) : this.rowsOf(each, row);
  }

  /** One line of JuMP. */
  macro(text: string): Refusal {
    const [, given, value] = /^(\w+)\s*=\s*([-\d.e]+|\[[-\d.,e\s]+\])$/u.exec(text) ?? [];
    if (given && /^\d+$/u.test(value ?? '')) this.numbers.set(given, Number(value));
    if (given) return this.declare(`data ${given} = ${value}`);
    const [, word, inside = ''] = /^@(?:NL)?(variable|objective|constraint)\((.*)\)$/u.exec(text) ?? [];
    if (!word) return text.startsWith('@') ? unread(text) : null;
    const [, first = '', ...rest] = split(inside, ',');
    if (word === 'objective') return this.aim(/^Max/u.test(first) ? 'maximize' : 'minimize', rest.join(', '));
    if (word === 'constraint') {
      const [row] = rest;
      if (row === undefined) return this.row(undefined, first);
      const each = /^\w*\[([^[\]]*)\]$/u.exec(first)?.[1];
      return each === undefined ? this.row(first, row) : this.rowsOf(each, row);
    }
    const [, below, name, shape = '', bound = ''] =
      /^(?:([-+.\d][^<>=≤]*?|\w+(?=[^<>=≤]*(?:<=|≤)[^<>=≤]*(?:<=|≤)))\s*(?:<=|≤)\s*)?([A-Za-z_]\w*)(\[[^\]]*\])?\s*((?:[<>]=|==|≤|≥).*)?$/u.exec(
        first,
      ) ?? [];
    const range = this.range(shape.slice(1, -1).replace(/^\s*\w+\s+in\s+/u, ''));
    const size = range?.[0] === 1 ? `${range[1]}` : /^\[1:(\d+)\]$/u.exec(shape)?.[1];
    if (!name || (shape !== '' && !size) || ofIndex(shape.slice(1), `${below} ${bound} ${rest.join(' ')}`))
      return indexed(text);
    return this.variable(name, size ? `[${size}]` : '', [below ? `>= ${below}` : '', bound, ...rest]);
  }

  private variable(name: string, size: string, bounds: readonly string[]): Refusal {
    if (bounds.some((bound) => /\b(?:binary|integer|Bin|Int)\b/u.test(bound))) return `Of ${name} ${WHOLE}`;
    const [start = size === '' ? '0' : undefined] = bounds.flatMap(
      (bound) => /^(?::=|default|start\s*=)\s*(.+)$/u.exec(bound)?.[1] ?? [],
    );
    if (size !== '') this.lengths.set(name, Number(size.slice(1, -1)));
    for (const bound of bounds) if (/^(?:[<>]=?|==?|≤|≥)/u.test(bound)) this.constrain(`${name} ${expression(bound)}`);
    return this.declare(`param ${name}${size}${start ? ` = ${start}` : ''}`);
  }

  private aim(sense: string, objective: string): Refusal {
    const written = this.written(objective);
    if (written === null) return indexed(objective);
    this.objective = `${sense} ${written}`;
    return null;
  }

  private range(text: string): Range | null {
    return rangeOf(text, this.sets, this.numbers);
  }

  /** Without sums over sets, and with entries counted from 0; null where that takes more. */
  private written(text: string): string | null {
    const sums = withSums(text, (set) => this.range(set));
    const entries = sums && entriesFrom0(sums, this.lengths);
    return entries && expression(entries);
  }

  private row(label: string | undefined, text: string): Refusal {
    const written = this.written(text);
    return written === null ? indexed(text) : this.constrain(`${label === undefined ? '' : `${label}: `}${written}`);
  }

  /** One for each number of `i in 1:3`. */
  private rowsOf(each: string, text: string): Refusal {
    const [, letter, set = ''] = /^\s*(\w+)\s*(?:in|=|∈)\s*([^,]+)$/u.exec(each) ?? [];
    const range = letter ? this.range(set) : null;
    if (!letter || range === null) return indexed(text);
    return forEach(text, letter, range).reduce<Refusal>((refusal, row) => refusal ?? this.row(undefined, row), null);
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

const expression = (text: string): string =>
  plainProducts(
    text
      .replace(/\.(?=[*/^<>=])/gu, '')
      .replace(/(?<![<>=!])==(?!=)/gu, '=')
      .trim(),
  );

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
