/** Problems over rows of data, as typed and recorded. Test support. */
import { catalog } from '../catalog/registry.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { study } from '../core/experiment/study/study.ts';
import { expand } from '../core/program/expand.ts';
import { specialize } from '../core/program/specialize.ts';
import type { Job } from '../core/run/run.ts';

/** The job of a run on a typed problem, as an executor in float32 takes it. */
export function typedJob(text: string, run: Partial<RunJson> = {}, steps = 10): Job {
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  const record = Array.from({ length: steps + 1 }, (_, step) => step);
  const prepared = prepareRun(studied.value, { method: 'projected-gradient', ...run, steps, record }, 0, catalog);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.diagnostics));
  const { program, settings } = prepared.value;
  return { ...prepared.value, program: specialize(expand(program), settings) };
}

const regression = (rows: number) => `data X[${rows},3], y[${rows}] = regression(seed=1)`;

/** Rows of which each is read on its own and bent: loops. */
export const BENT = {
  logistic: `param w[3], b\n${regression(203)}\nminimize mean(log(1 + exp(-(X @ w + b) * y))) + 0.01 * sum(w**2)\nsubject to sum(w) = 1`,
  hinge: `param w[3]\n${regression(100)}\nminimize mean(max(0, 1 - y * (X @ w)))\nsubject to sum(w**2) <= 1`,
  'a network': `param V[3,4] ~ normal(0, 0.5), w[4] = [1, -1, 0.5, 0.2]\n${regression(64)}\nminimize mean((tanh(X @ V) @ w - y)**2)\nsubject to sum(w) = 1`,
  'what differs from a mean': `param w[3]\n${regression(48)}\nlet p = sigmoid(X @ w)\nminimize mean((p - mean(p) - 0.1 * y)**2)\nsubject to sum(w) = 1`,
  'softmax of each row': `param W[3,2]\n${regression(50)}\nminimize mean(logsumexp(X @ W, axis=1) - 0.3 * y * (X @ W)[:, 0])\nsubject to sum(W) = 1`,
} as const;

/** Quadratics of linear models: products of the data. */
export const QUADRATIC = {
  regression: `param w[3]\n${regression(203)}\nminimize mean((X @ w - y)**2)\nsubject to sum(w) = 1`,
  'with an offset': `param w[3], b\n${regression(300)}\nminimize mean((X @ w + b - y)**2) + 0.1 * sum(w**2)\nsubject to sum(w) = 1`,
  'column by column': `param a, b\n${regression(120)}\nminimize sum((a * X[:, 0] + b * X[:, 2] - y)**2) / 120\nsubject to a + b = 1`,
  'two targets': `param W[3,2]\n${regression(90)}\nminimize mean((X @ W)[:, 0]**2) + mean((X @ W - 0.5)**2)\nsubject to sum(W) = 1`,
} as const;
