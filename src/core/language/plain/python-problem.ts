/**
 * A whole program for CVXPY, SciPy or PyTorch, or a loss written with NumPy → a text of the language. The usual forms are read, nothing
 * is evaluated; where a line says what has no counterpart here, the answer names it.
 */
import { at } from '../../diagnostic.ts';
import { isFunctionName } from '../functions.ts';
import { enclosed } from './brackets.ts';
import { keptBy } from './python-kept.ts';
import { callOf, inBrackets, type PythonCall, type PythonLine, pythonLines, split } from './python-lines.ts';
import { arrayIn, isUsed, lambdaOf, PythonScope, replaced, shortened } from './python-scope.ts';
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

const DRAWN = /^(?:randn|standard_normal|normal|rand|uniform|random|randint|integers)$/u;

class Program {
  /** `param` lines by name, in the order met. */
  private readonly params = new Map<string, string>();
  private readonly scope: PythonScope;
  private readonly constraints: string[] = [];
  private objective: string | null = null;
  private line = 0;
  /** Why there is no translation; line 0 is the whole. */
  refusal: { readonly line: number; readonly refusal: string } | null = null;

  constructor(private readonly lines: readonly PythonLine[]) {
    this.scope = new PythonScope(this.refuse);
  }

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
      const line = at(lines, i);
      this.line = line.number;
      const [, name, args] = /^def\s+(\w+)\((.*)\)\s*(?:->.*)?:\s*(.*)$/u.exec(line.text) ?? [];
      if (name !== undefined) {
        const body: string[] = [];
        while ((lines[i + 1]?.indent ?? 0) > line.indent) body.push(at(lines, ++i).text);
        this.scope.functions.set(name, {
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
    if (name && value) this.assign(name, sign === '+=' ? this.scope.joined(name, value) : value);
    else if (list && added)
      this.scope.values.set(list, this.scope.joined(list, inBrackets(added, '[') === null ? `[${added}]` : added));
    else if (/^[\w.]+\(/u.test(text)) this.call(text);
    else if (/^\w+\[.*\]\s*[-+*/]?=(?!=)/u.test(text))
      this.refuse('An array is changed there: write it as it is in the end.');
    else if (/[^=<>!]=(?!=)/u.test(text) && !/^\w+\.value\b/u.test(text))
      this.refuse(`“${shortened(text)}” is not read.`);
  }

  private assign(name: string, value: string): void {
    const call = callOf(value);
    const lambda = lambdaOf(value);
    if (lambda) this.scope.functions.set(name, lambda);
    else if (
      call &&
      (call.name === 'Variable' || /requires_grad\s*=\s*True/u.test(value) || call.path.endsWith('nn.Parameter'))
    )
      this.variable(name, call);
    else if (!(call && this.solve(call))) this.scope.values.set(name, value);
  }

  private call(text: string): void {
    const call = callOf(text.replace(/\.(?:solve|fit)\(.*\)$/su, ''));
    if (call) this.solve(call);
  }

  /** Whether this states the problem. */
  private solve(call: PythonCall): boolean {
    const { name, args, options } = call;
    if (name === 'Problem') {
      const goal = callOf(this.scope.values.get(args[0] ?? '') ?? args[0] ?? '');
      const [stated = ''] = goal?.args ?? [];
      if (goal?.name === 'Minimize' || goal?.name === 'Maximize') this.minimize(stated, goal.name.toLowerCase());
      for (const relation of this.scope.listOf(args[1] ?? options.get('constraints') ?? '[]')) this.relation(relation);
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
    const shape = this.scope.shapeOf(options.get('shape') ?? args[0] ?? '');
    this.params.set(name, `param ${safe(name)}${shape}`);
    const are = (option: string) => options.get(option) === 'True';
    if (are('nonneg') || are('pos')) this.constraints.push(`${name} >= 0`);
    if (are('nonpos') || are('neg')) this.constraints.push(`${name} <= 0`);
    if (are('symmetric')) this.constraints.push(`${name} in symmetric`);
    if (are('PSD')) this.constraints.push(`${name} in psd`);
  }

  private start(name: string, value: string): void {
    const given = this.scope.given(value);
    const call = callOf(given);
    const literal = arrayIn(given);
    if (literal !== null) this.params.set(name, `param ${safe(name)} = ${literal}`);
    else if (call && DRAWN.test(call.name)) {
      const isUniform = /^(?:rand|random|uniform)$/u.test(call.name);
      const shape = this.scope.shapeOf(
        call.options.get('size') ?? (call.args.length === 1 ? (call.args[0] ?? '') : `(${call.args.join(', ')})`),
      );
      this.params.set(name, `param ${safe(name)}${shape} ~ ${isUniform ? 'uniform(0, 1)' : 'normal(0, 1)'}`);
    } else if (call && /^(?:zeros|ones|full)$/u.test(call.name)) {
      const shape = this.scope.shapeOf(
        call.args[0]?.startsWith('(') || call.name === 'full' ? (call.args[0] ?? '') : `(${call.args.join(', ')})`,
      );
      const entry = call.name === 'zeros' ? '' : ` = ${call.name === 'ones' ? '1' : (call.args[1] ?? '0')}`;
      this.params.set(name, `param ${safe(name)}${shape}${entry}`);
    } else this.refuse(`How many entries ${name} has is not in the text.`);
  }

  private scipy({ args, options }: PythonCall): void {
    const f = this.scope.functionOf(args[0] ?? options.get('fun') ?? '');
    const [x = 'x', ...others] = f.args;
    const given = split(inBrackets(options.get('args') ?? '()', '(') ?? '', ',');
    this.start(x, args[1] ?? options.get('x0') ?? '');
    this.minimize(
      others.reduce((text, other, i) => replaced(text, other, given[i] ?? other), this.scope.returned(f, x)),
    );
    for (const bound of this.boundsOf(options.get('bounds') ?? '', x)) this.constraints.push(bound);
    for (const constraint of this.scope.listOf(options.get('constraints') ?? '[]')) this.constraint(constraint, x);
  }

  /** `{'type': 'ineq', 'fun': g}` says g ≥ 0. */
  private constraint(text: string, x: string): void {
    const stated = this.scope.given(text);
    const call = callOf(stated);
    if (call?.name === 'LinearConstraint' || call?.name === 'NonlinearConstraint') {
      const [of = '', low = '-inf', high = 'inf'] = [
        ...call.args,
        ...['lb', 'ub'].flatMap((key) => call.options.get(key) ?? []),
      ];
      const member =
        call.name === 'LinearConstraint'
          ? `${enclosed(this.scope.inline(of))} @ ${x}`
          : this.scope.returned(this.scope.functionOf(of), x);
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
        `${this.scope.returned(this.scope.functionOf(f), x)} ${/ineq/u.test(entries.get('type') ?? '') ? '>=' : '='} 0`,
      );
  }

  private between(low: string, member: string, high: string): void {
    const [from = '', to = ''] = [low, high].map((bound) => this.scope.inline(this.scope.given(bound)));
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
    const given = this.scope.given(text);
    const call = callOf(given);
    const before = this.constraints.length;
    const [, one] = /^[[(]\s*(\([^()]*\))\s*,?\s*(?:[\])]\s*\*.*|for\s.*[\])])$/su.exec(given) ?? [];
    if (call?.name === 'Bounds') this.between(call.args[0] ?? '-inf', x, call.args[1] ?? 'inf');
    else if (given !== '') {
      const pairs = (one ? [one] : split(inBrackets(given) ?? '', ',')).map((pair) =>
        split(inBrackets(this.scope.given(pair)) ?? '', ','),
      );
      const isSame = new Set(pairs.map(String)).size === 1;
      (isSame ? pairs.slice(0, 1) : pairs).forEach(([low = 'None', high = 'None'], i) => {
        this.between(low, isSame ? x : `${x}[${i}]`, high);
      });
    }
    return this.constraints.splice(before);
  }

  private minimize(text: string, sense = 'minimize'): void {
    this.objective = `${sense} ${this.scope.given(text)}`;
  }

  private relation(text: string): void {
    const stated = this.scope.given(text);
    const call = callOf(stated);
    const [, member, sign] = /^(.*?)(>>|<<)\s*0$/su.exec(stated) ?? [];
    if (call?.name === 'SOC') this.constraints.push(`norm(${call.args[1]}) <= ${call.args[0]}`);
    else if (member) this.constraints.push(`${sign === '>>' ? member.trim() : `-(${member.trim()})`} in psd`);
    else if (/[<>=]=|[<>]/u.test(stated)) this.constraints.push(stated);
    else this.refuse(`The constraint ${shortened(text)} is not read.`);
  }

  private compose(): string {
    this.line = 0;
    if (this.objective === null) this.loneFunction();
    if (this.objective === null) return this.refuse('What is minimized is not to be found.');
    const stated = [this.objective, ...new Set(this.constraints)].map((text) => this.scope.inline(text));
    const needed = new Set<string>();
    const need = (text: string): void => {
      for (const [name, value] of this.scope.values) {
        if (needed.has(name) || this.params.has(name) || !isUsed(name, text)) continue;
        needed.add(name);
        need(this.scope.inline(value));
      }
    };
    stated.forEach(need);
    const declared = [...this.scope.values].flatMap(([name, value]) =>
      needed.has(name) ? [this.declaration(name, this.scope.inline(value))] : [],
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
    const candidates = [...this.scope.functions].filter(([name]) => !isFunctionName(name));
    const [name, f] = candidates.find(([own]) => /loss|cost|objective|^f$/u.test(own)) ?? candidates[0] ?? [];
    if (!f || (candidates.length > 1 && !/loss|cost|objective|^f$/u.test(name ?? ''))) return;
    this.objective = `minimize ${this.scope.returned(f, f.args[0] ?? 'x')}`;
    const given = f.args.find((arg) => this.scope.values.has(arg) && !/^(?:X|y|A|b)$/u.test(arg)) ?? f.args[0];
    const largest = Math.max(
      -1,
      ...Array.from(this.objective.matchAll(new RegExp(`(?<!\\w)${given}\\[(\\d+)\\]`, 'gu')), ([, i]) => Number(i)),
    );
    if (given && !this.scope.values.has(given) && largest >= 0)
      this.params.set(given, `param ${safe(given)}[${largest + 1}]`);
    else if (given) this.start(given, this.scope.values.get(given) ?? '');
  }
}

const isNone = (bound = ''): boolean => /^(?:None|[-+]?(?:np\.)?inf)$/u.test(bound.trim());
