/** Which method is proposed to whom has not tried any, and why: one table, from the first row down. */
import type { Structure } from './structure.ts';

interface Rule {
  readonly method: string;
  /** What speaks for it, where it applies. */
  readonly reason: string | ((structure: Structure) => string);
}

/** From what keeps the constraints exactly, and says the most of them, to what only leans towards them. */
const RULES: readonly Rule[] = [
  {
    method: 'projected-gradient',
    reason: ({ hasExactProjection }) =>
      hasExactProjection
        ? 'After each step it goes to the nearest feasible point, which is known for this set: every point it makes is feasible.'
        : 'After each step it goes back to the feasible set, part by part: its points stay on the set or near it.',
  },
  {
    method: 'null-space',
    reason:
      'The constraints are affine equalities: it moves only in directions that keep them, so nothing has to be brought back.',
  },
  {
    method: 'reparameterization',
    reason: 'The feasible set has a formula without constraints, so any optimizer trains it as it is.',
  },
  {
    method: 'sqp',
    reason:
      'It makes the fewest steps: each solves a quadratic model of the problem. A step costs more than one of the others.',
  },
  {
    method: 'augmented-lagrangian',
    reason:
      'It needs no nearest point: multipliers bring it to the constraints, and its penalty need not grow without end.',
  },
  {
    method: 'lagrangian',
    reason: 'It reaches the constraints by multipliers, whatever the constraints are.',
  },
  {
    method: 'penalty',
    reason: 'It takes any constraint, but meets it only as nearly as its weight is large.',
  },
];

const FREE: Rule = { method: 'unconstrained', reason: 'There is no constraint: the optimizer alone does it.' };
const OTHER = 'It applies, but others are easier to begin with.';

const isConstrained = ({ equalityRows, inequalityRows }: Structure): boolean => equalityRows + inequalityRows > 0;

export interface Proposal {
  readonly method: string;
  readonly reason: string;
  /** The first, and, where it applies, the one that makes the fewest steps to the optimum. */
  readonly isHighlighted: boolean;
}

/** Of a study: what is known of the constraints, and which methods apply to them. */
export interface Choice {
  readonly structure: Structure;
  readonly methods: readonly { readonly id: string; readonly supported: boolean }[];
}

/** The methods that apply, the best to begin with first. Without constraints they are all the same one. */
export function proposals({ structure, methods }: Choice): readonly Proposal[] {
  const place = (id: string): number => {
    const found = RULES.findIndex(({ method }) => method === id);
    return found >= 0 ? found : RULES.length;
  };
  return methods
    .filter(({ id, supported }) => supported && isConstrained(structure) === (id !== FREE.method))
    .sort((a, b) => place(a.id) - place(b.id))
    .map(({ id }, position) => {
      const reason = [FREE, ...RULES].find(({ method }) => method === id)?.reason ?? OTHER;
      return {
        method: id,
        reason: typeof reason === 'string' ? reason : reason(structure),
        isHighlighted: position === 0 || id === 'sqp',
      };
    });
}

/** Their ids. */
export const proposedMethods = (choice: Choice): readonly string[] => proposals(choice).map(({ method }) => method);
