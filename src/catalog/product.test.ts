/** Every method with every optimizer on small problems: at the optimum, or named here with the reason why not. */
import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { prepareRun, studyStructure } from '../core/experiment/prepare.ts';
import { interpret } from '../core/program/interpret.ts';
import { DIVERGENCE_BOUND } from '../core/run/run.ts';
import { catalog } from './registry.ts';

const PROBLEMS = [
  {
    name: 'a tie',
    text: 'param a = 0.5\nparam b = 0.25\nminimize (a - 1)^2 + (b - 2)^2\nsubject to a = 2*b',
    x: [1.6, 0.8],
  },
  {
    name: 'a simplex',
    text: 'param w[3] = [0.4, 0.3, 0.3]\nminimize 2*(w[0] - 0.2)^2 + (w[1] - 0.5)^2 + (w[2] - 0.6)^2\nsubject to w in simplex',
    x: [0.14, 0.38, 0.48],
  },
  {
    name: 'a half-line',
    text: 'param a = 0.5\nparam b = 0.5\nminimize (a + 1)^2 + (b - 1)^2\nsubject to a >= 0',
    x: [0, 1],
  },
];
const STEPS = 1500;
/** Sigmoid and softmax come to a boundary like 1/√t. */
const WITHIN = 3e-2;
/** A step that decays to nothing, so that adaptive optimizers come to rest. */
const TRAINING = { schedule: 'cosine' };

/** Methods that do not solve the problem, by design: their files say so. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  unconstrained: 'ignores the constraints',
  'nearest-point': 'ignores the loss',
  'impose-at-end': 'asks the loss only before it projects',
  penalty: 'stops at a violation of about λ/ρ',
  'gumbel-softmax': 'chooses a corner where the optimum may be a mixture',
  'straight-through': 'its derivative is not that of what it computes',
};
/** Why a method with an optimizer may rest elsewhere; null where it must arrive. Plain descent must arrive with every method. */
function reasonNot(method: string, optimizer: string, problem: string): string | null {
  if (optimizer === 'sgd') return null;
  const isCoupled = problem !== 'a half-line';
  if (isCoupled && ['projected-gradient', 'projected-update'].includes(method))
    return 'the adaptive step and the Euclidean projection cancel before the gradient vanishes along the set';
  if (isCoupled && method === 'projected-direction')
    return 'the optimizer bends the projected direction, so that it leaves the set';
  if (method === 'lagrangian' && ['adam', 'adamw', 'lion', 'muon'].includes(optimizer))
    return 'steps of a set length and multipliers that answer them circle the optimum';
  if (optimizer === 'lion' && ['admm', 'reparameterization'].includes(method))
    return 'Lion’s steps have one length in all entries: they swing about moving targets and decay θ';
  return null;
}

const cases = PROBLEMS.flatMap((problem) =>
  catalog.methods
    .filter(({ id }) => !(id in ELSEWHERE))
    .flatMap((method) =>
      (method.optimizer === 'any' ? catalog.optimizers.map(({ id }) => id) : ['sgd']).map((optimizer) => ({
        ...problem,
        method: method.id,
        optimizer,
      })),
    ),
);

describe('every method with every optimizer', () => {
  it.each(PROBLEMS)('reaches the optimum of $name, or says why not', ({ name, text, x }) => {
    const studied = studyStructure(text, 0, catalog);
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const off: string[] = [];
    let arrived = 0;
    for (const { method, optimizer } of cases.filter((one) => one.name === name)) {
      const learningRate = optimizer === 'adagrad' ? 0.3 : 0.03;
      const run = { method, steps: STEPS, optimizer: { kind: optimizer, learningRate, ...TRAINING } };
      const job = prepareRun(studied.value, run, 1, catalog);
      if (!job.ok) continue; // `supports` says no
      const walk = interpret(job.value.program, job.value.starts, job.value.settings);
      for (let k = 0; k < STEPS; k++) walk.step(DIVERGENCE_BOUND);
      const end = [...at(walk.outputs(), 0)];
      const error = Math.max(...end.map((entry, i) => Math.abs(entry - at(x, i))));
      if (error < WITHIN) arrived += 1;
      else if (reasonNot(method, optimizer, name) === null) off.push(`${method} with ${optimizer}: ${error} away`);
    }
    expect(off).toEqual([]);
    expect(arrived).toBeGreaterThan(20);
  });
});
