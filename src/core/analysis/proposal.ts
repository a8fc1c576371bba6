/** Which method is proposed to whom has not tried any, and why: by what the methods say for themselves. */
import type { Catalog } from '../contracts.ts';
import type { Structure } from './structure.ts';

const OTHER = 'It applies, but others are easier to begin with.';

const isConstrained = ({ equalityRows, inequalityRows }: Structure): boolean => equalityRows + inequalityRows > 0;

export interface Proposal {
  readonly method: string;
  readonly reason: string;
  /** The first, and, where they apply, those with a merit of their own. */
  readonly isHighlighted: boolean;
}

/** Of a study: what is known of the constraints, and which methods apply to them. */
export interface Choice {
  readonly structure: Structure;
  readonly methods: readonly { readonly id: string; readonly supported: boolean }[];
}

/** The methods that apply, the best to begin with first. Without constraints they are all the same one. */
export function proposals({ structure, methods }: Choice, catalog: Pick<Catalog, 'methods'>): readonly Proposal[] {
  const applies = new Set(methods.flatMap(({ id, supported }) => (supported ? [id] : [])));
  return catalog.methods
    .filter(({ id, ignores }) => applies.has(id) && isConstrained(structure) !== (ignores === 'constraints'))
    .map(({ id, merit }) => ({ id, place: Number.POSITIVE_INFINITY, reason: OTHER, ...merit }))
    .sort((a, b) => (a.place === b.place ? 0 : a.place - b.place))
    .map(({ id, reason, isSingular }, position) => ({
      method: id,
      reason: typeof reason === 'string' ? reason : reason(structure),
      isHighlighted: position === 0 || isSingular === true,
    }));
}
