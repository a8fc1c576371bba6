/** Stand-ins for the worker and the GPU, moved by hand: for tests of the store. */

import { type Catalog, type Method, supported } from '../../core/contracts.ts';
import { fault, type Result, success } from '../../core/diagnostic.ts';
import type { Chunk, Executor, Job, JobEnd, RunOptions } from '../../core/run/run.ts';
import type { Analyst, Costly, Study } from '../study.ts';

export const emptyCatalog: Catalog = { constraints: [], optimizers: [], methods: [], datasets: [] };

const inert: Omit<Method, 'id'> = {
  title: 'Inert',
  source: '',
  summary: '',
  formula: '',
  settings: {},
  optimizer: 'none',
  supports: () => supported,
  init: (_, { start }) => ({ x: start }),
  step: (_, __, state) => state,
  examples: [],
};

/** The methods of `fakeStudy`: they do nothing. */
export const fakeCatalog: Catalog = {
  ...emptyCatalog,
  methods: ['first', 'second', 'third'].map((id) => ({ ...inert, id })),
};

/** A problem of two entries; nothing but its identity matters to the store. */
export const fakeStudy = (): Study => ({
  problem: {
    parameters: [],
    size: 2,
    sense: 'minimize',
    loss: { kind: 'number', value: 0, span: [0, 0] },
    definitions: [],
    constraints: [],
    soft: [],
    notes: [],
    entrywise: new Set(),
    seed: 0,
  },
  hasRows: false,
  bounds: { lower: new Float64Array(0), upper: new Float64Array(0) },
  structure: {
    size: 2,
    lossDegree: 0,
    constraints: [],
    equalityRows: 1,
    inequalityRows: 0,
    sets: [],
    parts: [],
    lines: [],
    unrecognized: [],
    affine: null,
    straight: null,
    contradictions: [],
    hasExactProjection: false,
    blocks: [],
    degreesOfFreedom: 2,
    diagnostics: [],
  },
  isConvex: false,
  optimum: null,
  noOptimum: null,
  feasibility: { verdict: 'yes' },
  methods: [
    { id: 'first', supported: true },
    { id: 'second', supported: false, reason: 'needs a box' },
    { id: 'third', supported: true },
  ],
  proposals: [
    { method: 'first', reason: 'It is the first.', isHighlighted: true },
    { method: 'third', reason: 'It applies.', isHighlighted: false },
  ],
  notes: [],
});

const emptyMeasure = {} as Job['measure'];
const emptyProgram: Job['program'] = {
  values: [],
  regions: [],
  size: 2,
  start: null,
  time: null,
  settings: [],
  state: [],
  outputs: [],
};

export const fakeJob = (id: number): Job => ({
  id,
  program: emptyProgram,
  measure: emptyMeasure,
  starts: new Float64Array(2),
  settings: {},
  steps: 1,
  record: [0, 1],
});

/** Operations of a study that is costly. */
export const FAKE_COST = 1e11;

/** A text is good unless it ends with an operator, and costly to study where it says so. A method named 'broken' has no job. */
export function fakeAnalyst(): Analyst & { readonly texts: string[] } {
  const texts: string[] = [];
  return {
    texts,
    async study(text, _seed, _tables, most = Number.POSITIVE_INFINITY): Promise<Result<Study> | Costly | null> {
      texts.push(text);
      if (text.includes('costly') && most < FAKE_COST) return { operations: FAKE_COST };
      return /[+=]\s*$/.test(text)
        ? fault('Something is missing here.', [text.length - 1, text.length])
        : success(fakeStudy());
    },
    leaveStudy: () => undefined,
    faults: async () => [],
    optimum: async () => null,
    leaveOptima: () => undefined,
    prepare: async (_, runs) =>
      runs.map(({ method }, id) => (method === 'broken' ? fault('There is no method broken.') : success(fakeJob(id)))),
    prepareSwarm: async () => fault('There is no swarm here.'),
    sample: async (_, { xs, ys }) => ({
      loss: new Float64Array(xs.length * ys.length),
      constraints: [],
      offsets: [],
      kept: [],
    }),
    undefinedAt: async () => null,
    place: async () => null,
  };
}

export const fakeChunk = (job: number, step: number, loss: number): Chunk => ({
  job,
  steps: [step],
  iterates: Float64Array.of(loss, loss),
  states: {},
  measures: {
    loss: Float64Array.of(loss),
    violation: Float64Array.of(0),
    violations: new Float64Array(0),
    stationarity: Float64Array.of(0),
    multipliers: new Float64Array(0),
    gradient: Float64Array.of(0),
    named: new Float64Array(0),
  },
});

const fakeEnd = (job: number, status: JobEnd['status']): JobEnd => ({
  job,
  status,
  executor: 'reference',
  adapter: 'fake',
  reason: 'a test',
  pseudoinverses: [],
  elapsedMs: 1,
});

/** One call of `run`, waiting to be told what to do. */
export interface FakeCall {
  readonly jobs: readonly Job[];
  readonly options: RunOptions;
  finish(status?: JobEnd['status']): void;
}

/** Ends a call when told to, or as stopped when it is aborted. */
export function fakeExecutor(): Executor & { readonly calls: FakeCall[] } {
  const calls: FakeCall[] = [];
  return {
    calls,
    run: (jobs, options) =>
      new Promise((resolve) => {
        const finish = (status: JobEnd['status'] = 'finished') => resolve(jobs.map(({ id }) => fakeEnd(id, status)));
        options.signal?.addEventListener('abort', () => finish('stopped'));
        calls.push({ jobs, options, finish });
      }),
  };
}
