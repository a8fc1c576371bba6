/** Training of a network of typed text. Test support. */
import { catalog } from '../../catalog/registry.ts';
import { prepareRun } from '../../core/experiment/prepare-run.ts';
import { study } from '../../core/experiment/study/study.ts';
import type { Job } from '../../core/run/run.ts';

const STEPS = 4;

type Sizes = readonly [batch: number, inputs: number, hidden: number, outputs: number];

/** Least squares on a network with one hidden layer: W, c, V, d. */
export function networkJob([batch, inputs, hidden, outputs]: Sizes, optimizer: string): Job {
  const text = `
data X[${batch},${inputs}], y[${batch}] = classification(seed=1, separation=3)
data G[${batch},${outputs}], z[${batch}] = classification(seed=2, separation=3)
param W[${inputs},${hidden}] ~ normal(0, 0.2), c[${hidden}] = 0.1, V[${hidden},${outputs}] ~ normal(0, 0.2), d[${outputs}] = 0
minimize sum((max(0, X @ W + c) @ V + d - G)^2) / ${batch}
`;
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(studied.diagnostics.map(({ message }) => message).join('\n'));
  const run = { method: 'penalty', optimizer: { kind: optimizer, learningRate: 0.01 } };
  const record = Array.from({ length: STEPS + 1 }, (_, t) => t);
  const prepared = prepareRun(studied.value, { ...run, steps: STEPS, record }, 0, catalog);
  if (!prepared.ok) throw new Error(prepared.diagnostics.map(({ message }) => message).join('\n'));
  return prepared.value;
}
