/** A compute kernel: hand-written WGSL with the order of its bindings, its constants and its grid. Plain data, no device. */
import { invariant } from '../../core/diagnostic.ts';

type Scalar = 'u32' | 'f32';
type Element = Scalar | 'vec4f' | 'atomic<u32>';
export type Field = Scalar | 'vec4u';
type Fields = Readonly<Record<string, Field>>;

export interface UniformBinding<F extends Fields = Fields> {
  readonly access: 'uniform';
  readonly fields: F;
}
export interface StorageBinding {
  readonly access: 'read' | 'write';
  /** Of an array, or the name of a struct. */
  readonly type: Element | 'Beside';
}

/** One struct of numbers; four-vectors first, so that the fields lie without gaps. */
export const uniform = <const F extends Fields>(fields: F): UniformBinding<F> => ({ access: 'uniform', fields });
/** An array that the kernel only reads. */
export const read = (type: Element): StorageBinding => ({ access: 'read', type });
/** An array that the kernel writes, and may read; or a struct of them. */
export const write = (type: StorageBinding['type']): StorageBinding => ({ access: 'write', type });

/** Values of a uniform's fields. */
export type Params<F extends Fields = Fields> = { readonly [Name in keyof F]: ParamOf<F[Name]> };
type ParamOf<F> = F extends 'vec4u' ? Four : number;
export type Four = readonly [number, number, number, number];
export type Grid = readonly [x: number, y: number, z: number];

/** `params` is always binding 0; the order of the rest is the order in WGSL. */
type Bindings = { readonly params: UniformBinding } & Readonly<Record<string, StorageBinding | UniformBinding>>;

export interface Kernel<B extends Bindings = Bindings> {
  /** Name of the file and of the entry point. */
  readonly name: string;
  readonly code: string;
  readonly bindings: B;
  /** Defaults of the `override` constants. */
  readonly constants: Readonly<Record<string, number>>;
  /** Compiled anew for every length of its arrays: worth it where reading and writing them is most of the work. */
  readonly isOfLengths?: true;
  workgroups(params: Params<B['params']['fields']>): Grid;
}

/** Names of the arrays that a kernel takes. */
export type ArraysOf<B extends Bindings> = Exclude<keyof B & string, 'params'>;

/** Largest number of workgroups along one dimension that every adapter has. */
const GRID_LIMIT = 65_535;

export const ceilDiv = (count: number, width: number): number => Math.ceil(count / width);

/** A grid of at least `count` workgroups: one row, or as many as it takes. In WGSL: id.x + id.y · (width of the grid). */
export function gridOf(count: number): Grid {
  const rows = ceilDiv(count, GRID_LIMIT);
  return rows <= 1 ? [Math.max(count, 1), 1, 1] : [ceilDiv(count, rows), rows, 1];
}

/** Checks the definition against the text of the shader: a difference between the two is a bug that no device reports well. */
export function defineKernel<const B extends Bindings>(kernel: Kernel<B>): Kernel<B> {
  const { name, code } = kernel;
  const found = [...code.matchAll(/@group\(0\)\s*@binding\((\d+)\)\s*var<([^>]*)>\s*(\w+)\s*:\s*([^;]+);/g)].map(
    ([, position, access, variable, type]) => `${position} ${access?.replace(/\s/g, '')} ${variable}: ${type?.trim()}`,
  );
  const expected = Object.entries(kernel.bindings).map(([variable, binding], position) => {
    if (binding.access === 'uniform') return `${position} uniform ${variable}: Params`;
    const type = binding.type === 'Beside' ? binding.type : `array<${binding.type}>`;
    return `${position} storage,${binding.access === 'read' ? 'read' : 'read_write'} ${variable}: ${type}`;
  });
  invariant(
    sameText(found, expected),
    `${name}: bindings are [${found.join('; ')}] in WGSL, [${expected.join('; ')}] here`,
  );

  const struct = /struct Params\s*\{([^}]*)\}/.exec(code)?.[1] ?? '';
  const fieldsThere = [...struct.replace(/\/\/.*/g, '').matchAll(/(\w+)\s*:\s*(\w+)/g)].map(
    ([, field, type]) => `${field}: ${type}`,
  );
  const fields = Object.entries(kernel.bindings.params.fields);
  const fieldsHere = fields.map(([field, type]) => `${field}: ${type}`);
  invariant(
    sameText(fieldsThere, fieldsHere),
    `${name}: Params are {${fieldsThere.join(', ')}} in WGSL, {${fieldsHere.join(', ')}} here`,
  );
  const firstScalar = fields.findIndex(([, type]) => type !== 'vec4u');
  const isPacked = fields.every(([, type], i) => type !== 'vec4u' || firstScalar < 0 || i < firstScalar);
  invariant(isPacked, `${name}: four-vectors come first in Params`);

  invariant(new RegExp(`@compute[^{]*fn ${name}\\(`).test(code), `${name}: no entry point of that name`);
  const overrides = [...code.matchAll(/override\s+(\w+)/g)].map(([, constant]) => constant ?? '');
  invariant(
    sameText(overrides.toSorted(), Object.keys(kernel.constants).toSorted()),
    `${name}: overrides are ${overrides.join(', ')} in WGSL`,
  );
  return kernel;
}

const sameText = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, i) => text === b[i]);
