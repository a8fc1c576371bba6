/**
 * Sums of rows by workgroups of 16 × 16 lanes, for GPUs: lanes side by side read side by side, whichever way a matrix lies, and a row
 * keeps 16 lanes busy. One invocation a row, as `matvec`, `reduce` and `projectAffine` have it, is what a processor that stands in for
 * a GPU wants: it reads the row of a matrix from end to end, and waits at no barrier.
 */
import matvecCode from '../../../shaders/matvec_tile.wgsl?raw';
import projectAffineCode from '../../../shaders/project_affine_tile.wgsl?raw';
import reduceCode from '../../../shaders/reduce_tile.wgsl?raw';
import rounded from '../../../shaders/rounded.wgsl?raw';
import tileRowSum from '../../../shaders/tile_row_sum.wgsl?raw';
import { ceilDiv, defineKernel, gridOf, type Kernel } from './define-kernel.ts';
import type { Dispatch } from './dispatch.ts';
import { rowsOf } from './elementwise-run.ts';
import { matvec, projectAffine } from './product.ts';
import { REDUCTION, reduce } from './reduce.ts';
import { MOST_SLOTS, SIDE, tileSum } from './tile.ts';

/** As `matvec`. Error: ≤ (piece/64 + 11) · 2⁻²⁴ · Σ|aᵢₖ xₖ|. */
export const matvecTile = defineKernel({
  ...matvec,
  name: 'matvec_tile',
  code: `${matvecCode}\n${tileSum(1)}\n${tileRowSum}`,
  constants: {},
  workgroups: ({ rows, inner, piece }) => gridOf(ceilDiv(rows * ceilDiv(inner, piece), SIDE)),
});

/** As `projectAffine`. */
export const projectAffineTile = defineKernel({
  ...projectAffine,
  name: 'project_affine_tile',
  code: `${projectAffineCode}\n${tileSum(1)}\n${tileRowSum}\n${rounded}`,
  constants: {},
  workgroups: ({ rows, turns }) => gridOf(ceilDiv(ceilDiv(rows, turns), SIDE)),
});

/** As `reduce`. Error of a sum of one piece: ≤ (piece/16 + 6) · 2⁻²⁴ · Σ|aₖ|. */
export const reduceTile = defineKernel({
  ...reduce,
  name: 'reduce_tile',
  code: `${reduceCode}\n${tileSum(1)}`,
  constants: { operation: REDUCTION.sum },
  workgroups: ({ outer, length, inner, piece }) => gridOf(ceilDiv(outer * ceilDiv(length, piece) * inner, SIDE)),
});

export const TILES: readonly Kernel[] = [matvecTile, projectAffineTile, reduceTile];

/** Shorter rows would leave lanes of a tile idle: each takes two terms at least. */
const LEAST_TERMS = 2 * SIDE;
/** So many rows that lie across, one lane each, keep a GPU busy and read side by side as they are. */
const MANY_ROWS = 1 << 16;

/** Rows to be summed: how many, how long, and how far a row is from the next. */
interface Rows {
  readonly count: number;
  readonly terms: number;
  readonly distance: number;
}

const isWorthTiles = ({ count, terms, distance }: Rows): boolean =>
  terms >= LEAST_TERMS && (Math.abs(distance) !== 1 || count < MANY_ROWS);

/** The same computation by tiles where that pays on a GPU, else as it is. */
export function tiled(call: Dispatch): Dispatch {
  if (call.run) return isRunWorthTiles(call) ? { ...call, isTiled: true } : call;
  const params = call.params as Readonly<Record<string, number>>;
  const { rows = 0, inner = 0, piece = 1, outer = 0, length = 0, turns = 1 } = params;
  const { workgroup_width: _, ...constants } = call.constants;
  const by = ({ name: kernel }: { readonly name: string }, all: Rows): Dispatch =>
    isWorthTiles(all) ? { ...call, kernel, constants } : call;
  switch (call.kernel) {
    case matvec.name: {
      const [count, terms] = [rows * ceilDiv(inner, piece), Math.min(inner, piece)];
      return by(matvecTile, { count, terms, distance: params.a_row ?? 0 });
    }
    case projectAffine.name:
      return by(projectAffineTile, { count: ceilDiv(rows, turns), terms: inner, distance: params.p_row ?? 0 });
    case reduce.name: {
      const [count, terms] = [outer * ceilDiv(length, piece) * inner, Math.min(length, piece)];
      return by(reduceTile, { count, terms, distance: inner === 1 ? length : 1 });
    }
    default:
      return call;
  }
}

function isRunWorthTiles({ run, params }: Dispatch): boolean {
  const rows = run ? rowsOf(run) : [];
  const count = Number(params.count);
  return (
    rows.length > 0 &&
    rows.length <= MOST_SLOTS &&
    rows.some(({ terms, matrix }) => isWorthTiles({ count, terms, distance: matrix.row }))
  );
}
