/** Dispatches a step of problems and methods of the reference: a change of any of these numbers is to be seen. */
import { expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { at } from '../../core/diagnostic.ts';
import { prepareRun } from '../../core/experiment/prepare-run.ts';
import { study } from '../../core/experiment/study/study.ts';
import { expand } from '../../core/program/expand.ts';
import { gatherParts } from '../../core/program/gathered-parts.ts';
import { specialize } from '../../core/program/specialize.ts';
import { experimentOfCase } from '../../core/reference/experiment-of-case.ts';
import { problemOf, type ReferenceCase, reference } from '../../core/reference/trajectories.ts';
import type { TogetherItem } from '../kernels/together.ts';
import { lower } from './lower.ts';
import { byteCount, dispatchCount, type Item } from './plan.ts';

/** One of each kind and size; to study all problems takes minutes. */
const CASES = [
  'sum-one.pgd.adam-0.05',
  'two-rows.penalty.adam-0.01.rho100',
  'quad4-2.alm.sgd-m0.8-0.01.rho4',
  'simplex-quad3.reparam.adam-0.05.softmax',
  'portfolio-8.pgd.sgd-nesterov-0.05',
  'mlp-tied.reparam.adam-0.01.tie',
  'mlp-tied.pgd.sgd-m0.9-0.05',
  'basis-full.update_projection.sgd-m0.8-0.1',
];

/** As many as there would be with one for each operation. */
const operationCount = (items: readonly (Item | TogetherItem)[]): number =>
  items.reduce((sum, item) => {
    if (item.kind === 'part') return sum + (item.run?.lines.length ?? 1);
    if (item.kind !== 'call') return sum + item.count * operationCount(item.body);
    const { together, run } = item.dispatch;
    return sum + (together ? operationCount(together.items) : (run?.lines.length ?? 1));
  }, 0);

function rowOf(referenceCase: ReferenceCase): string {
  const { problem, runs = [] } = experimentOfCase(problemOf(referenceCase), referenceCase);
  const run = at(runs, 0);
  const studied = study(problem, 0, catalog);
  if (!studied.ok) return `${referenceCase.id}: not studied`;
  const job = prepareRun(studied.value, { ...run, steps: 1, record: [1] }, 1, catalog);
  if (!job.ok) return `${referenceCase.id}: no run`;
  const plan = lower(gatherParts(specialize(expand(job.value.program), job.value.settings)));
  const [before, after] = [operationCount(plan.step), dispatchCount(plan.step)];
  return `${referenceCase.id}: ${after} of ${before}, ${byteCount(plan)} bytes`;
}

it('keeps count of the dispatches of a step, of as many operations, and of the bytes of all buffers', async () => {
  const rows = CASES.map((id) =>
    rowOf(
      at(
        reference.cases,
        reference.cases.findIndex((one) => one.id === id),
      ),
    ),
  );
  await expect(rows.join('\n')).toMatchFileSnapshot('./counts.golden.txt');
});
