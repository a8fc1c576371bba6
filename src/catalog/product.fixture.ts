/** Small problems with their optima and the multipliers there, as typed (of a simplex: the bounds, then the sum), and every method with every optimizer on them. Test support. */

import { at } from '../core/diagnostic.ts';
import { caveatFor } from '../core/experiment/advice/caveat.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { ownMultipliers, rowsOf } from '../core/run/multipliers.ts';
import type { Chunk, Executor, ExecutorChoice, Job } from '../core/run/run.ts';
import { catalog } from './registry.ts';

const FEW = [
  {
    name: 'a tie',
    text: 'param a = 0.5\nparam b = 0.25\nminimize (a - 1)^2 + (b - 2)^2\nsubject to a = 2*b',
    x: [1.6, 0.8],
    multipliers: [-1.2],
  },
  {
    name: 'a simplex',
    text: 'param w[3] = [0.4, 0.3, 0.3]\nminimize 2*(w[0] - 0.2)^2 + (w[1] - 0.5)^2 + (w[2] - 0.6)^2\nsubject to w in simplex',
    x: [0.14, 0.38, 0.48],
    multipliers: [0, 0, 0, 0.24],
  },
  {
    name: 'a half-line',
    text: 'param a = 0.5\nparam b = 0.5\nminimize (a + 1)^2 + (b - 1)^2\nsubject to a >= 0',
    x: [0, 1],
    multipliers: [2],
  },
];

/** Curved, bounded by several rows, and of more parameters than two. */
const FURTHER = [
  {
    name: 'a circle',
    text: 'param a = 0.5\nparam b = 1\nminimize (a - 3)^2 + (b - 4)^2\nsubject to a^2 + b^2 = 1',
    x: [0.6, 0.8],
    multipliers: [4],
  },
  {
    name: 'a disk',
    text: 'param a = 0\nparam b = 0\nminimize (a - 3)^2 + (b - 4)^2\nsubject to a^2 + b^2 <= 1',
    x: [0.6, 0.8],
    multipliers: [4],
  },
  {
    name: 'a corner',
    text: 'param a = 0.25\nparam b = 0.25\nminimize (a - 2)^2 + (b - 1)^2\nsubject to\n  a + b <= 1\n  b >= 0.125',
    x: [0.875, 0.125],
    multipliers: [2.25, 0.5],
  },
  {
    name: 'a plane of three',
    text: 'param x[3] = [1, 0, 0]\nminimize x[0]^2 + 2*x[1]^2 + 3*x[2]^2 - x[0]*x[1]\nsubject to x[0] + 2*x[1] - x[2] = 1',
    x: [0.349514563107, 0.291262135922, -0.067961165049],
    multipliers: [-0.407766990291],
  },
];
export const PROBLEMS = import.meta.env.FEASIBLE_FULL === '1' ? [...FEW, ...FURTHER] : FEW;
export type SmallProblem = (typeof PROBLEMS)[number];

/** Of a method that takes its learning rate only, one: the kind of the optimizer does not matter. */
export const pairs = catalog.methods.flatMap((method) =>
  (method.optimizer === 'any' ? catalog.optimizers.map(({ id }) => id) : ['sgd']).map((optimizer) => ({
    method: method.id,
    optimizer,
  })),
);

const structures = new Map(PROBLEMS.map(({ text }) => [text, studyStructure(text, 0, catalog)]));

/** The run of a pair on a problem; null where `supports` says no. Its step decays to nothing, so that adaptive optimizers come to rest. */
function jobOfPair({ text }: SmallProblem, method: string, optimizer: string, steps: number): Job | null {
  const studied = structures.get(text);
  if (!studied?.ok) throw new Error(JSON.stringify(studied));
  const learningRate = optimizer === 'adagrad' ? 0.3 : 0.03;
  const run = { method, steps, optimizer: { kind: optimizer, learningRate, schedule: 'cosine' } };
  const job = prepareRun(studied.value, run, 1, catalog);
  return job.ok ? job.value : null;
}

/** What the method's file says of the pair, with its settings left out. */
export function caveatOf({ text }: SmallProblem, id: string, kind: string): string | null {
  const studied = structures.get(text);
  const method = catalog.methods.find((entry) => entry.id === id);
  const optimizer = catalog.optimizers.find((entry) => entry.id === kind);
  if (!studied?.ok || !method || !optimizer) throw new Error(`${id} with ${kind}`);
  return caveatFor(studied.value.structure, method, optimizer, {});
}

const STEPS = 1500;
/** Sigmoid and softmax come to a boundary like 1/√t. */
const WITHIN = 3e-2;
/** λ and μ, where the iterate is that near: slopes differ by a few times as much as points. */
const MULTIPLIERS_WITHIN = 0.15;

/** Methods that do not solve the problem, by design: their files say so. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  unconstrained: 'ignores the constraints',
  'nearest-point': 'ignores the loss',
  'impose-at-end': 'asks the loss only before it projects',
  penalty: 'stops at a violation of about λ/ρ',
  'gumbel-softmax': 'chooses a corner where the optimum may be a mixture',
  'straight-through': 'its derivative is not that of what it computes',
};
/** A map approaches a boundary from inside and never reaches it, as its summary says: the row counts as inactive. */
const isOpen = (method: string, problem: string) => method === 'reparameterization' && problem === 'a half-line';

export const solving = pairs.filter(({ method }) => !(method in ELSEWHERE));

/** Where a pair ends on a problem, and what is wrong with that: nothing, if its file says why. Null where `supports` says no. */
export async function endOfPair(
  executor: Executor,
  choice: ExecutorChoice,
  problem: SmallProblem,
  { method, optimizer }: (typeof pairs)[number],
) {
  const job = jobOfPair(problem, method, optimizer, STEPS);
  if (!job) return null;
  const { x, multipliers } = await endOf(job, executor, choice);
  const isSaid = caveatOf(problem, method, optimizer) !== null;
  const [error, ofMultipliers] = [distance(x, problem.x), distance(multipliers, problem.multipliers)];
  const hasArrived = error < WITHIN;
  const faults: string[] = [];
  if (!hasArrived && !isSaid) faults.push(`${method} with ${optimizer}: ${error} away`);
  const isRounded = choice !== 'reference' && method === 'interior-point'; // as its file says
  const isKnown = isSaid || isRounded || isOpen(method, problem.name);
  if (hasArrived && !(ofMultipliers <= MULTIPLIERS_WITHIN) && !isKnown)
    faults.push(`${method} with ${optimizer}: multipliers ${ofMultipliers} away from ${problem.multipliers}`);
  return { hasArrived, faults };
}

/** The last iterate, and its multipliers as they are reported: the method's own where it keeps some, else by least squares. */
async function endOf(job: Job, executor: Executor, choice: ExecutorChoice) {
  const chunks: Chunk[] = [];
  const options = { executor: choice, onChunk: (chunk: Chunk) => chunks.push(chunk) };
  const [end] = await executor.run([{ ...job, record: [STEPS] }], options);
  if (choice === 'fused' && end?.status === 'failed') return endOf(job, executor, 'dispatched'); // too long for one kernel
  const chunk = at(chunks, chunks.length - 1);
  const count = chunk.steps.length;
  const multipliers = rowsOf(ownMultipliers(chunk, job.measure) ?? chunk.measures.multipliers, count);
  return { x: at(rowsOf(chunk.iterates, count), count - 1), multipliers: at(multipliers, count - 1) };
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? Math.max(...a.map((entry, i) => Math.abs(entry - at(b, i)))) : Number.POSITIVE_INFINITY;
