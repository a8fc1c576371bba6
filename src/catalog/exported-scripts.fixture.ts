/** What exported scripts are tried on: the examples of every method, the reference's runs, and every run of every lesson. */
import { spawnSync } from 'node:child_process';
import { analyze } from '../core/analysis/analyze.ts';
import { at } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { loadDatasets, rememberingLoader } from '../core/experiment/load-data.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import type { Exported } from '../core/experiment/python/chosen-run.ts';
import { parse } from '../core/language/parse.ts';
import { check } from '../core/problem/check.ts';
import { experimentOfCase } from '../core/reference/experiment-of-case.ts';
import { recordedRun } from '../core/reference/recorded-run.ts';
import { problemOf, reference } from '../core/reference/trajectories.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { lessons } from './lessons.ts';
import { catalog } from './registry.ts';

export const PYTHON = process.env.FEASIBLE_PYTHON ?? '/usr/bin/python3';
export const isFull = import.meta.env.FEASIBLE_FULL === '1';

/** Why scripts that import this module cannot be run here; empty where they can. */
export function missing(module: string): string {
  const installed = spawnSync(PYTHON, ['-c', `import ${module}`], { encoding: 'utf8' });
  return installed.status === 0 ? '' : `${PYTHON} has no ${module}: ${installed.stderr?.trim().split('\n').at(-1)}`;
}

export interface ScriptCase {
  readonly name: string;
  readonly text: string;
  readonly seed: number;
  readonly run: RunJson;
}

const examples: ScriptCase[] = catalog.methods.flatMap(({ id, examples: own }) =>
  own.map(({ name, problem, settings, optimizer, steps }) => ({
    name: `${id}: ${name}`,
    text: problem,
    seed: 0,
    run: { method: id, steps, ...(settings && { settings }), ...(optimizer && { optimizer }) },
  })),
);

const references: ScriptCase[] = reference.cases.map((referenceCase) => {
  const { problem, runs = [] } = experimentOfCase(problemOf(referenceCase), referenceCase);
  return { name: referenceCase.id, text: problem, seed: 0, run: at(runs, 0) };
});

/** Equal runs of the steps of a lesson are one. */
export const ofLessons: ScriptCase[] = lessons.flatMap(({ id, steps }) => {
  const all = steps.flatMap(({ experiment: { problem, seed = 0, runs = [] } }, step) =>
    runs.map((run, k) => ({ name: `${id}, step ${step + 1}, run ${k + 1}: ${run.method}`, text: problem, seed, run })),
  );
  const key = ({ text, run }: ScriptCase) => JSON.stringify([text, run.method, run.settings, run.optimizer, run.steps]);
  return all.filter((one, i) => all.findIndex((other) => key(other) === key(one)) === i);
});

const LINE =
  'data X[40,3], y[40] = regression(seed=1)\nparam w[3] = [0.5, 0.3, 0.2]\nminimize mse(X @ w, y)\nsubject to w in simplex';

/** What every optimizer can do with its gradient and its rate, which few examples use. */
const ofTraining: ScriptCase[] = [
  { miniBatches: true, batchSize: 7 },
  { schedule: 'cosine' },
  { schedule: 'step', schedulePeriod: 10 },
  { clipGradient: true, clipNorm: 0.1 },
].map((training) => ({
  name: `training: ${JSON.stringify(training)}`,
  text: LINE,
  seed: 70_001,
  run: { method: 'projected-gradient', steps: 40, optimizer: { kind: 'adam', learningRate: 0.05, ...training } },
}));

/** Each optimizer, its momentum projected, and the set in the distance of its steps where it has one. */
const ofOptimizers: ScriptCase[] = catalog.optimizers.map(({ id, isAdaptive, hasMetric = isAdaptive }) => ({
  name: `optimizer: ${id}`,
  text: LINE,
  seed: 0,
  run: {
    method: 'projected-gradient',
    settings: hasMetric ? { metric: 'optimizer' } : { projectMomentum: true },
    optimizer: { kind: id, learningRate: 0.05, weightDecay: 0.125 },
    steps: 8,
  },
}));

const SLICE =
  'param w[3] = [2, -1, 0.75]\nminimize sum((w - [2, -1, 1])**2)\nsubject to\n  0 <= w <= 1\n  sum(w) = 1.5';

/** A cycle goes over the sets as they are typed, where the exact projection takes a box and a plane at once. */
const ofCycles: ScriptCase[] = [
  ...['dykstra', 'alternating'].map((algorithm) => ({
    name: `cycles: nearest point, ${algorithm}`,
    text: SLICE,
    seed: 0,
    run: { method: 'nearest-point', settings: { algorithm }, steps: 12 },
  })),
  ...['dykstra', 'dykstra-warm', 'alternating'].map((projection) => ({
    name: `cycles: projected gradient, ${projection}`,
    text: SLICE,
    seed: 0,
    run: {
      method: 'projected-gradient',
      settings: { projection, cycles: 2 },
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      steps: 12,
    },
  })),
];

/** Sets that follow the step: each as one constraint with the rest of the problem around it. */
const ofMovingSets: ScriptCase[] = [
  ['a half-space', 'x + 2*y <= 1 - t/T'],
  ['a disc', '2*(x - 1)^2 + 2*y^2 <= 3 - t/T'],
  ['a simplex', '2*x + 2*y = 2 + t/T ; x >= 0 ; y >= 0'],
  ['a box beside bounds that stay', '0 <= x <= 2 - t/T ; -1 + t/T <= 2*y <= 3'],
  ['a slice of a box', '0 <= x <= 2 ; 0 <= y <= 2 - t/T ; 1 <= x + 2*y <= 2 + t/T'],
  ['a polyhedron with an equality between its inequalities', 'x - y <= 0.5 - t/T ; x + y = 1 + t/T ; x >= 0.1'],
].map(([name = '', constraints]) => ({
  name: `moving: ${name}`,
  text: `param x = 2\nparam y = 3\nminimize (x - 1)^2 + (y - 2)^2\nsubject to\n  ${constraints}`,
  seed: 0,
  run: { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 }, steps: 5 },
}));

const layer = (name: string, constraint: string, run: ScriptCase['run']): ScriptCase => ({
  name: `long rows: ${name}`,
  text: `param W[30,240] ~ normal(0, 1)\nminimize sum((W - 0.01)**2)\nsubject to sum(W, axis=1) ${constraint}`,
  seed: 3,
  run: { optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.5 }, steps: 3, ...run },
});

/** Rows of equations without a matrix of all, and rows with a limit each, kept by their formula. */
const ofLongRows: ScriptCase[] = [
  layer('momentum', '= 1 + t/T', { method: 'projected-gradient', settings: { projectMomentum: true } }),
  layer('direction', '= 1 + t/T', { method: 'projected-direction', settings: { projectAfter: true } }),
  layer('update', '= 1 + t/T', { method: 'projected-update' }),
  layer('limits, as Adam measures', '<= 1 - t/T', {
    method: 'projected-gradient',
    settings: { metric: 'optimizer' },
    optimizer: { kind: 'adam', learningRate: 0.05 },
  }),
];

/** Data as an index: positions, and masks of 0 and 1. */
const ofIndices: ScriptCase[] = [
  'w[group]',
  'w[mask]',
  'w[::-1][group]',
  'V[1, group]',
  'V[::-1, mask]',
  '(w + 1)[late]',
].map((entries) => ({
  name: `indices: ${entries}`,
  text: `param w[4] = [1, 2, 3, 4]\nparam V[2,4] = [[1, 2, 3, 4], [5, 6, 7, 9]]\ndata group = [0, 2, 3]\ndata mask = [0, 1, 1, 0]\ndata late = [-1]\nminimize sum(w**2) + sum(V**2)\nsubject to sum(${entries}) = 3`,
  seed: 0,
  run: { method: 'penalty', settings: { penalty: 2 }, optimizer: { kind: 'sgd', learningRate: 0.05 }, steps: 10 },
}));

/** What random problems brought to light. */
const ofSets: ScriptCase[] = [
  {
    name: 'sets: orthonormal columns by a penalty, whose rows Python has no words for',
    text: 'param V[2,2] = [[1, 0.25], [-0.25, 1]]\nminimize sum((V - [[0.6, -1.75], [-0.75, -1.4]])**2)\nsubject to V in orthogonal',
    run: { method: 'penalty', settings: { penalty: 2 }, optimizer: { kind: 'sgd', learningRate: 0.01 } },
  },
  {
    name: 'sets: matrices with given sums of rows and columns, whose data has a name that Python gives another',
    text: 'param V[2,2] = [[1.4, -0.5], [1.9, -1.4]]\nminimize sum((V - [[1.5, -1], [1, 2]])**2)\nsubject to\n  V >= 0\n  sum(V, axis=0) = 1\n  sum(V, axis=1) = 1',
    run: { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.05 } },
  },
  {
    name: 'sets: entries in order, as Adam measures',
    text: 'param w[4] = [1, 0.5, 2, -1]\nminimize sum((w - [2, 0, 1.5, 1])**2)\nsubject to w[1:] <= w[:-1]',
    run: {
      method: 'projected-gradient',
      settings: { metric: 'optimizer' },
      optimizer: { kind: 'adam', learningRate: 0.05 },
    },
  },
  {
    name: 'sets: a loop that begins at numbers',
    text: 'param w[2] = [1.5, 1]\nminimize sum((w - [2, -1])**2)\nsubject to\n  sum(w**2) <= 1\n  sum((w - [0.5, 0])**2) <= 1',
    run: { method: 'tangent-normal', optimizer: { kind: 'lion', learningRate: 0.03 } },
  },
  {
    name: 'sets: a start outside the simplex, moved inside by a condition for each row',
    text: 'param w[2] = [1.75, 1.25]\nminimize max(w - [1, 0.5])\nsubject to\n  w >= 0\n  sum(w) = 1',
    run: { method: 'mirror-descent', optimizer: { kind: 'muon', learningRate: 0.05 } },
  },
].map((one) => ({ ...one, seed: 0, run: { ...one.run, steps: 4 } }));

const all = [...examples, ...references].sort((a, b) => (a.run.steps ?? 0) - (b.run.steps ?? 0));

/** The shortest of each method. */
export const shortest = (count: number): ScriptCase[] =>
  all.filter(({ run }, i) => all.slice(0, i).filter((other) => other.run.method === run.method).length < count);

const loadOnce = rememberingLoader();

export async function exportedOf({ name, text, seed }: ScriptCase): Promise<Exported> {
  const document = parse(text);
  const loaded = await loadDatasets(text, catalog.datasets, loadOnce);
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  const data = { datasets: catalog.datasets, loaded: loaded.value, tables: {} };
  const problem = document.ok ? check(document.value, { seed, data }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join('\n'));
  return { problem: problem.value, structure: analyze(problem.value, catalog.constraints), title: name, text };
}

const executor = createReferenceExecutor({
  now: () => performance.now(),
  pause: () => Promise.resolve(),
  reason: 'test',
});

/** The same run in Float64. */
export async function expectedRun(one: ScriptCase) {
  const job = prepareRun(await exportedOf(one), one.run, 1, catalog);
  if (!job.ok) throw new Error(job.diagnostics.map(({ message }) => message).join('\n'));
  return recordedRun(executor, 'reference', job.value);
}

const NAME = '[\\p{ID_Start}_][\\p{ID_Continue}]*';
const GIVEN = new RegExp(`^ *\\(?(${NAME}(?:, ${NAME})*),?\\)? = |^ *for (${NAME}(?:, ${NAME})*) in `, 'gmu');

/** Names that a script gives and does not read: of modules, functions, classes and values, at the top and in each function. */
export function unusedIn(script: string): string[] {
  const code = script.replace(/"""[\s\S]*?"""/g, '').replace(/(^|\s)#.*$/gm, '');
  const countIn = (text: string, name: string): number =>
    text.match(new RegExp(`(?<![.\\p{ID_Continue}])${name}(?!\\p{ID_Continue})`, 'gu'))?.length ?? 0;
  const defined = [...code.matchAll(/^(?:def|class|(?:from [\w.]+ )?import(?: [\w.]+ as)?) (\w+)/gm)];
  const constants = [...code.matchAll(new RegExp(`^(${NAME}) = `, 'gmu'))];
  const atTop = [...defined, ...constants].flatMap(([, name = '']) => (countIn(code, name) < 2 ? [name] : []));
  const within = code.split(/\n(?=\S)/).flatMap((block) => {
    const given = [...block.matchAll(GIVEN)].flatMap(([, unpacked, looped]) => (unpacked ?? looped ?? '').split(', '));
    const isTop = !/^(?:def|class|@)/.test(block);
    const times = (name: string) => given.filter((other) => other === name).length;
    return isTop ? [] : given.filter((name) => name !== '_' && countIn(block, name) <= times(name));
  });
  return [...atTop, ...within];
}

export interface Answer {
  readonly steps: readonly number[];
  readonly x: readonly (readonly number[])[];
  readonly loss: readonly number[];
  readonly workers: number;
}

/** Largest difference, relative where the entries are large. */
export const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(0, ...b.map((entry, i) => Math.abs(at(a, i) - entry) / Math.max(1, Math.abs(entry))));

/** What the examples and lessons leave out. */
export const ofKinds: readonly ScriptCase[] = [
  ...ofTraining,
  ...ofOptimizers,
  ...ofCycles,
  ...ofIndices,
  ...ofMovingSets,
  ...ofLongRows,
  ...ofSets,
];
