/** What the runs gave, into a link; and whether an opened link's results came out again. */
import type { Experiment, ResultJson } from '../../core/experiment/experiment.ts';
import { difference, type LastRecord, resultOf } from '../../core/experiment/results.ts';
import type { ExecutorKind } from '../../core/run/run.ts';
import { resultsByRun } from './results.ts';
import type { RunResult } from './run-slice.ts';
import type { Store } from './store.ts';

/** Null while it runs, where it was refused, and where nothing was recorded. */
function lastOf({ end, trajectory }: RunResult, size: number): LastRecord | null {
  if (end === null || trajectory === null) return null;
  const { iterates, measures } = trajectory;
  const [loss, violation] = [measures.loss.at(-1), measures.violation.at(-1)];
  if (loss === undefined || violation === undefined) return null;
  const x = iterates.subarray(iterates.length - size);
  return { executor: end.executor, adapter: end.adapter, loss, violation, x };
}

type Shown = Pick<Store, 'picture' | 'experiment'>;

const lastRecords = ({ picture, experiment }: Shown): readonly (LastRecord | null)[] =>
  resultsByRun(picture, experiment.runs ?? []).map((result, i) =>
    picture && result && result.run === experiment.runs?.[i] ? lastOf(result, picture.study.problem.size) : null,
  );

/** The experiment with what its runs gave, where all of them are done. */
export function withResults(experiment: Experiment, shown: Shown): Experiment {
  const results = lastRecords(shown).map((last) => last && resultOf(last));
  const done = results.filter((result): result is ResultJson => result !== null);
  return done.length > 0 && done.length === results.length ? { ...experiment, results: done } : experiment;
}

export interface Reproduction {
  readonly isSame: boolean;
  readonly message: string;
}

/** Null where the experiment came without results, or not all runs are done. `names`: of the entries of x. */
export function reproduction(shown: Shown, names: readonly string[], labels: readonly string[]): Reproduction | null {
  const kept = shown.experiment.results ?? [];
  const now = lastRecords(shown);
  if (kept.length === 0 || kept.length !== now.length || now.includes(null)) return null;
  const [first] = now;
  const by = first ? `Computed here on ${named(first)}; there on ${named(kept[0] ?? first)}.` : '';
  const differs = kept.flatMap((result, i) => {
    const last = now[i];
    const found = last ? difference(result, last, names) : null;
    return found === null ? [] : [`${labels[i] ?? `run ${i + 1}`}: ${found}`];
  });
  return differs.length === 0
    ? { isSame: true, message: `Reproduced: the results that came with this experiment came out again. ${by}` }
    : {
        isSame: false,
        message: `Differs: the results that came with this experiment did not come out again. ${differs.join('; ')}. ${by}`,
      };
}

/** As the choice of what computes names them. */
const EXECUTORS: ReadonlyMap<string, string> = new Map<ExecutorKind, string>([
  ['fused', 'GPU, fused'],
  ['dispatched', 'GPU, dispatched'],
  ['wasm', 'CPU, WebAssembly'],
  ['reference', 'CPU, reference'],
]);

/** Of a CPU there is no more to say; of a GPU, which it was. */
function named({ executor, adapter }: { readonly executor: string; readonly adapter: string }): string {
  const name = EXECUTORS.get(executor) ?? executor;
  return adapter === '' || name.startsWith('CPU') ? name : `${name}, ${adapter}`;
}
