/** Projections of vectors with millions of entries, which lie in blocks of four: each pass reads and writes them once. */
import exactSum from '../../../shaders/exact_sum.wgsl?raw';
import groupShiftsCode from '../../../shaders/group_shifts.wgsl?raw';
import maskEntriesCode from '../../../shaders/mask_entries.wgsl?raw';
import pieceSumsCode from '../../../shaders/piece_sums.wgsl?raw';
import projectGroupsCode from '../../../shaders/project_groups.wgsl?raw';
import projectGroupsSharedCode from '../../../shaders/project_groups_shared.wgsl?raw';
import rounded from '../../../shaders/rounded.wgsl?raw';
import shiftPiecesCode from '../../../shaders/shift_pieces.wgsl?raw';
import { ceilDiv, defineKernel, gridOf, read, uniform, write } from './define-kernel.ts';

/** Lanes of a workgroup, and so the sums that a piece leaves. */
export const LANES = 64;
/** Blocks that a lane of `maskEntries` goes over. */
const MASK_TURNS = 16;

/** xᵢ ← xᵢ where bit i of `keeps` is set, else 0: the nearest point with zeros there. x: [4 blocks]. NaN and infinities vanish, too. */
export const maskEntries = defineKernel({
  name: 'mask_entries',
  code: maskEntriesCode,
  bindings: { params: uniform({ blocks: 'u32' }), keeps: read('u32'), x: write('vec4f') },
  constants: { workgroup_width: LANES },
  workgroups: ({ blocks }) => gridOf(ceilDiv(blocks, LANES * MASK_TURNS)),
});

/** Groups, and the vector they lie in. */
export const GROUPS = {
  params: uniform({ groups: 'u32' }),
  extents: read('u32'),
  targets: read('f32'),
  x: write('vec4f'),
} as const;

/**
 * x_g ← x_g + (c_g − Σ x_g) / |g|, the nearest point with Σ x_g = c_g, or with `tied` 1 x_g ← Σ x_g / |g|, the nearest with equal
 * entries; for `groups` disjoint groups g, each of at least one entry. extents: [groups, 2], a group's first block of four and its
 * entries. NaN in a group makes the group NaN. |Σ x_g − c_g| ≤ about |g| · 2⁻²³ · (max |x_g| + |c_g| / |g|).
 */
export const projectGroups = defineKernel({
  name: 'project_groups',
  code: projectGroupsCode,
  bindings: GROUPS,
  constants: { workgroup_width: LANES, tied: 0 },
  workgroups: ({ groups }) => gridOf(ceilDiv(groups, LANES)),
});

/** The same by a team of lanes a group, a power of two up to 64, which reads side by side; a longer sum is one of more short ones. */
export const projectGroupsShared = defineKernel({
  name: 'project_groups_shared',
  code: projectGroupsSharedCode,
  bindings: { ...GROUPS, params: uniform({ groups: 'u32', team: 'u32' }) },
  constants: { workgroup_width: LANES, tied: 0 },
  workgroups: ({ groups, team }) => gridOf(ceilDiv(groups, LANES / team)),
});

/**
 * sums[result_from + p, lane] = Σ of every 64th block of four of piece p, from its block `lane` on. pieces: [pieces, 4]. With
 * `keeps_rounding` 1 a row has 128 numbers, the sums and then what each has lost in rounding (Knuth, TAOCP 2, §4.2.2).
 */
export const pieceSums = defineKernel({
  name: 'piece_sums',
  code: `${pieceSumsCode}\n${exactSum}\n${rounded}`,
  bindings: {
    params: uniform({ pieces: 'u32', result_from: 'u32' }),
    pieces: read('u32'),
    x: read('vec4f'),
    sums: write('f32'),
  },
  constants: { workgroup_width: LANES, keeps_rounding: 0 },
  workgroups: ({ pieces }) => gridOf(pieces),
});

/** shifts[g] = (c_g − Σ) / |g|, or Σ / |g| with `tied` 1, as two numbers whose sum has twice the digits; Σ over the group's blocks. */
export const groupShifts = defineKernel({
  name: 'group_shifts',
  code: `${groupShiftsCode}\n${exactSum}\n${rounded}`,
  bindings: {
    params: uniform({ groups: 'u32' }),
    extents: read('u32'),
    rules: read('f32'),
    sums: read('vec4f'),
    shifts: write('f32'),
  },
  constants: { workgroup_width: LANES, tied: 0 },
  workgroups: ({ groups }) => gridOf(ceilDiv(groups, LANES)),
});

/**
 * x_i ← x_i + s of its group, or ← s with `tied` 1. Each entry is within two units in its last place of the exact sum, and the sum of
 * a piece is off by the rounding of its last 64 blocks only.
 */
export const shiftPieces = defineKernel({
  name: 'shift_pieces',
  code: `${shiftPiecesCode}\n${rounded}`,
  bindings: {
    params: uniform({ pieces: 'u32' }),
    pieces: read('u32'),
    shifts: read('f32'),
    x: write('vec4f'),
  },
  constants: { workgroup_width: LANES, tied: 0 },
  workgroups: ({ pieces }) => gridOf(pieces),
});
