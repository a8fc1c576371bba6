/** The whole of a small pseudoinverse as one workgroup: no dispatch waits for another, and nothing is read back on the way. */
import rule from '../../../shaders/newton_schulz_rule.wgsl?raw';
import code from '../../../shaders/newton_schulz_small.wgsl?raw';
import { defineKernel, read, uniform, write } from './define-kernel.ts';
import { accumulate, lines, upTo } from './product-code.ts';
import { exchanged, QUAD } from './product-quads.ts';

const NAME = 'newton_schulz_small';

/** Shared by both ways to multiply. Padding is never looked at, so the diagonal reaches into it. */
const FACTORS = `struct Factors { product: f32, rest: f32, diagonal: f32 }

fn put(result: Place, row: u32, vector: u32, sum: vec4f, factors: Factors, addend: Place) {
  let place = row * result.width + vector;
  var value = factors.product * sum + factors.diagonal * unit(row, vector);
  if (factors.rest != 0.0) { value += factors.rest * arena[addend.at + place]; }
  arena[result.at + place] = value;
}

// result = product · A B + rest · addend + diagonal · I; A has so many rows, B as many rows as A has columns.`;

const SIGNATURE =
  'fn multiply(A: Place, rows: u32, B: Place, result: Place, factors: Factors, addend: Place, lane: u32) {';

/** Each invocation makes vectors of the result one after the other; on a GPU their loads come from its first cache. */
const BY_VECTORS = `${FACTORS}
${SIGNATURE}
  for (var e = lane; e < rows * B.width; e += workgroup_width) {
    let row = e / B.width;
    let vector = e % B.width;
    var sum = vec4f(0.0);
    for (var k = 0u; k < A.width; k++) {
      let left = arena[A.at + row * A.width + k];
      let right = B.at + 4u * k * B.width + vector;
      sum = fma(vec4f(left.x), arena[right], sum);
      sum = fma(vec4f(left.y), arena[right + B.width], sum);
      sum = fma(vec4f(left.z), arena[right + 2u * B.width], sum);
      sum = fma(vec4f(left.w), arena[right + 3u * B.width], sum);
    }
    put(result, row, vector, sum, factors, addend);
  }
}`;

/** Tiles of 16 × 16 as in `product-quads.ts`: of what lane l holds, sum 4i + d is that of row 4i + (l ^ d). */
const BY_QUADS = `${FACTORS}
${SIGNATURE}
  for (var row = 0u; row < rows; row += ${QUAD.rows}u) {
    for (var first = 0u; first < B.width; first += 4u) {
${lines(QUAD.rows / 4, (i) => `      let a${i} = A.at + (row + ${4 * i}u + lane) * A.width;`)}
      let b = B.at + first + lane;
${lines(QUAD.rows, (i) => `      var c${i}_0 = vec4f(0.0);`)}
      for (var k = 0u; k < A.width; k++) {
${lines(QUAD.rows / 4, (i) => `      let own${i} = arena[a${i} + k];`)}
${upTo(4)
  .map(
    (q) => `      {
      let v0 = arena[b + (4u * k + ${q}u) * B.width];
${accumulate(QUAD, (i) => exchanged(i % 4, `own${i >> 2}[${q}]`))}
      }`,
  )
  .join('\n')}
      }
      var sums = array<vec4f, ${QUAD.rows}>(${upTo(QUAD.rows)
        .map((i) => `c${i}_0`)
        .join(', ')});
      for (var e = 0u; e < ${QUAD.rows}u; e++) {
        put(result, row + (e & ~3u) + (lane ^ (e & 3u)), first + lane, sums[e], factors, addend);
      }
    }
  }
}`;

const bindings = {
  params: uniform({
    rows: 'u32',
    columns: 'u32',
    a_row: 'u32',
    a_column: 'u32',
    result_row: 'u32',
    result_column: 'u32',
    limit: 'u32',
    enough: 'f32',
  }),
  a: read('f32'),
  arena: write('vec4f'),
  figures: write('f32'),
  result: write('f32'),
} as const;

/**
 * A⁺ of A[rows, columns], rows ≤ columns, of full rank and condition at most 100 or so, by Newton–Schulz on A Aᵀ: all iterations, their
 * decisions and their end. A and A⁺[columns, rows] through strides; `arena` of `smallArena` entries, whatever they are. figures:
 * iterations, those left (−1: unknown), whether the rule ended it, then a residual for each iterate, of the last that of A⁺ itself.
 */
export const newtonSchulzSmall = defineKernel({
  name: NAME,
  code: `${rule}\n${code}\n${BY_VECTORS}`,
  bindings,
  constants: { workgroup_width: 256 },
  workgroups: () => [1, 1, 1],
});

/** The same for subgroups of four lanes. */
export const newtonSchulzSmallByQuads = defineKernel({
  name: `${NAME}_by_quads`,
  code: `enable subgroups;\n${rule}\n${code.replace(`fn ${NAME}(`, `fn ${NAME}_by_quads(`)}\n${BY_QUADS}`,
  bindings,
  constants: { workgroup_width: 4 },
  workgroups: () => [1, 1, 1],
});

const padded = (length: number): number => 16 * Math.ceil(length / 16);

/** Entries of the arena: S, its transpose, two iterates of [columns, rows], five of [rows, rows], the scales. */
export const smallArena = (rows: number, columns: number): number => {
  const [m, n] = [padded(rows), padded(columns)];
  return 4 * m * n + 4 * m * m + 4 * m;
};
