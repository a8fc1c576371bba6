/** WGSL of elementwise runs: of one entry an invocation, or of four that are read and written together. */
import { at } from '../../core/diagnostic.ts';
import { type FunctionName, functionsCode } from '../fused/functions.ts';
import { literal } from '../fused/scalar.ts';
import { read, type StorageBinding, write } from './define-kernel.ts';
import type { ElementwiseName } from './elementwise.ts';
import { type ElementwiseRun, type Entry, type Operand, type Row, rowsOf } from './elementwise-run.ts';

/** Entries that an invocation computes. Four cost hardly more than one where checks and places cost more than the arithmetic. */
export type Width = 1 | 4;

interface Formula {
  readonly needs?: FunctionName;
  readonly text: (x: string, y: string, z: string) => string;
  /** The same of four-vectors; where it is missing, entry by entry. */
  readonly four?: (x: string, y: string, z: string) => string;
}

/** The same text for one and for four. */
const both = (text: Formula['text']): Formula => ({ text, four: text });
const infix = (operator: string): Formula => both((x, y) => `${x} ${operator} ${y}`);
const truth = (operator: string): Formula => ({
  text: (x, y) => `select(0.0, 1.0, ${x} ${operator} ${y})`,
  four: (x, y) => `select(vec4f(0.0), vec4f(1.0), ${x} ${operator} ${y})`,
});
const unary = (needs: FunctionName): Formula => ({ needs, text: (x) => `${needs}(${x})` });
const binary = (needs: FunctionName): Formula => ({ needs, text: (x, y) => `${needs}(${x}, ${y})` });

/** As in `elementwise.wgsl`. */
const FORMULAS: Readonly<Record<ElementwiseName, readonly Formula[]>> = {
  identity: [both((x) => x)],
  negate: [both((x) => `-${x}`)],
  abs: [both((x) => `abs(${x})`)],
  sign: [{ needs: 'not_a_number', text: (x) => `select(sign(${x}), ${x}, not_a_number(${x}))` }],
  exp: [unary('exponential')],
  log: [unary('logarithm')],
  sqrt: [unary('square_root')],
  sin: [unary('sine')],
  cos: [unary('cosine')],
  tan: [
    { needs: 'sine', text: (x) => `sine(${x}) / cosine(${x})` },
    { needs: 'cosine', text: (x) => x },
  ],
  tanh: [unary('hyperbolic_tangent')],
  floor: [both((x) => `floor(${x})`)],
  add: [infix('+')],
  subtract: [infix('-')],
  multiply: [infix('*')],
  divide: [infix('/')],
  power: [binary('real_power')],
  maximum: [binary('larger')],
  minimum: [binary('smaller')],
  less: [truth('<')],
  lessEqual: [truth('<=')],
  equal: [truth('==')],
  where: [
    {
      text: (x, y, z) => `select(${z}, ${y}, ${x} != 0.0)`,
      four: (x, y, z) => `select(${z}, ${y}, ${x} != vec4f(0.0))`,
    },
  ],
};

/** How four entries of an array are read for entries index … index + 3: as a four-vector, as one number for all; null: not at once. */
function reading({ offset, shape, strides }: Entry): 'four' | 'one' | null {
  if (strides.every((stride, axis) => stride === 0 || shape[axis] === 1)) return 'one';
  const last = shape.length - 1;
  if (last > 0 && at(shape, last) % 4 !== 0) return null;
  if (strides[last] === 0) return 'one';
  const isAligned = [offset, ...strides.slice(0, -1)].every((stride) => stride % 4 === 0);
  return strides[last] === 1 && isAligned ? 'four' : null;
}

/** Whether entries first … first + count − 1 can be computed four at a time. */
export function widthOf(run: ElementwiseRun, first: number, count: number): Width {
  const { lines } = run;
  if (rowsOf(run).length > 0) return 1;
  const entries = lines.flatMap(({ operands }) => operands.filter((operand) => operand.kind === 'entry'));
  const isFourfold = first % 4 === 0 && count % 4 === 0 && entries.every((entry) => reading(entry) !== null);
  return isFourfold && lines.every(({ isScalar, into }) => !isScalar || into === null) ? 4 : 1;
}

const elementOf = (width: Width) => (width === 4 ? 'vec4f' : 'f32');

/** Bindings of a run's arrays, in their order. */
export const arraysOf = ({ arrays }: ElementwiseRun, width: Width): Readonly<Record<string, StorageBinding>> =>
  Object.fromEntries(
    arrays.map(({ name, isWritten }) => [name, isWritten ? write(elementOf(width)) : read(elementOf(width))]),
  );

/** The same as text, from binding `first` on. */
export const arraysCode = ({ arrays }: ElementwiseRun, first: number, width: Width): string =>
  arrays
    .map(
      ({ name, isWritten }, i) =>
        `@group(0) @binding(${i + first}) var<storage, ${isWritten ? 'read_write' : 'read'}> ${name}: array<${elementOf(width)}>;`,
    )
    .join('\n');

/** Functions that the lines need. */
export const functionsOf = ({ lines }: ElementwiseRun): string =>
  functionsCode(lines.flatMap(({ operation }) => FORMULAS[operation].flatMap((formula) => formula.needs ?? [])));

/**
 * Statements that compute the lines for entry `index` and store what is wanted; `product` is what the run ends. With a width of 4, for
 * entries index … index + 3, and all of it four-vectors. `sumsOf` defines r0, r1, …, the sums of rows.
 */
export function statementsOf({ lines }: ElementwiseRun, width: Width, sumsOf = rowSums): string {
  const rows = rowsOf({ lines });
  const sums = new Map(rows.map((row, i) => [JSON.stringify(row), `r${i}`]));
  const loads = new Map<string, string>();
  const body: string[] = sumsOf(rows);
  const load = (entry: Entry): string => {
    const place = width === 4 ? fourAt(entry) : `${entry.array}[${placeOf(entry)}]`;
    const known = loads.get(place);
    if (known) return known;
    const name = `x${loads.size}`;
    loads.set(place, name);
    body.push(`  let ${name} = ${place};`);
    return name;
  };
  const text = (operand: Operand): string => {
    if (operand.kind === 'line') return `v${operand.line}`;
    if (operand.kind === 'product') return 'product';
    if (operand.kind === 'entry') return load(operand);
    if (operand.kind === 'row') return sums.get(JSON.stringify(operand)) ?? '';
    const one = literal(operand.value).text;
    return width === 4 ? `vec4f(${one})` : one;
  };
  lines.forEach(({ operation, operands }, i) => {
    body.push(`  let v${i} = ${computed(operation, operands.map(text), width)};`);
  });
  const stores = lines.flatMap(({ into, isScalar }, i) => {
    if (into === null) return [];
    if (width === 4) return [`  ${into}[index >> 2u] = v${i};`];
    return [isScalar ? `  if (index == 0u) { ${into}[0] = v${i}; }` : `  ${into}[index] = v${i};`];
  });
  return [...body, ...stores].join('\n');
}

/** Terms of one running sum, in four: sums of sums round less (Higham 2002, §4.2). As in `row_sum.wgsl`. */
const BLOCK = 32;

interface Numbered {
  readonly row: Row;
  readonly i: number;
}

/** Rows for which `key` is the same, each with its number. */
function together(rows: readonly Row[], key: (row: Row) => unknown): readonly (readonly Numbered[])[] {
  const sharing = new Map<string, Numbered[]>();
  rows.forEach((row, i) => {
    const text = JSON.stringify(key(row));
    sharing.set(text, [...(sharing.get(text) ?? []), { row, i }]);
  });
  return [...sharing.values()];
}

const entryOf = ({ vector }: Row, k: string) => `${vector.array}[${sumOf(vector.offset, [k, vector.stride])}]`;
const termOf = ({ matrix }: Row, i: number, k: string) => `${matrix.array}[m${i} + ${times(k, matrix.inner)}]`;
const placeOfRow = ({ matrix }: Row, i: number) => `let m${i} = ${sumOf(matrix.offset, ['index', matrix.row])};`;

/** Sums r0, r1, … of rows times vectors. Those of one vector are made side by side, so that its entries are read once. */
function rowSums(rows: readonly Row[]): string[] {
  return [
    ...rows.map((row, i) => `  ${placeOfRow(row, i)} var r${i} = 0.0;`),
    ...together(rows, ({ vector, terms }) => [vector, terms]).flatMap((all) => {
      const { row: first } = at(all, 0);
      const { terms } = first;
      const whole = terms - (terms % BLOCK);
      const fours = terms - (terms % 4);
      const each = (text: (row: Row, i: number) => string) => all.map(({ row, i }) => text(row, i)).join(' ');
      const zeros = each((_, i) => `var c${i} = vec4f(0.0);`);
      const totals = each((_, i) => `r${i} += (c${i}.x + c${i}.y) + (c${i}.z + c${i}.w);`);
      const entry = (k: string) => entryOf(first, k);
      const quad = (text: (k: string) => string) =>
        `vec4f(${['k', 'k + 1u', 'k + 2u', 'k + 3u'].map(text).join(', ')})`;
      const loop = (from: string, to: string) => [
        `    for (var k = ${from}; k < ${to}; k += 4u) {`,
        `      let x = ${quad(entry)};`,
        `      ${each((row, i) => `c${i} += ${quad((k) => termOf(row, i, k))} * x;`)}`,
        '    }',
      ];
      return [
        ...(whole > 0
          ? [
              `  for (var first = 0u; first < ${whole}u; first += ${BLOCK}u) {`,
              `    ${zeros}`,
              ...loop('first', `first + ${BLOCK}u`),
              `    ${totals}`,
              '  }',
            ]
          : []),
        ...(whole < terms
          ? [
              '  {',
              `    ${zeros}`,
              ...(whole < fours ? loop(`${whole}u`, `${fours}u`) : []),
              ...Array.from({ length: terms - fours }, (_, k) => `${fours + k}u`).map(
                (k) => `    ${each((row, i) => `c${i}.x += ${termOf(row, i, k)} * ${entry(k)};`)}`,
              ),
              `    ${totals}`,
              '  }',
            ]
          : []),
      ];
    }),
  ];
}

/** Whether the terms of a row lie side by side, so that a tile's lanes go along it. */
const isAlong = ({ matrix }: Row): boolean => Math.abs(matrix.inner) === 1;

/**
 * The same by a tile of 16 × 16 lanes (`tile_sum.wgsl`), of entries first … first + 15 of the run: statements before the barrier, by
 * which lane `lane` adds its part, and after it the sums of the entry that is the lane's own.
 */
export function tileSums({ lines }: ElementwiseRun): string {
  const all = together(rowsOf({ lines }), (row) => [row.vector, row.terms, isAlong(row)]);
  const parts = all.flatMap((sharing) => {
    const { row: first } = at(sharing, 0);
    const { terms } = first;
    const along = isAlong(first);
    const each = (text: (row: Row, i: number) => string) => sharing.map(({ row, i }) => text(row, i)).join(' ');
    const quad = (text: (k: string) => string) =>
      `vec4f(${['k', 'k + SIDE', 'k + 2u * SIDE', 'k + 3u * SIDE'].map(text).join(', ')})`;
    return [
      '  {',
      `    let index = params.first + min(first + tile_row(lane, ${along}), params.count - 1u);`,
      `    var k = tile_part(lane, ${along});`,
      `    ${each((row, i) => `${placeOfRow(row, i)} var c${i} = vec4f(0.0);`)}`,
      `    for (; k + 3u * SIDE < ${terms}u; k += 4u * SIDE) {`,
      `      let x = ${quad((k) => entryOf(first, k))};`,
      `      ${each((row, i) => `c${i} += ${quad((k) => termOf(row, i, k))} * x;`)}`,
      '    }',
      `    for (; k < ${terms}u; k += SIDE) { ${each((row, i) => `c${i}.x += ${termOf(row, i, 'k')} * ${entryOf(row, 'k')};`)} }`,
      `    ${each((_, i) => `tile_keep(${i}u, lane, ${along}, (c${i}.x + c${i}.y) + (c${i}.z + c${i}.w));`)}`,
      '  }',
    ];
  });
  return parts.join('\n');
}

/** After the barrier: sums r0, r1, … of the lane's own entry. */
export const tileTotals = (rows: readonly Row[]): string[] =>
  rows.map((_, i) => `  let r${i} = tile_total(${i}u, lane);`);

/** k · stride, modulo 2³². */
const times = (k: string, stride: number): string => (stride === 1 ? `${k}` : `(${k}) * ${stride >>> 0}u`);
const sumOf = (offset: number, [k, stride]: readonly [string, number]): string => `${offset}u + ${times(k, stride)}`;

function computed(operation: ElementwiseName, operands: readonly string[], width: Width): string {
  const { text, four } = at(FORMULAS[operation], 0);
  const [x = '', y = '', z = ''] = operands;
  if (width === 1) return text(x, y, z);
  if (four) return four(x, y, z);
  return `vec4f(${['x', 'y', 'z', 'w'].map((part) => text(`${x}.${part}`, `${y}.${part}`, `${z}.${part}`)).join(', ')})`;
}

function fourAt(entry: Entry): string {
  const place = placeOf(entry);
  if (reading(entry) === 'four') return `${entry.array}[(${place}) >> 2u]`;
  return `vec4f(${entry.array}[(${place}) >> 2u][(${place}) & 3u])`;
}

/** The place of an entry in its array, in terms of `index`. */
export function placeOf({ offset, shape, strides }: Entry): string {
  const terms: string[] = [];
  let inner = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [length, stride] = [at(shape, axis), at(strides, axis)];
    const quotient = inner === 1 ? 'index' : `index / ${inner}u`;
    const coordinate = axis === 0 ? quotient : `${inner === 1 ? quotient : `(${quotient})`} % ${length}u`;
    if (stride !== 0) terms.unshift(stride === 1 ? coordinate : `(${coordinate}) * ${stride >>> 0}u`); // modulo 2³²
    inner *= length;
  }
  if (offset > 0 || terms.length === 0) terms.push(`${offset}u`);
  return `${terms.join(' + ')}${offset < 0 ? ` - ${-offset}u` : ''}`;
}
