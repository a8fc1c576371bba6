/** The page's API against the reference values, in every executor: within `f32` on a GPU, within `f64` in the reference. */
import { expect, type Page, test } from '@playwright/test';
import { disagreements, violatedRows } from '../src/core/reference/agreement.ts';
import { experimentOfCase } from '../src/core/reference/experiment-of-case.ts';
import { problemOf, type ReferenceCase, reference } from '../src/core/reference/trajectories.ts';
import { precisionOf } from '../src/core/run/verdict.ts';
import { loadAndRun, openPage } from './support/page.ts';

const METHODS = ['pgd', 'nullspace_reparam', 'penalty', 'unconstrained'];

/** Losses that are spelled out, affine equalities or no constraints at all. */
function isCovered(referenceCase: ReferenceCase): boolean {
  const { kind, constraints, A } = problemOf(referenceCase);
  const isAffine = constraints.every(({ type }) => type === 'eq') && (constraints.length === 0 || A !== undefined);
  const projection = referenceCase.params?.projection as { readonly kind: string } | undefined;
  const isExact = projection === undefined || projection.kind === 'affine';
  return METHODS.includes(referenceCase.method) && kind === 'expression' && isAffine && isExact;
}

const cases = reference.cases.filter(isCovered);
/** The problems of the articles come first: where they fail, the rest need not be read. */
const FIRST = ['sum-one', 'ratio', 'two-rows'];
const ordered = [
  ...FIRST.flatMap((id) => cases.filter(({ problem }) => problem === id)),
  ...cases.filter(({ problem }) => !FIRST.includes(problem)),
];

/** The GPU makes every fourth, the others every fifth, and all do with `npm run test:full`: their own suites make all 271. */
const SHARES = { gpu: 4, reference: 5, dispatched: 5 } as const;
const casesOf = (executor: keyof typeof SHARES): readonly ReferenceCase[] =>
  ordered.filter((_, i) => process.env.FEASIBLE_FULL || i % SHARES[executor] === 0);

/** Numbers are compared, and a processor that stands in for a GPU has no time for pictures in space. */
const FLAT = { kind: 'parallel' } as const;

/** Whether the method keeps affine equalities at this step by construction. */
function keeps({ method, params }: ReferenceCase, step: number): boolean {
  if (method === 'nullspace_reparam') return true;
  return method === 'pgd' && step >= 1 && step % Number(params?.every ?? 1) === 0;
}

for (const executor of ['gpu', 'reference', 'dispatched'] as const) {
  test.describe(`executor ${executor}`, () => {
    let page: Page;
    test.beforeAll(async ({ browser }) => {
      page = await browser.newPage();
      await openPage(page);
    });
    test.afterAll(() => page.close());

    for (const referenceCase of casesOf(executor)) {
      test(referenceCase.id, async () => {
        const problem = problemOf(referenceCase);
        const [result] = await loadAndRun(page, { ...experimentOfCase(problem, referenceCase), view: FLAT }, executor);
        expect(result?.status, result?.message).toMatch(/^(finished|converged)$/);
        if (!result) return;
        if (executor !== 'gpu') expect(result.executor).toBe(executor);
        expect(
          disagreements(problem, referenceCase, result, precisionOf(result.executor) === 'float64' ? 'f64' : 'f32'),
        ).toEqual([]);
        expect(violatedRows(problem, result, (step) => keeps(referenceCase, step))).toEqual([]);
        expect(result.parameters.map(({ name }) => name)).toEqual(problem.variables);
      });
    }
  });
}
