/** Small problems with their optima and the multipliers there, as typed (of a simplex: the bounds, then the sum), and every method with every optimizer on them. Test support. */
import { caveatFor } from '../core/experiment/advice.ts';
import { prepareRun, studyStructure } from '../core/experiment/prepare.ts';
import type { Job } from '../core/run/run.ts';
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
export function jobOfPair({ text }: SmallProblem, method: string, optimizer: string, steps: number): Job | null {
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
