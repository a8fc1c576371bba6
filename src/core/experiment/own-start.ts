/** Runs that begin elsewhere than the text says. */
import { fault, type Result, success } from '../diagnostic.ts';
import { type Problem, startedAt } from '../problem/problem.ts';
import type { RunJson } from './experiment.ts';
import { counted } from './limits.ts';

/** What is known of the text, with x₀ as the run has it. Fails where the run's own start is of another length. */
export function fromOwnStart<Known extends { readonly problem: Problem }>(
  known: Known,
  { start }: Pick<RunJson, 'start'>,
): Result<Known> {
  if (start === undefined) return success(known);
  const { size } = known.problem;
  return start.length === size
    ? success({ ...known, problem: startedAt(known.problem, start) })
    : fault(
        `This run has a start of its own with ${counted(start.length)} numbers, and the text has ${counted(size)} parameters. Let it start where the text says.`,
      );
}
