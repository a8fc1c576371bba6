/** Of a run of a problem in which there is no point to arrive at: that more steps do not help, and what may. */
import { listed } from '../../analysis/wording.ts';
import type { Advice } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import type { Parameter, Problem } from '../../problem/problem.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { Study } from '../study/study.ts';

/** Null where there may be such a point. Where the optimum may not be spoken of, neither may that there is none. */
export function adviceOnNoArrival(
  { problem, feasibility: { verdict, conflict }, noOptimum }: Pick<Study, 'problem' | 'feasibility' | 'noOptimum'>,
  tellsOptimum: boolean,
): Advice | null {
  if (verdict === 'no') {
    const lines = conflict?.lines ?? [];
    const [only] = lines;
    const who =
      lines.length > 1
        ? `lines ${listed(lines.map(String))} contradict each other`
        : only === undefined
          ? 'they contradict each other'
          : `line ${only} cannot hold`;
    return { message: `No point meets all constraints, so no run can: ${who}.` };
  }
  if (!noOptimum?.ray || !tellsOptimum) return null;
  const { summary } = noOptimum;
  return summary.endsWith('on and on')
    ? {
        message: `${summary}, towards a value that no point takes: the parameters grow for ever. A limit on their size ends that, as ${limitOf(problem, noOptimum.ray.along)}.`,
      }
    : {
        message: `${summary}, so no number of steps comes to an end. A constraint may be missing, or a sign turned round.`,
      };
}

/** On the parameter that moves most along the way. */
function limitOf({ parameters }: Problem, along: ArrayLike<number>): string {
  const reach = ({ offset, start }: Parameter) => maximumNorm(Array.from(start, (_, i) => at(along, offset + i)));
  const { name, shape } = parameters.reduce((most, next) => (reach(next) > reach(most) ? next : most));
  return `${shape.length === 0 ? 'abs' : 'norm'}(${name}) <= 10`;
}
