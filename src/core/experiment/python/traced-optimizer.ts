/** The optimizer as a function of the script, and what of it the step calls. */
import type { OptimizerHandle, Resolved, State } from '../../contracts.ts';
import { at, invariant } from '../../diagnostic.ts';
import type { Recording } from '../../program/record.ts';
import { resolveSettings } from '../../program/settings.ts';
import type { Tensor } from '../../tensor/ops.ts';
import type { Id } from '../../tensor/value.ts';
import { clipped, scheduledRate, type TRAINING } from '../../training.ts';
import { idOf, reaches, stateName, type TracedFunction, TraceOps } from './trace.ts';

type Numbers = Readonly<Record<string, readonly number[]>>;

/** `<id>(x, slope, …state, t)`, with a state of its own beside the method's. */
export function tracedOptimizer(
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
