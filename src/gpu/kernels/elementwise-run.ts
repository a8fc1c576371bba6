/** Elementwise operations one after the other as one generated kernel: what is passed on stays in registers. */
import { at } from '../../core/diagnostic.ts';
import { type FunctionName, functionsCode } from '../fused/functions.ts';
import { literal } from '../fused/scalar.ts';
import {
  ceilDiv,
  defineKernel,
  gridOf,
  type Kernel,
  read,
  type StorageBinding,
  uniform,
  write,
} from './define-kernel.ts';
import type { ElementwiseName } from './elementwise.ts';

const WORKGROUP_WIDTH = 64;

/** Entry `offset + Σ coordinates · strides` of an array; the coordinates are those of entry i of an array of `shape`. */
export interface Entry {
  readonly kind: 'entry';
  readonly array: string;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** What a line computes with: an earlier line, a number of an array, a fixed one, or the entry of the product that the run ends. */
export type Operand =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'product' }
  | { readonly kind: 'literal'; readonly value: number }
  | Entry;

export interface Line {
  readonly operation: ElementwiseName;
  readonly operands: readonly Operand[];
  /** A line with one entry among longer ones: every invocation computes it, the first stores it. */
  readonly isScalar: boolean;
  /** The array that takes the result; null where only later lines read it. */
  readonly into: string | null;
  readonly label: string;
}

/** Plain data: part of a plan. */
export interface ElementwiseRun {
  readonly lines: readonly Line[];
  /** In the order of their bindings. An array that is written is read by the same invocation only. */
  readonly arrays: readonly { readonly name: string; readonly isWritten: boolean }[];
}

/** The name of all generated kernels. */
export const ELEMENTWISE_RUN = 'elementwise_run';

interface Formula {
  readonly needs?: FunctionName;
  readonly text: (x: string, y: string, z: string) => string;
}

const infix = (operator: string): Formula => ({ text: (x, y) => `${x} ${operator} ${y}` });
const truth = (operator: string): Formula => ({ text: (x, y) => `select(0.0, 1.0, ${x} ${operator} ${y})` });
const unary = (needs: FunctionName): Formula => ({ needs, text: (x) => `${needs}(${x})` });
const binary = (needs: FunctionName): Formula => ({ needs, text: (x, y) => `${needs}(${x}, ${y})` });

/** As in `elementwise.wgsl`. */
const FORMULAS: Readonly<Record<ElementwiseName, readonly Formula[]>> = {
  identity: [{ text: (x) => x }],
  negate: [{ text: (x) => `-${x}` }],
  abs: [{ text: (x) => `abs(${x})` }],
  sign: [{ needs: 'not_a_number', text: (x) => `select(sign(${x}), ${x}, not_a_number(${x}))` }],
  exp: [unary('exponential')],
  log: [unary('logarithm')],
  sqrt: [unary('square_root')],
  sin: [unary('sine')],
  cos: [unary('cosine')],
  tan: [
    { needs: 'sine', text: (x) => `sine(${x}) / cosine(${x})` },
    { needs: 'cosine', text: (x) => x },
  ],
  tanh: [unary('hyperbolic_tangent')],
  floor: [{ text: (x) => `floor(${x})` }],
  add: [infix('+')],
  subtract: [infix('-')],
  multiply: [infix('*')],
  divide: [infix('/')],
  power: [binary('real_power')],
  maximum: [binary('larger')],
  minimum: [binary('smaller')],
  less: [truth('<')],
  lessEqual: [truth('<=')],
  equal: [truth('==')],
  where: [{ text: (x, y, z) => `select(${z}, ${y}, ${x} != 0.0)` }],
};

/**
 * The kernel of a run: for entries first … first + count − 1, every line in order, then every result that is wanted outside. Places
 * are part of the text, so that the compiler divides by constants; only `count` and `first` are not. NaN as in `elementwise`.
 */
export function elementwiseRunKernel(run: ElementwiseRun): Kernel {
  const known = kernels.get(run);
  if (known) return known;
  const kernel = defineKernel({
    name: ELEMENTWISE_RUN,
    code: codeOf(run),
    bindings: {
      params: uniform({ count: 'u32', first: 'u32' }),
      ...arraysOf(run),
    },
    constants: { workgroup_width: WORKGROUP_WIDTH },
    workgroups: ({ count }) => gridOf(ceilDiv(count, WORKGROUP_WIDTH)),
  });
  kernels.set(run, kernel);
  return kernel;
}

const kernels = new WeakMap<ElementwiseRun, Kernel>();

/** Bindings of a run's arrays, in their order. */
export const arraysOf = ({ arrays }: ElementwiseRun): Readonly<Record<string, StorageBinding>> =>
  Object.fromEntries(arrays.map(({ name, isWritten }) => [name, isWritten ? write('f32') : read('f32')]));

/** The same as text, from binding `first` on. */
export const arraysCode = ({ arrays }: ElementwiseRun, first: number): string =>
  arrays
    .map(
      ({ name, isWritten }, i) =>
        `@group(0) @binding(${i + first}) var<storage, ${isWritten ? 'read_write' : 'read'}> ${name}: array<f32>;`,
    )
    .join('\n');

/** Functions that the lines need. */
export const functionsOf = ({ lines }: ElementwiseRun): string =>
  functionsCode(lines.flatMap(({ operation }) => FORMULAS[operation].flatMap((formula) => formula.needs ?? [])));

/** Statements that compute the lines for entry `index`, with `product` for what the run ends, and store what is wanted. */
export function statementsOf({ lines }: ElementwiseRun): string {
  const loads = new Map<string, string>();
  const body: string[] = [];
  const load = (entry: Entry): string => {
    const place = placeOf(entry);
    const known = loads.get(place);
    if (known) return known;
    const name = `x${loads.size}`;
    loads.set(place, name);
    body.push(`  let ${name} = ${place};`);
    return name;
  };
  const text = (operand: Operand): string => {
    if (operand.kind === 'line') return `v${operand.line}`;
    if (operand.kind === 'product') return 'product';
    return operand.kind === 'literal' ? literal(operand.value).text : load(operand);
  };
  lines.forEach(({ operation, operands }, i) => {
    const [x = '', y = '', z = ''] = operands.map(text);
    body.push(`  let v${i} = ${at(FORMULAS[operation], 0).text(x, y, z)};`);
  });
  const stores = lines.flatMap(({ into, isScalar }, i) => {
    if (into === null) return [];
    return [isScalar ? `  if (index == 0u) { ${into}[0] = v${i}; }` : `  ${into}[index] = v${i};`];
  });
  return [...body, ...stores].join('\n');
}

const codeOf = (run: ElementwiseRun): string => `${functionsOf(run)}
struct Params { count: u32, first: u32 }
@group(0) @binding(0) var<uniform> params: Params;
${arraysCode(run, 1)}
override workgroup_width: u32 = ${WORKGROUP_WIDTH};

@compute @workgroup_size(workgroup_width)
fn ${ELEMENTWISE_RUN}(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = id.x + id.y * groups.x * workgroup_width;
  if (place >= params.count) { return; }
  let index = params.first + place;
${statementsOf(run)}
}`;

/** `array[place]` in WGSL, the place in terms of `index`. */
function placeOf({ array, offset, shape, strides }: Entry): string {
  const terms: string[] = [];
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [length, stride] = [at(shape, axis), at(strides, axis)];
    const quotient = inner === 1 ? 'index' : `index / ${inner}u`;
    const coordinate = axis === 0 ? quotient : `${inner === 1 ? quotient : `(${quotient})`} % ${length}u`;
    if (stride !== 0) terms.unshift(stride === 1 ? coordinate : `(${coordinate}) * ${stride >>> 0}u`); // modulo 2³²
    inner *= length;
  }
  if (offset > 0 || terms.length === 0) terms.push(`${offset}u`);
  return `${array}[${terms.join(' + ')}${offset < 0 ? ` - ${-offset}u` : ''}]`;
}

/** A line as a reader wants it; `name` is what the plan calls an array. */
export function printLine(line: Line, position: number, name: (array: string) => string): string {
  const shown = line.operands.map((operand) => {
    if (operand.kind === 'line') return `v${operand.line}`;
    if (operand.kind === 'product') return 'product';
    if (operand.kind === 'literal') return String(operand.value);
    return placeOf({ ...operand, array: name(operand.array) });
  });
  const into = line.into === null ? '' : ` → ${name(line.into)}${line.isScalar ? '[0]' : ''}`;
  return `v${position} = ${line.operation}(${shown.join(', ')})${into}  · ${line.label}`;
}
