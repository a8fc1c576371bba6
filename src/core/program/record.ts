/** Problem × method × optimizer → Program: runs `init` and `step` once against `Ops` and keeps what they did. */
import type { Structure } from '../analysis/structure.ts';
import type {
  ConstraintKind,
  Method,
  MethodProblem,
  Optimizer,
  OptimizerHandle,
  Resolved,
  Settings,
  State,
} from '../contracts.ts';
import { invariant } from '../diagnostic.ts';
import type { Problem } from '../problem/problem.ts';
import { Ops, type Tensor } from '../tensor/ops.ts';
import { clipped, scheduledRate, type TRAINING } from '../training.ts';
import { compact } from './compact.ts';
import { methodProblem, withLoss } from './method-problem.ts';
import { type Batch, batchLoss, drawnRows } from './mini-batch.ts';
import type { Program, RunInput } from './program.ts';
import { type ChosenSettings, resolveSettings } from './settings.ts';

export interface Recording {
  readonly problem: Problem;
  readonly structure: Structure;
  readonly kinds: readonly ConstraintKind[];
  readonly method: Method;
  readonly methodSettings: ChosenSettings;
  readonly optimizer: Optimizer;
  readonly optimizerSettings: ChosenSettings;
  /** The part of the data that a step sees; all of it where nothing is said. */
  readonly batch?: Batch | null;
}

/**
 * The program of one run, and how often a step evaluates ∇f: at how many points, where B of N rows of data count B/N. The method must
 * support the structure.
 */
export function record({
  problem,
  structure,
  kinds,
  method,
  methodSettings,
  optimizer,
  optimizerSettings,
  batch = null,
}: Recording): { readonly program: Program; readonly gradientsPerStep: number } {
  const ops = new Ops();
  const start = ops.input('start', 'x0', [problem.size]);
  const t = ops.input('time', 't', []);
  const plain = methodProblem(ops, problem, structure, kinds, { start, steps: ops.input('setting', 'T', []) });
  const points = new Set<number>();
  const at =
    <Rest extends readonly unknown[], Answer>(f: (x: Tensor, ...rest: Rest) => Answer) =>
    (x: Tensor, ...rest: Rest): Answer => {
      points.add(x.id);
      return f(x, ...rest);
    };
  const counted = (view: MethodProblem): MethodProblem => ({
    ...view,
    gradient: at(view.gradient),
    lagrangianGradient: at(view.lagrangianGradient),
  });
  const view = counted(plain);
  const settings = resolveSettings(ops, 'method', method.settings, methodSettings);
  const initial = method.init(ops, view, settings);
  const current = mapState(initial, ({ shape }, name) => ops.input('state', name, shape));
  const chosen = resolveSettings(ops, 'optimizer', optimizer.settings, optimizerSettings);
  const handle = recordOptimizer(ops, optimizer, chosen, { t, T: view.steps, trained: problem });
  const sampled = () => {
    if (!batch) return view;
    // One draw a step: all gradients of a step are of the same rows.
    const drawn = drawnRows(ops, batch, chosen as Resolved<typeof TRAINING>, t);
    return counted(withLoss(ops, plain, batchLoss(ops, problem, batch.rows, drawn, view.steps)));
  };
  points.clear();
  const next = method.step(ops, sampled(), current, { t, settings, optimizer: handle.handle });
  const gradientsPerStep = points.size * (batch ? batch.size / batch.rows : 1);
  const x = iterateOf(ops, method, view, current, t, settings);
  const slots = (from: State, before: State, after: State) =>
    Object.entries(from).map(([name, tensor]) => slot(name, tensor, stateOf(before, name), stateOf(after, name)));
  const others = Object.entries(current).filter(([, tensor]) => tensor.id !== x.id);
  const program = compact(ops, {
    size: problem.size,
    start: start.id,
    time: t.id,
    settings: runInputs(ops),
    state: [...slots(initial, current, next), ...slots(handle.initial(), handle.current(), handle.next())],
    outputs: [{ name: 'x', value: x.id }, ...others.map(([name, { id }]) => ({ name, value: id }))],
  });
  return { program, gradientsPerStep };
}

function iterateOf(
  ops: Ops,
  method: Method,
  view: MethodProblem,
  current: State,
  t: Tensor,
  settings: Resolved<Settings>,
): Tensor {
  return method.iterate ? method.iterate(ops, view, current, { t, settings }) : stateOf(current, 'x');
}

const mapState = (state: State, f: (tensor: Tensor, name: string) => Tensor): State =>
  Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, f(tensor, name)]));

function stateOf(state: State, name: string): Tensor {
  const tensor = state[name];
  invariant(tensor, `a step returns every state that init made: ${name} is missing`);
  return tensor;
}

function slot(name: string, initial: Tensor, current: Tensor, next: Tensor) {
  invariant(String(initial.shape) === String(next.shape), `${name} keeps its shape`);
  return { name, shape: initial.shape, initial: initial.id, current: current.id, next: next.id };
}

/** Every symbolic input that holds for a whole run. */
function runInputs(ops: Ops): RunInput[] {
  return ops.values.flatMap(({ op, attributes, shape }, id) =>
    op === 'input' && attributes.source === 'setting' ? [{ name: attributes.name, shape, id }] : [],
  );
}

/** The optimizer as its method sees it, and its state once the method has run: `apply` may be called once. */
function recordOptimizer(
  ops: Ops,
  optimizer: Optimizer,
  chosen: Resolved<Settings>,
  { t, T, trained }: { readonly t: Tensor; readonly T: Tensor; readonly trained: Problem },
) {
  const states: { initial: State; current: State; next: State } = { initial: {}, current: {}, next: {} };
  const prefixed = (name: string) => `optimizer.${name}`;
  const rate = chosen.learningRate;
  invariant(rate !== null && typeof rate === 'object', `${optimizer.id} has a learning rate`);
  const training = chosen as Resolved<typeof TRAINING>; // every optimizer declares them
  const learningRate = scheduledRate(ops, rate, training, t, T);
  const settings = { ...chosen, learningRate };
  let applied = false;
  const handle: OptimizerHandle = {
    learningRate,
    apply(x, gradient) {
      invariant(!applied, 'the optimizer is applied at most once a step');
      applied = true;
      const initial = optimizer.init(ops, x.shape, settings);
      const current = mapState(initial, ({ shape }, name) => ops.input('state', prefixed(name), shape));
      const isIterate = String(x.shape) === String([trained.size]);
      const blocks = isIterate ? trained.parameters : [{ offset: 0, shape: x.shape }];
      const input = { x, gradient: clipped(ops, gradient, training), state: current, settings, blocks, t };
      const { next, state, denominator } = optimizer.update(ops, input);
      Object.assign(states, { initial, current, next: state });
      return { next, denominator };
    },
    mapState(map) {
      const mapped = optimizer.momentum
        .filter((name) => name in states.next)
        .map((name) => [name, map(stateOf(states.next, name))] as const);
      states.next = { ...states.next, ...Object.fromEntries(mapped) };
    },
  };
  const renamed = (state: State): State =>
    Object.fromEntries(Object.entries(state).map(([name, tensor]) => [prefixed(name), tensor]));
  return {
    handle,
    initial: () => renamed(states.initial),
    current: () => renamed(states.current),
    next: () => renamed(states.next),
  };
}
