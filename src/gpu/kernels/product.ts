/** Matrix products and the projection of a long vector. Matrices are read through strides: a transpose costs nothing. */
import matvecCode from '../../../shaders/matvec.wgsl?raw';
import projectAffineCode from '../../../shaders/project_affine.wgsl?raw';
import rounded from '../../../shaders/rounded.wgsl?raw';
import rowSum from '../../../shaders/row_sum.wgsl?raw';
import { ceilDiv, defineKernel, gridOf, type Kernel, read, uniform, write } from './define-kernel.ts';
import { BATCHED_PRODUCT_BINDINGS, PRODUCT_BINDINGS, SCALED_PRODUCT_BINDINGS } from './product-bindings.ts';
import { FAMILIES, FAMILY_NAMES, type FamilyName, readsOf } from './product-families.ts';
import { ANYHOW, LIES, type Lies } from './product-quads.ts';

const WORKGROUP_WIDTH = 64;

const { block } = FAMILIES;
/**
 * result = α·A·B + δ·I, A: [rows, inner], B: [inner, columns], result: [rows, columns] row-major; lengths at least 1.
 * Strides in entries: a transpose costs nothing. With `piece` < inner, result: [⌈inner / piece⌉, rows, columns], the products of
 * pieces of the inner length, whose sum is the product; δ is in the first. The result begins at `result_offset`.
 * Error: ≤ inner · 2⁻²⁴ · Σ|aᵢₖ bₖⱼ| (Higham 2002, §3.5). Infinite or NaN entries spread as in IEEE 754.
 * What a plan names; a device runs the family of `choose-product.ts`.
 */
export const matmul = defineKernel({
  name: 'matmul',
  code: block.code('matmul', 'plain', ANYHOW),
  bindings: PRODUCT_BINDINGS,
  constants: block.constants,
  workgroups: block.workgroups,
});

/**
 * result = α f₀·A·B + β f₁·C + δ·I, C: [rows, columns] row-major, f two numbers that an earlier dispatch left on the device.
 * f₀ = 0 skips the product. Otherwise as `matmul`, in one piece.
 */
export const matmulScaled = defineKernel({
  name: 'matmul_scaled',
  code: block.code('matmul_scaled', 'scaled', ANYHOW),
  bindings: SCALED_PRODUCT_BINDINGS,
  constants: block.constants,
  workgroups: block.workgroups,
});

/** A family, and how it reads the matrices. */
export interface Variant {
  readonly family: FamilyName;
  readonly lies: Lies;
}

export const variantName = (kernel: string, { family, lies: { a, b, width } }: Variant): string =>
  `${kernel}_by_${family}${a === 'any' && b === 'any' ? '' : `_${a}_${b}`}${width === 4 ? '_fours' : ''}`;

export const VARIANTS: readonly Variant[] = FAMILY_NAMES.flatMap((family) => {
  const all = LIES.map((found): Variant => ({ family, lies: readsOf(family, found) }));
  return [...new Map(all.map((variant) => [variantName('', variant), variant])).values()];
});

/** What the matrices of a variant are read as. */
export const sidesOf = ({ a, b }: Lies) => ({
  a: read(a === 'any' ? 'f32' : 'vec4f'),
  b: read(b === 'any' ? 'f32' : 'vec4f'),
});

const elementOf = ({ width }: Lies) => (width === 4 ? 'vec4f' : 'f32');

/** `matmul` by every family. */
export const PRODUCTS = VARIANTS.map((variant) => {
  const { code, constants, workgroups } = FAMILIES[variant.family];
  const name = variantName('matmul', variant);
  return defineKernel({
    name,
    code: code(name, 'plain', variant.lies),
    bindings: { ...PRODUCT_BINDINGS, ...sidesOf(variant.lies), result: write(elementOf(variant.lies)) },
    constants,
    workgroups,
  });
});

/** The name that plans give it; a device runs the family of `choose-product.ts`. */
export const MATMUL_BATCHED = 'matmul_batched';

const batched = new Map<string, Kernel>();

/**
 * result[k] = α·A[k]·B[k] + δ·I for k < batch; A[k] begins at a_offset + k·a_batch, B[k] likewise, and a stride of 0 gives all products
 * the same matrix. result: [batch, ⌈inner / piece⌉, rows, columns], otherwise as `matmul`. At most 65,535 products and pieces together.
 */
export function batchedKernel(variant: Variant): Kernel {
  const name = variantName(MATMUL_BATCHED, variant);
  const known = batched.get(name);
  if (known) return known;
  const { code, constants, workgroups } = FAMILIES[variant.family];
  const kernel = defineKernel({
    name,
    code: code(name, 'batched', variant.lies),
    bindings: { ...BATCHED_PRODUCT_BINDINGS, ...sidesOf(variant.lies), result: write(elementOf(variant.lies)) },
    constants,
    workgroups,
  });
  batched.set(name, kernel);
  return kernel;
}

/** `matmulScaled` by every family. */
export const SCALED_PRODUCTS = VARIANTS.map((variant) => {
  const { code, constants, workgroups } = FAMILIES[variant.family];
  const name = variantName('matmul_scaled', variant);
  return defineKernel({
    name,
    code: code(name, 'scaled', variant.lies),
    bindings: {
      ...SCALED_PRODUCT_BINDINGS,
      ...sidesOf(variant.lies),
      addend: read(elementOf(variant.lies)),
      result: write(elementOf(variant.lies)),
    },
    constants,
    workgroups,
  });
});

/**
 * result = A x, A: [rows, inner], x: [inner], result: [rows]; lengths at least 1. With `piece` < inner, result: [⌈inner / piece⌉, rows],
 * the products of pieces of the inner length, whose sum is the product. Error: ≤ (piece/32 + 10) · 2⁻²⁴ · Σ|aᵢₖ xₖ| (Higham 2002, §4.2).
 */
export const matvec = defineKernel({
  name: 'matvec',
  code: `${matvecCode}\n${rowSum}`,
  bindings: {
    params: uniform({
      rows: 'u32',
      inner: 'u32',
      a_offset: 'u32',
      a_row: 'u32',
      a_inner: 'u32',
      x_offset: 'u32',
      x_stride: 'u32',
      piece: 'u32',
    }),
    a: read('f32'),
    x: read('f32'),
    result: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: ({ rows, inner, piece }) => gridOf(ceilDiv(rows * ceilDiv(inner, piece), WORKGROUP_WIDTH)),
});

/**
 * result = x − P r, P: [rows, inner], x, result: [rows], r: [inner]: the projection onto {x : A x = b} for P = A⁺, r = A x − b,
 * or for P = Qᵀ, r = Q x − c with an orthonormal basis Q of the rows. In the units of x. If A x = b has no solution, the result
 * is the nearest least-squares solution. An invocation computes `turns` entries and passes the rounding of each on to its next: sums of
 * the result are off by the rounding of its last entries, each entry by at most two units in the last place.
 * Source: Parikh & Boyd 2014, Proximal Algorithms, ch. 6.
 */
export const projectAffine = defineKernel({
  name: 'project_affine',
  code: `${projectAffineCode}\n${rowSum}\n${rounded}`,
  bindings: {
    params: uniform({
      rows: 'u32',
      inner: 'u32',
      p_offset: 'u32',
      p_row: 'u32',
      p_inner: 'u32',
      x_offset: 'u32',
      x_stride: 'u32',
      r_offset: 'u32',
      r_stride: 'u32',
      turns: 'u32',
    }),
    p: read('f32'),
    x: read('f32'),
    r: read('f32'),
    result: write('f32'),
  },
  constants: { workgroup_width: WORKGROUP_WIDTH },
  workgroups: ({ rows, turns }) => gridOf(ceilDiv(ceilDiv(rows, turns), WORKGROUP_WIDTH)),
});
