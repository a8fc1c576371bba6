/** Which views a problem has, and which of them is shown. */
import { VIEW_KINDS, type ViewJson } from '../../../core/experiment/experiment.ts';
import type { PlaneKind, Study } from '../../study.ts';

export type ViewKind = Exclude<(typeof VIEW_KINDS)[number], 'auto'>;

/** What the choice of a view depends on. */
type Seen = Pick<Study, 'problem' | 'structure'>;

interface View {
  readonly title: string;
  /** What it shows, for a reader who meets it for the first time. */
  readonly summary: string;
  /** Whether it makes sense for the problem. */
  readonly suits: (seen: Seen) => boolean;
}

export interface ViewChoice extends View {
  readonly kind: ViewKind;
}

/** Beyond this, directions of paths take too long to find. */
const MOST_ENTRIES = 5000;

/** A slice needs all derivatives at its iterate. */
const MOST_SLICED = 1000;

const isBeyondPlane = ({ problem: { size } }: Seen): boolean => size >= 3;
const hasDirections = (seen: Seen): boolean => isBeyondPlane(seen) && seen.problem.size <= MOST_ENTRIES;

/** Each with what it needs of a problem. */
const VIEWS: Readonly<Record<ViewKind, View>> = {
  '2d': {
    title: 'Two entries',
    summary: 'Two of the parameters, one on each axis; the others are held.',
    suits: () => true,
  },
  '3d': {
    title: 'Three entries',
    summary: 'Three of the parameters in space. Drag to turn.',
    suits: isBeyondPlane,
  },
  ternary: {
    title: 'Triangle',
    summary: 'Three weights with a fixed sum: each corner is all of one weight.',
    suits: ({ structure: { sets } }) =>
      sets.some(({ kind, coordinates, isMoving }) => kind === 'simplex' && coordinates.length === 3 && !isMoving),
  },
  'feasible-coordinates': {
    title: 'On the feasible plane',
    summary:
      'Coordinates z in the set A x = b, x = x₀ + N z: lengths and angles are true. Of more than two directions, the plane through the start and the optimum, and along which the runs move most. What lies off it is seen by its shadow.',
    suits: (seen) => {
      const { affine, degreesOfFreedom } = seen.structure;
      return hasDirections(seen) && affine?.isConsistent === true && degreesOfFreedom >= 2;
    },
  },
  components: {
    title: 'Principal components',
    summary:
      'The two directions in which the paths move most, with the share of the movement that each explains. What lies off their plane is seen by its shadow.',
    suits: hasDirections,
  },
  slice: {
    title: 'Slice of the loss',
    summary:
      'The loss on a plane through the chosen run’s iterate at the playhead, along two directions of your choice. It follows the playhead when that rests. What lies off the plane is seen by its shadow: a path may be feasible where the plane is not.',
    suits: (seen) => isBeyondPlane(seen) && seen.problem.size <= MOST_SLICED,
  },
  pairs: {
    title: 'Pairs of entries',
    summary: 'Four of the parameters, each against each: first those that move most.',
    suits: hasDirections,
  },
  matrix: {
    title: 'Matrix',
    summary:
      'A matrix parameter at the playhead, a colour an entry. Equal numbers mark tied entries, × those kept at 0.',
    suits: ({ problem: { parameters } }) => parameters.some(({ shape }) => shape.length === 2),
  },
  parallel: {
    title: 'All entries',
    summary: 'Every entry side by side at the playhead, a line a run.',
    suits: isBeyondPlane,
  },
};

/** Those that make sense for the problem, in order. */
export const viewChoices = (seen: Seen): ViewChoice[] =>
  VIEW_KINDS.flatMap((kind) => (kind !== 'auto' && VIEWS[kind].suits(seen) ? [{ kind, ...VIEWS[kind] }] : []));

/** Three by three: of such a matrix, and of larger ones, two entries say little, and its ties, zeros and sums are seen in the whole. */
const MANY_ENTRIES = 9;

const isMostlyMatrix = ({ problem: { parameters, size } }: Seen): boolean => {
  const inMatrices = parameters.reduce((sum, { shape, start }) => sum + (shape.length === 2 ? start.length : 0), 0);
  return size >= MANY_ENTRIES && inMatrices > size / 2;
};

/** What the view asks for, where the problem has it; else space for three entries, matrices that are most of many, and a plane for all others. */
export function viewKindOf(study: Seen, { kind, axes }: ViewJson): ViewKind {
  const wanted = viewChoices(study).find((choice) => choice.kind === kind)?.kind;
  if (wanted) return wanted;
  if (axes?.length === 3 || (study.problem.size === 3 && axes?.length !== 2)) return '3d';
  return axes?.length !== 2 && isMostlyMatrix(study) ? 'matrix' : '2d';
}

export const isPlaneKind = (kind: ViewKind): kind is PlaneKind =>
  kind === 'ternary' || kind === 'feasible-coordinates' || kind === 'components' || kind === 'slice';
