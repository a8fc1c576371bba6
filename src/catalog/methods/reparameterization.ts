import type { Structure } from '../../core/analysis/structure.ts';
import {
  array,
  choice,
  count,
  defineMethod,
  fits,
  type MethodProblem,
  onlyWith,
  seed,
  supported,
  unsupported,
} from '../../core/contracts.ts';
import { at, invariant } from '../../core/diagnostic.ts';
import { refused } from '../../core/experiment/python/contract.ts';
import { basisParts, isFixed, supportsBasis } from '../../core/program/basis.ts';
import { mapsOf, type NamedMap, type SetMap, type SetMapName, type SetTensors } from '../../core/program/set-maps.ts';
import { gather, within } from '../../core/tensor/coordinates.ts';
import { iterateMap } from '../../core/tensor/derivatives.ts';
import { echelonNullSpace } from '../../core/tensor/echelon.ts';
import { factorsOf, productsOf } from '../../core/tensor/factors.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

type MapName = 'auto' | 'tie' | 'basis' | SetMapName;

/** Whether all constraints are ties: homogeneous affine equalities. */
const areTies = ({ constraints, affine }: Structure): boolean =>
  affine !== null &&
  !affine.isMoving &&
  affine.b.every((entry) => entry === 0) &&
  constraints.every((facts) => facts.relation === 'equality' && facts.affine);

/** Whether matrices are products C B: asked for, or nothing is typed that another map could go onto. */
const isProduct = ({ constraints }: Structure, map: MapName): boolean =>
  map === 'basis' || (map === 'auto' && constraints.length === 0);

const isTie = (structure: Structure, map: MapName): boolean => map === 'tie' || (map === 'auto' && areTies(structure));

interface Given {
  readonly map: MapName;
  readonly basis: 'auto' | 'fixed' | 'learned';
  readonly rank: number;
  readonly seed: Tensor;
  readonly matrix: Tensor | null;
  readonly lo: Tensor | null;
  readonly hi: Tensor | null;
  readonly radius: Tensor | null;
}

function matrixOf({ affine }: MethodProblem, { matrix }: Given): Tensor {
  if (matrix) return matrix;
  invariant(affine, 'supports promised ties');
  return affine.sharedColumns();
}

function promisedMaps(structure: Structure, map: MapName): readonly NamedMap[] {
  const maps = map === 'tie' || map === 'basis' ? null : mapsOf(structure, map);
  invariant(maps, 'supports promised a map for each set');
  return maps;
}

/** The point with the entries of each set replaced by f of them. */
function setBySet(
  ops: Ops,
  { structure, sets }: MethodProblem,
  point: Tensor,
  t: Tensor,
  { map, lo, hi, radius }: Given,
  f: (map: SetMap, entries: Tensor, data: SetTensors) => Tensor,
): Tensor {
  const maps = promisedMaps(structure, map);
  return sets.reduce(
    (moved, set, i) =>
      within(ops, moved, set.coordinates, (entries) => {
        const data = {
          ...set.data(t),
          ...(lo && { lower: gather(ops, lo, set.coordinates) }),
          ...(hi && { upper: gather(ops, hi, set.coordinates) }),
          ...(radius && { radius }),
        };
        return f(at(maps, i), entries, data);
      }),
    point,
  );
}

/** Columns of a matrix given as rows. */
const widthOf = (matrix: unknown): number => (Array.isArray(matrix) && Array.isArray(matrix[0]) ? matrix[0].length : 0);

/** x(θ). */
const image = (ops: Ops, problem: MethodProblem, theta: Tensor, t: Tensor, given: Given): Tensor => {
  if (isProduct(problem.structure, given.map)) {
    const { factors, isLearned, bases } = basisParts(ops, problem, given);
    return productsOf(ops, theta, factors, problem.size, isLearned ? null : bases);
  }
  return isTie(problem.structure, given.map)
    ? ops.matmul(matrixOf(problem, given), theta)
    : setBySet(ops, problem, theta, t, given, (map, entries, data) => map.image(ops, entries, data));
};

/** θ₀ as given, else with x(θ₀) = x₀, or near it. */
function firstTheta(ops: Ops, problem: MethodProblem, settings: Given & { readonly start: Tensor | null }): Tensor {
  if (settings.start) return settings.start;
  if (isProduct(problem.structure, settings.map)) {
    const { factors, isLearned, bases } = basisParts(ops, problem, settings);
    return factorsOf(ops, problem.start, factors, problem.size, bases, isLearned);
  }
  if (isTie(problem.structure, settings.map)) return ops.matmul(ops.pinv(matrixOf(problem, settings)), problem.start);
  return setBySet(ops, problem, problem.start, ops.constant(0), settings, (map, entries, data) =>
    map.preimage(ops, entries, data),
  );
}

/** x = x(θ) by a map whose every value is feasible; θ ← opt(θ, (dx/dθ)ᵀ ∇f(x)). Disjoint sets have a map each. `basis`: matrices W = C B. */
export default defineMethod({
  id: 'reparameterization',
  title: 'Reparameterization',
  source:
    'Absil, Mahony & Sepulchre 2008, Optimization Algorithms on Matrix Manifolds, §2.2 (parametrised sets); Goodfellow, Bengio & Courville 2016, Deep Learning, §6.2.2 and §7.9 (softmax, tied weights)',
  summary:
    'Trains free numbers θ and computes feasible parameters from them: shares by softmax, positive numbers by exp or softplus, tied weights by sharing. A boundary is approached, but never reached.',
  merit: {
    place: 3,
    reason: 'The feasible set has a formula without constraints, so any optimizer trains it as it is.',
  },
  formula:
    'x = x(\\theta), \\qquad \\theta \\leftarrow \\mathrm{opt}\\Bigl(\\theta, \\bigl(\\tfrac{\\partial x}{\\partial \\theta}\\bigr)^{\\!\\top} \\nabla f(x)\\Bigr)',
  settings: {
    map: choice('Map', ['auto', 'softmax', 'exp', 'softplus', 'square', 'sigmoid', 'tie', 'sphere', 'basis'], 'auto'),
    basis: onlyWith('map', ['basis'], choice('Basis B of x = C B', ['auto', 'fixed', 'learned'], 'auto')),
    rank: onlyWith('map', ['basis'], count('Rows of a learned B', 1, [1, 64])),
    seed: onlyWith('map', ['basis'], seed('Seed of a learned B')),
    start: array('Start θ₀ (else from the start of x)', 1),
    matrix: array('Matrix T of x = T θ, or basis B of x = C B (else from the constraints)', 2),
    lo: array('Lower bounds (else from the constraints)', 1),
    hi: array('Upper bounds (else from the constraints)', 1),
    radius: array('Radius (else from the constraint)', 0),
  },
  optimizer: 'any',
  supports(structure, { map = 'auto', basis = 'auto', rank = 1, start, matrix, lo, hi } = {}) {
    if (isProduct(structure, map)) return supportsBasis(structure, { basis, rank, matrix, start });
    const { size, unrecognized, sets, hasExactProjection, degreesOfFreedom } = structure;
    if (isTie(structure, map)) {
      if (!areTies(structure) && !matrix)
        return unsupported('Ties are linear equalities without a constant, and there is another constraint.');
      const columns = matrix ? widthOf(matrix) : degreesOfFreedom;
      const shaped = fits(matrix, [size, columns], 'The matrix');
      return shaped.supported ? fits(start, [columns], 'The start') : shaped;
    }
    if (unrecognized.length > 0 || !hasExactProjection)
      return unsupported('A map is known here for sets that share no parameters; these constraints are no such sets.');
    if (map === 'tie' || map === 'basis' || !mapsOf(structure, map)) {
      const kinds = [...new Set(sets.map(({ title }) => title.toLowerCase()))].join(', ');
      return unsupported(
        map === 'auto'
          ? `No map is known here onto one of these sets: ${kinds}.`
          : `The map ${map} does not fit these sets: ${kinds}.`,
      );
    }
    const shapes = [
      fits(start, [size], 'The start'),
      fits(lo, [size], 'The list of lower bounds'),
      fits(hi, [size], 'The list of upper bounds'),
    ];
    return shapes.find((shape) => !shape.supported) ?? supported;
  },
  chart: (ops, problem, settings) => ({
    start: firstTheta(ops, problem, settings),
    point: (theta) => image(ops, problem, theta, ops.constant(0), settings),
    isAffine: isProduct(problem.structure, settings.map)
      ? isFixed(problem.structure, settings.basis)
      : isTie(problem.structure, settings.map),
  }),
  adviseAtRest: ({ inequalityRows, hasExactProjection }, { isAdaptive }, _, { isFeasible, isStationary }) =>
    isFeasible && !isStationary && inequalityRows > 0 && hasExactProjection && !isAdaptive
      ? {
          message:
            'The map comes to the edge of the set in the limit only, ever more slowly: an optimum on the edge is neared, and not reached.',
          change: { title: 'Use Projected gradient', method: 'projected-gradient', settings: {} },
        }
      : null,
  caveat: (_, { stepLength, title }) =>
    stepLength === 'sign'
      ? `The steps of ${title} have one length in all entries of θ, and its decay pulls θ to 0: near the optimum it swings.`
      : null,
  init: (ops, problem, settings) => ({ theta: firstTheta(ops, problem, settings) }),
  step(ops, problem, { theta }, { t, settings, optimizer }) {
    const x = iterateMap(ops, (free) => image(ops, problem, free, t, settings), theta, t);
    return { theta: optimizer.apply(theta, x.pull(problem.gradient(x.value, t))).next };
  },
  iterate: (ops, problem, { theta }, { t, settings }) => image(ops, problem, theta, t, settings),
  torch(script, { map, start, matrix, lo, hi, radius }) {
    const { python, structure } = script;
    const given = start ? python.tensor(start as number[]) : null;
    if (isProduct(structure, map)) return refused('Products C B are not exported to PyTorch yet.');
    if (isTie(structure, map)) {
      const shared = structure.affine && echelonNullSpace(structure.affine.A);
      const columns = matrix ?? (shared && python.rowsOf([...shared.data], shared.rows));
      const parts = python.parametrized(script, {
        says: 'x = T theta: tied parameters share an entry of theta.',
        forward: ['return TIES @ theta'],
        inverse: ['return torch.linalg.pinv(TIES) @ x'],
        start: given,
      });
      return {
        ...parts,
        definitions: [`TIES = ${python.tensor(columns as number[][])}`, ...(parts.definitions ?? [])],
      };
    }
    const maps = promisedMaps(structure, map);
    const moves = structure.sets.map((set, i) => {
      const { entries, data } = script.place(set);
      const own = (name: string, list: unknown) =>
        Array.isArray(list)
          ? { [name]: python.tensor(set.coordinates.map((entry) => at(list as number[], entry))) }
          : {};
      const given = {
        ...data,
        ...own('lower', lo),
        ...own('upper', hi),
        ...(radius !== null && { radius: String(radius) }),
      };
      const [from, to] = python.torchMap(at(maps, i).name, given);
      const put = (whole: string, f: (entries: string) => string) =>
        entries === null
          ? `${whole} = ${f(whole)}`
          : `${whole} = replace(${whole}, ${entries}, ${f(`${whole}[${entries}]`)})`;
      return { image: put('theta', from), preimage: put('x', to) };
    });
    return python.parametrized(script, {
      says: 'x(theta): feasible for every theta.',
      forward: python.mapBody(
        'theta',
        moves.map(({ image }) => image),
      ),
      inverse: python.mapBody(
        'x',
        moves.map(({ preimage }) => preimage),
      ),
      start: given,
    });
  },
  examples: [
    {
      name: 'shares by softmax',
      problem:
        'param w[3] = [0.4, 0.3, 0.3]\nminimize (w[0] - 0.2)^2 + (w[1] - 0.5)^2 + (w[2] - 0.6)^2\nsubject to w in simplex',
      optimizer: { kind: 'sgd', learningRate: 0.5 },
      steps: 1000,
      expect: { x: [0.1, 0.4, 0.5], within: 1e-6 },
    },
    {
      name: 'one parameter is twice another, from a start off the line',
      problem: 'param x1 = 0.875\nparam x2 = 0.25\nminimize (x1 - 1)^2 + (x2 - 2)^2\nsubject to x1 - 2*x2 = 0',
      optimizer: { kind: 'sgd', learningRate: 0.05 },
      steps: 200,
      expect: { x: [1.6, 0.8], within: 1e-6 },
    },
    {
      name: 'a box, a half-line and a free parameter together',
      problem:
        'param a = 0.9\nparam b = 3\nparam c = 0\nminimize (a - 0.25)^2 + (b - 2)^2 + (c + 1)^2\nsubject to\n  0 <= a <= 1\n  b >= 0',
      optimizer: { kind: 'adam', learningRate: 0.05 },
      steps: 1000,
      expect: { x: [0.25, 2, -1], within: 1e-6 },
    },
    {
      name: 'rows in the span of two vectors, as C B with B fixed',
      problem:
        'param W[2,3] = [[0, 0, 0], [1, 1, 1]]\nminimize sum((W - [[1, 2, 3], [3, 2, 1]])**2)\nsubject to W in span([[1, 0, 1], [0, 1, 0]])',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      settings: { map: 'basis' },
      steps: 200,
      expect: { x: [2, 2, 2, 2, 2, 2], within: 1e-6 },
    },
    {
      name: 'a matrix of rank 1, as C B with B learned',
      problem:
        'param W[3,3] = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]\nminimize sum((W - [[2, 0, 2], [0, 1, 0], [2, 0, 2]])**2)',
      optimizer: { kind: 'sgd', learningRate: 0.02 },
      settings: { map: 'basis', basis: 'learned', rank: 1 },
      steps: 1000,
      expect: { x: [2, 0, 2, 0, 0, 0, 2, 0, 2], within: 1e-6 }, // Eckart and Young: the part of the largest singular value
    },
    {
      name: 'the lowest point of a circle around another center',
      problem: 'param a = 2\nparam b = 0.5\nminimize a + b\nsubject to (a - 1)^2 + b^2 = 2',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 500,
      expect: { x: [0, -1], within: 1e-6 },
    },
  ],
});
