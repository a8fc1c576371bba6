/** What every kernel for products binds: sizes and strides in entries, the matrices, the result. */
import { read, uniform, write } from './define-kernel.ts';

const PARAMS = {
  rows: 'u32',
  inner: 'u32',
  columns: 'u32',
  a_offset: 'u32',
  a_row: 'u32',
  a_inner: 'u32',
  b_offset: 'u32',
  b_inner: 'u32',
  b_column: 'u32',
  piece: 'u32',
  result_offset: 'u32',
  alpha: 'f32',
  delta: 'f32',
} as const;

export const PRODUCT_BINDINGS = {
  params: uniform(PARAMS),
  a: read('f32'),
  b: read('f32'),
  result: write('f32'),
} as const;

/** Of many products: each matrix begins a stride after the one before. */
export const BATCHED_PRODUCT_BINDINGS = {
  ...PRODUCT_BINDINGS,
  params: uniform({ ...PARAMS, batch: 'u32', a_batch: 'u32', b_batch: 'u32' }),
} as const;

/** With a matrix to add, and factors that an earlier dispatch found. */
export const SCALED_PRODUCT_BINDINGS = {
  params: uniform({ ...PARAMS, beta: 'f32' }),
  a: read('f32'),
  b: read('f32'),
  addend: read('f32'),
  factors: read('f32'),
  result: write('f32'),
} as const;
