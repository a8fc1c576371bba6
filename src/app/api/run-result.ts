/** What one run gave, as the page's API says it: plain arrays, a row a record. */
import type { Catalog } from '../../core/contracts.ts';
import { at, type Diagnostic } from '../../core/diagnostic.ts';
import { DEFAULT_OPTIMIZER } from '../../core/experiment/defaults.ts';
import type { RunJson } from '../../core/experiment/experiment.ts';
import type { Problem } from '../../core/problem/problem.ts';
import { ownMultipliers, rowsOf } from '../../core/run/multipliers.ts';
import { namedNumbers } from '../../core/run/named-numbers.ts';
import type { ExecutorChoice, ExecutorKind } from '../../core/run/run.ts';
import { verdictInWords } from '../../core/run/verdict.ts';
import { adviceOf } from '../store/advice.ts';
import type { RunResult as ComputedRun } from '../store/run-slice.ts';
import type { Trajectory } from '../store/trajectory.ts';
import type { Study } from '../study.ts';
import type { RunResult } from './types.ts';

const NOTHING: Trajectory = {
  steps: [],
  iterates: new Float64Array(),
  states: {},
  measures: {
    loss: new Float64Array(),
    violation: new Float64Array(),
    violations: new Float64Array(),
    stationarity: new Float64Array(),
    multipliers: new Float64Array(),
    gradient: new Float64Array(),
    named: new Float64Array(),
  },
};

/** Every field of a result that holds whether or not something was computed. */
const described = (run: RunJson, problem: Problem | null) => ({
  label: run.label ?? run.method,
  method: run.method,
  optimizer: run.optimizer?.kind ?? DEFAULT_OPTIMIZER.kind,
  sense: problem?.sense ?? 'minimize',
  parameters: (problem?.parameters ?? []).map(({ name, shape, offset }) => ({ name, shape, offset })),
});

const EMPTY = {
  adapter: '',
  steps: [],
  iterates: [],
  loss: [],
  violation: [],
  violations: [],
  stationarity: [],
  multipliers: [],
  multipliersFrom: 'least-squares',
  elapsedMs: 0,
} as const;

const kindOf = (choice: ExecutorChoice): ExecutorKind => (choice === 'gpu' ? 'reference' : choice);

/** A run of which nothing was computed. */
export const emptyResult = (
  run: RunJson,
  problem: Problem | null,
  choice: ExecutorChoice,
  status: 'failed' | 'stopped',
  diagnostics: readonly Diagnostic[],
): RunResult => ({
  ...EMPTY,
  ...described(run, problem),
  executor: kindOf(choice),
  status,
  verdict: verdictInWords(status, null, kindOf(choice)),
  message: diagnostics.map(({ message }) => message).join('\n'),
});

export function runResult(computed: ComputedRun, study: Study, choice: ExecutorChoice, catalog: Catalog): RunResult {
  const { problem } = study;
  const { run, job, end, diagnostics } = computed;
  if (job === null || end === null) return emptyResult(run, problem, choice, 'failed', diagnostics);
  const { steps, iterates, states, measures } = computed.trajectory ?? NOTHING;
  const rows = (array: Float64Array) => rowsOf(array, steps.length);
  const own = ownMultipliers({ steps, states, measures }, job.measure);
  const names = Object.keys(states);
  const named = Object.entries(namedNumbers(job.measure, measures.named));
  const verdict = verdictInWords(end.status, lastPoint(computed.trajectory ?? NOTHING, problem.size), end.executor);
  const advice = adviceOf(computed, study, catalog);
  return {
    ...described(run, problem),
    executor: end.executor,
    adapter: end.adapter,
    status: end.status,
    verdict: advice ? `${verdict} ${advice.message}` : verdict,
    ...(end.message !== undefined && { message: end.message }),
    steps: [...steps],
    iterates: rows(iterates),
    loss: [...measures.loss],
    violation: [...measures.violation],
    violations: rows(measures.violations),
    stationarity: [...measures.stationarity],
    multipliers: rows(own ?? measures.multipliers),
    multipliersFrom: own ? 'method' : 'least-squares',
    ...(names.length > 0 && {
      states: Object.fromEntries(names.map((name) => [name, rows(states[name] ?? new Float64Array())])),
    }),
    ...(named.length > 0 && { named: Object.fromEntries(named.map(([name, values]) => [name, [...values]])) }),
    elapsedMs: end.elapsedMs,
  };
}

/** For the words of the verdict. */
function lastPoint({ steps, iterates, measures }: Trajectory, size: number) {
  if (steps.length === 0) return null;
  const last = steps.length - 1;
  return {
    stationarity: at(measures.stationarity, last),
    gradientNorm: at(measures.gradient, last),
    violation: at(measures.violation, last),
    largest: iterates.subarray(last * size).reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0),
  };
}
