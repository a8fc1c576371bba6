/** What holds where an experiment says nothing. Settings of methods and optimizers have theirs in the catalogue. */
import type { Experiment, OptimizerJson, RunJson } from './experiment.ts';

export const DEFAULT_SEED = 0;
export const DEFAULT_STEPS = 200;
export const DEFAULT_OPTIMIZER: OptimizerJson = { kind: 'sgd' };

type WithDefaults<T, Field extends keyof T> = T & { readonly [Name in Field]-?: NonNullable<T[Name]> };

export type CompleteRun = WithDefaults<RunJson, 'settings' | 'optimizer' | 'steps' | 'record' | 'visible'>;
export type CompleteExperiment = Omit<WithDefaults<Experiment, 'title' | 'notes' | 'seed' | 'view'>, 'runs'> & {
  readonly runs: readonly CompleteRun[];
};

const RUN_DEFAULTS = {
  settings: {},
  optimizer: DEFAULT_OPTIMIZER,
  steps: DEFAULT_STEPS,
  record: 'auto',
  visible: true,
} as const;
const DEFAULTS = { title: '', notes: '', seed: DEFAULT_SEED, runs: [], data: {}, results: [], view: {} } as const;

export const runWithDefaults = (run: RunJson): CompleteRun => ({ ...RUN_DEFAULTS, ...run });

export const withDefaults = (experiment: Experiment): CompleteExperiment => ({
  ...DEFAULTS,
  ...experiment,
  runs: (experiment.runs ?? []).map(runWithDefaults),
});

/** Settings of an optimizer that is not named are those of the default one: past the gate each has its kind. */
export function withOptimizerKinds(experiment: Experiment): Experiment {
  const { runs } = experiment;
  if (runs?.every(({ optimizer }) => optimizer === undefined || optimizer.kind !== undefined) !== false)
    return experiment;
  const named = ({ optimizer, ...run }: RunJson) => ({
    ...run,
    ...(optimizer && { optimizer: { ...DEFAULT_OPTIMIZER, ...optimizer } }),
  });
  return { ...experiment, runs: runs.map(named) };
}

/** The shortest experiment that means the same: what a link holds. */
export function withoutDefaults(experiment: Experiment): Experiment {
  const runs = experiment.runs?.map((run): RunJson => ({ ...unlike(run, RUN_DEFAULTS), method: run.method }));
  const { version, problem } = experiment;
  return { ...unlike({ ...experiment, ...(runs && { runs }) }, DEFAULTS), version, problem };
}

/** The fields that differ from their defaults, in the same order. */
function unlike<T extends object>(fields: T, defaults: Readonly<Record<string, unknown>>): Partial<T> {
  const differs = ([name, value]: [string, unknown]) =>
    value !== undefined && !(Object.hasOwn(defaults, name) && JSON.stringify(value) === JSON.stringify(defaults[name]));
  return Object.fromEntries(Object.entries(fields).filter(differs)) as Partial<T>;
}
