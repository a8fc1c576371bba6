/** What the names of a Python program stand for: values as they were written, and functions that say one thing. Nothing is evaluated. */
import { isFunctionName } from '../functions.ts';
import { enclosed } from './brackets.ts';
import { callOf, inBrackets, split, withCalls } from './python-lines.ts';
import { entriesFor } from './python-loops.ts';

export interface PythonFunction {
  readonly args: readonly string[];
  readonly body: readonly string[];
}

export const replaced = (text: string, name: string, by: string): string =>
  text.replace(new RegExp(`(?<![\\p{L}\\p{N}_.])${name}(?![\\p{L}\\p{N}_])`, 'gu'), () => by);

export const isUsed = (name: string, text: string): boolean => replaced(text, name, '') !== text;

const NUMBERS = /^[-+\d.,eE\s[\]()]+$/u;
const ARRAY = /^(?:array|asarray|tensor|matrix|Tensor|FloatTensor)$/u;
/** Functions of the program that call each other, at most so deep. */
const MAX_DEPTH = 8;
export class PythonScope {
  readonly values = new Map<string, string>();
  readonly functions = new Map<string, PythonFunction>();

  /** `refuse` is told why something has no counterpart here; what it returns stands in its place. */
  constructor(readonly refuse: (reason: string) => string) {}

  /** A name as what it was given; any other text as it is. */
  given(text: string): string {
    return this.values.get(text) ?? text;
  }

  readonly joined = (name: string, more: string): string =>
    inBrackets(more, '[') === null
      ? `${this.given(name)} + ${more}`
      : `[${[...this.listOf(name), ...this.listOf(more)].join(', ')}]`;

  /** A length is a number here. */
  shapeOf(text: string): string {
    const lengths = split(inBrackets(text, '([') ?? text, ',').map((length) => this.numberOf(length));
    return lengths.length === 0 ? '' : `[${lengths.join(', ')}]`;
  }

  private numberOf(text: string): string {
    const found = this.measured(/^\w+$/u.test(text) ? this.given(text) : text);
    return /^\d+$/u.test(found) ? found : this.refuse(`The length ${text} is not a number that stands in the text.`);
  }

  /** `len(y)` and `X.shape[1]` of arrays that stand in the text. */
  private readonly measured = (text: string): string =>
    text
      .replace(/\blen\((\w+)\)/gu, (typed, name: string) => String(this.lengths(name)[0] ?? typed))
      .replace(/\b(\w+)\.shape\[(\d)\]/gu, (typed, name: string, axis: string) =>
        String(this.lengths(name)[+axis] ?? typed),
      );

  private lengths(name: string): number[] {
    const literal = arrayIn(this.values.get(name) ?? '');
    const lengths: number[] = [];
    for (let inner = literal && inBrackets(literal, '['); inner; inner = inBrackets(split(inner, ',')[0] ?? '', '['))
      lengths.push(split(inner, ',').length);
    return lengths;
  }

  functionOf(text: string): PythonFunction {
    const found = lambdaOf(text) ?? this.functions.get(text);
    if (!found) this.refuse(`The function ${shortened(text) || 'to minimize'} is not in the text.`);
    return found ?? { args: [], body: [] };
  }

  /** What a function returns, its argument called x; names that it gives on the way become names of the text. */
  returned({ args, body }: PythonFunction, x: string): string {
    const own = (text: string) => (args[0] ? replaced(text, args[0], x) : text);
    for (const typed of body) {
      const line = typed.replace(/^(\w+)\s*([-+*/])=\s*(.*)$/su, '$1 = $1 $2 ($3)');
      const [, result] = /^return\s+(.*)$/su.exec(line) ?? [];
      if (result) return own(result);
      const [, names = '', value = ''] = /^([\w\s,()]+?)\s*=(?!=)\s*(.*)$/su.exec(line) ?? [];
      const each = split(inBrackets(names, '(') ?? names, ',');
      if (value === '') return this.refuse(`The line “${shortened(line)}” of a function is not read.`);
      each.forEach((name, i) => {
        const before = this.values.get(name);
        const assigned = own(each.length > 1 ? `${value}[${i}]` : value);
        const meant = before === undefined ? assigned : replaced(assigned, name, enclosed(before)); // s = s + …
        if (meant === assigned && (this.values.get(name) ?? meant) !== meant)
          this.refuse(`${name} stands for two different things.`);
        this.values.set(name, meant);
      });
    }
    return this.refuse('A function returns nothing.');
  }

  listOf(text: string): string[] {
    const given = this.given(text);
    const inner = inBrackets(given);
    const each = inner === null ? null : entriesFor(inner, (name) => this.given(name));
    if (each !== null) return each;
    if (/\sfor\s/u.test(inner ?? '')) this.refuse('A list that is made by “for” is not read: write its entries out.');
    else if (inner !== null) {
      const entries = split(inner, ',');
      return entries.length === 1 && inBrackets(inner) !== null ? this.listOf(inner) : entries;
    }
    const parts = split(given, '+');
    return parts.length > 1 && parts.every((part) => this.values.has(part) || inBrackets(part) !== null)
      ? parts.flatMap((part) => this.listOf(part))
      : [given];
  }

  /** Calls of functions of the program that say one thing, written out. */
  inline(text: string, depth = 0): string {
    const isOwn = (name: string) => this.functions.has(name) && !isFunctionName(name);
    return withCalls(this.measured(text), isOwn, ({ name, args: given }) => {
      const { args, body } = this.functionOf(name);
      const [, result] = (body.length === 1 && /^return\s+(.*)$/su.exec(body[0] ?? '')) || [];
      if (!result || depth > MAX_DEPTH) return this.refuse(`What ${name} gives cannot be written in one line.`);
      const written = args.reduce((out, arg, i) => replaced(out, arg, enclosed(given[i] ?? arg)), result);
      return `(${this.inline(written, depth + 1)})`;
    });
  }
}

export function lambdaOf(text: string): PythonFunction | null {
  const [, args = '', result] = /^lambda\s*([\w\s,=]*):\s*(.*)$/su.exec(text) ?? [];
  return result
    ? { args: split(args, ',').map((arg) => arg.replace(/=.*$/u, '').trim()), body: [`return ${result}`] }
    : null;
}

/** The literal of `np.array([…])`, `[…]` or `torch.tensor([…], dtype=…)`, where all of it is numbers. */
export function arrayIn(text: string): string | null {
  const call = callOf(text);
  const literal = call && ARRAY.test(call.name) ? (call.args[0] ?? '') : text;
  const inner = inBrackets(literal);
  return inner !== null && inner !== '' && NUMBERS.test(literal)
    ? `[${inner.replace(/\(/gu, '[').replace(/\)/gu, ']')}]`
    : null;
}

export const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
