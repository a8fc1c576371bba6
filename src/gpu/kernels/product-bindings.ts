/** What every kernel for α·A·B + δ·I binds: sizes and strides in entries, the matrices, the result. */
import { read, uniform, write } from './define-kernel.ts';

export const PRODUCT_BINDINGS = {
  params: uniform({
    rows: 'u32',
    inner: 'u32',
    columns: 'u32',
    a_offset: 'u32',
    a_row: 'u32',
    a_inner: 'u32',
    b_offset: 'u32',
    b_inner: 'u32',
    b_column: 'u32',
    alpha: 'f32',
    delta: 'f32',
  }),
  a: read('f32'),
  b: read('f32'),
  result: write('f32'),
} as const;
