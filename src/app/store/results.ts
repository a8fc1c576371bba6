/** Which result belongs to which run of the experiment, while one is edited and the other still shown. */
import type { RunJson } from '../../core/experiment/experiment.ts';
import type { Picture, RunResult } from './run-slice.ts';

/** For each run: what was computed for it, else what was computed at its place, if none was added or removed. */
export function resultsByRun(picture: Picture | null, runs: readonly RunJson[]): readonly (RunResult | null)[] {
  const results = picture?.results ?? [];
  return runs.map((run, i) => {
    const own = results.find((result) => result.run === run);
    return own ?? (results.length === runs.length ? (results[i] ?? null) : null);
  });
}
