/** Conjugate gradients with a sparse matrix: all numbers, and the decision to stop, stay on the device. */
import exactSum from '../../../shaders/exact_sum.wgsl?raw';
import rounded from '../../../shaders/rounded.wgsl?raw';
import sparseBackCode from '../../../shaders/sparse_back.wgsl?raw';
import sparseForthCode from '../../../shaders/sparse_forth.wgsl?raw';
import sparseResidualCode from '../../../shaders/sparse_residual.wgsl?raw';
import sparseTeam from '../../../shaders/sparse_team.wgsl?raw';
import takeStepCode from '../../../shaders/take_step.wgsl?raw';
import { ceilDiv, defineKernel, type Grid, gridOf, read, uniform, write } from './define-kernel.ts';

/** Lanes of a team: a workgroup that goes over rows, and over each long row as one. */
export const TEAM = 128;
/** So many teams at most: each adds up what all have left behind in the half turn before. */
export const MOST_TEAMS = 256;
/** Longer rows and columns are summed by a team. */
export const LONGEST_ROW = 512;
/** Numbers of state before the sums of the teams, of which there are so many sorts. */
export const STATE = 8;
const BANKS = 4;
/** Numbers of the two buffers by which half turns tell each other what they have found. */
export const EXCHANGE = STATE + BANKS * MOST_TEAMS;

const CONSTANTS = { workgroup_width: TEAM, most_teams: MOST_TEAMS };
const teams = ({ teams }: { readonly teams: number }): Grid => [teams, 1, 1];

/** rᵢ = (Σₖ aᵢₖ xₖ − bᵢ) / ‖aᵢ‖², each sum with twice the digits, and how far x is from the rows. Teams tell no other what they find. */
export const sparseResidual = defineKernel({
  name: 'sparse_residual',
  code: `${sparseResidualCode}\n${sparseTeam}\n${exactSum}\n${rounded}`,
  bindings: {
    params: uniform({ rows: 'u32', long_rows: 'u32', longest: 'u32', teams: 'u32' }),
    extents: read('u32'),
    columns: read('u32'),
    values: read('f32'),
    x: read('f32'),
    targets: read('f32'),
    squares: read('f32'),
    rows: write('f32'),
    forth: write('f32'),
  },
  constants: CONSTANTS,
  workgroups: teams,
});

/** Stops where Σ s² ≤ tolerance² · ‖A‖² · Σ r² / D, where r is rounding, or after `most_turns`; else q = D A (s + β p). */
export const sparseForth = defineKernel({
  name: 'sparse_forth',
  code: `${sparseForthCode}\n${sparseTeam}`,
  bindings: {
    params: uniform({
      rows: 'u32',
      long_rows: 'u32',
      longest: 'u32',
      teams: 'u32',
      most_turns: 'u32',
      tolerance: 'f32',
      steepness: 'f32',
    }),
    extents: read('u32'),
    columns: read('u32'),
    values: read('f32'),
    pairs: read('f32'),
    rows: write('f32'),
    squares: read('f32'),
    back: read('f32'),
    forth: write('f32'),
  },
  constants: CONSTANTS,
  workgroups: teams,
});

/** p ← s + β p, d ← d + α p, s = Aᵀ (r − α q); or with `begins` 1 s = Aᵀ r, p = d = 0. */
export const sparseBack = defineKernel({
  name: 'sparse_back',
  code: `${sparseBackCode}\n${sparseTeam}`,
  bindings: {
    params: uniform({
      columns: 'u32',
      long_columns: 'u32',
      longest: 'u32',
      teams: 'u32',
      begins: 'u32',
      least_share: 'f32',
    }),
    extents: read('u32'),
    row_of: read('u32'),
    values: read('f32'),
    rows: read('f32'),
    pairs: write('f32'),
    d: write('f32'),
    forth: read('f32'),
    back: write('f32'),
  },
  constants: CONSTANTS,
  workgroups: teams,
});

/** x ← x − d. */
export const takeStep = defineKernel({
  name: 'take_step',
  code: takeStepCode,
  bindings: { params: uniform({ count: 'u32' }), d: read('f32'), x: write('f32') },
  constants: { workgroup_width: 64 },
  workgroups: ({ count }) => gridOf(ceilDiv(count, 64)),
});
