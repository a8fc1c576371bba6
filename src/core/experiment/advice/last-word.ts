/** Of a run that ends off an optimum, where nothing more exact is known: how it ends, and which other method to try. */
import { bentOf } from '../../analysis/optimum/corners.ts';
import { proposals } from '../../analysis/proposal.ts';
import type { Advice, Catalog } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { isKept } from '../../run/verdict.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { Study } from '../study/study.ts';
import type { Course } from './more-steps.ts';

/** The share of the steps that is looked at. */
const LAST = 0.2;
/** It stands still where it is that much nearer to its end than it ever was far, or within this of 1 + |x|∞. */
const STILL = 1e-3;
const ROUNDING = 1e-9;
/** A way this much longer than it is far comes back on itself. */
const WINDING = 4;

/** What is proposed comes from `proposals`; kinks, which stop methods of slopes and of curvature alike, leave no other to propose. */
export function adviceAtTheEnd(
  { problem, structure, methods }: Pick<Study, 'problem' | 'structure' | 'methods'>,
  method: string,
  catalog: Catalog,
  course: Course,
): Advice {
  const usesRate = catalog.methods.find(({ id }) => id === method)?.optimizer !== 'none';
  const message = endingOf(course, problem.size, usesRate);
  const { corners, folds } = bentOf(problem);
  const entries = proposals({ structure, methods }, catalog).flatMap(
    (proposal) => catalog.methods.find(({ id, ignores }) => id === proposal.method && id !== method && !ignores) ?? [],
  );
  // A method of its own steps where the learning rate may be what fails; where such a one failed, the first that is proposed.
  const other = (usesRate ? entries.find(({ optimizer }) => optimizer === 'none') : null) ?? entries[0];
  return other && corners.length + folds.length === 0
    ? { message, change: { title: `Use ${other.title}`, method: other.id, settings: {} } }
    : { message };
}

function endingOf({ executor, iterates, violation, steps }: Course, size: number, usesRate: boolean): string {
  const records = violation.length;
  const made = steps?.at(-1) ?? records - 1;
  const from = Math.max(
    0,
    steps ? steps.findIndex((step) => step >= (1 - LAST) * made) : Math.floor((1 - LAST) * made),
  );
  const pointAt = (record: number) => iterates.subarray(record * size, (record + 1) * size);
  const between = (a: number, b: number) => {
    const [here, there] = [pointAt(a), pointAt(b)];
    return here.reduce((most, entry, i) => Math.max(most, Math.abs(entry - at(there, i))), 0);
  };
  const largest = maximumNorm(pointAt(records - 1));
  let [span, late, way] = [0, 0, 0];
  for (let k = 0; k < records; k++) span = Math.max(span, between(k, records - 1));
  for (let k = from; k < records; k++) late = Math.max(late, between(k, records - 1));
  for (let k = from + 1; k < records; k++) way += between(k, k - 1);
  const isFeasible = isKept(at(violation, records - 1), largest, executor);
  if (late <= Math.max(STILL * span, ROUNDING * (1 + largest)))
    return isFeasible
      ? 'It stands still at a feasible point where no multipliers balance the loss: no optimum, unless the slopes of the constraints vanish or depend on each other there. Another start or another method may lead on.'
      : 'It stands still off its constraints: from here its steps lead no nearer to them. Another start or another method may.';
  if (way < WINDING * late)
    return 'It still moved when its steps ended, but the larger of violation and ‖∇L‖ no longer fell steadily: more such steps need not end at an optimum.';
  const round = 'It goes to and fro, or round, at the end, and comes no nearer';
  return usesRate ? `${round}: steps this long overshoot where the loss or the constraints bend.` : `${round}.`;
}
