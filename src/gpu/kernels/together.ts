/** Small dispatches one after the other as one: a workgroup does all of them, with barriers where one reads what another wrote. */
import { invariant } from '../../core/diagnostic.ts';
import { defineKernel, type Kernel, read, uniform, write } from './define-kernel.ts';
import type { ElementwiseRun } from './elementwise-run.ts';
import { KERNELS } from './kernels.ts';
import { partCode, productCode } from './part-code.ts';
import { matmul } from './product.ts';
import { PRODUCT_RUN } from './product-run.ts';
import { functionsOf, statementsOf } from './run-code.ts';

/** A dispatch among others: what `Dispatch` says, with names for its arrays. */
export interface Part {
  readonly kind: 'part';
  readonly label: string;
  readonly kernel: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, number | readonly number[]>>;
  readonly arrays: Readonly<Record<string, string>>;
  /** Of a part whose kernel is generated. */
  readonly run: ElementwiseRun | null;
  /** Invocations that it takes. */
  readonly count: number;
}

/** At most `count` times, and no further once entry 0 of the local array `done` is not 0. */
export interface Turns {
  readonly kind: 'turns';
  readonly count: number;
  readonly done: string | null;
  readonly body: readonly TogetherItem[];
}

export type TogetherItem = Part | Turns;

/** Plain data: part of a plan. */
export interface Together {
  readonly items: readonly TogetherItem[];
  /** Bound, in this order. */
  readonly globals: readonly { readonly name: string; readonly isWritten: boolean }[];
  /** In the memory of the workgroup: what no other dispatch reads. Each is written before it is read. */
  readonly locals: readonly { readonly name: string; readonly length: number }[];
  /** Likewise, but too long for that memory: parts of one buffer of the device, `BESIDE`, which is bound after the others. */
  readonly beside: readonly { readonly name: string; readonly length: number }[];
  /** Invocations. */
  readonly width: number;
}

/** What arrays beside the workgroup's are called after, and the buffer in which they lie. */
export const BESIDE = 'beside';

/** The name of all such kernels. */
export const TOGETHER = 'together';

/**
 * The kernel of such a list, one workgroup: after it the globals hold what they would after its dispatches one by one. The
 * arithmetic of each part is that of its own kernel. Params and lengths are part of the text.
 */
export function togetherKernel(together: Together): Kernel {
  const known = kernels.get(together);
  if (known) return known;
  const kernel = defineKernel({
    name: TOGETHER,
    code: codeOf(together),
    bindings: {
      params: uniform({ parts: 'u32' }),
      ...Object.fromEntries(
        together.globals.map(({ name, isWritten }) => [name, isWritten ? write('f32') : read('f32')]),
      ),
      ...(together.beside.length > 0 && { [BESIDE]: write('Beside') }),
    },
    constants: { workgroup_width: together.width },
    workgroups: () => [1, 1, 1],
  });
  kernels.set(together, kernel);
  return kernel;
}

const kernels = new WeakMap<Together, Kernel>();

const partsOf = (items: readonly TogetherItem[]): Part[] =>
  items.flatMap((item) => (item.kind === 'part' ? [item] : partsOf(item.body)));

function codeOf({ items, globals, locals, beside, width }: Together): string {
  const parts = partsOf(items);
  const lines = parts.flatMap(({ run }) => run?.lines ?? []);
  const writer = new Writer(new Set(locals.map(({ name }) => name)));
  writer.write(items);
  return `${functionsOf({ lines, arrays: [] })}
struct Params { parts: u32 }
@group(0) @binding(0) var<uniform> params: Params;
${globals
  .map(
    ({ name, isWritten }, i) =>
      `@group(0) @binding(${i + 1}) var<storage, ${isWritten ? 'read_write' : 'read'}> ${name}: array<f32>;`,
  )
  .join('\n')}
${besideCode(beside, globals.length + 1)}
${locals.map(({ name, length }) => `var<workgroup> ${name}: array<f32, ${Math.max(1, length)}>;`).join('\n')}
override workgroup_width: u32 = ${width};
${writer.functions.join('\n')}
@compute @workgroup_size(workgroup_width)
fn ${TOGETHER}(@builtin(local_invocation_index) lane: u32) {
  _ = params.parts; // nothing depends on it: a kernel has parameters
${writer.body.join('\n')}
}`;
}

/** In a struct, so that each has its length in the code, and all are one binding. */
const besideCode = (beside: Together['beside'], binding: number): string =>
  beside.length === 0
    ? ''
    : `struct Beside { ${beside.map(({ name, length }) => `${name}: array<f32, ${length}>`).join(', ')} }
@group(0) @binding(${binding}) var<storage, read_write> ${BESIDE}: Beside;`;

/** Statements of the parts in their order, and the barriers that they need. */
class Writer {
  readonly functions: string[] = [];
  readonly body: string[] = [];
  /** Arrays that were read and written since the last barrier for their kind of memory. */
  private readonly read = new Set<string>();
  private readonly written = new Set<string>();

  constructor(private readonly locals: ReadonlySet<string>) {}

  write(items: readonly TogetherItem[]): void {
    for (const item of items) {
      if (item.kind === 'part') this.part(item);
      else this.turns(item);
    }
  }

  private part(part: Part): void {
    const written = writtenNames(part);
    const named = [...new Set(Object.values(part.arrays))];
    this.apart(named.filter((name) => this.written.has(name) || (written.has(name) && this.read.has(name))));
    for (const name of named) (written.has(name) ? this.written : this.read).add(name);
    this.body.push(this.loopOver(part));
  }

  private loopOver({ kernel, run, params, constants, arrays, count }: Part): string {
    const over = (text: string) =>
      count === 1
        ? `  if (lane == 0u) {\n    let place = 0u;\n${text}\n  }`
        : `  for (var place = lane; place < ${count}u; place += workgroup_width) {\n${text}\n  }`;
    if (kernel === matmul.name || kernel === PRODUCT_RUN) {
      const number = this.functions.push(productCode({ params, arrays }, this.functions.length)) - 1;
      const begin = `  let product = product_${number}(place);\n  let index = ${Number(params.result_offset)}u + place;\n`;
      return over(begin + (run ? statementsOf(renamed(run, arrays), 1) : `  ${arrays.result}[index] = product;`));
    }
    if (run) return over(`  let index = ${Number(params.first)}u + place;\n${statementsOf(renamed(run, arrays), 1)}`);
    const { functions, call } = partCode(kernelOf(kernel), { params, constants, arrays }, this.functions.length);
    this.functions.push(functions);
    return over(`    ${call('place')}`);
  }

  private turns({ count, done, body }: Turns): void {
    this.allApart();
    this.body.push(`  for (var turn = 0u; turn < ${count}u; turn++) {`);
    this.write(body);
    this.allApart();
    if (done !== null) this.body.push(`  if (workgroupUniformLoad(&${done}[0]) != 0.0) { break; }`);
    this.body.push('  }');
  }

  private allApart(): void {
    this.apart([...this.read, ...this.written]);
  }

  /** A barrier for the memory in which these arrays lie. */
  private apart(names: readonly string[]): void {
    for (const isLocal of [true, false]) {
      if (!names.some((name) => this.locals.has(name) === isLocal)) continue;
      this.body.push(isLocal ? '  workgroupBarrier();' : '  storageBarrier();');
      for (const set of [this.read, this.written])
        for (const name of [...set]) if (this.locals.has(name) === isLocal) set.delete(name);
    }
  }
}

function kernelOf(name: string): Kernel {
  const kernel = KERNELS[name];
  invariant(kernel, `no kernel ${name}`);
  return kernel;
}

function writtenNames({ kernel, run, arrays }: Part): ReadonlySet<string> {
  if (run) return new Set(run.arrays.flatMap(({ name, isWritten }) => (isWritten ? [arrays[name] ?? ''] : [])));
  return new Set(
    Object.entries(kernelOf(kernel).bindings).flatMap(([name, { access }]) =>
      access === 'write' ? [arrays[name] ?? ''] : [],
    ),
  );
}

/** The run with the names that its arrays have here. */
function renamed({ lines, arrays }: ElementwiseRun, names: Part['arrays']): ElementwiseRun {
  const nameOf = (array: string) => names[array] ?? array;
  return {
    arrays,
    lines: lines.map((line) => ({
      ...line,
      into: line.into === null ? null : nameOf(line.into),
      operands: line.operands.map((operand) => {
        if (operand.kind === 'entry') return { ...operand, array: nameOf(operand.array) };
        if (operand.kind !== 'row') return operand;
        const { matrix, vector } = operand;
        return {
          ...operand,
          matrix: { ...matrix, array: nameOf(matrix.array) },
          vector: { ...vector, array: nameOf(vector.array) },
        };
      }),
    })),
  };
}

/** How many parts are done, turns of loops counted. */
export const partCount = (items: readonly TogetherItem[]): number =>
  items.reduce((sum, item) => sum + (item.kind === 'part' ? 1 : item.count * partCount(item.body)), 0);
