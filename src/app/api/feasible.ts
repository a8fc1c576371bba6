/** `window.feasible`: the page's public API over the store. */
import { version } from '../../../package.json';
import type { Listing } from '../../core/contracts.ts';
import { type Diagnostic, type Result, success } from '../../core/diagnostic.ts';
import type { Experiment, RunJson } from '../../core/experiment/experiment.ts';
import { faultyEntries } from '../../core/experiment/faulty-entries.ts';
import { decodeLink, encodeLink } from '../../core/experiment/link/codec.ts';
import { readExperiment, writeExperiment } from '../../core/experiment/link/file.ts';
import { type Validated, validateExperiment } from '../../core/experiment/validate.ts';
import type { ExecutorChoice } from '../../core/run/run.ts';
import { entries } from '../entries.ts';
import type { StoreApi } from '../store/store.ts';
import { swarmResult } from './swarm-result.ts';
import type { Analysis, ExportKind, Feasible, LoadResult, RunResult, SwarmResult } from './types.ts';

const EXECUTORS: Readonly<Record<ExecutorChoice, true>> = {
  gpu: true,
  fused: true,
  dispatched: true,
  wasm: true,
  reference: true,
};

/** An experiment, its JSON, or a link to one. */
async function readAny(source: unknown): Promise<Result<Validated>> {
  if (typeof source !== 'string') return validateExperiment(source);
  return source.trimStart().startsWith('{') ? readExperiment(source) : decodeLink(source);
}

export function createFeasible(store: StoreApi, catalog: Listing): Feasible {
  /** Settles when what was asked to be opened is open: what is asked after it is asked of that. */
  let opening: Promise<unknown> = Promise.resolve();
  const afterOpening =
    <Args extends readonly unknown[], Answer>(answer: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      await opening;
      return answer(...args);
    };

  async function load(source: Experiment | string): Promise<LoadResult> {
    const reading = readAny(source);
    const opened = opening.then(async () => open(await reading));
    opening = opened.catch(() => undefined);
    const found = await opened;
    if (!found.ok) return found;
    const diagnostics = [...found.value.diagnostics, ...(await store.getState().faults())];
    const value = structuredClone(found.value.experiment); // the page's own stays the page's
    return { ok: true, value, ...(diagnostics.length > 0 && { diagnostics }) };
  }

  function open(read: Result<Validated>): Result<Validated> {
    if (!read.ok) return read;
    const { experiment } = read.value;
    const diagnostics = [...read.value.diagnostics, ...faultyEntries(experiment, catalog)];
    store.getState().load(experiment, { hold: true });
    store.getState().report(diagnostics);
    return success({ experiment, diagnostics });
  }

  async function run(options?: { readonly executor?: ExecutorChoice } | null): Promise<readonly RunResult[]> {
    const { executorChoice, experiment } = store.getState();
    const choice = options?.executor ?? executorChoice;
    const runs = experiment.runs ?? [];
    if (!Object.hasOwn(EXECUTORS, choice)) {
      return refused(runs, 'gpu', [{ severity: 'error', message: `There is no executor “${choice}”.` }]);
    }
    const outcome = await store.getState().run({ executor: choice });
    if (!outcome.ok) return refused(runs, choice, outcome.diagnostics);
    const { study, results } = outcome.value; // of when it began: by now another experiment may be open
    const [{ runResult }, catalog] = await Promise.all([scribe(), entries()]);
    return results.map((computed) => runResult(computed, study, choice, catalog));
  }

  async function analyze(options?: { readonly optimum?: boolean } | null): Promise<Analysis> {
    await store.getState().examine();
    const { study, studied, diagnosed, diagnostics } = store.getState();
    if (study === null || studied !== diagnosed) throw new Error(sentences(diagnostics));
    const { analysisOf } = await import('./analysis.ts');
    return analysisOf(study, options?.optimum ?? true);
  }

  async function swarm(): Promise<SwarmResult> {
    return swarmResult(orThrow(await store.getState().runSwarm()));
  }

  async function link(): Promise<string> {
    return orThrow(await encodeLink(store.getState().snapshot()));
  }

  async function exported(kind: ExportKind): Promise<string | Blob> {
    const { exportCsv, exportPicture, exportScript } = await import('./export.ts');
    switch (kind) {
      case 'json':
        return writeExperiment(await store.getState().withItsTables(store.getState().snapshot()));
      case 'csv':
        return orThrow(await exportCsv(store));
      case 'pytorch':
        return orThrow(await exportScript(store, 'pytorch'));
      case 'svg':
      case 'png':
        return orThrow(await exportPicture(store, catalog, kind));
      default:
        throw new Error(`There is no export "${String(kind)}"; there are json, csv, pytorch, svg and png.`);
    }
  }

  return {
    version,
    load,
    run: afterOpening(run),
    analyze: afterOpening(analyze),
    link: afterOpening(link),
    export: afterOpening(exported),
    swarm: afterOpening(swarm),
  };
}

function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(sentences(result.diagnostics));
  return result.value;
}

const scribe = () => import('./run-result.ts');

/** Text with errors fails every run; a newer start stops them. */
async function refused(
  runs: readonly RunJson[],
  choice: ExecutorChoice,
  diagnostics: readonly Diagnostic[],
): Promise<readonly RunResult[]> {
  const { emptyResult } = await scribe();
  const status = diagnostics.some(({ severity }) => severity === 'error') ? 'failed' : 'stopped';
  return runs.map((run) => emptyResult(run, null, choice, status, diagnostics));
}

const sentences = (diagnostics: readonly Diagnostic[]): string => diagnostics.map(({ message }) => message).join('\n');
