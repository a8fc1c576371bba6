/** Expressions of MATLAB → the language: entries count from 1 there, `*` multiplies matrices, and blanks part the entries of a row. */
import { behindBracket } from './brackets.ts';
import { split } from './python-lines.ts';

/** Rows and columns, as far as it matters: 1, or more. */
export interface Extent {
  readonly rows: number;
  readonly columns: number;
}

export const SCALAR: Extent = { rows: 1, columns: 1 };
export const isScalar = ({ rows, columns }: Extent): boolean => rows === 1 && columns === 1;

export class Unread extends Error {}

export function unread(reason: string): never {
  throw new Unread(reason);
}

/** `[1 2; 3 4]` as its rows; null where the text is no such list. */
export function rowsOf(text: string): readonly (readonly string[])[] | null {
  const inner = text.startsWith('[') && behindBracket(text, 0) === text.length ? text.slice(1, -1).trim() : null;
  if (inner === null) return null;
  if (inner === '') return [];
  return inner
    .split(/[;\n]/u)
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map((row) =>
      split(row.replace(/(?<=[\w.)\]ᵀ])[ \t]+(?=[-+]?[\w.([])(?![-+*/^]\s)/gu, ', ').replace(/,\s*,/gu, ','), ','),
    );
}

/** One row or one column is a vector. */
export function listed(rows: readonly (readonly string[])[], entry: (text: string) => string): string {
  const isColumn = rows.every((row) => row.length === 1);
  const row = (entries: readonly string[]) => `[${entries.map(entry).join(', ')}]`;
  if (isColumn) return row(rows.flat());
  return rows.length === 1 ? row(rows[0] ?? []) : `[${rows.map(row).join(', ')}]`;
}

const TO_NUMBER = new Set([
  'sum',
  'norm',
  'trace',
  'det',
  'max',
  'min',
  'mean',
  'prod',
  'dot',
  'sum_square',
  'numel',
  'length',
  'quad_form',
  'log_sum_exp',
  'logdet',
]);
const NAMES: ReadonlyMap<string, string> = new Map([
  ['log_sum_exp', 'logsumexp'],
  ['pos', 'relu'],
]);
/** From what stands between their brackets. */
const WRITTEN: ReadonlyMap<string, (a: string, b: string) => string> = new Map([
  ['square', (a: string) => `(${a})^2`],
  ['sum_square', (a: string) => `sum((${a})^2)`],
  ['sumsqr', (a: string) => `sum((${a})^2)`],
  ['quad_form', (a: string, b: string) => `(${a}) @ (${b}) @ (${a})`],
]);

interface Written {
  readonly text: string;
  readonly extent: Extent;
}

/** A recursive descent over sums, products and what they are made of. */
export class MatlabReader {
  private at = 0;
  private source = '';

  constructor(private readonly extentOf: (name: string) => Extent | undefined) {}

  read(source: string): Written {
    const [before, text] = [this.at, this.source];
    [this.at, this.source] = [0, source.trim()];
    const written = this.relation();
    if (this.at < this.source.length) unread(`“${this.source.slice(this.at, this.at + 30)}” is not read.`);
    [this.at, this.source] = [before, text];
    return written;
  }

  private take(sign: RegExp): string | null {
    const found = new RegExp(`\\s*(${sign.source})`, 'uy');
    found.lastIndex = this.at;
    const match = found.exec(this.source);
    if (!match) return null;
    this.at = found.lastIndex;
    return match[1] ?? '';
  }

  private relation(): Written {
    let { text, extent } = this.sum();
    for (let sign = this.take(/[<>=]=|[<>]/u); sign !== null; sign = this.take(/[<>=]=|[<>]/u)) {
      const right = this.sum();
      text = `${text} ${sign === '==' ? '=' : sign} ${right.text}`;
      if (isScalar(extent)) extent = right.extent;
    }
    return { text, extent };
  }

  private sum(): Written {
    const sign = this.take(/[-+]/u) ?? '';
    let { text, extent } = this.product();
    text = `${sign === '-' ? '-' : ''}${text}`;
    for (let next = this.take(/[-+]/u); next !== null; next = this.take(/[-+]/u)) {
      const right = this.product();
      text = `${text} ${next} ${right.text}`;
      if (isScalar(extent)) extent = right.extent;
    }
    return { text, extent };
  }

  private product(): Written {
    let left = this.power();
    for (let sign = this.take(/\.\*|\.\/|\*|\//u); sign !== null; sign = this.take(/\.\*|\.\/|\*|\//u)) {
      const right = this.power();
      left = this.times(left, sign, right);
    }
    return left;
  }

  private times(left: Written, sign: string, right: Written): Written {
    const isProduct = sign === '*' && !isScalar(left.extent) && !isScalar(right.extent);
    if (isProduct && left.extent.columns === 1 && right.extent.rows === 1)
      return {
        text: `outer(${left.text.replace(/\.T$/u, '')}, ${right.text.replace(/\.T$/u, '')})`,
        extent: { rows: left.extent.rows, columns: right.extent.columns },
      };
    if (isProduct)
      return {
        text: `${left.text} @ ${right.text}`,
        extent: { rows: left.extent.rows, columns: right.extent.columns },
      };
    return {
      text: `${left.text}${sign.replace('.', '')}${right.text}`,
      extent: isScalar(left.extent) ? right.extent : left.extent,
    };
  }

  private power(): Written {
    const base = this.postfix();
    const sign = this.take(/\.\^|\^/u);
    if (sign === null) return base;
    if (sign === '^' && !isScalar(base.extent)) unread('A power of a matrix is not read.');
    const minus = this.take(/-/u) ?? '';
    const exponent = this.postfix();
    return { text: `${base.text}^${minus === '' ? exponent.text : `(-${exponent.text})`}`, extent: base.extent };
  }

  private postfix(): Written {
    let { text, extent } = this.atom();
    while (/^\.?ᵀ/u.test(this.source.slice(this.at, this.at + 2))) {
      this.at += this.source.charAt(this.at) === '.' ? 2 : 1;
      if (isScalar(extent)) continue;
      text = `${text}.T`;
      extent = { rows: extent.columns, columns: extent.rows };
    }
    return { text, extent };
  }

  private inside(): string {
    const behind = behindBracket(this.source, this.at);
    if (behind < 0) unread('A bracket is not closed.');
    const inner = this.source.slice(this.at + 1, behind - 1);
    this.at = behind;
    return inner;
  }

  private atom(): Written {
    const number = this.take(/\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+/u);
    if (number !== null) return { text: number.replace(/\.$/u, ''), extent: SCALAR };
    this.take(/(?=.)/u);
    if (this.source.charAt(this.at) === '(') {
      const inner = this.read(this.inside());
      return { text: `(${inner.text})`, extent: inner.extent };
    }
    if (this.source.charAt(this.at) === '[') {
      const from = this.at;
      this.inside();
      const rows = rowsOf(this.source.slice(from, this.at)) ?? [];
      return {
        text: listed(rows, (entry) => this.read(entry).text),
        extent: { rows: rows.length, columns: rows[0]?.length ?? 0 },
      };
    }
    const name = this.take(/[A-Za-z]\w*/u) ?? unread(`“${this.source.slice(this.at, this.at + 30)}” is not read.`);
    const extent = this.extentOf(name);
    if (this.source.charAt(this.at) !== '(') return { text: name, extent: extent ?? SCALAR };
    const args = split(this.inside(), ',');
    return extent ? this.entry(name, extent, args) : this.called(name, args);
  }

  /** `x(1)` and `A(:, 2)`. */
  private entry(name: string, extent: Extent, args: readonly string[]): Written {
    const place = (arg: string): string => {
      if (arg === ':') return ':';
      if (arg === 'end') return '-1';
      const [, from, to] = /^(\d+)\s*:\s*(\d+|end)$/u.exec(arg) ?? [];
      if (from) return `${Number(from) - 1}:${to === 'end' ? '' : to}`;
      return /^\d+$/u.test(arg)
        ? `${Number(arg) - 1}`
        : unread(`Which entry ${name}(${arg}) is depends on running it.`);
    };
    const places = args.map(place);
    const isPart = places.some((each) => each.includes(':'));
    const isVector = extent.rows === 1 || extent.columns === 1;
    if (isVector && places.length === 2 && places[extent.rows === 1 ? 0 : 1] === '0')
      places.splice(extent.rows === 1 ? 0 : 1, 1);
    if (!isVector && places.length === 1) unread(`${name}(${args[0]}) counts the entries of a matrix.`);
    if (isPart && !isVector) unread(`A part of a matrix, ${name}(${args.join(', ')}), is not read.`);
    return { text: `${name}[${places.join(', ')}]`, extent: isPart ? extent : SCALAR };
  }

  private called(name: string, args: readonly string[]): Written {
    if (/^(?:zeros|ones|eye)$/u.test(name)) {
      const [rows = 1, columns = rows] = args.map(Number);
      const extent = { rows, columns };
      const length = rows === 1 ? columns : rows;
      return {
        text:
          name === 'eye'
            ? `eye(${rows})`
            : rows === 1 || columns === 1
              ? `${name}(${length})`
              : `${name}(${rows}, ${columns})`,
        extent,
      };
    }
    const written = args.map((arg) =>
      /^(?:'fro'|"fro"|inf|Inf)$/u.test(arg) ? { text: /fro/u.test(arg) ? '' : 'inf', extent: SCALAR } : this.read(arg),
    );
    const own = WRITTEN.get(name);
    const [first, second] = written;
    const inner = written.map(({ text }) => text).filter((text) => text !== '');
    if (name === 'sum' && args.length > 1) unread('A sum along one side of a matrix is not read.');
    if (name === 'norm' && args[1] === '2') inner.pop();
    if (
      name === 'norm' &&
      args.length < 2 + Number(args[1] === '2') &&
      first &&
      first.extent.rows > 1 &&
      first.extent.columns > 1
    )
      unread(
        'The norm of a matrix is its largest singular value there: here a bound on it is written W in spectralball(r).',
      );
    if (
      (name === 'sum' || name === 'max' || name === 'min') &&
      args.length === 1 &&
      first &&
      first.extent.rows > 1 &&
      first.extent.columns > 1
    )
      return unread(`${name} of a matrix is one number for each column there: say which is meant.`);
    const extent = TO_NUMBER.has(name) && !(args.length > 1 && /^m/u.test(name)) ? SCALAR : (first?.extent ?? SCALAR);
    return {
      text: own ? own(first?.text ?? '', second?.text ?? '') : `${NAMES.get(name) ?? name}(${inner.join(', ')})`,
      extent,
    };
  }
}
