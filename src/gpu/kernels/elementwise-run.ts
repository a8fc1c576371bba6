/** Elementwise operations one after the other as one generated kernel: what is passed on stays in registers. */
import { ceilDiv, defineKernel, gridOf, type Kernel, uniform } from './define-kernel.ts';
import type { ElementwiseName } from './elementwise.ts';
import {
  arraysCode,
  arraysOf,
  functionsOf,
  placeOf,
  statementsOf,
  tileSums,
  tileTotals,
  type Width,
} from './run-code.ts';
import { SIDE, tileSum } from './tile.ts';

const WORKGROUP_WIDTH = 64;

/** Entry `offset + Σ coordinates · strides` of an array; the coordinates are those of entry i of an array of `shape`. */
export interface Entry {
  readonly kind: 'entry';
  readonly array: string;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/**
 * Σₖ matrix[offset + i · row + k · inner] · vector[offset + k · stride], k < terms, for entry i of the run: entry i of a matrix times a
 * vector. Nothing that the run writes is read, unless it has one entry only. Rounding as in `matvec` in one piece.
 */
export interface Row {
  readonly kind: 'row';
  readonly terms: number;
  readonly matrix: { readonly array: string; readonly offset: number; readonly row: number; readonly inner: number };
  readonly vector: { readonly array: string; readonly offset: number; readonly stride: number };
}

/** What a line computes with: an earlier line, a number of an array, a fixed one, a row times a vector, or the entry of the product that the run ends. */
export type Operand =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'product' }
  | { readonly kind: 'literal'; readonly value: number }
  | Entry
  | Row;

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

/**
 * The kernel of a run: for entries first … first + count − 1, every line in order, then every result that is wanted outside. Places
 * are part of the text, so that the compiler divides by constants; only `count` and `first` are not. NaN as in `elementwise`.
 * An invocation computes one entry, or four where they can be read and written together.
 */
export function elementwiseRunKernel(run: ElementwiseRun, width: Width): Kernel {
  const known = kernels.get(run)?.[width];
  if (known) return known;
  const kernel = defineKernel({
    name: ELEMENTWISE_RUN,
    code: codeOf(run, width),
    bindings: { params: uniform({ count: 'u32', first: 'u32' }), ...arraysOf(run, width) },
    constants: { workgroup_width: WORKGROUP_WIDTH },
    workgroups: ({ count }) => gridOf(ceilDiv(count, width * WORKGROUP_WIDTH)),
  });
  kernels.set(run, { ...kernels.get(run), [width]: kernel });
  return kernel;
}

const kernels = new WeakMap<ElementwiseRun, Partial<Record<Width, Kernel>>>();

/** The same, one entry at a time, with the sums of its rows made by tiles; for runs that have rows. */
export function tiledRunKernel(run: ElementwiseRun): Kernel {
  const known = tiledKernels.get(run);
  if (known) return known;
  const kernel = defineKernel({
    name: ELEMENTWISE_RUN,
    code: tiledCodeOf(run),
    bindings: { params: uniform({ count: 'u32', first: 'u32' }), ...arraysOf(run, 1) },
    constants: {},
    workgroups: ({ count }) => gridOf(ceilDiv(count, SIDE)),
  });
  tiledKernels.set(run, kernel);
  return kernel;
}

const tiledKernels = new WeakMap<ElementwiseRun, Kernel>();

const tiledCodeOf = (run: ElementwiseRun): string => `${tileSum(rowsOf(run).length)}
${functionsOf(run)}
struct Params { count: u32, first: u32 }
@group(0) @binding(0) var<uniform> params: Params;
${arraysCode(run, 1, 1)}

@compute @workgroup_size(${SIDE * SIDE})
fn ${ELEMENTWISE_RUN}(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = SIDE * (group.x + group.y * groups.x);
${tileSums(run)}
  workgroupBarrier();
  if (lane >= SIDE || first + lane >= params.count) { return; }
  let index = params.first + first + lane;
${statementsOf(run, 1, tileTotals)}
}`;

const codeOf = (run: ElementwiseRun, width: Width): string => `${functionsOf(run)}
struct Params { count: u32, first: u32 }
@group(0) @binding(0) var<uniform> params: Params;
${arraysCode(run, 1, width)}
override workgroup_width: u32 = ${WORKGROUP_WIDTH};

@compute @workgroup_size(workgroup_width)
fn ${ELEMENTWISE_RUN}(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = ${width}u * (id.x + id.y * groups.x * workgroup_width);
  if (place >= params.count) { return; }
  let index = params.first + place;
${statementsOf(run, width)}
}`;

/** A line as a reader wants it; `name` is what the plan calls an array. */
export function printLine(line: Line, position: number, name: (array: string) => string): string {
  const shown = line.operands.map((operand) => {
    if (operand.kind === 'line') return `v${operand.line}`;
    if (operand.kind === 'product') return 'product';
    if (operand.kind === 'literal') return String(operand.value);
    if (operand.kind === 'row') return printRow(operand, name);
    return `${name(operand.array)}[${placeOf(operand)}]`;
  });
  const into = line.into === null ? '' : ` → ${name(line.into)}${line.isScalar ? '[0]' : ''}`;
  return `v${position} = ${line.operation}(${shown.join(', ')})${into}  · ${line.label}`;
}

function printRow({ terms, matrix, vector }: Row, name: (array: string) => string): string {
  const entry = (array: string, offset: number, strides: Readonly<Record<string, number>>) => {
    const steps = Object.entries(strides).filter(([, stride]) => stride !== 0);
    const place = steps.map(([by, stride]) => (stride === 1 ? by : `${stride}·${by}`));
    return `${name(array)}[${[...(offset === 0 && place.length > 0 ? [] : [`${offset}`]), ...place].join(' + ')}]`;
  };
  const factor = entry(matrix.array, matrix.offset, { index: matrix.row, k: matrix.inner });
  return `Σ ${factor}·${entry(vector.array, vector.offset, { k: vector.stride })}, k < ${terms}`;
}

/** Rows that a run multiplies with vectors, each once. */
export function rowsOf({ lines }: Pick<ElementwiseRun, 'lines'>): readonly Row[] {
  const rows = lines.flatMap(({ operands }) => operands.filter((operand) => operand.kind === 'row'));
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
