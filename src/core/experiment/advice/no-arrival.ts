/** Of a run of a problem in which there is no point to arrive at: that more steps do not help, and what may. */
import { listed } from '../../analysis/wording.ts';
import type { Advice } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import type { Parameter, Problem } from '../../problem/problem.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import type { Study } from '../study/study.ts';

/** Null where there may be such a point. Where the optimum may not be spoken of, neither may that there is none. */
export function adviceOnNoArrival(
  {
    problem,
    feasibility: { verdict, conflict },
    noOptimum,
    isConvex,
  }: Pick<Study, 'problem' | 'feasibility' | 'noOptimum' | 'isConvex'>,
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
  if (!noOptimum?.falls || !tellsOptimum) return null;
  const { summary, ray } = noOptimum;
  const isOnAndOn = ray !== undefined && summary.endsWith('on and on');
  const what = isOnAndOn ? `${summary}, towards a value that no point takes` : summary;
  const mend = isOnAndOn
    ? `A limit on their size ends that, as ${limitOf(problem, ray.along)}.`
    : 'A constraint may be missing, or a sign turned round.';
  // Where the problem is not convex, a run may still come to rest in a hollow beside the fall.
  if (!isConvex)
    return {
      message: `${what}: the parameters of a run grow for ever, or it ends at a point that is best among its neighbours only. ${mend}`,
    };
  return {
    message: isOnAndOn
      ? `${what}: the parameters grow for ever. ${mend}`
      : `${what}, so no number of steps comes to an end. ${mend}`,
  };
}

/** On the parameter that moves most along the way. */
function limitOf({ parameters }: Problem, along: ArrayLike<number>): string {
  const reach = ({ offset, start }: Parameter) => maximumNorm(Array.from(start, (_, i) => at(along, offset + i)));
  const { name, shape } = parameters.reduce((most, next) => (reach(next) > reach(most) ? next : most));
  return `${shape.length === 0 ? 'abs' : 'norm'}(${name}) <= 10`;
}
