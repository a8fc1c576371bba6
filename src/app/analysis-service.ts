/** Reads and studies problems: in a worker, so that the page never waits for it, or behind a channel where there is no worker. */
import { type Endpoint, expose } from 'comlink';
import { catalog } from '../catalog/registry.ts';
import { highsSolver } from '../core/analysis/affine/highs.ts';
import type { LinearSolver } from '../core/analysis/affine/linear-program.ts';
import { type Diagnostic, type Result, success } from '../core/diagnostic.ts';
import type { RunJson, SwarmJson } from '../core/experiment/experiment.ts';
import { loadDatasets, rememberingLoader } from '../core/experiment/load-data.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { prepareSwarm } from '../core/experiment/prepare-swarm.ts';
import { boundedStudyStages, type Costly, type Study } from '../core/experiment/study/study.ts';
import { textFaults } from '../core/experiment/study/text-faults.ts';
import { type Place, type Precision, undefinedAt } from '../core/experiment/study/undefined-at.ts';
import { type OptimumOfText, optimumOfText } from '../core/experiment/trade-off/trade-off.ts';
import type { Problem } from '../core/problem/problem.ts';
import type { FieldExecutor, FieldValues } from '../core/run/field.ts';
import type { OpenRun } from '../core/run/float64-machine.ts';
import { finishedUnless } from '../core/stages.ts';
import { pointsIn } from './grid-functions.ts';
import { type Packed, packed, unpacked } from './packed.ts';
import { placePlane } from './planes.ts';
import { fieldJob, isWorthCompiling, sampleStages } from './sample.ts';
import type { GridRequest, Kept, PartOfSample, PlaneRequest, Tables } from './study.ts';

let solver: LinearSolver | null = null;
let loading: Promise<void> | null = null;

/** HiGHS, once a problem needs it: most do not. Where it does not load, interior points answer, and nothing is asked again. */
function loadSolver(): Promise<void> {
  loading ??= import('highs')
    .then(({ default: load }) => load())
    .then((highs) => {
      solver = highsSolver(highs);
    })
    .catch(() => undefined);
  return loading;
}

/** A machine that is faster than the interpreter and gives the same numbers, where there is one. */
export type LoadMachine = () => Promise<OpenRun>;

let loadMachine: LoadMachine | null = null;
let machine: Promise<OpenRun | undefined> | null = null;

/** Once a figure has much to compute: most do not. Where it does not load, the interpreter answers, and nothing is asked again. */
function machineFor(problem: Problem, grid: GridRequest): Promise<OpenRun | undefined> | undefined {
  if (loadMachine === null || !isWorthCompiling(problem, grid)) return undefined;
  machine ??= loadMachine().catch(() => undefined);
  return machine;
}

/** A device in another worker that computes fields, by the port to it. */
export type ConnectFields = (port: MessagePort) => FieldExecutor;

let connectFields: ConnectFields | null = null;
let fields: FieldExecutor | null = null;

/** Ends what is being sampled. */
let sampling: AbortController | null = null;

/** All that a figure shows on a grid as a device has it, or why it does not; null where it is not worth asking. */
async function givenFor(
  { problem, structure }: Study,
  grid: GridRequest,
  before: Kept | undefined,
  signal: AbortSignal,
): Promise<Result<FieldValues> | null> {
  const job = fields && !grid.isExact && fieldJob(problem, structure, grid, before);
  return (job && (await fields?.field(job, signal))) || null;
}

/** How a sample was computed, in the reader's words. */
function toldOf(answer: Result<FieldValues> | null, { confirmed }: PartOfSample, grid: GridRequest): string {
  if (answer === null) return 'In Float64.';
  if (!answer.ok) return `In Float64. ${answer.diagnostics.map(({ message }) => message).join(' ')}`;
  const { adapter } = answer.value;
  return confirmed === null
    ? `In Float64: float32, in which ${adapter} computed it, has too few digits for this figure.`
    : `In float32 on ${adapter}. At ${confirmed} of ${pointsIn(grid)} points Float64 computed it again: they agree within what a figure shows.`;
}

const loadOnce = rememberingLoader();

/** A message waits so long at most. */
const BREATH_MS = 4;

let breathed = 0;

/** Lets messages in, where the last ones came a while ago: without the delay that timers have after a few turns. */
const breathe = (): Promise<void> =>
  performance.now() - breathed < BREATH_MS
    ? Promise.resolve()
    : new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          breathed = performance.now();
          resolve();
        };
        port2.postMessage(null);
      });

/** Counts what has been asked for: a study that is no longer the newest ends at its next pause. */
let newest = 0;

/** What the worker has studied, by the numbers that it has given: the page's study, and the one before. */
const kept = new Map<number, Study>();
const MOST_KEPT = 2;
let lastKey = 0;

function keep(study: Study): number {
  lastKey += 1;
  kept.set(lastKey, study);
  kept.delete(lastKey - MOST_KEPT);
  return lastKey;
}

/** A study with the number under which it is kept. */
export interface KeptStudy {
  readonly key: number;
  readonly study: Packed<Study>;
}

/** A study that is kept here, or all of one that another worker made. */
export type AskedStudy = { readonly key: number } | { readonly whole: Packed<Study> };

/** That a study is no longer kept: it is to be sent whole. */
export type Forgotten = 'forgotten';

/** What is answered of a study. One that is sent whole is not kept: the page has a newer one soon. */
function of<Answer>(asked: AskedStudy, answer: (study: Study) => Answer): Answer | Forgotten {
  const study = 'key' in asked ? kept.get(asked.key) : unpacked(asked.whole);
  return study ? answer(study) : 'forgotten';
}

/** Counts the curves that were begun or left: a search for one that is no longer drawn ends at its next pause. */
let newestCurve = 0;

/** The study of a text, of which a part may be asked again with a solver of linear programs; null where it is overtaken. */
async function studied(
  text: string,
  seed: number,
  tables: Tables,
  most: number,
  isOvertaken: () => boolean,
): Promise<Result<Study> | Costly | null> {
  const loaded = await loadDatasets(text, catalog.datasets, loadOnce);
  if (!loaded.ok) return loaded;
  const data = { loaded: loaded.value, tables };
  const study = () => finishedUnless(boundedStudyStages(most, text, seed, catalog, solver, data), isOvertaken, breathe);
  const first = await study();
  const isOpen = first !== null && 'ok' in first && first.ok && first.value.feasibility.verdict !== 'yes';
  if (!isOpen || solver !== null) return first;
  await loadSolver();
  return solver === null ? first : study();
}

const service = {
  overtake(): void {
    newest += 1;
  },
  async study(text: string, seed: number, tables: Tables, most: number): Promise<Result<KeptStudy> | Costly | null> {
    newest += 1;
    const mine = newest;
    const answer = await studied(text, seed, tables, most, () => mine !== newest);
    if (answer === null || !('ok' in answer) || !answer.ok) return answer;
    return success({ key: keep(answer.value), study: packed(answer.value) });
  },
  /** Of a text that stands beside the page's; null where its curve was left meanwhile. */
  async optimum(
    text: string,
    seed: number,
    tables: Tables,
    most: number,
  ): Promise<Result<OptimumOfText> | Costly | null> {
    const mine = newestCurve;
    const answer = await studied(text, seed, tables, most, () => mine !== newestCurve);
    if (answer === null || !('ok' in answer) || !answer.ok) return answer;
    return success(optimumOfText(answer.value));
  },
  leaveOptima(): void {
    newestCurve += 1;
  },
  async faults(text: string, seed: number, tables: Tables): Promise<readonly Diagnostic[]> {
    const loaded = await loadDatasets(text, catalog.datasets, loadOnce);
    return loaded.ok ? textFaults(text, seed, catalog, { loaded: loaded.value, tables }) : loaded.diagnostics;
  },
  prepare: (asked: AskedStudy, runs: readonly RunJson[]) =>
    of(asked, (study) => runs.map((run, id) => prepareRun(study, run, id, catalog))),
  prepareSwarm: (asked: AskedStudy, swarm: SwarmJson, runs: readonly RunJson[], seed: number) =>
    of(asked, (study) => prepareSwarm(study, swarm, runs, seed, catalog)),
  sample: (asked: AskedStudy, grid: GridRequest, before?: Kept) =>
    of(asked, async (study) => {
      const { problem, structure } = study;
      const controller = new AbortController();
      const { signal } = controller;
      sampling = controller;
      const began = performance.now();
      const answer = await givenFor(study, grid, before, signal);
      const given = answer?.ok ? answer.value.values : undefined;
      const open = given ? undefined : await machineFor(problem, grid);
      const stages = sampleStages(problem, structure, grid, before, open, given);
      const part = await finishedUnless(stages, () => signal.aborted, breathe);
      return part && { ...part, told: { how: toldOf(answer, part, grid), elapsedMs: performance.now() - began } };
    }),
  /** What is being sampled is wanted no more. */
  stopSampling(): void {
    sampling?.abort();
  },
  /** From now on fields are asked for on this port. */
  connect(port: MessagePort): void {
    fields = connectFields?.(port) ?? null;
  },
  undefinedAt: (asked: AskedStudy, text: string, place: Place, precision: Precision) =>
    of(asked, ({ problem }) => undefinedAt(problem, text, place, precision)),
  place: (asked: AskedStudy, request: PlaneRequest) => of(asked, (study) => placePlane(study, request)),
};

export type AnalysisService = typeof service;

/** Answers the port for ever. Where the other end is gone, what is under way ends at its next pause. */
export function serveAnalysis(
  port: Endpoint,
  load: LoadMachine | null = null,
  connect: ConnectFields | null = null,
): void {
  loadMachine ??= load;
  connectFields ??= connect;
  expose(service, port);
  port.addEventListener('close', () => service.overtake());
}
