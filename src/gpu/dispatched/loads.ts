/** How the sums of a plan read memory on a device: what lanes side by side touch when each of them loads a term. */
import type { ProductDevice } from '../kernels/choose-product.ts';
import { type Dispatch, suited } from '../kernels/dispatch.ts';
import { rowsOf } from '../kernels/elementwise-run.ts';
import { matvec, projectAffine } from '../kernels/product.ts';
import { SIDE } from '../kernels/tile.ts';
import { matvecTile, projectAffineTile } from '../kernels/tiles.ts';
import type { Call, DispatchPlan } from './plan.ts';
import { callsOf } from './runs.ts';

/** The entries of a matrix that a sum of `terms` terms for each of `count` results reads. */
export interface MatrixLoads {
  readonly label: string;
  readonly count: number;
  readonly terms: number;
  /** Distance in the matrix of a row from the next, and of a term from the next. */
  readonly row: number;
  readonly inner: number;
  readonly by: 'invocation' | 'tile';
  /** Sectors of memory that 32 lanes touch for a term each: 4 where they lie side by side, 32 where each has its own. */
  readonly sectors: number;
}

/** Lanes that load at once, and numbers of a sector: 32 bytes, the least that GPUs fetch. */
const [LANES, SECTOR] = [32, 8] as const;

/** Every product of a matrix and a vector in a step, as this device computes it; those that one workgroup does beside others are left out. */
export const loadsOf = ({ step }: DispatchPlan, device: ProductDevice): MatrixLoads[] =>
  callsOf(step).flatMap((call) => loadsOfCall(call, suited(call.dispatch, device)));

function loadsOfCall({ label }: Call, { kernel, run, params, isTiled = false }: Dispatch): MatrixLoads[] {
  const of = (name: string) => Number(params[name]);
  const one = (count: number, terms: number, row: number, inner: number, byTile: boolean): MatrixLoads => {
    const by = byTile ? 'tile' : 'invocation';
    return { label, count, terms, row, inner, by, sectors: sectorsOf({ row, inner, by }) };
  };
  if (run) return rowsOf(run).map(({ terms, matrix }) => one(of('count'), terms, matrix.row, matrix.inner, isTiled));
  if (kernel === matvec.name || kernel === matvecTile.name) {
    const [pieces, terms] = [Math.ceil(of('inner') / of('piece')), Math.min(of('inner'), of('piece'))];
    return [one(of('rows') * pieces, terms, of('a_row'), of('a_inner'), kernel === matvecTile.name)];
  }
  if (kernel === projectAffine.name || kernel === projectAffineTile.name)
    return [one(of('rows'), of('inner'), of('p_row'), of('p_inner'), kernel === projectAffineTile.name)];
  return [];
}

function sectorsOf({ row, inner, by }: Pick<MatrixLoads, 'row' | 'inner' | 'by'>): number {
  const isAlong = Math.abs(inner) === 1;
  const placeOf = (lane: number): number => {
    if (by === 'invocation') return lane * row;
    const [across, along] = [Math.floor(lane / SIDE), lane % SIDE];
    return isAlong ? across * row + along * inner : along * row + across * inner;
  };
  return new Set(Array.from({ length: LANES }, (_, lane) => Math.floor(placeOf(lane) / SECTOR))).size;
}

/** One line a product. */
export const printLoads = (loads: readonly MatrixLoads[]): string =>
  loads
    .map(
      ({ label, count, terms, row, inner, by, sectors }) =>
        `${count} sums of ${terms} by ${by}: ${sectors} sectors for ${LANES} loads, rows ${row} apart, terms ${inner}  · ${label}`,
    )
    .join('\n');
