import { asRounds, type Rounds } from '../../core/analysis/rounds.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { beyondRadii, nearestInRounds } from '../../core/tensor/rounds.ts';

/** {x : ‖x[group] − center‖₂ = radius for each group}. Shapes: positions, centers [g, k], radii [g]; x [g·k]. */
export default defineConstraintKind<Rounds>({
  id: 'spheres',
  title: 'Rows or columns on spheres',
  source: 'Absil & Gallivan 2006, Joint diagonalization on the oblique manifold, ICASSP, §2',
  summary:
    'Every row of a matrix, or every column, has a fixed length: a sphere for each. Each moves straight to the nearest point of its own sphere.',
  isConvex: false,
  recognize: (facts) => asRounds(facts, 'equality'),
  residual: (ops, x, data) => ({ equality: beyondRadii(ops, x, data) }),
  project: (ops, x, data) => nearestInRounds(ops, x, data, false),
  torch: {
    data: ['positions', 'centers', 'radii'],
    project: `def project_spheres(x, positions, centers, radii):
    """Nearest point with |x[group] - center| = radius for each group; from a center, along the first axis."""
    places = positions.long()
    rows = x[places] - centers
    lengths = torch.linalg.vector_norm(rows, dim=1, keepdim=True)
    first = torch.eye(rows.shape[1])[:1]
    units = torch.where(lengths > 0, rows / torch.where(lengths > 0, lengths, 1.0), first)
    return x.index_put((places,), centers + radii[:, None] * units)`,
  },
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
