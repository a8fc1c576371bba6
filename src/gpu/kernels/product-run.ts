/** A product whose entries go into elementwise lines instead of memory: a bias, an activation, its mask, an optimizer's update. */
import { invariant } from '../../core/diagnostic.ts';
import { defineKernel, type Kernel } from './define-kernel.ts';
import type { ElementwiseRun } from './elementwise-run.ts';
import { sidesOf, type Variant, variantName } from './product.ts';
import { PRODUCT_BINDINGS } from './product-bindings.ts';
import { FAMILIES } from './product-families.ts';
import { arraysOf } from './run-code.ts';

/** The name that plans give it; a device runs the family of `choose-product.ts`. */
export const PRODUCT_RUN = 'matmul_run';

const kernels = new WeakMap<ElementwiseRun, Map<string, Kernel>>();

/**
 * As `matmul` in one piece, with α = 1 and δ = 0, but entry (i, j) is the `product` of the lines at entry result_offset + i·columns + j. Nothing that the
 * lines write is read by the product, or by another entry's lines.
 */
export function productRunKernel(run: ElementwiseRun, variant: Variant): Kernel {
  const name = variantName(PRODUCT_RUN, variant);
  const known = kernels.get(run) ?? new Map<string, Kernel>();
  kernels.set(run, known);
  const before = known.get(name);
  if (before) return before;
  invariant(
    run.arrays.some(({ isWritten }) => isWritten),
    'the lines of a product leave something',
  );
  const { code, constants, workgroups } = FAMILIES[variant.family];
  const { params, a, b } = { ...PRODUCT_BINDINGS, ...sidesOf(variant.lies) };
  const kernel = defineKernel({
    name,
    code: code(name, run, variant.lies),
    bindings: { params, a, b, ...arraysOf(run, variant.lies.width) },
    constants,
    workgroups,
  });
  known.set(name, kernel);
  return kernel;
}
