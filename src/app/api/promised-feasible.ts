/** `window.feasible` from the first moment on: what is asked before the page can compute is done, in order, once it can. */
import { version } from '../../../package.json';
import type { Feasible } from './types.ts';

export const promisedFeasible = (coming: Promise<Feasible>): Feasible =>
  Object.freeze({
    version,
    load: async (source) => (await coming).load(source),
    run: async (options) => (await coming).run(options),
    swarm: async () => (await coming).swarm(),
    analyze: async (options) => (await coming).analyze(options),
    link: async () => (await coming).link(),
    export: async (kind) => (await coming).export(kind),
  } satisfies Feasible);
