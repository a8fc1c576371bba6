import { asRounds, type Rounds } from '../../core/analysis/evidence/balls.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { alongRounds, beyondRadii, nearestInRounds, roundsInTorch } from '../../core/tensor/rounds.ts';

/** {x : ‖x[group] − center‖₂ = radius for each group}. Shapes: positions, centers [g, k], radii [g]; x [g·k]. */
export default defineConstraintKind<Rounds>({
  id: 'spheres',
  title: 'Rows or columns on spheres',
  source: 'Absil & Gallivan 2006, Joint diagonalization on the oblique manifold, ICASSP, §2',
  summary: 'Every row of a matrix, or every column, has a fixed length: each moves straight to its own sphere.',
  isConvex: false,
  isManifold: true,
  recognize: (facts) => asRounds(facts, 'equality'),
  residual: (ops, x, data) => ({ equality: beyondRadii(ops, x, data) }),
  project: (ops, x, data) => nearestInRounds(ops, x, data, false),
  tangent: alongRounds,
  torch: roundsInTorch('project_spheres', false),
  examples: [
    {
      name: 'two rows of a matrix',
      data: {
        positions: [
          [0, 1],
          [2, 3],
        ],
        centers: [
          [0, 0],
          [0, 0],
        ],
        radii: [1, 2],
      },
      from: [3, 4, 0, -1],
      to: [0.6, 0.8, 0, -2],
    },
    {
      name: 'two columns, and the center of one',
      data: {
        positions: [
          [0, 2],
          [1, 3],
        ],
        centers: [
          [1, 0],
          [0, 0],
        ],
        radii: [1, 1],
      },
      from: [1, 0, 0, 5],
      to: [2, 0, 0, 1],
    },
    {
      name: 'huge and tiny entries',
      data: {
        positions: [
          [0, 1],
          [2, 3],
        ],
        centers: [
          [0, 0],
          [0, 0],
        ],
        radii: [5, 5],
      },
      from: [3e200, -4e200, 3e-200, 4e-200],
      to: [3, -4, 3, 4],
    },
  ],
});
