/**
 * A whole program for CVXPY, SciPy or PyTorch, or a loss written with NumPy → a text of the language. The usual forms are read, nothing
 * is evaluated; where a line says what has no counterpart here, the answer names it.
 */
import { at } from '../../diagnostic.ts';
import { isFunctionName } from '../functions.ts';
import { enclosed } from './brackets.ts';
import { between, cvxpyRelation, scipyBounds, scipyConstraint } from './python-constraints.ts';
import { keptBy } from './python-kept.ts';
import { callOf, inBrackets, type PythonCall, type PythonLine, pythonLines, split } from './python-lines.ts';
import { withoutLoops } from './python-loops.ts';
import { classOf, declareModule, instantiate, type Modules, type PythonClass } from './python-modules.ts';
import { isDrawn, parameterOf, startLine } from './python-parameters.ts';
import { arrayIn, isUsed, lambdaOf, PythonScope, replaced, shortened } from './python-scope.ts';
import { rowOf, type Training, trainingOf, withDraws } from './python-training.ts';
import { expression, safe } from './python-words.ts';

export type Translation =
  | { readonly kind: string; readonly text: string }
  | { readonly kind: string; readonly line: number; readonly refusal: string };

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\bcvxpy\b|\bcp\.(?:Variable|Minimize|Maximize|Problem)\b/u, 'CVXPY'],
  [/\bscipy\b/u, 'SciPy'],
  [/\bminimize\(\s*\w+\s*,[^\n]*\b(?:method|bounds|constraints|x0)\s*=/u, 'SciPy'],
  [/\btorch\b|\bnn\.(?:Linear|Module|Parameter)\b/u, 'PyTorch'],
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
  private readonly classes = new Map<string, PythonClass>();
  private training: Training | null = null;
  private hasDraws = false;
  /** The name of each parameter in turn in a loop over all of them. */
  private each: { readonly name: string; readonly params: readonly string[] } | null = null;
  private line = 0;
  /** Why there is no translation; line 0 is the whole. */
  refusal: { readonly line: number; readonly refusal: string } | null = null;

  private readonly lines: readonly PythonLine[];

  constructor(lines: readonly PythonLine[]) {
    this.lines = lines.some(({ text }) => /\.backward\(/u.test(text)) ? lines : withoutLoops(lines);
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
      const [, name, args, only = ''] = /^def\s+(\w+)\((.*)\)\s*(?:->.*)?:\s*(.*)$/u.exec(line.text) ?? [];
      if (name !== undefined) {
        const body = only === '' ? [] : [only];
        if (bodyOf(lines, i).some(({ text }) => /\.backward\(/u.test(text))) continue; // LBFGS calls it
        while ((lines[i + 1]?.indent ?? 0) > line.indent) body.push(at(lines, ++i).text);
        this.scope.functions.set(name, {
          args: split(args ?? '', ',').map((arg) => arg.replace(/[:=].*$/u, '').trim()),
          body,
        });
      } else if (/^class\s/u.test(line.text)) {
        const body = bodyOf(lines, i);
        this.classes.set(/^class\s+(\w+)/u.exec(line.text)?.[1] ?? '', classOf(body));
        i += body.length;
      } else if (/^(?:for|while)\b/u.test(line.text) && trains) this.loop(line.text);
      else if (/^if\b/u.test(line.text) && onlyReports(line.text, bodyOf(lines, i))) i += bodyOf(lines, i).length;
      else {
        const text = this.withLayers(line.text.replace(WITHOUT_SLOPES, ''));
        if (text !== '' && !(trains && this.keeps(text))) this.statement(text);
      }
    }
    if (trains) this.minimize(/^([\w.]+)\.backward/u.exec(trains.text)?.[1] ?? '');
  }

  private loop(text: string): void {
    const [, name, model] = /^for\s+(\w+)\s+in\s+([\w.]+)\.parameters\(\)\s*:$/u.exec(text) ?? [];
    const layers =
      model === undefined || this.modules.functions.get(model) === undefined ? undefined : [...this.params.keys()];
    if (name !== undefined && layers) this.each = { name, params: layers };
  }

  /** `net.fc1.weight` as the parameter that it is. */
  private withLayers(text: string): string {
    return [...this.params.keys()].reduce((line, name) => {
      const [layer, part] = [name.replace(/_(?:weight|bias)$/u, ''), /_(weight|bias)$/u.exec(name)?.[1]];
      if (part === undefined)
        return line.replaceAll(new RegExp(`(?<![\\w.])(?!self)[A-Za-z_]\\w*\\.${name}(?!\\w)`, 'gu'), (typed) =>
          this.isInstance(typed) ? name : typed,
        );
      const at = layer.replace(/_(\d+)$/u, '(?:_$1|\\[$1\\])');
      return line.replaceAll(new RegExp(`(?<![\\w.])(?:[A-Za-z_]\\w*\\.)?${at}\\.${part}(?!\\w)`, 'gu'), () => name);
    }, text);
  }

  private readonly isInstance = (typed: string): boolean => this.scope.functions.has(typed.replace(/\..*$/su, ''));

  private get modules(): Modules {
    const { params, constraints, refuse, scope } = this;
    return {
      params,
      constraints,
      refuse,
      functions: scope.functions,
      lengthOf: (text) => scope.shapeOf(text).replace(/^\[|\]$/gu, ''),
      startLine: (name, value) => startLine(scope, name, value),
    };
  }

  /** Whether the line changes a parameter after the step: what that keeps is a constraint. */
  private keeps(text: string): boolean {
    const { each } = this;
    if (each && new RegExp(`^${each.name}\\.`, 'u').test(text))
      return each.params.map((name) => this.keeps(replaced(text, each.name, name))).every(Boolean);
    const kept = keptBy(text, (name) => this.params.has(name));
    if (
      kept === undefined &&
      /^(?!torch\.|nn\.)[\w.[\]]+\.(?!zero_|requires_grad_)\w+_\(|\.apply\(/u.test(text) &&
      !/\.grad\b/u.test(text)
    )
      this.refuse(`What “${shortened(text)}” keeps is not known here: write it as a constraint, below subject to.`);
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
    const [, begun] = /^(\w+)\.requires_grad(?:_\((?:True)?\)|\s*=\s*True)$/u.exec(text) ?? [];
    const start = begun === undefined ? undefined : this.scope.values.get(begun);
    if (begun !== undefined && start !== undefined) {
      this.params.set(begun, startLine(this.scope, begun, start));
      this.scope.values.delete(begun);
      return;
    }
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
    else if (/^\w+\.value\s*=/u.test(text)) {
      const [, parameter = '', number = ''] = /^(\w+)\.value\s*=\s*(.*)$/su.exec(text) ?? [];
      if (callOf(this.scope.given(parameter))?.name === 'Parameter') this.scope.values.set(parameter, number);
    } else if (/[^=<>!]=(?!=)/u.test(text) && !/^\w+\.value\b/u.test(text))
      this.refuse(`“${shortened(text)}” is not read.`);
  }

  private assign(name: string, assigned: string): void {
    const before = this.scope.values.get(name);
    const started = assigned.replace(/\.requires_grad_\((?:True)?\)$/u, '');
    const value = before === undefined ? started : replaced(started, name, enclosed(before)); // loss = loss + …
    const call = callOf(value);
    const lambda = lambdaOf(value);
    const own = call && this.classes.get(call.name);
    const trained = trainingOf(call, this.lines);
    if (trained) this.training = trained;
    else if (own) instantiate(this.modules, name, own, call);
    else if (declareModule(this.modules, name, value)) return;
    else if (started !== assigned) this.params.set(name, startLine(this.scope, name, started));
    else if (lambda) this.scope.functions.set(name, lambda);
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
    else if (name === 'linprog') this.linear(call);
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

  /** SciPy's `linprog(c, A_ub, b_ub, A_eq, b_eq, bounds)`, whose x is at least 0 unless bounds are told. */
  private linear({ args, options }: PythonCall): void {
    const [c = '', ...others] = ['c', 'A_ub', 'b_ub', 'A_eq', 'b_eq', 'bounds'].map(
      (key, i) => options.get(key) ?? args[i] ?? '',
    );
    const [below, most, same, total, bounds = ''] = others;
    const entries = split(inBrackets(arrayIn(this.scope.given(c)) ?? '') ?? '', ',').length;
    if (entries === 0) this.refuse(`How many entries ${c} has is not in the text.`);
    this.params.set('x', `param x[${entries}]`);
    this.minimize(`${c} @ x`);
    if (below) this.constraints.push(`${below} @ x <= ${most}`);
    if (same) this.constraints.push(`${same} @ x == ${total}`);
    this.constraints.push(...(bounds === '' ? ['x >= 0'] : scipyBounds(this.scope, bounds, 'x')));
  }

  private minimize(text: string, sense = 'minimize'): void {
    this.objective = `${sense} ${this.scope.given(text)}`;
  }

  private compose(): string {
    this.line = 0;
    if (this.objective === null) this.loneFunction();
    if (this.objective === null) this.namedLoss();
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
    const isSaid = (name: string) => [...stated, ...declared].some((line) => isUsed(name, this.scope.inline(line)));
    const params = [...this.params].flatMap(([name, line]) => {
      if (!this.training) return line;
      if (!isSaid(name)) return [];
      const { trained } = this.training;
      return trained === null || trained.includes(name)
        ? line
        : this.refuse(`${name} is used, and the optimizer does not move it.`);
    });
    const remarks = [
      ...(this.training ? [`# trained with ${this.training.said}: choose that beside the run`] : []),
      ...(this.hasDraws ? ['# its random numbers are drawn here: the program draws others of the same kind'] : []),
    ];
    const text = [...remarks, ...params, ...declared, goal, ...subject].join('\n');
    const unknown = [...text.matchAll(/(?<![\p{L}\p{N}_])([\p{L}_][\p{L}\p{N}_.]*)\(/gu)].find(
      ([, name = '']) => !isFunctionName(name) && !/^(?:normal|uniform)$/u.test(name),
    );
    if (unknown) this.refuse(`The function ${unknown[1]} has no counterpart here.`);
    return `${text}\n`;
  }

  private declaration(name: string, value: string): string {
    const drawn = withDraws(this.scope, name, value);
    if (drawn !== null) {
      this.hasDraws = true;
      return this.declaration(name, drawn);
    }
    const call = callOf(value);
    const literal = arrayIn(value) ?? rowOf(value);
    if (literal !== null) return `data ${safe(name)} = ${literal}`;
    if (call && (isDrawn(call) || call.path.includes('random')))
      return this.refuse(`${name} is drawn at random when the program runs: put its numbers in its place.`);
    const given = call?.name === 'Parameter' ? call.options.get('value') : value;
    return given === undefined
      ? this.refuse(`${name} has no value in the text.`)
      : `let ${safe(name)} = ${expression(given)}`;
  }

  /** A piece of a program, before it calls `loss.backward()`: what it calls a loss. */
  private namedLoss(): void {
    const named = [...this.scope.values.keys()].filter((name) => /^(?:\w+_)?(?:loss|cost|objective)$/u.test(name));
    const loss = named.find((name) => !/_/u.test(name)) ?? named[0];
    if (loss !== undefined && (named.length === 1 || !loss.includes('_'))) this.minimize(loss);
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

/** Whether what an `if` does is to tell how the training goes, or to end it: the problem is the same. */
function onlyReports(text: string, body: readonly PythonLine[]): boolean {
  const [, here = ''] = /^if\b[^:]*:\s*(.*)$/su.exec(text) ?? [];
  const done = [...(here === '' ? [] : [here]), ...body.map((line) => line.text)];
  return done.length > 0 && done.every((line) => REPORT.test(line));
}
const REPORT =
  /^(?:print\(|pass$|break$|continue$|(?:plt|pbar|tqdm|writer|wandb|logger|logging)\.|\w*(?:loss|hist|log)\w*\.append\()/u;

/** The lines behind one that are indented more. */
function bodyOf(lines: readonly PythonLine[], begin: number): readonly PythonLine[] {
  const { indent } = at(lines, begin);
  const end = lines.findIndex((line, i) => i > begin && line.indent <= indent);
  return lines.slice(begin + 1, end < 0 ? undefined : end);
}
