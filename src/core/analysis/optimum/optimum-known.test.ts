/** The optimum of the known problems: found, with evidence; and nothing claimed that is not so. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { type KnownProblem, knownProblems, textOf } from '../../reference/problems.ts';
import { findOptimum } from './optimum.ts';

function optimumOf(known: KnownProblem) {
  const document = parse(textOf(known));
  const problem = document.ok ? check(document.value, { seed: 0 }) : document;
  if (!problem.ok) throw new Error(`${known.id}: ${problem.diagnostics.map(({ message }) => message).join('\n')}`);
  return findOptimum(problem.value);
}

/** max |aᵢ − bᵢ| as shares of max(1, |bᵢ|). */
const largestDifference = (a: ArrayLike<number>, b: readonly number[]) =>
  Math.max(0, ...b.map((entry, i) => Math.abs((a[i] ?? Number.NaN) - entry) / Math.max(1, Math.abs(entry))));

const lossError = (loss: number, { fstar }: KnownProblem) => Math.abs(loss - fstar) / (1 + Math.abs(fstar));

describe('the optimum of known problems', () => {
  it('is found for all but a few, and claimed for no other point', { timeout: 300_000 }, () => {
    const missing: string[] = [];
    const wrong: string[] = [];
    for (const known of knownProblems) {
      const found = optimumOf(known);
      if (found === null) missing.push(known.id);
      else if (lossError(found.loss, known) > 1e-6 || found.kktResidual > 1e-6)
        wrong.push(`${known.id}: ${found.loss} is not ${known.fstar} (residual ${found.kktResidual})`);
      else if (known.licq && known.multipliers && largestDifference(found.x, known.xstar) < 1e-4) {
        const error = largestDifference(found.multipliers, known.multipliers); // where they are unique
        if (error > 1e-4) wrong.push(`${known.id}: its multipliers are off by ${error}`);
      }
    }
    console.info(
      `${knownProblems.length - missing.length - wrong.length} of ${knownProblems.length} found; missing: ${missing.join(', ')}`,
    );
    expect(wrong).toEqual([]);
    expect(missing.length).toBeLessThanOrEqual(3);
  });
});
