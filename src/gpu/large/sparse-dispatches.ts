/** The dispatches of conjugate gradients with a sparse matrix, and the buffers that they go over. */
import type { Gpu } from '../device.ts';
import { dispatch, type ReadyDispatch, readyDispatches } from '../kernels/dispatch.ts';
import {
  EXCHANGE,
  LONGEST_ROW,
  MOST_TEAMS,
  sparseBack,
  sparseForth,
  sparseResidual,
  TEAM,
  takeStep,
} from '../kernels/sparse.ts';
import { RESIDENT } from '../kernels/usage.ts';
import { extentsOf, type SparseSystem } from './sparse-rows.ts';

export interface TurnOptions {
  /** Turns of one pass; in exact arithmetic the smaller of m and n is enough. */
  readonly mostTurns?: number;
  /** Longer rows and columns are summed by a team. */
  readonly longestRow?: number;
  /** How many lanes a team has; chosen by the device where nothing is said. */
  readonly team?: 'quad' | 'wide';
}

/**
 * Lanes of a team, and teams at most. A processor that stands in for a GPU pays for each four lanes that wait for others: there, a team
 * is four lanes.
 */
function teamOf({ hasQuads }: Gpu, wanted: TurnOptions['team']): { readonly lanes: number; readonly most: number } {
  const team = wanted ?? (hasQuads ? 'quad' : 'wide');
  return team === 'quad' ? { lanes: 4, most: 64 } : { lanes: TEAM, most: MOST_TEAMS };
}

/** Σ s² falls to the square of this share of what it could be: no direction is left in which the residual gets shorter. */
const TOLERANCE = 1e-6;
/** The share of the sizes of a row's terms below which a residual is not worth a turn. */
const LEAST_SHARE = 2 ** -24 / 16;
/** Turns that a pass has where nothing is said; fewer where m or n is small. */
const MOST_TURNS = 10_000;
/** Entries that a submit goes over: the device belongs to others, too. */
const SUBMIT_ENTRIES = 1 << 22;
const MOST_TURNS_OF_SUBMIT = 32;
/** Rows that a lane has before there are more teams. */
const ROWS_PER_LANE = 4;

export interface SparseDispatches {
  /** r, and how far the vector is from the rows. */
  readonly residual: ReadyDispatch;
  /** What comes before the first turn. */
  readonly begin: ReadyDispatch;
  /** The halves of a turn. */
  readonly turn: readonly [ReadyDispatch, ReadyDispatch];
  /** x −= d. */
  readonly step: ReadyDispatch;
  /** Begins with why it has stopped, and after how many turns. */
  readonly state: GPUBuffer;
  /** What `residual` found, for each team. */
  readonly found: GPUBuffer;
  readonly teams: number;
  readonly mostTurns: number;
  readonly turnsOfSubmit: number;
}

/** The buffers of a system, and what goes over them. */
export class SparseBuffers {
  private readonly buffers: GPUBuffer[] = [];
  private params: { destroy(): void } | null = null;

  constructor(private readonly gpu: Gpu) {}

  async dispatches(system: SparseSystem, x: GPUBuffer, options: TurnOptions): Promise<SparseDispatches> {
    const { rows, columns, matrix, transpose } = system;
    const { longestRow: longest = LONGEST_ROW, mostTurns = Math.min(MOST_TURNS, 2 * Math.min(rows, columns) + 8) } =
      options;
    const { lanes, most } = teamOf(this.gpu, options.team);
    const wanted = Math.ceil(Math.max(rows, columns, matrix.indices.length / 8) / (ROWS_PER_LANE * lanes));
    const teams = Math.min(most, wanted);
    const constants = { workgroup_width: lanes };
    const [ofRows, ofColumns] = [extentsOf(matrix, longest), extentsOf(transpose, longest)];
    const [forth, back] = [this.buffer('forth', 4 * EXCHANGE), this.buffer('back', 4 * EXCHANGE)];
    const buffers: GPUBuffer[] = [];
    const bound = (buffer: GPUBuffer) => buffers.push(buffer) - 1;
    const A = {
      extents: bound(this.table('extents', ofRows.extents)),
      columns: bound(this.table('columns', matrix.indices)),
      values: bound(this.table('values', matrix.values)),
    };
    const T = {
      extents: bound(this.table('extents', ofColumns.extents)),
      row_of: bound(this.table('row of', transpose.indices)),
      values: bound(this.table('values', transpose.values)),
    };
    const rowPairs = bound(this.buffer('r and q', 8 * rows));
    const pairs = bound(this.buffer('s and p', 8 * columns));
    const state = { forth: bound(forth), back: bound(back) };
    const ofRow = { ...A, rows: rowPairs, squares: bound(this.table('squares', system.squares)), forth: state.forth };
    const ofColumn = { ...T, rows: rowPairs, pairs, d: bound(this.buffer('d', 4 * columns)), ...state };
    const place = bound(x);
    const rowParams = { rows, long_rows: ofRows.long, longest, teams };
    const columnParams = { columns, long_columns: ofColumns.long, longest, teams, begins: 0, least_share: LEAST_SHARE };
    const { ready, destroy } = await readyDispatches(
      this.gpu,
      [
        dispatch(
          sparseResidual,
          rowParams,
          { ...ofRow, x: place, targets: bound(this.table('b', system.targets)) },
          constants,
        ),
        dispatch(sparseBack, { ...columnParams, begins: 1 }, ofColumn, constants),
        dispatch(
          sparseForth,
          { ...rowParams, most_turns: mostTurns, tolerance: TOLERANCE, steepness: system.steepness },
          { ...ofRow, pairs, back: state.back },
          constants,
        ),
        dispatch(sparseBack, columnParams, ofColumn, constants),
        dispatch(takeStep, { count: columns }, { d: ofColumn.d, x: place }),
      ],
      buffers,
    );
    this.params = { destroy };
    const [residual, begin, go, come, step] = ready as [
      ReadyDispatch,
      ReadyDispatch,
      ReadyDispatch,
      ReadyDispatch,
      ReadyDispatch,
    ];
    const turns = Math.floor(SUBMIT_ENTRIES / (2 * matrix.indices.length + rows + columns));
    const turnsOfSubmit = Math.max(1, Math.min(MOST_TURNS_OF_SUBMIT, turns));
    return { residual, begin, turn: [go, come], step, state: back, found: forth, teams, mostTurns, turnsOfSubmit };
  }

  buffer(label: string, bytes: number): GPUBuffer {
    const buffer = this.gpu.buffer(label, bytes, RESIDENT);
    this.buffers.push(buffer);
    return buffer;
  }

  destroy(): void {
    this.params?.destroy();
    for (const buffer of this.buffers) this.gpu.release(buffer);
  }

  private table(label: string, numbers: Uint32Array | Float32Array): GPUBuffer {
    const buffer = this.buffer(label, numbers.byteLength);
    this.gpu.device.queue.writeBuffer(buffer, 0, numbers.buffer as ArrayBuffer, numbers.byteOffset, numbers.byteLength);
    return buffer;
  }
}
