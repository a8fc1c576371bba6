import { asRounds, type Rounds } from '../../core/analysis/evidence/balls.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { beyondRadii, nearestInRounds, roundsInTorch } from '../../core/tensor/rounds.ts';

/** {x : ‖x[group] − center‖₂ ≤ radius for each group}. Shapes: positions, centers [g, k], radii [g]; x [g·k]. */
export default defineConstraintKind<Rounds>({
  id: 'balls',
  title: 'Rows or columns in balls',
  source: 'Parikh & Boyd 2014, Proximal Algorithms, §6.5; Mairal et al. 2010, JMLR 11, 19–60, §3 (dictionaries)',
  summary: 'No row of a matrix, or no column, is longer than a fixed length: those that are too long are shortened.',
  isConvex: true,
  recognize: (facts) => asRounds(facts, 'inequality'),
  residual: (ops, x, data) => ({ inequality: beyondRadii(ops, x, data) }),
  project: (ops, x, data) => nearestInRounds(ops, x, data, true),
  torch: roundsInTorch('project_balls', true),
  examples: [
    {
      name: 'a row outside and one inside',
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
      to: [0.6, 0.8, 0, -1],
    },
    {
      name: 'two columns, around a center of their own',
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
      from: [1, 0, 3, 5],
      to: [1, 0, 1, 1],
    },
    {
      name: 'a ball that is one point, and huge entries',
      data: {
        positions: [
          [0, 1],
          [2, 3],
        ],
        centers: [
          [1, 2],
          [0, 0],
        ],
        radii: [0, 5],
      },
      from: [4, 6, 3e200, -4e200],
      to: [1, 2, 3, -4],
    },
  ],
});
