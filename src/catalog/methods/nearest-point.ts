import { areProjectable } from '../../core/analysis/evidence/recognize.ts';
import {
  choice,
  defineMethod,
  type MethodProblem,
  noNearestPoint,
  supported,
  unsupported,
} from '../../core/contracts.ts';
import { alternatingCycle, dykstraCycle } from '../../core/tensor/intersection.ts';
import type { Tensor } from '../../core/tensor/ops.ts';

const projectionsOf = ({ parts, lines }: MethodProblem, chosen: 'combined' | 'lines', t: Tensor) =>
  (chosen === 'lines' ? lines : parts).map((set) => (x: Tensor) => set.project(x, t));

/** One cycle over the sets a step, without the loss: x ← P_i(x) in turn; Dykstra's increments last over the whole run. */
export default defineMethod({
  id: 'nearest-point',
  title: 'Nearest feasible point',
  source: 'Boyle & Dykstra 1986; Bauschke & Borwein 1996, SIAM Review 38(3), 367–426',
  summary:
    'Ignores the loss and goes from the start to the feasible set, one set after the other: Dykstra’s algorithm to the nearest feasible point, plain alternation to some feasible point.',
  formula: 'y = x + p_i, \\qquad x \\leftarrow P_i(y), \\qquad p_i \\leftarrow y - x, \\qquad i = 1, \\dots, k',
  ignores: 'loss',
  settings: {
    algorithm: choice('Algorithm', ['dykstra', 'alternating'], 'dykstra'),
    sets: choice('Sets of a cycle', ['combined', 'lines'], 'combined'),
  },
  optimizer: 'none',
  supports: (structure, { sets: chosen = 'combined' } = {}) => {
    if (structure.constraints.length === 0) return unsupported('Without constraints every point is feasible.');
    const cycle = chosen === 'lines' ? structure.lines : structure.parts;
    return areProjectable(structure.constraints, cycle) ? supported : noNearestPoint(structure, cycle);
  },
  init: (ops, problem, { algorithm, sets }) => ({
    x: problem.start,
    moved: ops.constant(0),
    increments: ops.zeros(
      algorithm === 'dykstra' ? [projectionsOf(problem, sets, ops.constant(0)).length, problem.size] : [0],
    ),
  }),
  /** `moved`: ‖x⁺ − x‖ of this cycle, for its chart. */
  step(ops, problem, { x, increments }, { t, settings }) {
    const projections = projectionsOf(problem, settings.sets, t);
    const landed = (at: Tensor) => ({ x: at, moved: ops.norm(ops.subtract(at, x)) });
    if (settings.algorithm === 'alternating') return { ...landed(alternatingCycle(projections, x)), increments };
    const rows = projections.map((_, i) => ops.row(increments, i));
    const next = dykstraCycle(ops, projections, { x, increments: rows });
    return { ...landed(next.x), increments: ops.reshape(ops.concat(next.increments), increments.shape) };
  },
  torch({ structure, onto }, { algorithm, sets }) {
    const names = onto(sets === 'lines' ? structure.lines : structure.parts, 'project');
    const definitions = [`SETS = [${names.join(', ')}]`];
    return algorithm === 'alternating'
      ? { definitions, setup: ['x = START.clone()'], step: ['for onto in SETS:', '    x = onto(x, t)'], iterate: 'x' }
      : {
          definitions,
          setup: ['x = START.clone()', 'increments = [torch.zeros_like(x) for _ in SETS]'],
          step: [
            'for i, onto in enumerate(SETS):',
            '    y = x + increments[i]',
            '    x = onto(y, t)',
            '    increments[i] = y - x',
          ],
          iterate: 'x',
        };
  },
  examples: [
    {
      name: 'a wedge of two half-planes',
      problem: 'param a = 1\nparam b = 1\nminimize 0*a\nsubject to\n  b <= 0\n  a + b <= 0',
      settings: { sets: 'lines' },
      steps: 200,
      expect: { x: [0, 0], within: 1e-6 },
    },
    {
      name: 'two lines, which are one affine set',
      problem: 'param a = 3\nparam b = 1\nminimize 0*a\nsubject to\n  a - b = 0\n  a - 2*b = -1',
      steps: 1,
      expect: { x: [1, 1], within: 1e-12 },
    },
  ],
});
