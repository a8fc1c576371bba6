/** A program of MATLAB, for CVX, YALMIP or its own solvers → a text of the language. What has no counterpart here is named. */
import { isFunctionName } from '../functions.ts';
import { type Extent, isScalar, listed, MatlabReader, rowsOf, SCALAR, Unread, unread } from './matlab-words.ts';
import { inBrackets, split } from './python-lines.ts';
import type { Translation } from './python-problem.ts';

const SOLVERS = /(?<![\w.])(?:fmincon|fminunc|fminsearch|quadprog|linprog|lsqlin|lsqnonneg)\s*\(/u;
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\s*cvx_begin\b/mu, 'CVX'],
  [/^\s*sdpvar\s+[A-Za-z]|=\s*sdpvar\s*\(/mu, 'YALMIP'],
  [/=\s*optimvar\s*\(/u, 'MATLAB'],
  [SOLVERS, 'MATLAB'],
];

/** Null where the text is no program of MATLAB. */
export function translatedMatlab(text: string): Translation | null {
  if (/^\s*(?:import|from|param|data)\s|\b(?:A_ub|bounds|method)\s*=/mu.test(text)) return null;
  const kind = KINDS.find(([sign]) => sign.test(text))?.[1];
  if (kind === undefined) return null;
  const program = new Program();
  for (const { text: statement, number } of functionsFirst(statementsOf(text))) {
    try {
      program.take(statement);
    } catch (reason) {
      if (!(reason instanceof Unread)) throw reason;
      return { kind, line: number, refusal: reason.message };
    }
  }
  try {
    return { kind, text: program.written() };
  } catch (reason) {
    if (!(reason instanceof Unread)) throw reason;
    return { kind, line: 0, refusal: reason.message };
  }
}

interface Statement {
  readonly text: string;
  readonly number: number;
}

/** x' as xᵀ, which no text in quotes is taken for; without comments. */
function withTransposes(text: string): string {
  const line = (typed: string): string => {
    let written = '';
    let isQuoted = false;
    for (const sign of typed) {
      if (sign === '%' && !isQuoted) return written;
      const isTransposed = sign === "'" && !isQuoted && /[\w)\]}.ᵀ]$/u.test(written);
      if (sign === "'" && !isTransposed) isQuoted = !isQuoted;
      written += isTransposed ? 'ᵀ' : sign;
    }
    return written;
  };
  return text.split('\n').map(line).join('\n');
}

/** Ended by ; or by its line, outside of brackets; without comments. */
function statementsOf(text: string): readonly Statement[] {
  const code = withTransposes(text).replace(/\.\.\.[^\n]*\n/gu, ' ');
  const found: Statement[] = [];
  let depth = 0;
  let from = 0;
  let line = 1;
  for (let i = 0; i <= code.length; i++) {
    const sign = code.charAt(i);
    depth += '([{'.includes(sign || ' ') ? 1 : ')]}'.includes(sign || ' ') ? -1 : 0;
    if (i < code.length && (depth > 0 || (sign !== ';' && sign !== '\n'))) continue;
    const own = code.slice(from, i);
    const number = line + (/^\s*/u.exec(own)?.[0].split('\n').length ?? 1) - 1;
    if (own.trim() !== '') found.push({ text: own.trim(), number });
    line += own.split('\n').length - 1 + (sign === '\n' ? 1 : 0);
    from = i + 1;
  }
  return found;
}

/** Functions of a script stand at its end. */
function functionsFirst(statements: readonly Statement[]): readonly Statement[] {
  const [functions, others]: [Statement[], Statement[]] = [[], []];
  let isInside = false;
  for (const statement of statements) {
    isInside ||= /^function\b/u.test(statement.text);
    (isInside ? functions : others).push(statement);
    if (statement.text === 'end') isInside = false;
  }
  return [...functions, ...(isInside ? [{ text: 'end', number: 0 }] : []), ...others];
}

interface Function {
  readonly arg: string;
  /** What it gives, by the names of what it returns. */
  readonly values: Map<string, string>;
  readonly returned: readonly string[];
}

const QUIET =
  /^(?:clc|clear|close|format|disp|display|value|fprintf|figure|plot|options|opts|addpath|cvx_|tic|toc|end$|else|yalmiperror|rng|\[?\w+(?:,\w+)*\]?\s*=\s*(?:sdpsettings|optimoptions|optimset|value|double)\b)/u;
const RELATION = /[<>=]=|[<>]/u;

class Program {
  private readonly extents = new Map<string, Extent>();
  /** As they were written, for those of one variable. */
  private readonly values = new Map<string, string>();
  private readonly declared: string[] = [];
  private readonly params: string[] = [];
  private readonly rows: string[] = [];
  private readonly lists = new Map<string, readonly string[]>();
  private readonly functions = new Map<string, Function>();
  private readonly symmetric = new Set<string>();
  private readonly reader = new MatlabReader((name) => this.extents.get(name));
  private goal: (() => string) | null = null;
  private begun: Function | null = null;
  private isSemidefinite = false;
  private isCvx = false;

  take(text: string): void {
    const [, returns = '', name, arg = ''] =
      /^function\s+(?:(\[[^\]]*\]|\w+)\s*=\s*)?(\w+)\s*\((\w*)\)$/u.exec(text) ?? [];
    if (name !== undefined) {
      this.begun = {
        arg,
        values: new Map(),
        returned: returns
          .replace(/[[\]]/gu, '')
          .split(/[\s,]+/u)
          .filter(Boolean),
      };
      this.functions.set(name, this.begun);
    } else if (text === 'end') this.begun = null;
    else if (this.begun) this.inFunction(this.begun, text);
    else if (/^cvx_begin/u.test(text)) [this.isCvx, this.isSemidefinite] = [true, /\bsdp\b/u.test(text)];
    else if (/^cvx_end/u.test(text)) this.isCvx = false;
    else this.statement(text.replace(/^subject to$/u, ''));
  }

  written(): string {
    if (this.goal === null) return unread('What is minimized is not to be found.');
    const goal = this.goal();
    const subject = this.rows.length === 0 ? [] : ['subject to', ...new Set(this.rows.map((row) => `  ${row}`))];
    const said = [goal, ...subject].join('\n');
    const used = this.declared.filter((line) =>
      new RegExp(`(?<![\\w.])${/^\w+ (\w+)/u.exec(line)?.[1]}(?!\\w)`, 'u').test(
        `${said}\n${this.declared
          .filter((other) => other !== line)
          .map((other) => other.replace(/^\w+ \w+/u, ''))
          .join('\n')}`,
      ),
    );
    const text = [...this.params, ...used, ...[goal, ...subject]].join('\n');
    const unknown = [...text.matchAll(/(?<![\w.])([A-Za-z]\w*)\(/gu)].find(
      ([, name = '']) => !isFunctionName(name) && !/^(?:normal|uniform)$/u.test(name),
    );
    if (unknown) unread(`The function ${unknown[1]} has no counterpart here.`);
    return `${text}\n`;
  }

  private statement(text: string): void {
    if (text === '' || QUIET.test(text)) return;
    if (/^\w+\s*\([^=]*\)\s*=(?!=)/u.test(text)) unread('An array is changed there: write it as it is in the end.');
    if (/\.ObjectiveSense\s*=/u.test(text)) unread('Which sense the objective has is told apart from it there.');
    if (/^(?:for|while|if|parfor|switch|try)\b/u.test(text))
      unread(`What “${text.split(/\s/u)[0]}” does depends on running it.`);
    if (/\b(?:intvar|binvar|integer|binary)\b/u.test(text))
      unread('It asks for whole numbers: parameters here are real numbers.');
    const [, sense, aim] = (this.isCvx && /^(minimi[sz]e|maximi[sz]e)(?!\w)\s*(.*)$/su.exec(text)) || [];
    if (sense !== undefined && aim !== undefined) {
      this.aim(`${sense.slice(0, 3)}imize`, inBrackets(aim, '(') ?? aim);
      return;
    }
    const [, variables] = /^(?:variables?|sdpvar)\s+(.*)$/u.exec(text) ?? [];
    if (variables !== undefined) this.variables(variables, /^sdpvar/u.test(text));
    else if (this.isCvx && RELATION.test(text.replace(/^\w+\s*:\s*/u, '')))
      this.constrain(text.replace(/^\w+\s*:\s*/u, ''));
    else this.assignment(text);
  }

  /** `x(3) y X(2,2) symmetric` */
  private variables(text: string, isYalmip: boolean): void {
    for (const [, name = '', size = '', kinds = ''] of text.matchAll(
      /([A-Za-z]\w*)(\([^()]*\))?((?:\s+(?:nonnegative|symmetric|semidefinite))*)/gu,
    )) {
      this.variable(name, split(size.slice(1, -1), ','));
      if (/nonnegative/u.test(kinds)) this.rows.push(`${name} >= 0`);
      if (/symmetric|semidefinite/u.test(kinds)) this.square(name, /semidefinite/u.test(kinds));
      if (isYalmip && !isScalar(this.extents.get(name) ?? SCALAR))
        unread('A matrix of YALMIP is declared by sdpvar(rows, columns).');
    }
  }

  private square(name: string, isSemidefinite: boolean): void {
    this.symmetric.add(name);
    this.rows.push(`${name} in ${isSemidefinite ? 'psd' : 'symmetric'}`);
  }

  private variable(name: string, lengths: readonly string[]): void {
    const [rows = 1, columns = 1] = lengths.map((length) => this.numberOf(length));
    this.extents.set(name, { rows, columns });
    const shape =
      rows === 1 && columns === 1
        ? ''
        : rows === 1 || columns === 1
          ? `[${Math.max(rows, columns)}]`
          : `[${rows}, ${columns}]`;
    this.params.push(`param ${name}${shape}`);
  }

  private numberOf(text: string): number {
    const value = Number(this.values.get(text) ?? text);
    return Number.isInteger(value) ? value : unread(`The length ${text} is not a number that stands in the text.`);
  }

  private assignment(text: string): void {
    const [, target = '', value] = /^((?:\[[^\]]*\]|[\w.]+))\s*=(?!=)\s*(.*)$/su.exec(text) ?? [null, '', text];
    const name = /^\w+$/u.test(target) ? target : '';
    const [, called = '', inside] = /^(\w+)\s*\((.*)\)$/su.exec(value ?? '') ?? [];
    const args = inside === undefined ? [] : split(inside, ',');
    const [, part, label] = /^\w+\.(Constraints|Objective)(?:\.(\w+))?$/u.exec(target) ?? [];
    const rows = rowsOf(value ?? '');
    const [, added] = new RegExp(`^${name}\\s*\\+\\s*(\\[.*\\])$`, 'su').exec(value ?? '') ?? [];
    if (part === 'Constraints') this.constrain(value ?? '', label);
    else if (part === 'Objective') this.aim('minimize', value ?? '');
    else if (
      target !== '' &&
      name === '' &&
      !SOLVERS.test(value ?? '') &&
      !/^(?:optimize|solvesdp|solve)$/u.test(called)
    )
      return;
    else if (called === 'sdpvar') this.sdpvar(name, args);
    else if (called === 'optimvar') this.optimvar(name, args);
    else if (called === 'optimproblem') this.optimproblem(args);
    else if (called === 'optimize' || called === 'solvesdp') this.yalmip(args);
    else if (SOLVERS.test(`${called}(`)) this.solver(called, args);
    else if (/^solve$/u.test(called) || name === '') return;
    else if (/^@\(\w+\)/u.test(value ?? '')) this.handle(name, value ?? '');
    else if (added !== undefined || (rows?.flat().some((entry) => RELATION.test(entry)) ?? false))
      this.lists.set(name, this.listOf(added ?? value ?? '', name));
    else if (RELATION.test(value ?? '')) this.lists.set(name, [value ?? '']);
    else if (rows?.length === 0) this.lists.set(name, []);
    else this.give(name, value ?? '', rows);
  }

  private handle(name: string, value: string): void {
    const [, arg = '', body = ''] = /^@\((\w+)\)\s*(.*)$/su.exec(value) ?? [];
    const dealt = /^deal\((.*)\)$/su.exec(body)?.[1];
    const values = dealt === undefined ? [body] : split(dealt, ',');
    const returned = values.map((_, i) => `r${i}`);
    this.functions.set(name, { arg, returned, values: new Map(values.map((each, i) => [`r${i}`, each])) });
  }

  /** `[F, x >= 0]`, with what F held before. */
  private listOf(text: string, own: string): readonly string[] {
    const entries = split(text.slice(1, -1).replace(/[;\n]/gu, ','), ',').filter((entry) => entry !== '');
    const before = text.includes(own) && entries.includes(own) ? [] : (this.lists.get(own) ?? []);
    return [...(entries.includes(own) ? [] : before), ...entries.flatMap((entry) => this.lists.get(entry) ?? [entry])];
  }

  private give(name: string, value: string, rows: readonly (readonly string[])[] | null): void {
    this.values.set(name, value);
    if (rows?.flat().every((entry) => !Number.isNaN(Number(entry)))) {
      this.extents.set(name, { rows: rows.length, columns: rows[0]?.length ?? 0 });
      this.declared.push(`data ${name} = ${listed(rows, (entry) => entry)}`);
      return;
    }
    const { text, extent } = this.reader.read(value);
    this.extents.set(name, extent);
    this.declared.push(`let ${name} = ${text}`);
  }

  private inFunction({ values }: Function, text: string): void {
    const [, name, value] = /^(\w+)\s*=(?!=)\s*(.*)$/su.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new Unread(`“${text}” of a function is not read.`);
    values.set(
      name,
      [...values].reduce(
        (line, [own, said]) => line.replaceAll(new RegExp(`(?<![\\w.])${own}(?!\\w)`, 'gu'), () => `(${said})`),
        value,
      ),
    );
  }

  private aim(sense: string, value: string): void {
    this.goal = () =>
      `${sense} ${this.reader.read(this.values.has(value) && !this.extents.has(value) ? (this.values.get(value) ?? '') : value).text}`;
  }

  private constrain(text: string, label?: string): void {
    const name = /^(\w+)\s*>=\s*0$/u.exec(text.trim())?.[1] ?? '';
    const { rows, columns } = this.extents.get(name) ?? SCALAR;
    const isMatrix = rows > 1 && rows === columns && this.params.some((line) => line.startsWith(`param ${name}[`));
    if (isMatrix && (this.isSemidefinite || this.symmetric.has(name))) this.rows.push(`${name} in psd`);
    else this.rows.push(`${label === undefined ? '' : `${label}: `}${this.reader.read(text).text}`);
  }

  private sdpvar(name: string, [rows = '1', columns, kind]: readonly string[]): void {
    this.variable(name, columns === undefined ? [rows, rows] : [rows, columns]);
    const { rows: n, columns: m } = this.extents.get(name) ?? SCALAR;
    if (n > 1 && n === m && !/full/u.test(kind ?? '')) this.square(name, false);
  }

  private yalmip([list = '[]', objective]: readonly string[]): void {
    for (const row of this.lists.get(list) ??
      (rowsOf(list) ? this.listOf(list, '') : unread(`What ${list} holds is not in the text.`)))
      this.constrain(row);
    if (objective === undefined || objective === '[]') unread('What is minimized is not to be found.');
    else this.aim('minimize', objective);
  }

  private optimvar(name: string, args: readonly string[]): void {
    const at = args.findIndex((arg, i) => i > 0 && /^['"]/u.test(arg));
    const lengths = args.slice(1, at < 0 ? undefined : at);
    this.variable(name, lengths);
    const option = (key: string) => args[args.findIndex((arg) => arg.slice(1, -1) === key) + 1] ?? '';
    const has = (key: string) => args.some((arg) => arg.slice(1, -1) === key);
    if (has('Type') && /integer/u.test(option('Type')))
      unread('It asks for whole numbers: parameters here are real numbers.');
    if (has('LowerBound')) this.constrain(`${name} >= ${option('LowerBound')}`);
    if (has('UpperBound')) this.constrain(`${name} <= ${option('UpperBound')}`);
  }

  private optimproblem(args: readonly string[]): void {
    const option = (key: string) => args[args.findIndex((arg) => arg.slice(1, -1) === key) + 1] ?? '';
    const has = (key: string) => args.some((arg) => arg.slice(1, -1) === key);
    if (has('Objective'))
      this.aim(
        has('ObjectiveSense') && /max/u.test(option('ObjectiveSense')) ? 'maximize' : 'minimize',
        option('Objective'),
      );
    if (has('Constraints'))
      for (const row of this.lists.get(option('Constraints')) ?? [option('Constraints')]) this.constrain(row);
  }

  private solver(name: string, args: readonly string[]): void {
    const given = (i: number) =>
      args[i] === undefined ||
      args[i] === '[]' ||
      /^\[\s*\]$/u.test(this.values.get(args[i] ?? '') ?? '') ||
      this.lists.get(args[i] ?? '')?.length === 0
        ? undefined
        : args[i];
    const isNonlinear = /^fmin/u.test(name);
    const isSquares = /^lsq/u.test(name);
    const first = isNonlinear || isSquares || name === 'quadprog' ? 2 : 1;
    const f = isNonlinear ? this.functionOf(args[0] ?? '') : null;
    const x = f?.arg ?? 'x';
    if (f) {
      this.start(x, args[1] ?? '', [given(6), given(7), given(2)], f);
      this.aim('minimize', f.values.get(f.returned[0] ?? '') ?? unread('What the function gives is not in the text.'));
    } else {
      const c = args[name === 'quadprog' ? 1 : 0] ?? '';
      const { rows, columns } = this.extents.get(given(0) ?? '') ?? this.reader.read(args[0] ?? '').extent;
      const length = isSquares || name === 'quadprog' ? columns : Math.max(rows, columns);
      this.variable(x, [`${length}`, '1']);
      const inner = given(name === 'quadprog' ? 1 : 0) === undefined ? '' : this.reader.read(c).text;
      if (isSquares)
        this.goal = () =>
          `minimize ${name === 'lsqlin' ? '0.5*' : ''}sum((${this.reader.read(args[0] ?? '').text} @ ${x} - ${this.reader.read(args[1] ?? '').text})^2)`;
      else if (name === 'quadprog')
        this.goal = () =>
          `minimize 0.5*(${x} @ ${this.reader.read(args[0] ?? '').text} @ ${x})${inner === '' ? '' : ` + ${inner} @ ${x}`}`;
      else this.goal = () => `minimize ${inner} @ ${x}`;
    }
    if (name === 'lsqnonneg') this.rows.push(`${x} >= 0`);
    if (name === 'lsqnonneg' || name === 'fminunc' || name === 'fminsearch') return;
    const said = (i: number) => this.reader.read(given(i) ?? '').text;
    if (given(first)) this.rows.push(`${said(first)} @ ${x} <= ${said(first + 1)}`);
    if (given(first + 2)) this.rows.push(`${said(first + 2)} @ ${x} = ${said(first + 3)}`);
    if (given(first + 4)) this.bound(x, given(first + 4) ?? '', '>=');
    if (given(first + 5)) this.bound(x, given(first + 5) ?? '', '<=');
    if (isNonlinear && given(8)) this.nonlinear(this.functionOf(args[8] ?? ''), x);
  }

  private bound(x: string, bound: string, sign: string): void {
    const rows = rowsOf(this.values.get(bound) ?? bound)?.flat();
    if (rows?.some((entry) => /inf/iu.test(entry)))
      rows.forEach(
        (entry, i) => /inf/iu.test(entry) || this.rows.push(`${x}[${i}] ${sign} ${this.reader.read(entry).text}`),
      );
    else this.rows.push(`${x} ${sign} ${this.reader.read(bound).text}`);
  }

  private nonlinear({ arg, values, returned }: Function, x: string): void {
    for (const [i, name] of returned.entries()) {
      const value = (values.get(name) ?? '[]').replaceAll(new RegExp(`(?<![\\w.])${arg}(?!\\w)`, 'gu'), x);
      const rows = rowsOf(value);
      for (const row of rows ? rows.flat() : [value])
        this.rows.push(`${this.reader.read(row).text} ${i === 0 ? '<=' : '='} 0`);
    }
  }

  private functionOf(text: string): Function {
    if (text.startsWith('@(')) this.handle('ans', text);
    return (
      this.functions.get(text.startsWith('@(') ? 'ans' : text.replace(/^@/u, '')) ??
      unread(`The function ${text} is not in the text.`)
    );
  }

  /** Its start where that is written out in numbers; else as many entries as its bounds have, or the function reads. */
  private start(x: string, value: string, others: readonly (string | undefined)[], f: Function): void {
    const given = this.values.get(value) ?? value;
    const rows = rowsOf(given);
    if (rows?.flat().every((entry) => !Number.isNaN(Number(entry)))) {
      this.extents.set(x, { rows: rows.flat().length, columns: 1 });
      this.params.push(`param ${x} = ${listed([rows.flat()], (entry) => entry)}`);
      return;
    }
    if (!Number.isNaN(Number(given)) && given !== '') {
      this.extents.set(x, SCALAR);
      this.params.push(`param ${x} = ${given}`);
      return;
    }
    const told = [value, ...others].flatMap((other) => {
      if (other === undefined || other === '') return [];
      const { rows: n, columns: m } = this.extents.get(other) ?? this.reader.read(other).extent;
      return n === 1 || m === 1 ? Math.max(n, m) : m;
    });
    const read = [...[...f.values.values()].join(' ').matchAll(new RegExp(`(?<!\\w)${f.arg}\\((\\d+)\\)`, 'gu'))].map(
      ([, i]) => Number(i),
    );
    this.variable(x, [`${Math.max(...told, ...read, 1)}`, '1']);
  }
}
