/** The functions of one problem and of one set, traced each in a table of its own. */
import type { RecognizedSet, Structure } from '../../analysis/structure.ts';
import type { ConstraintKind } from '../../contracts.ts';
import { invariant } from '../../diagnostic.ts';
import { pythonName } from '../../language/print-python.ts';
import { addDefinitions, baseScope } from '../../problem/elaborate.ts';
import type { Problem } from '../../problem/problem.ts';
import { methodProblem } from '../../program/method-problem.ts';
import { type Batch, batchLoss, drawnRows } from '../../program/mini-batch.ts';
import { gradient } from '../../tensor/derivatives.ts';
import type { Tensor } from '../../tensor/ops.ts';
import type { Id, Value } from '../../tensor/value.ts';
import type { SetForm } from './called-problem.ts';
import { unpackedNames } from './problem.ts';
import { reaches, type TracedFunction, TraceOps } from './trace.ts';

/** What a method may call of a problem, with the arguments after (flat, t), and what it returns. */
const FUNCTIONS = {
  loss: { args: [], says: 'The loss as typed.' },
  objective: { args: [], says: 'The loss, and half the weighted squares of what the soft constraints miss.' },
  equalities: { args: [], says: 'h(x, t), one entry a row: 0 where the constraints hold.' },
  inequalities: { args: [], says: 'g(x, t), one entry a row: at most 0 where the constraints hold.' },
  batch_loss: { args: [], says: 'What is minimised, estimated from the rows of this step.' },
  batch_gradient: { args: [], says: 'The slopes of that estimate.' },
  gradient: { args: [], says: 'The slopes of what is minimised.' },
  equalities_jvp: { args: ['direction'], says: 'How h changes along a direction.' },
  inequalities_jvp: { args: ['direction'], says: 'How g changes along a direction.' },
  equalities_vjp: { args: ['weights'], says: 'The slopes of weights . h.' },
  inequalities_vjp: { args: ['weights'], says: 'The slopes of weights . g.' },
  equalities_jacobian: { args: [], says: 'J[i, j] = dh_i/dx_j.' },
  inequalities_jacobian: { args: [], says: 'J[i, j] = dg_i/dx_j.' },
  lagrangian_hessian: { args: ['eq_weights', 'ineq_weights'], says: 'Second slopes of f + lambda . h + mu . g.' },
} as const satisfies Record<string, { readonly args: readonly string[]; readonly says: string }>;

export type ProblemFunction = keyof typeof FUNCTIONS;

export const isProblemFunction = (name: string): name is ProblemFunction => Object.hasOwn(FUNCTIONS, name);
export const saysOf = (name: ProblemFunction): string => FUNCTIONS[name].says;

/** Written out, with the names of the text for its parameters, data and intermediate values. */
export function traceProblem(
  problem: Problem,
  structure: Structure,
  kinds: readonly ConstraintKind[],
  name: ProblemFunction,
  sampling: Sampling | null = null,
): TracedFunction {
  const ops = new TraceOps(sampling?.settings);
  const [x, t] = [ops.input('start', 'x0', [problem.size]), ops.input('time', 't', [])];
  const steps = ops.input('setting', 'T', []);
  const view = methodProblem(ops, problem, structure, kinds, { start: x, steps });
  const names = namesOf(ops, problem, x, t, steps);
  const { equality, inequality } = view;
  const given = (arg: string, rows: number) => ops.input('state', arg, [rows]);
  const results: Readonly<Record<ProblemFunction, () => { result: Tensor; args: readonly Tensor[] }>> = {
    loss: () => ({
      result: methodProblem(ops, { ...problem, soft: [] }, structure, kinds, { start: x, steps }).loss(x, t),
      args: [],
    }),
    objective: () => ({ result: view.loss(x, t), args: [] }),
    equalities: () => ({ result: equality.residual(x, t), args: [] }),
    inequalities: () => ({ result: inequality.residual(x, t), args: [] }),
    batch_loss: () => ({ result: sampled(ops, problem, sampling, t, steps)(x, t), args: [] }),
    batch_gradient: () => ({
      result: gradient(ops, (point) => sampled(ops, problem, sampling, t, steps)(point, t), x),
      args: [],
    }),
    gradient: () => ({ result: view.gradient(x, t), args: [] }),
    equalities_jvp: () => along(given('direction', problem.size), (d) => equality.jvp(x, t, d)),
    inequalities_jvp: () => along(given('direction', problem.size), (d) => inequality.jvp(x, t, d)),
    equalities_vjp: () => along(given('weights', equality.rows), (w) => equality.vjp(x, t, w)),
    inequalities_vjp: () => along(given('weights', inequality.rows), (w) => inequality.vjp(x, t, w)),
    equalities_jacobian: () => ({ result: equality.jacobian(x, t), args: [] }),
    inequalities_jacobian: () => ({ result: inequality.jacobian(x, t), args: [] }),
    lagrangian_hessian: () => {
      const [lambda, mu] = [given('eq_weights', equality.rows), given('ineq_weights', inequality.rows)];
      return { result: view.lagrangianHessian(x, t, lambda, mu), args: [lambda, mu] };
    },
  };
  const { result, args } = results[name]();
  return {
    name,
    says: saysOf(name),
    parameters: [
      { name: 'flat', id: x.id },
      { name: 't', id: t.id },
      ...args.flatMap(({ id, shape }, k) =>
        shape.includes(0) ? [] : [{ name: FUNCTIONS[name].args[k] ?? 'given', id }],
      ),
    ],
    results: [{ name: 'result', id: result.id }],
    ops,
    names: names.known,
    hints: names.hints,
    unpacking: (isRead) => unpackedNames(problem.parameters, (name) => isRead(pythonName(name))),
  };
}

/** How rows are drawn for a step. */
export interface Sampling {
  readonly batch: Batch;
  /** Numbers of the run's settings. */
  readonly settings: Readonly<Record<string, readonly number[]>>;
}

function sampled(ops: TraceOps, problem: Problem, sampling: Sampling | null, t: Tensor, steps: Tensor) {
  invariant(sampling, 'rows are drawn');
  const { batch } = sampling;
  const drawn = drawnRows(ops, batch, { batchSeed: ops.input('setting', 'optimizer.batchSeed', []) }, t);
  return batchLoss(ops, problem, batch.rows, drawn, steps);
}

const along = (arg: Tensor, f: (arg: Tensor) => Tensor) => ({ result: f(arg), args: [arg] });

/**
 * Values that have a name in the text. Equal values are one, so the names are found again wherever they occur: at x, and where
 * derivatives begin, once or twice.
 */
function namesOf(ops: TraceOps, problem: Problem, x: Tensor, t: Tensor, steps: Tensor) {
  const { parameters, definitions } = problem;
  const own = new Set(parameters.map(({ name }) => name));
  const arrays = new Set(definitions.flatMap(({ name, array }) => (array ? [name] : [])));
  const names = { known: new Map<Id, string>(), hints: new Map<Id, string>() };
  for (const point of [x, ops.identity(x), ops.identity(ops.identity(x))]) {
    const scope = baseScope(ops, parameters, point, t, steps);
    addDefinitions(ops, scope, definitions);
    for (const [name, tensor] of scope) {
      const { op } = ops.valueOf(tensor);
      if (arrays.has(name)) names.known.set(tensor.id, pythonName(name));
      else if (own.has(name)) names.known.set(tensor.id, pythonName(name));
      else if (op !== 'constant' && op !== 'broadcast' && op !== 'input') names.hints.set(tensor.id, pythonName(name));
    }
  }
  return names;
}

/** Numbers of a set are arguments of its function, but those that shape it are written into it. */
class SetOps extends TraceOps {
  private readonly numbers = new Map<Id, Value>();

  data(name: string, entry: Entry): Tensor {
    const shape = shapeOf(entry);
    const tensor = this.input('state', `data ${name}`, shape);
    const data = Float64Array.from(typeof entry === 'number' ? [entry] : entry.flat());
    this.numbers.set(tensor.id, { op: 'constant', args: [], attributes: { data }, shape, uses: 0, region: null });
    return tensor;
  }

  override valueOf(a: Tensor): Value {
    return this.numbers.get(a.id) ?? super.valueOf(a);
  }
}

/** The set's own function, of its own entries: `project_simplex(x)`; `x` first, then its numbers by name. */
export function traceSet(kind: ConstraintKind, set: RecognizedSet, form: SetForm): TracedFunction {
  const ops = new SetOps();
  const size = set.coordinates.length;
  const x = ops.input('state', 'x', [size]);
  const other = form === 'project' ? null : ops.input('state', 'other', [size]);
  const data = Object.fromEntries(Object.entries(set.data).map(([name, entry]) => [name, ops.data(name, entry)]));
  const moved = {
    project: () => kind.project?.(ops, x, data),
    scaled: () => other && kind.projectScaled?.(ops, x, data, other),
    lowest: () => other && kind.lowest?.(ops, other, data),
  }[form]();
  invariant(moved, `kind ${kind.id} has this form`);
  const used = reaches(ops, [moved.id]);
  const id = kind.id.replaceAll('-', '_');
  const says = {
    project: 'The nearest point of the set.',
    scaled: 'The point of the set that is nearest in the sum of (y - x)**2 / scale.',
    lowest: 'The point of the set that lies lowest along -slope.',
  }[form];
  return {
    name: { project: `project_${id}`, scaled: `project_${id}_scaled`, lowest: `lowest_${id}` }[form],
    says,
    parameters: [
      form === 'lowest' && other ? { name: 'slope', id: other.id } : { name: 'x', id: x.id },
      ...Object.entries(data).flatMap(([name, tensor]) =>
        used.has(tensor.id) ? [{ name: pythonName(name), id: tensor.id }] : [],
      ),
      ...(form === 'scaled' && other ? [{ name: 'scale', id: other.id }] : []),
    ],
    results: [{ name: 'moved', id: moved.id }],
    ops,
    names: new Map(),
  };
}

type Entry = RecognizedSet['data'][string];

const shapeOf = (entry: Entry): readonly number[] => {
  if (typeof entry === 'number') return [];
  const [first] = entry;
  return Array.isArray(first) ? [entry.length, first.length] : [entry.length];
};
