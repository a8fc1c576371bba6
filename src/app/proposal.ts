/** In which order methods are proposed to whom has not tried them. */
import type { Structure } from '../core/analysis/structure.ts';
import type { Study } from './study.ts';

/** From what keeps the constraints exactly, and says the most of them, to what only leans towards them. */
const ORDER: readonly string[] = [
  'projected-gradient',
  'null-space',
  'reparameterization',
  'sqp',
  'augmented-lagrangian',
  'lagrangian',
  'penalty',
];

const FREE = 'unconstrained';

const rank = (id: string): number => {
  const place = ORDER.indexOf(id);
  return place >= 0 ? place : ORDER.length;
};

const isConstrained = ({ equalityRows, inequalityRows }: Structure): boolean => equalityRows + inequalityRows > 0;

/** Ids of the methods that apply, the best to begin with first. Without constraints they are all the same one. */
export const proposedMethods = ({ structure, methods }: Pick<Study, 'structure' | 'methods'>): readonly string[] =>
  methods
    .filter(({ id, supported }) => supported && isConstrained(structure) === (id !== FREE))
    .map(({ id }) => id)
    .sort((a, b) => rank(a) - rank(b));

/** The first, and, where it applies, the one that makes the fewest steps to the optimum. */
export function highlightedMethods(study: Pick<Study, 'structure' | 'methods'>): readonly string[] {
  const ordered = proposedMethods(study);
  return ordered.filter((id, place) => place === 0 || id === 'sqp');
}
