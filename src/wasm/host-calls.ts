/** What generated code asks of JavaScript: functions that must be bit-equal to the reference's, and factorisations. */
import { prepare } from '../core/tensor/reference.ts';
import { shuffledAt, uniformAt } from '../core/tensor/threefry.ts';
import type { Value } from '../core/tensor/value.ts';
import type { Signature, TypeName } from './encode.ts';

/** Functions of numbers. Browsers call those of `Math` from WebAssembly without a detour. */
const FUNCTIONS = {
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  pow: Math.pow,
  uniform: (low: number, high: number, start: number, t: number, stream: number, element: number) =>
    uniformAt({ low, high, start, t, stream }, element),
  shuffled: (
    low: number,
    high: number,
    start: number,
    t: number,
    stream: number,
    element: number,
    size: number,
    count: number,
  ) => shuffledAt({ low, high, start, t, stream }, element, size, count),
} as const satisfies Record<string, (...numbers: number[]) => number>;
export type FunctionName = keyof typeof FUNCTIONS;

/** An operation on whole arrays that the reference's own kernel computes, on views of the memory. */
export interface ArrayCall {
  readonly value: Value;
  readonly args: readonly { readonly address: number; readonly shape: readonly number[] }[];
  readonly address: number;
  readonly size: number;
}

/** The imports of one module, in the order in which they are first asked for. */
export class HostCalls {
  private readonly functions: FunctionName[] = [];
  readonly arrays: ArrayCall[] = [];

  /** Function 0 is `compute(k)`: the k-th array call. */
  index(name: FunctionName): number {
    const known = this.functions.indexOf(name);
    return 1 + (known >= 0 ? known : this.functions.push(name) - 1);
  }

  array(call: ArrayCall): number {
    return this.arrays.push(call) - 1;
  }

  get imports(): ({ readonly name: string } & Signature)[] {
    const numbers = (count: number) => new Array<TypeName>(count).fill('f64');
    return [
      { name: 'compute', params: ['i32'], results: [] },
      ...this.functions.map((name) => ({ name, params: numbers(FUNCTIONS[name].length), results: numbers(1) })),
    ];
  }
}

/** What a module with these calls is instantiated with. */
export function hostObject(memory: WebAssembly.Memory, calls: readonly ArrayCall[]): WebAssembly.ModuleImports {
  const view = (address: number, size: number) => new Float64Array(memory.buffer, address, size);
  const kernels = calls.map(({ value, args, address, size }) =>
    prepare(
      value,
      args.map(({ address, shape }) => ({
        data: view(
          address,
          shape.reduce((a, b) => a * b, 1),
        ),
        shape,
      })),
      view(address, size),
    ),
  );
  return { ...FUNCTIONS, memory, compute: (k: number) => kernels[k]?.() };
}
