/** What a swarm gave, as the page's API says it. */
import type { SwarmPicture } from '../store/swarm-slice.ts';
import type { SwarmResult } from './types.ts';

/** The arrays are copies: what the page shows stays its own. */
export function swarmResult({ sampling, columns, optima, end }: SwarmPicture): SwarmResult {
  const { kind, axes, count, width } = sampling;
  return {
    over: axes.map(({ name, from, to, scale }) => ({ axis: name, from, to, scale })),
    size: kind === 'grid' ? [width, count / width] : count,
    outcome: columns.outcome.slice(),
    basin: columns.basin.slice(),
    stepsToTolerance: columns.stepsToTolerance.slice(),
    violation: columns.violation.slice(),
    loss: columns.loss.slice(),
    optima: optima.map((x) => [...x]),
    elapsedMs: end?.elapsedMs ?? 0,
  };
}
