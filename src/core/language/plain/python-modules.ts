/** Layers, losses and classes of PyTorch → parameters, and functions that say one thing. */
import { enclosed } from './brackets.ts';
import { callOf, type PythonCall, type PythonLine, split } from './python-lines.ts';
import { type PythonFunction, replaced } from './python-scope.ts';
import { safe } from './python-words.ts';

/** What a program makes of modules: `param` lines by name, functions that are called, and what always holds. */
export interface Modules {
  readonly params: Map<string, string>;
  readonly functions: Map<string, PythonFunction>;
  readonly constraints: string[];
  /** A length as a number. */
  readonly lengthOf: (text: string) => string;
  readonly startLine: (name: string, value: string) => string;
  readonly refuse: (reason: string) => string;
}

const says = (result: string, ...args: string[]): PythonFunction => ({ args, body: [`return ${result}`] });

const ENTRYWISE: ReadonlyMap<string, string> = new Map([
  ['ReLU', 'relu(x)'],
  ['Tanh', 'tanh(x)'],
  ['Sigmoid', 'sigmoid(x)'],
  ['Softplus', 'softplus(x)'],
  ['SiLU', 'x*sigmoid(x)'],
  ['Identity', 'x'],
]);

const MEANS: ReadonlyMap<string, string> = new Map([
  ['MSELoss', '(p - y)**2'],
  ['L1Loss', 'abs(p - y)'],
  ['BCELoss', '-(y*log(p) + (1 - y)*log(1 - p))'],
  ['SoftMarginLoss', 'softplus(-y*p)'],
  ['BCEWithLogitsLoss', 'softplus(p) - y*p'],
]);
/** `nn.MSELoss(reduction='sum')` as a function of what is predicted and what is given; null for another module. */
function lossOf({ name, options }: PythonCall): PythonFunction | null {
  const each = MEANS.get(name);
  const reduction = options.get('reduction') ?? 'mean';
  return each === undefined || /none/u.test(reduction)
    ? null
    : says(`${/sum/u.test(reduction) ? 'sum' : 'mean'}(${each})`, 'p', 'y');
}

/** Whether the value is a module known here; then what it is made of stands in `modules`, under this name. */
export function declareModule(modules: Modules, name: string, value: string): boolean {
  const call = callOf(value);
  if (call === null) return false;
  const { args, options } = call;
  const entrywise = ENTRYWISE.get(call.name);
  const loss = call.name === 'CrossEntropyLoss' ? says('cross_entropy(p, y)', 'p', 'y') : lossOf(call);
  if (entrywise !== undefined && args.length === 0) modules.functions.set(name, says(entrywise, 'x'));
  else if (loss !== null) modules.functions.set(name, loss);
  else if (call.name === 'Softmax')
    modules.functions.set(name, says(`softmax(x, axis=${args[0] ?? options.get('dim')})`, 'x'));
  else if (call.name === 'Linear') linear(modules, name, call);
  else if (call.name === 'Sequential') {
    const layers = args.map((layer, i) => (declareModule(modules, `${name}_${i}`, layer) ? `${name}_${i}` : ''));
    const missing = args[layers.indexOf('')];
    if (missing !== undefined) modules.refuse(`The layer ${missing} has no counterpart here.`);
    modules.functions.set(
      name,
      says(
        layers.reduce((inner, layer) => `${layer}(${inner})`, 'x'),
        'x',
      ),
    );
  } else if (
    /^(?:orthogonal|parametrizations\.orthogonal)$/u.test(call.name) &&
    args[0] &&
    callOf(args[0])?.name === 'Linear'
  ) {
    declareModule(modules, name, args[0]);
    modules.constraints.push(`${name}_weight in orthogonal`);
  } else return false;
  return true;
}

/** x ↦ x Wᵀ + b, with starts as PyTorch draws them: uniform within 1/√inputs. */
function linear({ params, functions, lengthOf }: Modules, name: string, { args, options }: PythonCall): void {
  const inputs = lengthOf(args[0] ?? options.get('in_features') ?? '');
  const outputs = lengthOf(args[1] ?? options.get('out_features') ?? '');
  const most = Number((1 / Math.sqrt(Number(inputs))).toPrecision(4));
  const hasBias = (args[2] ?? options.get('bias')) !== 'False';
  params.set(`${name}_weight`, `param ${name}_weight[${outputs}, ${inputs}] ~ uniform(-${most}, ${most})`);
  if (hasBias) params.set(`${name}_bias`, `param ${name}_bias[${outputs}] ~ uniform(-${most}, ${most})`);
  functions.set(name, says(`x @ ${name}_weight.T${hasBias ? ` + ${name}_bias` : ''}`, 'x'));
}

export interface PythonClass {
  /** What its instances take, without self. */
  readonly args: readonly string[];
  /** What those are that are not given. */
  readonly defaults: ReadonlyMap<string, string>;
  readonly init: readonly string[];
  readonly forward: PythonFunction | null;
}

/** The lines of a class that are indented behind `class Net(nn.Module):`. */
export function classOf(lines: readonly PythonLine[]): PythonClass {
  const methods = new Map<string, PythonFunction>();
  const defaults = new Map<string, string>();
  let body: string[] = [];
  for (const { text } of lines) {
    const [, name, args = '', only = ''] = /^def\s+(\w+)\((.*)\)\s*(?:->.*)?:\s*(.*)$/u.exec(text) ?? [];
    if (name === undefined) body.push(text);
    else {
      body = only === '' ? [] : [only];
      for (const arg of name === '__init__' ? split(args, ',') : []) {
        const [, own, value] = /^(\w+)\s*(?::[^=]*)?=\s*(.*)$/su.exec(arg.trim()) ?? [];
        if (own !== undefined && value !== undefined) defaults.set(own, value);
      }
      methods.set(name, {
        args: split(args, ',')
          .map((arg) => arg.replace(/[:=].*$/u, '').trim())
          .slice(1),
        body,
      });
    }
  }
  const init = methods.get('__init__');
  return { args: init?.args ?? [], defaults, init: init?.body ?? [], forward: methods.get('forward') ?? null };
}

/** `net = Net(2, 3)`: its layers by the names that the class gives them, and `net(x)` as what forward returns. */
export function instantiate(
  modules: Modules,
  name: string,
  { args, defaults, init, forward }: PythonClass,
  given: Pick<PythonCall, 'args' | 'options'>,
): void {
  const attributes = new Map<string, string>();
  const own = (text: string): string =>
    [...attributes].reduce((line, [attribute, as]) => replaced(line, `self\\.${attribute}`, as), text);
  const meant = (text: string): string =>
    args.reduce((line, arg, i) => {
      const value = given.args[i] ?? given.options.get(arg) ?? defaults.get(arg) ?? arg;
      return replaced(line, arg, enclosed(value));
    }, own(text));
  for (const line of init) {
    const [, attribute, value = ''] = /^self\.(\w+)\s*=(?!=)\s*(.*)$/su.exec(line) ?? [];
    if (attribute === undefined) {
      if (!/^(?:super\b|pass$|""")/u.test(line)) modules.refuse(`“${line}” of a class is not read.`);
      continue;
    }
    if (/^\(?-?[\d.]+(?:e-?\d+)?\)?$/u.test(meant(value))) {
      attributes.set(attribute, meant(value));
      continue;
    }
    const isTaken = modules.params.has(attribute) || modules.functions.has(attribute);
    const as = safe(isTaken ? `${name}_${attribute}` : attribute);
    attributes.set(attribute, as);
    const [, start] = /^(?:torch\.)?nn\.Parameter\((.*)\)$/su.exec(meant(value)) ?? [];
    if (start !== undefined) modules.params.set(as, modules.startLine(as, start));
    else if (!declareModule(modules, as, meant(value))) modules.refuse(`${value} has no counterpart here.`);
  }
  if (forward === null) {
    modules.refuse('What the class computes is not in the text: it has no forward.');
    return;
  }
  const values = new Map<string, string>();
  const written = (text: string): string => {
    const names = [...values.keys()];
    const marked = names.reduce((line, name, i) => replaced(line, name, `⟦${i}⟧`), text);
    return marked.replaceAll(/⟦(\d+)⟧/gu, (_, i: string) => enclosed(values.get(names[Number(i)] ?? '') ?? ''));
  };
  for (const line of forward.body) {
    const text = own(line);
    const [, result] = /^return\s+(.*)$/su.exec(text) ?? [];
    const [, local, value] = /^(\w+)\s*=(?!=)\s*(.*)$/su.exec(text) ?? [];
    if (result !== undefined) {
      modules.functions.set(name, { args: forward.args, body: [`return ${written(result)}`] });
      return;
    }
    if (local === undefined || value === undefined) {
      modules.refuse(`“${line}” of forward is not read.`);
      return;
    }
    values.set(local, written(value));
  }
  modules.refuse('What the class computes is not in the text: forward returns nothing.');
}
