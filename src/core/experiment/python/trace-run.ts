/** Problem × method × optimizer → the functions of a script: as `record` does, but with calls left standing. */
import type { MethodProblem, State } from '../../contracts.ts';
import { at, invariant } from '../../diagnostic.ts';
import type { Recording } from '../../program/record.ts';
import { resolveSettings } from '../../program/settings.ts';
import { vjp } from '../../tensor/derivatives.ts';
import type { DifferentiableMap, Tensor } from '../../tensor/ops.ts';
import { calledProblem, type UsedSet } from './called-problem.ts';
import { NamedFunctions } from './named-functions.ts';
import { idOf, reaches, stateName, type TracedFunction, TraceOps } from './trace.ts';
import { tracedOptimizer } from './traced-optimizer.ts';

type Numbers = Readonly<Record<string, readonly number[]>>;

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
  const named = new NamedFunctions();
  type Begun = { ops: TraceOps; view: MethodProblem; t: Tensor; start: Tensor };
  const begin = (isSampled = false, hasMap = false): Begun => {
    const ops: TraceOps = new TraceOps(
      settings,
      named,
      hasMap ? (theta, t) => calledMap(ops, problem.size, theta, t) : null,
    );
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

  const outputs = begin();
  const held = Object.fromEntries(
    Object.entries(first).map(([name, { shape }]) => [name, outputs.ops.input('state', `state ${name}`, shape)]),
  );
  const x = method.iterate
    ? method.iterate(outputs.ops, outputs.view, held, { t: outputs.t, settings: resolved(outputs.ops).method })
    : held.x;
  invariant(x, 'a method has an iterate');
  const shown = Object.entries(held).flatMap(([name, { id }]) => (reaches(outputs.ops, [x.id]).has(id) ? [name] : []));
  const [only = '', ...others] = shown;
  const hasMap = held[only] !== undefined && others.length === 0 && held[only].id !== x.id;
  const { ops, view, t, start } = begin(batch !== null, hasMap);
  const own = Object.fromEntries(
    Object.entries(first).map(([name, { shape }]) => [name, ops.input('state', `state ${name}`, shape)]),
  );
  const { method: methodSettings, optimizer: optimizerSettings } = resolved(ops);
  const trained = tracedOptimizer(ops, initial.ops, recording, optimizerSettings, view.steps, t, settings);
  const next = method.step(ops, view, own, { t, settings: methodSettings, optimizer: trained.handle });

  const current = { ...own, ...trained.current() };
  const after = { ...next, ...trained.next() };
  const initials = { ...first, ...trained.initial() };
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
    hints: ops.hints,
  };
  const init: TracedFunction = {
    name: 'init',
    says: 'What the first step starts from.',
    parameters: [],
    results: live.map((name) => ({ name: nameOf(name), id: idOf(initials, name) })),
    ops: initial.ops,
    names: new Map([[initial.start.id, 'START']]),
    hints: initial.ops.hints,
  };
  const iterate: TracedFunction = {
    name: 'x_of',
    says: 'The parameters, as a function of what is trained.',
    parameters: [...parametersOf(outputs.ops, held, shown), { name: 't', id: outputs.t.id }],
    results: [{ name: 'x', id: x.id }],
    ops: outputs.ops,
    names: new Map([[outputs.start.id, 'START']]),
  };
  /** (dx/dθ)ᵀ w, written out. */
  const mapSlopes = (): TracedFunction => {
    const { ops, view, t, start } = begin();
    const theta = ops.input('state', `state ${only}`, at([first[only]], 0)?.shape ?? []);
    const weights = ops.input('state', 'weights', [problem.size]);
    const map = (free: Tensor) => {
      const image = method.iterate?.(ops, view, { [only]: free }, { t, settings: resolved(ops).method });
      invariant(image, 'the method has a map');
      return image;
    };
    return {
      name: X_VJP,
      says: 'The slopes of weights . x, along what is trained.',
      parameters: [
        { name: nameOf(only), id: theta.id },
        { name: 't', id: t.id },
        { name: 'weights', id: weights.id },
      ],
      results: [{ name: 'slope', id: vjp(ops, map, theta, weights).id }],
      ops,
      names: new Map([[start.id, 'START']]),
      hints: ops.hints,
    };
  };
  return {
    functions: [
      ...named.all,
      ...trained.functions(step),
      ...(plain === undefined ? [iterate] : []),
      ...(isCalled(ops, X_VJP) ? [mapSlopes()] : []),
      init,
      step,
    ],
    sets: [...sets.values()],
    state: live.map(nameOf),
    iterate: plain !== undefined ? nameOf(plain) : `x_of(${[...shown.map(nameOf), 't'].join(', ')})`,
  };
}

/** Slopes of `x_of`. */
export const X_VJP = 'x_of_vjp';

const isCalled = (ops: TraceOps, name: string): boolean => [...ops.calls.values()].some((call) => call.name === name);

const calledMap = (ops: TraceOps, size: number, theta: Tensor, t: Tensor): DifferentiableMap => ({
  value: ops.call('x_of', [theta, t], [size]),
  pull: (weights) => ops.call(X_VJP, [theta, t, weights], theta.shape),
});

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
