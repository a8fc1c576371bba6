/** Problem × method × optimizer → the functions of a script: as `record` does, but with calls left standing. */
import type { RecognizedSet } from '../../analysis/structure.ts';
import type {
  AffineEqualities,
  ConstraintBlock,
  FeasibleSet,
  MethodProblem,
  OptimizerHandle,
  Resolved,
  State,
} from '../../contracts.ts';
import { at, invariant } from '../../diagnostic.ts';
import { isPythonWord } from '../../language/print-python.ts';
import { methodProblem } from '../../program/method-problem.ts';
import type { Recording } from '../../program/record.ts';
import { resolveSettings } from '../../program/settings.ts';
import type { Tensor } from '../../tensor/ops.ts';
import type { Id } from '../../tensor/value.ts';
import { clipped, scheduledRate, type TRAINING } from '../../training.ts';
import { type TracedFunction, TraceOps } from './trace.ts';

type Numbers = Readonly<Record<string, readonly number[]>>;
export type SetForm = 'project' | 'scaled' | 'lowest';

/** A whole-iterate function of one set that the method calls. */
export interface UsedSet {
  readonly name: string;
  readonly set: RecognizedSet;
  readonly form: SetForm;
}

export interface TracedRun {
  /** `init`, `step`, and `x_of` where the trained vector is not x. */
  readonly functions: readonly TracedFunction[];
  readonly sets: readonly UsedSet[];
  /** Names of what `init` returns and `step` takes and returns, in order. */
  readonly state: readonly string[];
  /** x of the state at step t. */
  readonly iterate: string;
}

/** Calls stand for the problem's functions; their bodies are traced by `problemFunction`. */
export function traceRun(recording: Recording, settings: Numbers): TracedRun {
  const { problem, method, optimizer, batch = null } = recording;
  const sets = new Map<string, UsedSet>();
  const begin = (isSampled = false): { ops: TraceOps; view: MethodProblem; t: Tensor; start: Tensor } => {
    const ops = new TraceOps(settings);
    const start = ops.input('start', 'x0', [problem.size]);
    const t = ops.input('time', 't', []);
    return { ops, start, t, view: calledProblem(ops, recording, start, sets, isSampled) };
  };
  const resolved = (ops: TraceOps) => ({
    method: resolveSettings(ops, 'method', method.settings, recording.methodSettings),
    optimizer: resolveSettings(ops, 'optimizer', optimizer.settings, recording.optimizerSettings),
  });

  const initial = begin();
  const first = method.init(initial.ops, initial.view, resolved(initial.ops).method);

  const { ops, view, t, start } = begin(batch !== null);
  const own = Object.fromEntries(
    Object.entries(first).map(([name, { shape }]) => [name, ops.input('state', `state ${name}`, shape)]),
  );
  const { method: methodSettings, optimizer: optimizerSettings } = resolved(ops);
  const trained = tracedOptimizer(ops, initial.ops, recording, optimizerSettings, view.steps, t, settings);
  const next = method.step(ops, view, own, { t, settings: methodSettings, optimizer: trained.handle });

  const current = { ...own, ...trained.current() };
  const after = { ...next, ...trained.next() };
  const initials = { ...first, ...trained.initial() };
  const outputs = begin();
  const held = Object.fromEntries(
    Object.entries(first).map(([name, { shape }]) => [name, outputs.ops.input('state', `state ${name}`, shape)]),
  );
  const x = method.iterate
    ? method.iterate(outputs.ops, outputs.view, held, { t: outputs.t, settings: resolved(outputs.ops).method })
    : held.x;
  invariant(x, 'a method has an iterate');
  const shown = Object.entries(held).flatMap(([name, { id }]) => (reaches(outputs.ops, [x.id]).has(id) ? [name] : []));
  const live = liveNames(ops, current, after, shown);
  const names = new Map(live.map((name) => [name, stateName(name)]));
  const nameOf = (name: string) => names.get(name) ?? name;
  const plain = Object.keys(held).find((name) => held[name]?.id === x.id);
  const parametersOf = (table: TraceOps, state: State, wanted: readonly string[]) =>
    wanted
      .map((name) => ({ name: nameOf(name), id: at([state[name]?.id ?? -1], 0) }))
      .filter(({ id }) => table.values[id]);
  const step: TracedFunction = {
    name: 'step',
    says: 'One step: t counts from 1.',
    parameters: [{ name: 't', id: t.id }, ...parametersOf(ops, current, live)],
    results: live.map((name) => ({ name: nameOf(name), id: idOf(after, name) })),
    ops,
    names: new Map([[start.id, 'START']]),
  };
  const init: TracedFunction = {
    name: 'init',
    says: 'What the first step starts from.',
    parameters: [],
    results: live.map((name) => ({ name: nameOf(name), id: idOf(initials, name) })),
    ops: initial.ops,
    names: new Map([[initial.start.id, 'START']]),
  };
  const iterate: TracedFunction = {
    name: 'x_of',
    says: 'The parameters, as a function of what is trained.',
    parameters: [...parametersOf(outputs.ops, held, shown), { name: 't', id: outputs.t.id }],
    results: [{ name: 'x', id: x.id }],
    ops: outputs.ops,
    names: new Map([[outputs.start.id, 'START']]),
  };
  return {
    functions: [...trained.functions(step), init, step, ...(plain === undefined ? [iterate] : [])],
    sets: [...sets.values()],
    state: live.map(nameOf),
    iterate: plain !== undefined ? nameOf(plain) : `x_of(${[...shown.map(nameOf), 't'].join(', ')})`,
  };
}

function idOf(state: State, name: string): Id {
  const tensor = state[name];
  invariant(tensor, `a step returns ${name}`);
  return tensor.id;
}

/** State is local: its names give way to Python's words alone, and to the arguments beside them. */
const stateName = (name: string): string =>
  isPythonWord(name) || name === 't' || name === 'slope' ? `${name}_` : name;

/** What values are computed from, through calls and loops. */
export function reaches(ops: TraceOps, roots: readonly Id[]): Set<Id> {
  const found = new Set<Id>();
  const pending = [...roots];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const value = at(ops.values, id);
    pending.push(...value.args, ...(ops.calls.get(id)?.args ?? []));
    if (value.op !== 'repeat') continue;
    const { results, until } = at(ops.regions, value.attributes.region);
    pending.push(...results, ...(until === null ? [] : [until]));
  }
  return found;
}

/** The part of the state that the iterate depends on, at some later step. */
function liveNames(ops: TraceOps, current: State, after: State, shown: readonly string[]): string[] {
  const live = new Set(shown);
  for (let grown = true; grown; ) {
    const reached = reaches(
      ops,
      [...live].map((name) => idOf(after, name)),
    );
    const before = live.size;
    for (const [name, { id }] of Object.entries(current)) if (reached.has(id)) live.add(name);
    grown = live.size > before;
  }
  return Object.keys(current).filter((name) => live.has(name));
}

/** The optimizer as a function `<id>(x, slope, …state, t)` of the script; its own state beside the method's. */
function tracedOptimizer(
  ops: TraceOps,
  initialOps: TraceOps,
  { problem, optimizer, optimizerSettings }: Recording,
  chosen: Resolved<Recording['optimizer']['settings']>,
  steps: Tensor,
  t: Tensor,
  settings: Numbers,
) {
  const rateOf = (table: TraceOps, of: typeof chosen, time: Tensor, T: Tensor) => {
    const rate = of.learningRate;
    invariant(rate !== null && typeof rate === 'object', `${optimizer.id} has a learning rate`);
    return scheduledRate(table, rate, of as Resolved<typeof TRAINING>, time, T);
  };
  const states: { initial: State; current: State; next: State } = { initial: {}, current: {}, next: {} };
  const prefixed = (state: State): State =>
    Object.fromEntries(Object.entries(state).map(([name, tensor]) => [ownName(name), tensor]));
  const ownName = (name: string) => (name === 'x' ? 'x_old' : name);
  let traced: ((usesDenominator: boolean) => TracedFunction) | null = null;
  let denominatorId: Id | null = null;
  const handle: OptimizerHandle = {
    learningRate: rateOf(ops, chosen, t, steps),
    apply(x, gradient) {
      invariant(traced === null, 'the optimizer is applied at most once a step');
      const inner = new TraceOps(settings);
      const time = inner.input('time', 't', []);
      const innerSettings = resolveSettings(inner, 'optimizer', optimizer.settings, optimizerSettings);
      const learningRate = rateOf(inner, innerSettings, time, inner.input('setting', 'T', []));
      const point = inner.input('state', 'x', x.shape);
      const slope = inner.input('state', 'gradient', gradient.shape);
      const resolvedHere = { ...innerSettings, learningRate };
      const first = optimizer.init(initialOps, x.shape, {
        ...resolveSettings(initialOps, 'optimizer', optimizer.settings, optimizerSettings),
      });
      const current = Object.fromEntries(
        Object.entries(first).map(([name, { shape }]) => [name, inner.input('state', `state ${name}`, shape)]),
      );
      const update = optimizer.update(inner, {
        x: point,
        gradient: clipped(inner, slope, innerSettings as Resolved<typeof TRAINING>),
        state: current,
        settings: resolvedHere,
        blocks: x.shape[0] === problem.size ? problem.parameters : [{ offset: 0, shape: x.shape }],
        t: time,
      });
      const roots = [update.next.id, update.denominator.id];
      const live = new Set<string>();
      for (let grown = true; grown; ) {
        const before = live.size;
        const reached = reaches(inner, [...roots, ...[...live].map((name) => idOf(update.state, name))]);
        for (const [name, { id }] of Object.entries(current)) if (reached.has(id)) live.add(name);
        grown = live.size > before;
      }
      const names = Object.keys(current).filter((name) => live.has(name));
      const all = reaches(inner, [...roots, ...names.map((name) => idOf(update.state, name))]);
      const outer = names.map((name) =>
        ops.input('state', `state ${ownName(name)}`, at([first[name]], 0)?.shape ?? []),
      );
      const parameters = [
        { name: 'x', id: point.id, given: x },
        { name: 'slope', id: slope.id, given: gradient },
        ...names.map((name, k) => ({ name: stateName(ownName(name)), id: idOf(current, name), given: at(outer, k) })),
        ...(all.has(time.id) ? [{ name: 't', id: time.id, given: t }] : []),
      ];
      const results = [
        { name: 'x', id: update.next.id, shape: x.shape },
        ...names.map((name) => ({
          name: stateName(ownName(name)),
          id: idOf(update.state, name),
          shape: at([update.state[name]], 0)?.shape ?? [],
        })),
        { name: 'denominator', id: update.denominator.id, shape: update.denominator.shape },
      ];
      const id = optimizer.id.replaceAll('-', '_');
      const args = parameters.map(({ given }) => given);
      const tensors = results.map(({ shape }, k) => ops.call(id, args, shape, k, results.length));
      denominatorId = tensors.at(-1)?.id ?? null;
      traced = (usesDenominator) => ({
        name: id,
        says: `${optimizer.title}: the parameters after one step${names.length > 0 ? ', and what is kept for the next' : ''}.`,
        parameters: parameters.map(({ name, id }) => ({ name, id })),
        results: (usesDenominator ? results : results.slice(0, -1)).map(({ name, id }) => ({ name, id })),
        ops: inner,
        names: new Map(),
      });
      states.initial = prefixed(Object.fromEntries(names.map((name) => [name, at([first[name]], 0) as Tensor])));
      states.current = Object.fromEntries(names.map((name, k) => [ownName(name), at(outer, k)]));
      states.next = Object.fromEntries(names.map((name, k) => [ownName(name), at(tensors, k + 1)]));
      return { next: at(tensors, 0), denominator: at(tensors, results.length - 1) };
    },
    mapState(map) {
      const mapped = optimizer.momentum.flatMap((name) => {
        const tensor = states.next[ownName(name)];
        return tensor ? [[ownName(name), map(tensor)] as const] : [];
      });
      states.next = { ...states.next, ...Object.fromEntries(mapped) };
    },
  };
  return {
    handle,
    initial: () => states.initial,
    current: () => states.current,
    next: () => states.next,
    /** The optimizer's function, where the step calls it; what nobody reads it does not return. */
    functions(step: TracedFunction): TracedFunction[] {
      if (traced === null) return [];
      const reached = reaches(
        ops,
        step.results.map(({ id }) => id),
      );
      const usesDenominator = denominatorId !== null && reached.has(denominatorId);
      const made = traced(usesDenominator);
      for (const [id, call] of ops.calls)
        if (call.name === made.name) ops.calls.set(id, { ...call, results: made.results.length });
      return [made];
    },
  };
}

/** The problem as a method sees it, with a call for each of its functions. */
function calledProblem(
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
    return {
      ...of,
      residual: (x, t) => (rows === 0 ? empty(0) : ops.call(name, [x, t], [rows])),
      jvp: (x, t, direction) => (rows === 0 ? empty(0) : ops.call(`${name}_jvp`, [x, t, direction], [rows])),
      vjp: (x, t, weights) => (rows === 0 ? empty(n) : ops.call(`${name}_vjp`, [x, t, weights], [n])),
      jacobian: (x, t) => (rows === 0 ? ops.zeros([0, n]) : ops.call(`${name}_jacobian`, [x, t], [rows, n])),
    };
  };
  const [equality, inequality] = [block('equalities', plain.equality), block('inequalities', plain.inequality)];
  const numbers = new Map<RecognizedSet, number>();
  const nameOf = (set: RecognizedSet, form: SetForm): string => {
    const all = [...structure.sets, ...structure.parts, ...structure.lines];
    const same = all.findIndex((other) => isSame(other, set));
    const order = [...new Set(all.map((other) => all.findIndex((one) => isSame(one, other))))];
    numbers.set(set, order.indexOf(same) + 1);
    const name = `${{ project: 'onto', scaled: 'scaled_onto', lowest: 'lowest' }[form]}_${order.indexOf(same) + 1}`;
    used.set(name, { name, set: at(all, same), form });
    return name;
  };
  const setOf = (plainSet: FeasibleSet, set: RecognizedSet): FeasibleSet => ({
    ...plainSet,
    project: (x, t) => ops.call(nameOf(set, 'project'), [x, t], [n]),
    projectScaled: (x, t, scale) => ops.call(nameOf(set, 'scaled'), [x, t, scale], [n]),
    lowest: (x, t, direction) => ops.call(nameOf(set, 'lowest'), [x, t, direction], [n]),
  });
  const setsOf = (list: readonly FeasibleSet[], recognized: readonly RecognizedSet[]) =>
    list.map((set, i) => setOf(set, at(recognized, i)));
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
    sets,
    parts: setsOf(plain.parts, structure.parts),
    lines: setsOf(plain.lines, structure.lines),
    affine: plain.affine && calledAffine(ops, plain.affine, n),
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
