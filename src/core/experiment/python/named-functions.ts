/** Functions that methods call by a name: a script holds each once, and calls it. */
import type { TracedFunction } from './trace.ts';

/** What they return, as sentences. */
export const SAYS: Readonly<Record<string, string>> = {
  inverse_of:
    'The inverse of a symmetric positive definite matrix, and its least pivot: tiny where it is not definite.',
  raised: 'M + tau I with the least tau of a growing sequence that makes it positive definite.',
  room: 'The longest step, up to 1, that keeps a share of each positive entry of v.',
  quadratic_program: 'argmin d.H.d/2 + q.d + weight |J d + c|, multipliers, and what leads back to its active rows.',
};

/** Functions that the methods' own code names, by what they are: one for equal bodies. */
export class NamedFunctions {
  readonly all: TracedFunction[] = [];
  private readonly names = new Map<string, string>();

  /** Its name in the script. */
  add(traced: TracedFunction): string {
    const { name, ops, parameters, results } = traced;
    const key = JSON.stringify(
      [name, ops.values.map((value) => Object.entries(value)), parameters, results],
      (_, entry) => (entry instanceof Float64Array ? [...entry] : entry),
    );
    const before = this.names.get(key);
    if (before !== undefined) return before;
    const same = this.all.filter((other) => other.name.replace(/_\d+$/, '') === name).length;
    const own = same === 0 ? name : `${name}_${same + 1}`;
    this.names.set(key, own);
    this.all.push({ ...traced, name: own });
    return own;
  }
}

/** Names of TypeScript as Python writes them. */
export const snakeCase = (name: string): string =>
  /^[A-Z]\w?$/.test(name) ? name : name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
