/** Sums, maxima and products of one trajectory, spread over the invocations of its workgroup. */
import { at } from '../../core/diagnostic.ts';
import { reductionExtents } from '../../core/tensor/reference.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import type { Value, ValueOf } from '../../core/tensor/value.ts';
import { indented } from '../fused/lines.ts';
import { asNumber } from '../fused/scalar.ts';
import { Body } from './body.ts';
import type { Kernel } from './kernel.ts';
import { lengthOf, SHORT } from './places.ts';
import { spreadLines, type Tasks, WIDTH } from './tasks.ts';

export type Reduction = ValueOf<'sum'> | ValueOf<'max'> | ValueOf<'matmul'>;

export const isReduction = (value: Value): value is Reduction => ['sum', 'max', 'matmul'].includes(value.op);

/** A sum in fewer parts than this is finished by one invocation. */
const FEW_PARTS = 16;

type Combine = (a: string, b: string) => string;

/** Text of a term, which `body` computes: number k of the sum that is `entry` of the value. */
type Term = (body: Body, entry: string, k: string) => string;

/** The value's one number, as an expression of all its terms; null where it has none. */
export function unrolled(kernel: Kernel, value: Reduction, body: Body): string | null {
  const length = lengthOf(value, kernel.program);
  const term = termOf(kernel, value);
  const terms = Array.from({ length }, (_, k) => term(body, '0u', `${k}u`));
  const [first, ...rest] = terms;
  return first === undefined ? null : rest.reduce(combineOf(kernel, value), first);
}

/** The buffer of the value's entries. A long sum goes in parts, one an invocation, then in parts of the parts. */
export function reduced(tasks: Tasks, value: Reduction): number {
  const { kernel } = tasks;
  const entries = sizeOf(value.shape);
  const length = lengthOf(value, kernel.program);
  if (length === 0) {
    const into = tasks.fresh(entries);
    tasks.spread(entries, [into], () => [`${kernel.entry(into, 'i')} = 0.0;`]);
    return into;
  }
  const combine = combineOf(kernel, value);
  let parts = partsOf(entries, length);
  let into = summed(tasks, { entries, length, parts }, combine, termOf(kernel, value));
  while (parts > 1) {
    const [from, many] = [into, parts];
    parts = many > FEW_PARTS ? Math.ceil(many / 8) : 1;
    into = summed(tasks, { entries, length: many, parts }, combine, (body, entry, k) =>
      asNumber(body.entry(from, `${entry} * ${many}u + ${k}`)),
    );
  }
  return into;
}

interface Extents {
  readonly entries: number;
  /** Terms of an entry, at least as many as its parts. */
  readonly length: number;
  readonly parts: number;
}

/** Part s of an entry combines its terms s, s + parts, s + 2 parts, …. */
function summed(tasks: Tasks, { entries, length, parts }: Extents, combine: Combine, term: Term): number {
  const { kernel } = tasks;
  const into = tasks.fresh(entries * parts);
  const outside = new Body(kernel);
  const [entry, part] =
    parts === 1 ? ['i', '0u'] : [outside.position(`i / ${parts}u`), outside.position(`i % ${parts}u`)];
  const first = term(outside, entry, part);
  const inside = new Body(kernel, outside.reads);
  const next = term(inside, entry, 'k');
  const lines = [
    ...outside.lines,
    `var sum = ${first};`,
    ...(length > parts
      ? [
          `for (var k = ${part === '0u' ? '' : `${part} + `}${parts}u; k < ${length}u; k += ${parts}u) {`,
          ...indented([...inside.lines, `sum = ${combine('sum', next)};`]),
          '}',
        ]
      : []),
    `${kernel.entry(into, 'i')} = sum;`,
  ];
  tasks.add(
    { lines: spreadLines(entries * parts, lines), reads: outside.reads, writes: [into] },
    Math.ceil((entries * parts) / WIDTH) * Math.ceil(length / parts) * (inside.lines.length + 1),
  );
  return into;
}

function combineOf(kernel: Kernel, { op }: Reduction): Combine {
  if (op !== 'max') return (a, b) => `${a} + ${b}`;
  kernel.shared.functions.add('larger');
  return (a, b) => `larger(${a}, ${b})`;
}

const termOf = (kernel: Kernel, value: Reduction): Term =>
  value.op === 'matmul' ? factors(kernel, value) : entries(kernel, value);

function factors(kernel: Kernel, value: ValueOf<'matmul'>): Term {
  const [first, second] = value.args;
  const isVector = kernel.value(first).shape.length === 1;
  const isRowEach = partsOf(sizeOf(value.shape), lengthOf(value, kernel.program)) === 1;
  const { shape } = kernel.value(second);
  const inner = at(shape, 0);
  const columns = sizeOf(shape) / inner;
  return (body, entry, k) => {
    const row = columns === 1 ? entry : `(${entry} / ${columns}u)`;
    const right = columns === 1 ? k : body.position(`${k} * ${columns}u + ${entry} % ${columns}u`);
    const place = () => (isVector ? k : body.position(`${row} * ${inner}u + ${k}`));
    const left =
      isRowEach && columns === 1 && !isVector ? body.ofRow(first, row, k, inner) : body.number(first, place());
    return `${left} * ${body.number(second, right)}`;
  };
}

function entries(kernel: Kernel, { args: [from], attributes, shape }: ValueOf<'sum'> | ValueOf<'max'>): Term {
  const { length, inner } = reductionExtents(kernel.value(from).shape, attributes.axis);
  if (sizeOf(shape) === 1) return (body, _, k) => body.number(from, k);
  const position = (entry: string, k: string) =>
    inner === 1
      ? `${entry} * ${length}u + ${k}`
      : `(${entry} / ${inner}u * ${length}u + ${k}) * ${inner}u + ${entry} % ${inner}u`;
  return (body, entry, k) => body.number(from, body.position(position(entry, k)));
}

/** Parts of each sum so that all invocations have one, and each of them some terms. */
function partsOf(entries: number, length: number): number {
  if (length <= SHORT || entries > WIDTH / 2) return 1;
  return Math.max(1, Math.min(Math.floor(WIDTH / entries), Math.floor(length / SHORT)));
}
