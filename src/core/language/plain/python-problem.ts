/**
 * A whole program for CVXPY, SciPy or PyTorch, or a loss written with NumPy → a text of the language. The usual forms are read, nothing
 * is evaluated; where a line says what has no counterpart here, the answer names it.
 */
import { isFunctionName } from '../functions.ts';
import { enclosed } from './brackets.ts';
import { keptBy } from './python-kept.ts';
import { callOf, inBrackets, type PythonCall, type PythonLine, pythonLines, split, withCalls } from './python-lines.ts';
import { expression, safe } from './python-words.ts';

export type Translation =
  | { readonly kind: string; readonly text: string }
  | { readonly kind: string; readonly line: number; readonly refusal: string };

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\bcvxpy\b|\bcp\.(?:Variable|Minimize|Maximize|Problem)\b/u, 'CVXPY'],
  [/\bscipy\b/u, 'SciPy'],
  [/\btorch\b/u, 'PyTorch'],
  [/^\s*(?:import|from)\s+\w/mu, 'Python'],
  [/^\s*def\s+\w+\(.*\).*:\s*$/mu, 'Python'],
];
/** A block in which PyTorch records no derivatives: its lines count as any. */
const WITHOUT_SLOPES = /^with\s+torch\.(?:no_grad|inference_mode|set_grad_enabled)\([^()]*\)\s*:\s*/u;
const OWN = /^\s*(?:param\s|data\s|minimi[sz]e\s|maximi[sz]e\s|subject\s)/mu;

/** Null where the text is no program of Python, or one of the language that has some Python in it. */
export function translatedProgram(text: string): Translation | null {
  const kind = OWN.test(text) ? undefined : KINDS.find(([sign]) => sign.test(text))?.[1];
  if (kind === undefined) return null;
  const program = new Program(pythonLines(text));
  const written = program.written();
  return program.refusal === null ? { kind, text: written } : { kind, ...program.refusal };
}

interface PythonFunction {
  readonly args: readonly string[];
  readonly body: readonly string[];
}

const replaced = (text: string, name: string, by: string): string =>
  text.replace(new RegExp(`(?<![\\p{L}\\p{N}_.])${name}(?![\\p{L}\\p{N}_])`, 'gu'), () => by);

const isUsed = (name: string, text: string): boolean => replaced(text, name, '') !== text;

const NUMBERS = /^[-+\d.,eE\s[\]()]+$/u;
const ARRAY = /^(?:array|asarray|tensor|matrix|Tensor|FloatTensor)$/u;
/** Functions of the program that call each other, at most so deep. */
const MAX_DEPTH = 8;
const DRAWN = /^(?:randn|standard_normal|normal|rand|uniform|random|randint|integers)$/u;

class Program {
  /** `param` lines by name, in the order met. */
  private readonly params = new Map<string, string>();
  private readonly values = new Map<string, string>();
  private readonly functions = new Map<string, PythonFunction>();
  private readonly constraints: string[] = [];
  private objective: string | null = null;
  private line = 0;
  /** Why there is no translation; line 0 is the whole. */
  refusal: { readonly line: number; readonly refusal: string } | null = null;

  constructor(private readonly lines: readonly PythonLine[]) {}

  /** Nothing that counts where `refusal` says why. */
  written(): string {
    this.read();
    this.line = 0;
    return this.compose();
  }

  /** The first reason is the one that is told. */
  private readonly refuse = (refusal: string): string => {
    this.refusal ??= { line: this.line, refusal };
    return '';
  };

  private read(): void {
    const { lines } = this;
    const trains = lines.find(({ text }) => /\.backward\(/u.test(text));
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] as PythonLine;
      this.line = line.number;
      const [, name, args] = /^def\s+(\w+)\((.*)\)\s*(?:->.*)?:\s*(.*)$/u.exec(line.text) ?? [];
      if (name !== undefined) {
        const body: string[] = [];
        while ((lines[i + 1]?.indent ?? 0) > line.indent) body.push((lines[++i] as PythonLine).text);
        this.functions.set(name, {
          args: split(args ?? '', ',').map((arg) => arg.replace(/[:=].*$/u, '').trim()),
          body,
        });
      } else if (/^(?:for|while)\b/u.test(line.text) && trains) continue;
      else {
        const text = line.text.replace(WITHOUT_SLOPES, '');
        if (text !== '' && !(trains && this.keeps(text))) this.statement(text);
      }
    }
    if (trains) this.minimize(/^([\w.]+)\.backward/u.exec(trains.text)?.[1] ?? '');
  }

  /** Whether the line changes a parameter after the step: what that keeps is a constraint. */
  private keeps(text: string): boolean {
    const kept = keptBy(text, (name) => this.params.has(name));
    if (kept === undefined) return false;
    if (kept === 'step') return true;
    if (kept === null)
      this.refuse(`What “${shortened(text)}” keeps is not known here: write it as a constraint, below subject to.`);
    else if ('relation' in kept) this.constraints.push(kept.relation);
    else this.between(kept.low, kept.member, kept.high);
    return true;
  }

  private statement(text: string): void {
    if (/^(?:import|from|print|if\s+__name__|assert|pass|plt\.|torch\.manual_seed|np\.random\.seed)/u.test(text))
      return;
    if (/^(?:for|while|if|class|with|try)\b/u.test(text))
      this.refuse(`What “${text.split(/\s/u)[0]}” does depends on running it.`);
    const [, name, sign, value] = /^([A-Za-z_]\w*)\s*(?::\s*[\w.]+\s*)?(\+?=)(?!=)\s*(.*)$/su.exec(text) ?? [];
    const [, list, added] = /^(\w+)\.(?:append|extend)\((.*)\)$/su.exec(text) ?? [];
    if (name && value) this.assign(name, sign === '+=' ? this.joined(name, value) : value);
    else if (list && added)
      this.values.set(list, this.joined(list, inBrackets(added, '[') === null ? `[${added}]` : added));
    else if (/^[\w.]+\(/u.test(text)) this.call(text);
    else if (/^\w+\[.*\]\s*[-+*/]?=(?!=)/u.test(text))
      this.refuse('An array is changed there: write it as it is in the end.');
    else if (/[^=<>!]=(?!=)/u.test(text) && !/^\w+\.value\b/u.test(text))
      this.refuse(`“${shortened(text)}” is not read.`);
  }

  private readonly joined = (name: string, more: string): string =>
    inBrackets(more, '[') === null
      ? `${this.values.get(name) ?? name} + ${more}`
      : `[${[...this.listOf(name), ...this.listOf(more)].join(', ')}]`;

  private assign(name: string, value: string): void {
    const call = callOf(value);
    const lambda = lambdaOf(value);
    if (lambda) this.functions.set(name, lambda);
    else if (
      call &&
      (call.name === 'Variable' || /requires_grad\s*=\s*True/u.test(value) || call.path.endsWith('nn.Parameter'))
    )
      this.variable(name, call);
    else if (!(call && this.solve(call))) this.values.set(name, value);
  }

  private call(text: string): void {
    const call = callOf(text.replace(/\.(?:solve|fit)\(.*\)$/su, ''));
    if (call) this.solve(call);
  }

  /** Whether this states the problem. */
  private solve(call: PythonCall): boolean {
    const { name, args, options } = call;
    if (name === 'Problem') {
      const goal = callOf(this.values.get(args[0] ?? '') ?? args[0] ?? '');
      const [stated = ''] = goal?.args ?? [];
      if (goal?.name === 'Minimize' || goal?.name === 'Maximize') this.minimize(stated, goal.name.toLowerCase());
      for (const relation of this.listOf(args[1] ?? options.get('constraints') ?? '[]')) this.relation(relation);
    } else if (name === 'minimize') this.scipy(call);
    else return false;
    return true;
  }

  /** `cp.Variable((2, 3), nonneg=True)`, `torch.zeros(3, requires_grad=True)`, `nn.Parameter(torch.randn(3))`. */
  private variable(name: string, { name: made, args, options }: PythonCall): void {
    for (const option of ['boolean', 'integer'])
      if (options.get(option) === 'True') this.refuse(`It has ${option} variables: parameters here are real numbers.`);
    if (made !== 'Variable') {
      this.start(name, made === 'Parameter' ? (args[0] ?? '') : `${made}(${args.join(', ')})`);
      return;
    }
    const shape = this.shapeOf(options.get('shape') ?? args[0] ?? '');
    this.params.set(name, `param ${safe(name)}${shape}`);
    const are = (option: string) => options.get(option) === 'True';
    if (are('nonneg') || are('pos')) this.constraints.push(`${name} >= 0`);
    if (are('nonpos') || are('neg')) this.constraints.push(`${name} <= 0`);
    if (are('symmetric')) this.constraints.push(`${name} in symmetric`);
    if (are('PSD')) this.constraints.push(`${name} in psd`);
  }

  /** A length is a number here. */
  private shapeOf(text: string): string {
    const lengths = split(inBrackets(text, '([') ?? text, ',').map((length) => this.numberOf(length));
    return lengths.length === 0 ? '' : `[${lengths.join(', ')}]`;
  }

  private numberOf(text: string): string {
    const found = this.measured(/^\w+$/u.test(text) ? (this.values.get(text) ?? text) : text);
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

  private start(name: string, value: string): void {
    const given = this.values.get(value) ?? value;
    const call = callOf(given);
    const literal = arrayIn(given);
    if (literal !== null) this.params.set(name, `param ${safe(name)} = ${literal}`);
    else if (call && DRAWN.test(call.name)) {
      const isUniform = /^(?:rand|random|uniform)$/u.test(call.name);
      const shape = this.shapeOf(
        call.options.get('size') ?? (call.args.length === 1 ? (call.args[0] ?? '') : `(${call.args.join(', ')})`),
      );
      this.params.set(name, `param ${safe(name)}${shape} ~ ${isUniform ? 'uniform(0, 1)' : 'normal(0, 1)'}`);
    } else if (call && /^(?:zeros|ones|full)$/u.test(call.name)) {
      const shape = this.shapeOf(
        call.args[0]?.startsWith('(') || call.name === 'full' ? (call.args[0] ?? '') : `(${call.args.join(', ')})`,
      );
      const entry = call.name === 'zeros' ? '' : ` = ${call.name === 'ones' ? '1' : (call.args[1] ?? '0')}`;
      this.params.set(name, `param ${safe(name)}${shape}${entry}`);
    } else this.refuse(`How many entries ${name} has is not in the text.`);
  }

  private scipy({ args, options }: PythonCall): void {
    const f = this.functionOf(args[0] ?? options.get('fun') ?? '');
    const [x = 'x', ...others] = f.args;
    const given = split(inBrackets(options.get('args') ?? '()', '(') ?? '', ',');
    this.start(x, args[1] ?? options.get('x0') ?? '');
    this.minimize(others.reduce((text, other, i) => replaced(text, other, given[i] ?? other), this.returned(f, x)));
    for (const bound of this.boundsOf(options.get('bounds') ?? '', x)) this.constraints.push(bound);
    for (const constraint of this.listOf(options.get('constraints') ?? '[]')) this.constraint(constraint, x);
  }

  /** `{'type': 'ineq', 'fun': g}` says g ≥ 0. */
  private constraint(text: string, x: string): void {
    const stated = this.values.get(text) ?? text;
    const call = callOf(stated);
    if (call?.name === 'LinearConstraint' || call?.name === 'NonlinearConstraint') {
      const [of = '', low = '-inf', high = 'inf'] = [
        ...call.args,
        ...['lb', 'ub'].flatMap((key) => call.options.get(key) ?? []),
      ];
      const member =
        call.name === 'LinearConstraint'
          ? `${enclosed(this.inline(of))} @ ${x}`
          : this.returned(this.functionOf(of), x);
      this.between(low, member, high);
      return;
    }
    const entries = new Map(
      split(inBrackets(stated, '{') ?? '', ',').map((entry) => {
        const [, key = '', value = ''] = /^['"](\w+)['"]\s*:\s*(.*)$/su.exec(entry) ?? [];
        return [key, value] as const;
      }),
    );
    const f = entries.get('fun');
    if (f === undefined) this.refuse(`The constraint ${shortened(text)} is not read.`);
    else
      this.constraints.push(
        `${this.returned(this.functionOf(f), x)} ${/ineq/u.test(entries.get('type') ?? '') ? '>=' : '='} 0`,
      );
  }

  private between(low: string, member: string, high: string): void {
    const [from = '', to = ''] = [low, high].map((bound) => this.inline(this.values.get(bound) ?? bound));
    const [lows, highs] = [from, to].map((bound) => split(inBrackets(callOf(bound)?.args[0] ?? bound) ?? '', ','));
    const rows = Math.max(lows?.length ?? 0, highs?.length ?? 0);
    if (rows > 0 && /inf|None/u.test(from + to)) {
      for (let i = 0; i < rows; i++) this.between(lows?.[i] ?? from, `${enclosed(member)}[${i}]`, highs?.[i] ?? to);
      return;
    }
    if (from === to) this.constraints.push(`${member} = ${from}`);
    else if (isNone(from) && isNone(to)) return;
    else if (isNone(to)) this.constraints.push(`${member} >= ${from}`);
    else this.constraints.push(`${isNone(from) ? '' : `${from} <= `}${member} <= ${to}`);
  }

  private boundsOf(text: string, x: string): string[] {
    const given = this.values.get(text) ?? text;
    const call = callOf(given);
    const before = this.constraints.length;
    const [, one] = /^[[(]\s*(\([^()]*\))\s*,?\s*(?:[\])]\s*\*.*|for\s.*[\])])$/su.exec(given) ?? [];
    if (call?.name === 'Bounds') this.between(call.args[0] ?? '-inf', x, call.args[1] ?? 'inf');
    else if (given !== '') {
      const pairs = (one ? [one] : split(inBrackets(given) ?? '', ',')).map((pair) =>
        split(inBrackets(this.values.get(pair) ?? pair) ?? '', ','),
      );
      const isSame = new Set(pairs.map(String)).size === 1;
      (isSame ? pairs.slice(0, 1) : pairs).forEach(([low = 'None', high = 'None'], i) => {
        this.between(low, isSame ? x : `${x}[${i}]`, high);
      });
    }
    return this.constraints.splice(before);
  }

  private functionOf(text: string): PythonFunction {
    const found = lambdaOf(text) ?? this.functions.get(text);
    if (!found) this.refuse(`The function ${shortened(text) || 'to minimize'} is not in the text.`);
    return found ?? { args: [], body: [] };
  }

  /** What a function returns, its argument called x; names that it gives on the way become names of the text. */
  private returned({ args, body }: PythonFunction, x: string): string {
    const own = (text: string) => (args[0] ? replaced(text, args[0], x) : text);
    for (const line of body) {
      const [, result] = /^return\s+(.*)$/su.exec(line) ?? [];
      if (result) return own(result);
      const [, names = '', value = ''] = /^([\w\s,()]+?)\s*=(?!=)\s*(.*)$/su.exec(line) ?? [];
      const each = split(inBrackets(names, '(') ?? names, ',');
      if (value === '') return this.refuse(`The line “${shortened(line)}” of a function is not read.`);
      each.forEach((name, i) => {
        const meant = own(each.length > 1 ? `${value}[${i}]` : value);
        if ((this.values.get(name) ?? meant) !== meant) this.refuse(`${name} stands for two different things.`);
        this.values.set(name, meant);
      });
    }
    return this.refuse('A function returns nothing.');
  }

  private minimize(text: string, sense = 'minimize'): void {
    this.objective = `${sense} ${this.values.get(text) ?? text}`;
  }

  private listOf(text: string): string[] {
    const given = this.values.get(text) ?? text;
    const inner = inBrackets(given);
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

  private relation(text: string): void {
    const stated = this.values.get(text) ?? text;
    const call = callOf(stated);
    const [, member, sign] = /^(.*?)(>>|<<)\s*0$/su.exec(stated) ?? [];
    if (call?.name === 'SOC') this.constraints.push(`norm(${call.args[1]}) <= ${call.args[0]}`);
    else if (member) this.constraints.push(`${sign === '>>' ? member.trim() : `-(${member.trim()})`} in psd`);
    else if (/[<>=]=|[<>]/u.test(stated)) this.constraints.push(stated);
    else this.refuse(`The constraint ${shortened(text)} is not read.`);
  }

  /** Calls of functions of the program that say one thing, written out. */
  private inline(text: string, depth = 0): string {
    const isOwn = (name: string) => this.functions.has(name) && !isFunctionName(name);
    return withCalls(this.measured(text), isOwn, ({ name, args: given }) => {
      const { args, body } = this.functionOf(name);
      const [, result] = (body.length === 1 && /^return\s+(.*)$/su.exec(body[0] ?? '')) || [];
      if (!result || depth > MAX_DEPTH) return this.refuse(`What ${name} gives cannot be written in one line.`);
      const written = args.reduce((out, arg, i) => replaced(out, arg, enclosed(given[i] ?? arg)), result);
      return `(${this.inline(written, depth + 1)})`;
    });
  }

  private compose(): string {
    this.line = 0;
    if (this.objective === null) this.loneFunction();
    if (this.objective === null) return this.refuse('What is minimized is not to be found.');
    const stated = [this.objective, ...new Set(this.constraints)].map((text) => this.inline(text));
    const needed = new Set<string>();
    const need = (text: string): void => {
      for (const [name, value] of this.values) {
        if (needed.has(name) || this.params.has(name) || !isUsed(name, text)) continue;
        needed.add(name);
        need(this.inline(value));
      }
    };
    stated.forEach(need);
    const declared = [...this.values].flatMap(([name, value]) =>
      needed.has(name) ? [this.declaration(name, this.inline(value))] : [],
    );
    const [goal = '', ...relations] = stated.map((text) => expression(text));
    const subject = relations.length === 0 ? [] : ['subject to', ...relations.map((relation) => `  ${relation}`)];
    const text = [...this.params.values(), ...declared, goal, ...subject].join('\n');
    const unknown = [...text.matchAll(/(?<![\p{L}\p{N}_])([\p{L}_][\p{L}\p{N}_.]*)\(/gu)].find(
      ([, name = '']) => !isFunctionName(name) && !/^(?:normal|uniform)$/u.test(name),
    );
    if (unknown) this.refuse(`The function ${unknown[1]} has no counterpart here.`);
    return `${text}\n`;
  }

  private declaration(name: string, value: string): string {
    const call = callOf(value);
    const literal = arrayIn(value);
    if (literal !== null) return `data ${safe(name)} = ${literal}`;
    if (call && (DRAWN.test(call.name) || call.path.includes('random')))
      return this.refuse(`${name} is drawn at random when the program runs: put its numbers in its place.`);
    const given = call?.name === 'Parameter' ? call.options.get('value') : value;
    return given === undefined
      ? this.refuse(`${name} has no value in the text.`)
      : `let ${safe(name)} = ${expression(given)}`;
  }

  /** A program that only says what the loss is. */
  private loneFunction(): void {
    const candidates = [...this.functions].filter(([name]) => !isFunctionName(name));
    const [name, f] = candidates.find(([own]) => /loss|cost|objective|^f$/u.test(own)) ?? candidates[0] ?? [];
    if (!f || (candidates.length > 1 && !/loss|cost|objective|^f$/u.test(name ?? ''))) return;
    this.objective = `minimize ${this.returned(f, f.args[0] ?? 'x')}`;
    const given = f.args.find((arg) => this.values.has(arg) && !/^(?:X|y|A|b)$/u.test(arg)) ?? f.args[0];
    const largest = Math.max(
      -1,
      ...Array.from(this.objective.matchAll(new RegExp(`(?<!\\w)${given}\\[(\\d+)\\]`, 'gu')), ([, i]) => Number(i)),
    );
    if (given && !this.values.has(given) && largest >= 0)
      this.params.set(given, `param ${safe(given)}[${largest + 1}]`);
    else if (given) this.start(given, this.values.get(given) ?? '');
  }
}

function lambdaOf(text: string): PythonFunction | null {
  const [, args = '', result] = /^lambda\s*([\w\s,=]*):\s*(.*)$/su.exec(text) ?? [];
  return result
    ? { args: split(args, ',').map((arg) => arg.replace(/=.*$/u, '').trim()), body: [`return ${result}`] }
    : null;
}

/** The literal of `np.array([…])`, `[…]` or `torch.tensor([…], dtype=…)`, where all of it is numbers. */
function arrayIn(text: string): string | null {
  const call = callOf(text);
  const literal = call && ARRAY.test(call.name) ? (call.args[0] ?? '') : text;
  const inner = inBrackets(literal);
  return inner !== null && inner !== '' && NUMBERS.test(literal)
    ? `[${inner.replace(/\(/gu, '[').replace(/\)/gu, ']')}]`
    : null;
}

const isNone = (bound = ''): boolean => /^(?:None|[-+]?(?:np\.)?inf)$/u.test(bound.trim());

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
