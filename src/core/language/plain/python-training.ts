/** What trains a program's parameters, in words, and the random data of a program as numbers. */
import { callOf, type PythonCall, type PythonLine, split, withCalls } from './python-lines.ts';
import { isDrawn } from './python-parameters.ts';
import type { PythonScope } from './python-scope.ts';

export interface Training {
  /** `SGD, lr=0.1, 200 steps` */
  readonly said: string;
  /** The parameters in its list; null where it is all of a model. */
  readonly trained: readonly string[] | null;
}

/** Of `optimizer = torch.optim.SGD([w], lr=0.1)` and the loop of the program; null for any other value. */
export function trainingOf(call: PythonCall | null, lines: readonly PythonLine[]): Training | null {
  if (!call || !/(?:^|\.)optim\.\w+$/u.test(call.path)) return null;
  const [first = '', rate] = call.args;
  const options = [...call.options].map(([name, value]) => `${name}=${value}`);
  const loops = lines.flatMap(({ text }) => /^for\s+\w+\s+in\s+range\((\d+)\)/u.exec(text)?.[1] ?? []);
  const steps = loops[0] === undefined ? [] : [`${loops[0]} steps`];
  const said = [call.name, ...(rate === undefined ? [] : [`lr=${rate}`]), ...options, ...steps].join(', ');
  const listed = /^\[(.*)\]$/su.exec(first)?.[1];
  return { said, trained: listed === undefined || listed.includes('{') ? null : split(listed, ',') };
}

const MOST_ENTRIES = 1500;

/** Each draw in the value as numbers of the same kind, in brackets; null where there is none, or where their number is not known. */
export function withDraws(scope: PythonScope, name: string, value: string): string | null {
  let count = 0;
  const written = withCalls(
    value,
    (called) => isDrawn({ path: called, name: called, args: [], options: new Map() }),
    (call) => {
      const literal = /random|torch|rng|^r?andn?$/u.test(call.path) ? drawnBy(scope, call, `${name}${count}`) : null;
      if (literal !== null) count++;
      return literal;
    },
  );
  return count === 0 ? null : written;
}

function drawnBy(scope: PythonScope, { name, args, options }: PythonCall, from: string): string | null {
  const takesEnds = /^(?:normal|uniform|randint|integers)$/u.test(name);
  const size = options.get('size') ?? (takesEnds ? args[2] : args.length === 1 ? args[0] : `(${args.join(', ')})`);
  const lengths = size === undefined ? [] : (scope.shapeOf(size).match(/\d+/gu)?.map(Number) ?? []);
  const [low, high] = takesEnds
    ? [
        args[0] ?? options.get('loc') ?? options.get('low') ?? '0',
        args[1] ?? options.get('scale') ?? options.get('high') ?? '1',
      ].map(Number)
    : [0, 1];
  const entries = lengths.reduce((product, length) => product * length, 1);
  if (
    lengths.length > 2 ||
    entries > MOST_ENTRIES ||
    low === undefined ||
    high === undefined ||
    Number.isNaN(low + high)
  )
    return null;
  const uniform = generator(from);
  const number = (): number => {
    if (/^(?:randint|integers)$/u.test(name)) return Math.floor(low + (high - low) * uniform());
    if (/^(?:rand|random|uniform)$/u.test(name)) return low + (high - low) * uniform();
    return low + high * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  };
  const row = (length: number) => `[${Array.from({ length }, () => Number(number().toFixed(3))).join(', ')}]`;
  const [rows, columns] = lengths;
  if (rows === undefined) return `${Number(number().toFixed(3))}`;
  return columns === undefined ? row(rows) : `[${Array.from({ length: rows }, () => row(columns)).join(', ')}]`;
}

/** Numbers between 0 and 1, the same for the same name. */
function generator(name: string): () => number {
  let state = 2166136261;
  for (const sign of name) state = Math.imul(state ^ sign.charCodeAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `linspace(0, 1, 5)` and `arange(4)` as a list of numbers; null for any other value. */
export function rowOf(value: string): string | null {
  const call = callOf(value);
  const [a, b, c] = call?.args.map(Number) ?? [];
  if (!call || a === undefined || call.args.some((arg) => Number.isNaN(Number(arg)))) return null;
  const of = (length: number, entry: (i: number) => number): string | null =>
    length > 0 && length <= MOST_ENTRIES
      ? `[${Array.from({ length }, (_, i) => Number(entry(i).toPrecision(9))).join(', ')}]`
      : null;
  if (call.name === 'linspace' && b !== undefined) {
    const length = c ?? Number(call.options.get('num') ?? call.options.get('steps') ?? 50);
    return of(length, (i) => a + ((b - a) * i) / Math.max(1, length - 1));
  }
  if (call.name !== 'arange') return null;
  const [from, to, step] = b === undefined ? [0, a, 1] : [a, b, c ?? 1];
  return of(Math.ceil((to - from) / step), (i) => from + step * i);
}
