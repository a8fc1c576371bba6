/** Constraints that a problem's parameters can have, as lines to put into the text. */
import { read } from '../../core/language/read.ts';
import type { Parameter } from '../../core/problem/problem.ts';
import { SETS } from '../../core/problem/sets.ts';

export interface ConstraintOffer {
  /** As it is typed. */
  readonly line: string;
  readonly meaning: string;
}

export interface Offers {
  /** What they are about: `w[40]`. */
  readonly of: string;
  readonly offers: readonly ConstraintOffer[];
}

/** Parameters beyond these are found by typing. */
const MOST_PARAMETERS = 4;
/** Longer lists of groups are nobody's to read. */
const MOST_GROUPED = 24;

export function constraintOffers(parameters: readonly Parameter[]): Offers[] {
  const scalars = parameters.filter(({ shape }) => shape.length === 0);
  const arrays = parameters.filter(({ shape }) => shape.length > 0);
  return [
    ...(scalars.length > 0 ? [ofScalars(scalars.map(({ name }) => name))] : []),
    ...arrays.map((array) => ofArray(array, scalars[0]?.name)),
  ].slice(0, MOST_PARAMETERS);
}

const CONE = 'A length that may grow with another quantity: a cone.';

function ofScalars([x = '', y, z]: readonly string[]): Offers {
  return {
    of: y === undefined ? x : `${x}, ${y}`,
    offers: [
      { line: `${x} >= 0`, meaning: 'Not below 0.' },
      { line: `0 <= ${x} <= 1`, meaning: 'Between two numbers.' },
      ...(y === undefined
        ? [{ line: `soft(10): ${x} = 1`, meaning: 'A wish with a weight: nothing keeps it by force.' }]
        : [
            { line: `${x} + ${y} = 1`, meaning: 'A fixed sum: a line.' },
            { line: `${x} = ${y}`, meaning: 'Both the same.' },
            { line: `${x}^2 + ${y}^2 <= 1`, meaning: 'In a disc.' },
            ...(z === undefined ? [] : [{ line: `norm([${x}, ${y}]) <= ${z}`, meaning: CONE }]),
            { line: `soft(10): ${x} = ${y}`, meaning: 'A wish with a weight: nothing keeps it by force.' },
          ]),
    ],
  };
}

const inSet = (name: string, set: string): ConstraintOffer[] => {
  const meaning = SETS.get(/^\w+/.exec(set)?.[0] ?? '')?.meaning;
  return meaning === undefined ? [] : [{ line: `${name} in ${set}`, meaning }];
};

function ofArray({ name, shape, start }: Parameter, scalar?: string): Offers {
  const size = start.length;
  const [rows = 1, columns = 1] = shape;
  const isMatrix = shape.length === 2;
  const isSquare = isMatrix && rows === columns;
  const list = (entries: readonly (number | string)[]) => `[${entries.join(', ')}]`;
  const pairs = () => list(Array.from({ length: rows }, (_, i) => Math.floor(i / 2)));
  const diagonal = () =>
    list(Array.from({ length: rows }, (_, i) => list(Array.from({ length: columns }, (_, j) => (i === j ? 1 : 0)))));
  const [first, second] = isMatrix ? [`${name}[0, 0]`, `${name}[0, 1]`] : [`${name}[0]`, `${name}[1]`];
  const sets = [
    ...(isMatrix ? ['stochastic', 'column_stochastic'] : ['simplex']),
    ...(isSquare ? ['doubly_stochastic', 'symmetric', 'antisymmetric', 'circulant', 'psd'] : []),
    ...(isMatrix ? ['orthogonal', 'toeplitz', 'spectralball(1)'] : []),
    ...(isMatrix && Math.min(rows, columns) > 1 ? ['nuclearball(1)', 'lowrank(1)'] : []),
    ...(isMatrix && size <= MOST_GROUPED ? [`mask(${diagonal()})`] : []),
    ...(!isMatrix && size <= MOST_GROUPED ? [`tied(${pairs()})`] : []),
    'box(0, 1)',
    'ball(1)',
    'sphere(1)',
    'l1ball(1)',
    'linfball(1)',
    `sparse(${Math.max(1, Math.floor(size / 2))})`,
  ];
  return {
    of: `${name}[${shape.join(', ')}]`,
    offers: [
      { line: `sum(${name}) = 1`, meaning: 'A fixed sum.' },
      { line: `${name} >= 0`, meaning: 'No entry below 0.' },
      ...((isMatrix ? columns : rows) > 1 ? [{ line: `${first} = ${second}`, meaning: 'Two entries the same.' }] : []),
      ...(!isMatrix && size > 1 && size <= MOST_GROUPED
        ? [{ line: `${name}[1:] >= ${name}[:-1]`, meaning: 'In order: no entry is below the one before it.' }]
        : []),
      ...(scalar === undefined || isMatrix ? [] : [{ line: `norm(${name}) <= ${scalar}`, meaning: CONE }]),
      { line: `soft(10): sum(${name}**2) <= 1`, meaning: 'A wish with a weight: nothing keeps it by force.' },
      ...sets.flatMap((set) => inSet(name, set)),
    ],
  };
}

/** The text with one more line among its constraints; as it is where it cannot be read. */
export function withConstraint(text: string, line: string): string {
  const document = read(text);
  if (!document.ok) return text;
  const has = document.value.statements.some(({ kind }) => kind === 'constraint');
  return `${text.trimEnd()}\n${has ? '' : 'subject to\n'}  ${line}\n`;
}
