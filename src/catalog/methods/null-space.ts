import type { AffineEqualities } from '../../core/contracts.ts';
import { array, defineMethod, fits, supported, unsupported } from '../../core/contracts.ts';
import { invariant } from '../../core/diagnostic.ts';
import { numbersOf } from '../../core/problem/numbers.ts';
import { Ops, type Tensor } from '../../core/tensor/ops.ts';

interface Frame {
  /** x_p: a point of the set. */
  readonly particular: Tensor;
  /** N: columns that span the directions of the set. */
  readonly basis: Tensor;
}

interface Given {
  readonly particular: Tensor | null;
  readonly basis: Tensor | null;
}

/** x_p and N as given, else the point of least norm A⁺ b(t) and an orthonormal basis of {v : A v = 0}. */
function frame(ops: Ops, affine: AffineEqualities | null, { particular, basis }: Given, t: Tensor): Frame {
  invariant(affine, 'supports promised affine equalities');
  return {
    particular: particular ?? ops.matmul(affine.pinv, affine.b(t)),
    basis: basis ?? ops.nullSpace(affine.A, affine.rank),
  };
}

const pointOf = (ops: Ops, { particular, basis }: Frame, v: Tensor): Tensor =>
  ops.add(particular, ops.matmul(basis, v));

/** x = x_p + N v with A x_p = b, A N = 0; v ← opt(v, Nᵀ ∇f(x)). Begins at v = N⁺(x₀ − x_p). */
export default defineMethod({
  id: 'null-space',
  title: 'Null space',
  source: 'Nocedal & Wright 2006, Numerical Optimization, §15.3 and §16.2',
  summary: 'Moves only along the feasible set: every iterate is feasible, and the free parameters are fewer.',
  merit: {
    place: 2,
    reason:
      'The constraints are affine equalities: it moves only in directions that keep them, so nothing has to be brought back.',
  },
  formula: 'x = x_p + N v, \\qquad v \\leftarrow \\mathrm{opt}\\bigl(v, N^{\\top} \\nabla f(x)\\bigr)',
  settings: {
    start: array('Start v₀ (else from the start of x)', 1),
    particular: array('Particular solution xₚ (else the one of least norm)', 1),
    basis: array('Basis N (else orthonormal)', 2),
  },
  optimizer: 'any',
  supports: ({ size, affine, constraints, degreesOfFreedom }, { start, particular, basis } = {}) => {
    if (constraints.some(({ relation }) => relation === 'inequality'))
      return unsupported('A null space keeps equalities only, and there is an inequality.');
    if (constraints.some((facts) => !facts.affine))
      return unsupported(
        constraints.some(({ degree }) => degree > 1)
          ? 'A null space keeps straight (affine) equalities only, and one is curved.'
          : 'A basis of the null space of so many equalities would be too large to hold. A method with multipliers takes them.',
      );
    if (!affine) return unsupported('There is no equality whose null space could be used.');
    if (degreesOfFreedom === 0)
      return unsupported('The equalities leave a single point: there is no direction to move in.');
    const shapes = [
      fits(start, [degreesOfFreedom], 'The start'),
      fits(particular, [size], 'The particular solution'),
      fits(basis, [size, degreesOfFreedom], 'The basis'),
    ];
    return shapes.find((shape) => !shape.supported) ?? supported;
  },
  init(ops, { affine, start }, { start: given, particular, basis }) {
    if (given) return { v: given };
    const chosen = frame(ops, affine, { particular, basis }, ops.constant(0));
    const offset = ops.subtract(start, chosen.particular);
    return { v: ops.matmul(basis ? ops.pinv(chosen.basis) : ops.transpose(chosen.basis), offset) };
  },
  chart(ops, { affine, start }, settings) {
    const zero = ops.constant(0);
    const chosen = frame(ops, affine, settings, zero);
    const along = settings.basis ? ops.pinv(chosen.basis) : ops.transpose(chosen.basis);
    return {
      start: settings.start ?? ops.matmul(along, ops.subtract(start, chosen.particular)),
      point: (v) => pointOf(ops, chosen, v),
      isAffine: true,
    };
  },
  step(ops, { affine, gradient }, { v }, { t, settings, optimizer }) {
    const chosen = frame(ops, affine, settings, t);
    const reduced = ops.matmul(ops.transpose(chosen.basis), gradient(pointOf(ops, chosen, v), t));
    return { v: optimizer.apply(v, reduced).next };
  },
  iterate: (ops, { affine }, { v }, { t, settings }) => pointOf(ops, frame(ops, affine, settings, t), v),
  torch(script, { start, particular, basis }) {
    const { python, optimizer, objective, descend } = script;
    const { affine } = script.structure;
    invariant(affine, 'supports promised affine equalities');
    const ops = new Ops();
    const A = ops.constant(affine.A.data, [affine.A.rows, affine.A.columns]);
    const N = basis ?? python.rowsOf(numbersOf(ops, ops.nullSpace(A, affine.rank)), affine.A.columns);
    const columns = `N = ${python.tensor(N as number[][])}  # columns span the directions that keep A x`;
    const v = (offset: string) => (basis ? `torch.linalg.pinv(N) @ (${offset})` : `N.T @ (${offset})`);
    const given = start ? python.tensor(start as number[]) : null;
    if (particular || !affine.isMoving) {
      const point = particular ? python.tensor(particular as number[]) : 'A_PINV @ b_all(0)';
      const parts = python.parametrized(script, {
        says: 'x = x_p + N theta: feasible for every theta.',
        forward: ['return POINT + N @ theta'],
        inverse: [`return ${v('x - POINT')}`],
        start: given,
      });
      return { ...parts, definitions: [columns, `POINT = ${point}  # of the set`, ...(parts.definitions ?? [])] };
    }
    return {
      definitions: [
        columns,
        'def particular(t):\n    """A point of the set."""\n    return A_PINV @ b_all(t)',
        'def x_of(v, t):\n    """x = x_p + N v: feasible for every v."""\n    return particular(t) + N @ v',
      ],
      setup: [`v = torch.nn.Parameter(${given ?? v('START - particular(0)')})`, python.optimizerLine(optimizer, 'v')],
      step: descend('v', `${objective}(x_of(v, t), t)`),
      iterate: 'x_of(v.detach(), t)',
    };
  },
  examples: [
    {
      name: 'a line in space',
      problem:
        'param x1 = 0.5\nparam x2 = 0.25\nparam x3 = 0.75\nminimize (x1 - 2)^2 + (x2 + 1)^2 + x3^2\nsubject to\n  x1 + x2 = 1\n  x2 + x3 = 0.5',
      optimizer: { kind: 'adam', learningRate: 0.05 },
      steps: 1000,
      expect: { x: [1.5, -0.5, 1], within: 1e-5 },
    },
  ],
});
