/** `window.feasible` from the first moment on: what is asked before the page can compute is done, in order, once it can. */
import { version } from '../../../package.json';
import type { Feasible } from './types.ts';

export const promisedFeasible = (coming: Promise<Feasible>): Feasible =>
  Object.freeze({
    version,
    load: async (source) => {
      const asked = asItIs(source);
      return (await coming).load(asked);
    },
    run: async (options) => (await coming).run(options),
    swarm: async () => (await coming).swarm(),
    analyze: async (options) => (await coming).analyze(options),
    link: async () => (await coming).link(),
    export: async (kind) => (await coming).export(kind),
  } satisfies Feasible);

/** A copy of this moment: who asks may go on to change the object. What cannot be copied is refused by `load`, with a sentence. */
function asItIs<T>(source: T): T {
  try {
    return structuredClone(source);
  } catch {
    return source;
  }
}
