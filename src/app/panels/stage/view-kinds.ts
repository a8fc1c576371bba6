/** Which views a problem has, and which of them is shown. */
import type { ViewJson } from '../../../core/experiment/experiment.ts';
import type { PlaneKind, Study } from '../../study.ts';

export type ViewKind = '2d' | '3d' | PlaneKind | 'pairs' | 'matrix' | 'parallel';

export interface ViewChoice {
  readonly kind: ViewKind;
  readonly title: string;
  /** What it shows, for a reader who meets it for the first time. */
  readonly summary: string;
}

const choices: readonly ViewChoice[] = [
  { kind: '2d', title: 'Two entries', summary: 'Two of the parameters, one on each axis; the others are held.' },
  { kind: '3d', title: 'Three entries', summary: 'Three of the parameters in space. Drag to turn.' },
  { kind: 'ternary', title: 'Triangle', summary: 'Three weights with a fixed sum: each corner is all of one weight.' },
  {
    kind: 'feasible-coordinates',
    title: 'On the feasible plane',
    summary:
      'Coordinates z in the set A x = b, x = x₀ + N z: lengths and angles are true. Paths off the set are seen by their shadow.',
  },
  {
    kind: 'components',
    title: 'Principal components',
    summary: 'The two directions in which the paths move most, with the share of the movement that each explains.',
  },
  {
    kind: 'slice',
    title: 'Slice of the loss',
    summary:
      'The loss on a plane through the chosen run’s iterate at the playhead, along two directions of your choice. It follows the playhead when that rests.',
  },
  {
    kind: 'pairs',
    title: 'Pairs of entries',
    summary: 'Four of the parameters, each against each: first those that move most.',
  },
  {
    kind: 'matrix',
    title: 'Matrix',
    summary:
      'A matrix parameter at the playhead, a colour an entry. Equal numbers mark tied entries, × those kept at 0.',
  },
  { kind: 'parallel', title: 'All entries', summary: 'Every entry side by side at the playhead, a line a run.' },
];

/** Beyond this, directions of paths take too long to find. */
const MOST_ENTRIES = 5000;

/** A slice needs all derivatives at its iterate. */
const MOST_SLICED = 1000;

/** What the choice of a view depends on. */
type Seen = Pick<Study, 'problem' | 'structure'>;

/** Those that make sense for the problem, in order. */
export function viewChoices({ problem, structure }: Seen): ViewChoice[] {
  const { size } = problem;
  const { affine, sets, degreesOfFreedom } = structure;
  const has: Readonly<Record<ViewKind, boolean>> = {
    '2d': true,
    '3d': size >= 3,
    ternary: sets.some(
      ({ kind, coordinates, isMoving }) => kind === 'simplex' && coordinates.length === 3 && !isMoving,
    ),
    'feasible-coordinates': size >= 3 && size <= MOST_ENTRIES && affine?.isConsistent === true && degreesOfFreedom >= 2,
    components: size >= 3 && size <= MOST_ENTRIES,
    slice: size >= 3 && size <= MOST_SLICED,
    pairs: size >= 3 && size <= MOST_ENTRIES,
    matrix: problem.parameters.some(({ shape }) => shape.length === 2),
    parallel: size >= 3,
  };
  return choices.filter(({ kind }) => has[kind]);
}

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
