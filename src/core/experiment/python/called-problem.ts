/** The problem as a method sees it while it is traced: a call stands for each of its functions. */
import type { RecognizedSet } from '../../analysis/structure.ts';
import type { AffineEqualities, ConstraintBlock, FeasibleSet, MethodProblem } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { linearizationOf, methodProblem, straightSet } from '../../program/method-problem.ts';
import type { Recording } from '../../program/record.ts';
import type { Tensor } from '../../tensor/ops.ts';
import type { TraceOps } from './trace.ts';

export type SetForm = 'project' | 'scaled' | 'lowest';

/** A whole-iterate function of one set that the method calls. */
export interface UsedSet {
  readonly name: string;
  readonly set: RecognizedSet;
  readonly form: SetForm;
}

/** `used`: takes the sets whose functions are called. */
export function calledProblem(
  ops: TraceOps,
  { problem, structure, kinds }: Recording,
  start: Tensor,
  used: Map<string, UsedSet>,
  isSampled: boolean,
): MethodProblem {
  const plain = methodProblem(ops, problem, structure, kinds, { start, steps: ops.input('setting', 'T', []) });
  const n = problem.size;
  const gradient = (x: Tensor, t: Tensor) => ops.call(isSampled ? 'batch_gradient' : 'gradient', [x, t], [n]);
  const block = (name: string, of: ConstraintBlock): ConstraintBlock => {
    const { rows } = of;
    const empty = (shape: number) => ops.zeros(shape);
    const jacobian = (x: Tensor, t: Tensor) =>
      rows === 0 ? ops.zeros([0, n]) : ops.call(`${name}_jacobian`, [x, t], [rows, n]);
    return {
      ...of,
      residual: (x, t) => (rows === 0 ? empty(0) : ops.call(name, [x, t], [rows])),
      jvp: (x, t, direction) => (rows === 0 ? empty(0) : ops.call(`${name}_jvp`, [x, t, direction], [rows])),
      vjp: (x, t, weights) => (rows === 0 ? empty(n) : ops.call(`${name}_vjp`, [x, t, weights], [n])),
      jacobian,
      linearization: (x, t) => linearizationOf(ops, jacobian(x, t)),
    };
  };
  const [equality, inequality] = [block('equalities', plain.equality), block('inequalities', plain.inequality)];
  const nameOf = (set: RecognizedSet, form: SetForm): string => {
    const all = [...structure.sets, ...structure.parts, ...structure.lines, ...(structure.straight ?? [])];
    const same = all.findIndex((other) => isSame(other, set));
    const order = [...new Set(all.map((other) => all.findIndex((one) => isSame(one, other))))];
    const name = `${{ project: 'onto', scaled: 'scaled_onto', lowest: 'lowest' }[form]}_${order.indexOf(same) + 1}`;
    used.set(name, { name, set: at(all, same), form });
    return name;
  };
  const onto = (set: RecognizedSet): Pick<FeasibleSet, 'project'> => ({
    project: (x, t) => ops.call(nameOf(set, 'project'), [x, t], [n]),
  });
  const setOf = (plainSet: FeasibleSet, set: RecognizedSet): FeasibleSet => ({
    ...plainSet,
    ...onto(set),
    projectScaled: (x, t, scale) => ops.call(nameOf(set, 'scaled'), [x, t, scale], [n]),
    lowest: (x, t, direction) => ops.call(nameOf(set, 'lowest'), [x, t, direction], [n]),
  });
  const setsOf = (list: readonly FeasibleSet[], recognized: readonly RecognizedSet[]) =>
    list.map((set, i) => setOf(set, at(recognized, i)));
  const affine = plain.affine && calledAffine(ops, plain.affine, n);
  const along = (x: Tensor, t: Tensor, direction: Tensor) => {
    const J = equality.linearization(x, t);
    return ops.subtract(direction, J.leastSquares(J.times(direction)));
  };
  const sets = setsOf(plain.sets, structure.sets);
  return {
    ...plain,
    loss: (x, t) => ops.call(isSampled ? 'batch_loss' : problem.soft.length > 0 ? 'objective' : 'loss', [x, t], []),
    gradient,
    lagrangianGradient: (x, t, lambda, mu) =>
      ops.add(ops.add(gradient(x, t), equality.vjp(x, t, lambda)), inequality.vjp(x, t, mu)),
    lagrangianHessian: (x, t, lambda, mu) => ops.call('lagrangian_hessian', [x, t, lambda, mu], [n, n]),
    equality,
    inequality,
    project: plain.project && ((x, t) => sets.reduce((point, set) => set.project(point, t), x)),
    tangent: along,
    sets,
    parts: setsOf(plain.parts, structure.parts),
    lines: setsOf(plain.lines, structure.lines),
    affine,
    straight: structure.straight ? straightSet(ops, problem, structure.straight.map(onto)) : plain.straight && affine,
  };
}

const calledAffine = (ops: TraceOps, affine: AffineEqualities, n: number): AffineEqualities => ({
  ...affine,
  project: (x, t) => ops.call('nearest_solution', [x, t], [n]),
  tangent: (v) => ops.call('tangent', [v], [n]),
});

const isSame = (a: RecognizedSet, b: RecognizedSet): boolean =>
  a.kind === b.kind &&
  String(a.constraints) === String(b.constraints) &&
  String(a.coordinates) === String(b.coordinates);
