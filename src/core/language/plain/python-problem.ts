/**
 * A whole program for CVXPY, SciPy or PyTorch, or a loss written with NumPy → a text of the language. The usual forms are read, nothing
 * is evaluated; where a line says what has no counterpart here, the answer names it.
 */
import { at } from '../../diagnostic.ts';
import { isFunctionName } from '../functions.ts';
import { between, cvxpyRelation, scipyBounds, scipyConstraint } from './python-constraints.ts';
import { keptBy } from './python-kept.ts';
import { callOf, inBrackets, type PythonCall, type PythonLine, pythonLines, split } from './python-lines.ts';
import { isDrawn, parameterOf, startLine } from './python-parameters.ts';
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
    else this.constraints.push(...between(this.scope, kept.low, kept.member, kept.high));
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
      this.declare(name, call);
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
      for (const relation of this.scope.listOf(args[1] ?? options.get('constraints') ?? '[]'))
        this.constraints.push(...cvxpyRelation(this.scope, relation));
    } else if (name === 'minimize') this.scipy(call);
    else return false;
    return true;
  }

  private declare(name: string, call: PythonCall): void {
    const { line, constraints } = parameterOf(this.scope, name, call);
    this.params.set(name, line);
    this.constraints.push(...constraints);
  }

  private scipy({ args, options }: PythonCall): void {
    const f = this.scope.functionOf(args[0] ?? options.get('fun') ?? '');
    const [x = 'x', ...others] = f.args;
    const given = split(inBrackets(options.get('args') ?? '()', '(') ?? '', ',');
    this.params.set(x, startLine(this.scope, x, args[1] ?? options.get('x0') ?? ''));
    this.minimize(
      others.reduce((text, other, i) => replaced(text, other, given[i] ?? other), this.scope.returned(f, x)),
    );
    this.constraints.push(...scipyBounds(this.scope, options.get('bounds') ?? '', x));
    for (const constraint of this.scope.listOf(options.get('constraints') ?? '[]'))
      this.constraints.push(...scipyConstraint(this.scope, constraint, x));
  }

  private minimize(text: string, sense = 'minimize'): void {
    this.objective = `${sense} ${this.scope.given(text)}`;
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
    if (call && (isDrawn(call) || call.path.includes('random')))
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
    else if (given) this.params.set(given, startLine(this.scope, given, this.scope.values.get(given) ?? ''));
  }
}
