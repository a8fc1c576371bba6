/**
 * Firefox's compiler of shaders, naga, takes every kernel, and translates it for Metal, Direct3D and Vulkan. Kernels of the first
 * example of each method and projection; of all, in all variants, with `npm run test:full`.
 */
import { NagaError, parseWgsl, validate, writeHlsl, writeMsl, writeSpirv } from 'naga-wasm';
import { describe, expect, it } from 'vitest';
import { LONG_LOOPS } from './dispatched/long-loops.fixture.ts';
import { dispatchedKernels, type KernelText, kernelsOf, PROGRAMS, writtenKernels } from './every-kernel.fixture.ts';
import type { Variant } from './fused/steps.ts';

const IS_FULL = import.meta.env.FEASIBLE_FULL === '1';
const VARIANTS: readonly Variant[] = IS_FULL
  ? ['runs', 'plain', 'watched', 'until rest', 'pairs until rest']
  : ['runs', 'until rest'];

/** Why naga refuses a kernel; null where it does not. */
function refusal(kernel: KernelText): string | null {
  try {
    const module = parseWgsl(withConstants(kernel));
    const info = validate(module);
    writeMsl(module, info);
    writeHlsl(module, info, { shaderModel: '6_0' });
    writeSpirv(module, info);
    info.free();
    module.free();
    return null;
  } catch (reason) {
    if (reason instanceof NagaError) return `${reason.kind}: ${reason.formatted}`;
    throw reason;
  }
}

/**
 * As a pipeline has it: `override` constants have their values. naga has the functions of subgroups, but not yet `enable subgroups`;
 * browsers that use it do not offer the feature either.
 */
const withConstants = ({ code, constants }: KernelText): string =>
  code
    .replace(/^enable subgroups;/m, '')
    .replace(/override (\w+): (\w+) = ([^;]+);/g, (_, name: string, type: string, byDefault: string) => {
      const value = constants[name];
      return `const ${name}: ${type} = ${value === undefined ? byDefault : `${type}(${value})`};`;
    });

const refused = (kernels: readonly KernelText[]) =>
  kernels.flatMap((kernel) => {
    const why = refusal(kernel);
    return why === null ? [] : [`${kernel.name}: ${why}`];
  });

describe('naga', () => {
  it('refuses what is no WGSL', () => {
    const kernel = { name: 'a word too many', code: 'fn twice(x: f32) -> f32 { return 2.0 * x x; }', constants: {} };
    expect(refusal(kernel)).toContain('parse');
  });

  it('takes every written kernel', () => {
    const kernels = writtenKernels();
    expect(kernels.length).toBeGreaterThan(50);
    expect(refused(kernels)).toEqual([]);
  });

  it('takes loops over what the memory of a workgroup does not hold', () => {
    const kernels = Object.entries(LONG_LOOPS).flatMap(([name, program]) => dispatchedKernels({ name, program }));
    expect(kernels.some(({ code }) => code.includes('struct Beside'))).toBe(true);
    expect(refused(kernels)).toEqual([]);
  });

  it('takes every generated kernel', () => {
    const all = PROGRAMS.filter(({ isFirst }) => isFirst || IS_FULL).flatMap((named) => kernelsOf(named, VARIANTS));
    const kernels = [...new Map(all.map((kernel) => [kernel.code, kernel])).values()];
    expect(kernels.length).toBeGreaterThan(200);
    expect(refused(kernels)).toEqual([]);
  }, 600_000); // it only ends what hangs: all of them take a minute or more
});
