/** How one entry of each operation is written as WGSL: an alias of what is there, or one line. */
import { at, invariant } from '../../core/diagnostic.ts';
import { broadcastIndices, reductionExtents, viewIndices } from '../../core/tensor/reference.ts';
import { type Shape, sizeOf } from '../../core/tensor/shape.ts';
import type { OpName, RuleTable, Value, ValueOf } from '../../core/tensor/value.ts';
import type { FunctionName } from './functions.ts';
import { asNumber, asTruth, literal, type Scalar } from './scalar.ts';

/** What a rule may ask of the emitter. */
export interface Writer {
  /** Entry `entry` of the argument at `position`. */
  argument(position: number, entry: number): Scalar;
  shapeOf(position: number): Shape;
  /** The number at `place` of the argument at `position`, which holds for a whole run. */
  table(position: number, place: string): string;
  /** A partial result on a line of its own. */
  partial(expression: string): Scalar;
  /** Name of a WGSL function, which becomes part of the text. */
  call(name: FunctionName): FunctionName;
}

/** A line to write; a scalar that is there already needs none. */
export interface Expression {
  readonly expression: string;
  readonly kind: Scalar['kind'];
  /** Operations of the line, where they are many more than one. */
  readonly cost?: number;
}

export type Written = Scalar | Expression;
type Rule = (value: Value, entry: number, writer: Writer) => Written;

const number = (expression: string): Expression => ({ expression, kind: 'number' });
const truth = (expression: string): Expression => ({ expression, kind: 'truth' });

/** Longer sums go over several lines: the length of a line would hide their cost. */
const TERMS_PER_LINE = 16;

const unary =
  (write: (a: string, writer: Writer) => string): Rule =>
  (_, entry, writer) =>
    number(write(asNumber(writer.argument(0, entry)), writer));

const binary =
  (write: (a: string, b: string) => string, simplify: (a: Scalar, b: Scalar) => Scalar | null = () => null): Rule =>
  (_, entry, writer) => {
    const [a, b] = [writer.argument(0, entry), writer.argument(1, entry)];
    return simplify(a, b) ?? number(write(asNumber(a), asNumber(b)));
  };

const comparison =
  (operator: '<' | '<=' | '=='): Rule =>
  (_, entry, writer) =>
    truth(`${asNumber(writer.argument(0, entry))} ${operator} ${asNumber(writer.argument(1, entry))}`);

/** The extreme of two. A NaN is kept; where one is a literal, it can only be the other. */
function extreme(a: Scalar, b: Scalar, name: 'larger' | 'smaller', writer: Writer): Expression {
  const operator = name === 'larger' ? '<' : '>';
  const [fixed, moving] = a.literal === null ? [b, a] : [a, b];
  if (fixed.literal === null) return number(`${writer.call(name)}(${asNumber(a)}, ${asNumber(b)})`);
  const [x, bound] = [asNumber(moving), asNumber(fixed)];
  const sign = name === 'larger' ? 0x80000000 : 0;
  // Of numbers on one side of 0, the bits are an interval that no NaN is in.
  if (fixed.literal === 0) return number(`select(${x}, 0.0, bitcast<u32>(${x}) - ${sign + 1}u < 0x7f800000u)`);
  return number(`select(${x}, ${bound}, (${x} ${operator} ${bound}) & !${writer.call('not_a_number')}(${x}))`);
}

const extremeOfTwo =
  (name: 'larger' | 'smaller'): Rule =>
  (_, entry, writer) =>
    extreme(writer.argument(0, entry), writer.argument(1, entry), name, writer);

/** Where the entry of a result is found in its argument. Computed once a value. */
const indexTables = new WeakMap<ValueOf<OpName>, Int32Array>();

const moved =
  <Name extends OpName>(indices: (value: ValueOf<Name>, from: Shape) => Int32Array) =>
  (value: ValueOf<Name>, entry: number, writer: Writer): Written => {
    const table = indexTables.get(value) ?? indices(value, writer.shapeOf(0));
    indexTables.set(value, table);
    return writer.argument(0, at(table, entry));
  };

const alias = (_: Value, entry: number, writer: Writer): Written => writer.argument(0, entry);

/** a·b; null where a factor is 0. Some compilers of shaders drop 0·x for every x, so none here may keep its NaN. */
function product(a: Scalar, b: Scalar): string | null {
  if (a.literal === 0 || b.literal === 0) return null;
  if (a.literal === 1) return asNumber(b);
  if (b.literal === 1) return asNumber(a);
  return `${asNumber(a)} * ${asNumber(b)}`;
}

/** Left to right, as the reference adds. */
function sumOf(terms: readonly string[], writer: Writer): Written {
  if (terms.length === 0) return literal(0);
  let rest = terms;
  while (rest.length > TERMS_PER_LINE) {
    const { text } = writer.partial(rest.slice(0, TERMS_PER_LINE).join(' + '));
    rest = [text, ...rest.slice(TERMS_PER_LINE)];
  }
  return number(rest.join(' + '));
}

/** A sum of scalars that are there already. */
function sumOfScalars(scalars: readonly Scalar[], writer: Writer): Written {
  const terms = scalars.filter(({ literal: known }) => known !== 0);
  const [only] = terms;
  return terms.length === 1 && only ? only : sumOf(terms.map(asNumber), writer);
}

/** The entries of the argument over which a reduction's entry goes. */
function reduced(axis: number | null, entry: number, writer: Writer): Scalar[] {
  const { length, inner } = reductionExtents(writer.shapeOf(0), axis);
  const [outer, offset] = [Math.floor(entry / inner), entry % inner];
  return Array.from({ length }, (_, k) => writer.argument(0, (outer * length + k) * inner + offset));
}

/** For each entry of an `assemble`, which entries of which arguments are added. */
const contributions = new WeakMap<Value, readonly (readonly (readonly [position: number, entry: number])[])[]>();

function contributionsOf(value: ValueOf<'assemble'>, writer: Writer) {
  const known = contributions.get(value);
  if (known) return known;
  const lists: (readonly [number, number])[][] = Array.from({ length: sizeOf(value.shape) }, () => []);
  value.attributes.parts.forEach((view, position) => {
    viewIndices(view, writer.shapeOf(position)).forEach((into, entry) => {
      at(lists, into).push([position, entry]);
    });
  });
  contributions.set(value, lists);
  return lists;
}

/** Integer operations of the functions of `random_functions.wgsl`: twenty rounds of Threefry; and sixteen of a shuffle. */
const UNIFORM_COST = 100;
const INDEX_COST = 400;

const neverHere = (value: Value): never => {
  throw new Error(`Invariant broken: ${value.op} is not written entry by entry`);
};

/** Leaves, loops and factorisations are the emitter's; the rest is here, an entry at a time. */
export const WGSL: RuleTable<[entry: number, writer: Writer], Written> = {
  constant: neverHere,
  input: neverHere,
  identity: alias,
  negate: unary((a) => `-${a}`),
  abs: unary((a) => `abs(${a})`),
  sign: unary((a, writer) => `select(sign(${a}), ${a}, ${writer.call('not_a_number')}(${a}))`),
  exp: unary((a, writer) => `${writer.call('exponential')}(${a})`),
  log: unary((a, writer) => `${writer.call('logarithm')}(${a})`),
  sqrt: unary((a, writer) => `${writer.call('square_root')}(${a})`),
  sin: unary((a, writer) => `${writer.call('sine')}(${a})`),
  cos: unary((a, writer) => `${writer.call('cosine')}(${a})`),
  tan: unary((a, writer) => `${writer.call('sine')}(${a}) / ${writer.call('cosine')}(${a})`),
  tanh: unary((a, writer) => `${writer.call('hyperbolic_tangent')}(${a})`),
  floor: unary((a) => `floor(${a})`),
  add: binary(
    (a, b) => `${a} + ${b}`,
    (a, b) => (a.literal === 0 ? b : b.literal === 0 ? a : null),
  ),
  subtract: binary(
    (a, b) => `${a} - ${b}`,
    (a, b) => (b.literal === 0 ? a : null),
  ),
  multiply: (_, entry, writer) => {
    const [a, b] = [writer.argument(0, entry), writer.argument(1, entry)];
    if (a.literal === 1) return b;
    if (b.literal === 1) return a;
    const written = product(a, b);
    return written === null ? literal(0) : number(written);
  },
  divide: binary(
    (a, b) => `${a} / ${b}`,
    (a, b) => (b.literal === 1 ? a : null),
  ),
  power: (_, entry, writer) =>
    number(
      `${writer.call('real_power')}(${asNumber(writer.argument(0, entry))}, ${asNumber(writer.argument(1, entry))})`,
    ),
  maximum: extremeOfTwo('larger'),
  minimum: extremeOfTwo('smaller'),
  less: comparison('<'),
  lessEqual: comparison('<='),
  equal: comparison('=='),
  where: (_, entry, writer) => {
    const [condition, a, b] = [writer.argument(0, entry), writer.argument(1, entry), writer.argument(2, entry)];
    if (condition.literal !== null) return condition.literal !== 0 ? a : b;
    return number(`select(${asNumber(b)}, ${asNumber(a)}, ${asTruth(condition)})`);
  },
  broadcast: moved<'broadcast'>((value, from) => broadcastIndices(from, value.shape)),
  reshape: alias,
  transpose: moved<'transpose'>(({ shape }) => viewIndices({ offset: 0, strides: [1, at(shape, 0)] }, shape)),
  slice: moved<'slice'>(({ attributes, shape }) => viewIndices(attributes, shape)),
  assemble: (value, entry, writer) =>
    sumOfScalars(
      at(contributionsOf(value, writer), entry).map(([position, k]) => writer.argument(position, k)),
      writer,
    ),
  sum: ({ attributes }, entry, writer) => sumOfScalars(reduced(attributes.axis, entry, writer), writer),
  max: ({ attributes }, entry, writer) => {
    const [first, ...rest] = reduced(attributes.axis, entry, writer);
    invariant(first, 'the largest of no entries');
    const last = rest.pop();
    if (!last) return first;
    const before = rest.reduce(
      (largest, next) => writer.partial(extreme(largest, next, 'larger', writer).expression),
      first,
    );
    return extreme(before, last, 'larger', writer);
  },
  matmul: ({ shape }, entry, writer) => {
    const [a, b] = [writer.shapeOf(0), writer.shapeOf(1)];
    const inner = at(b, 0);
    const columns = sizeOf(b) / Math.max(1, inner);
    invariant(sizeOf(shape) > entry, 'an entry of the product');
    const [i, j] = [Math.floor(entry / columns), entry % columns];
    const terms = Array.from({ length: inner }, (_, k) =>
      product(writer.argument(0, a.length === 1 ? k : i * inner + k), writer.argument(1, k * columns + j)),
    );
    return sumOf(
      terms.filter((term) => term !== null),
      writer,
    );
  },
  pinv: neverHere,
  nullSpace: neverHere,
  rowSpace: neverHere,
  gather: (_, entry, writer) => {
    const width = sizeOf(writer.shapeOf(0).slice(1));
    const picked = writer.argument(1, Math.floor(entry / width));
    if (picked.literal !== null) return writer.argument(0, picked.literal * width + (entry % width));
    const row = `u32(${asNumber(picked)})`;
    return number(writer.table(0, `${entry % width}u + ${row} * ${width}u`));
  },
  random: ({ attributes: { kind, stream, count }, shape }, entry, writer) => {
    writer.call('random_functions');
    const scalar = (position: number, k: number) => asNumber(writer.argument(position, k));
    const place = `vec2f(${scalar(0, 0)}, ${scalar(0, 1)}), ${scalar(1, 0)}, ${scalar(2, 0)}, ${stream}u, ${entry}u`;
    if (kind === 'uniform') return { ...number(`random_uniform(${place})`), cost: UNIFORM_COST };
    return { ...number(`random_index(${place}, ${sizeOf(shape)}u, ${count}u)`), cost: INDEX_COST };
  },
  repeat: neverHere,
  pick: neverHere,
  carry: neverHere,
  turn: neverHere,
};

/** Operations that only rename entries: they pass through to their argument, whatever its level. */
export const RENAMING: ReadonlySet<OpName> = new Set(['identity', 'broadcast', 'reshape', 'transpose', 'slice']);
