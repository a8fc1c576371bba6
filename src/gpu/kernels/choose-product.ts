/**
 * Which family of product kernels runs, by shape and device. The choices where subgroups have four lanes were measured; those for
 * GPUs follow published measurements, until the page has timed the candidates on its visitor's GPU (`tune-products.ts`).
 */
import type { FamilyName } from './product-families.ts';

export interface ProductShape {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** What is known of a device. */
export interface ProductDevice {
  readonly hasQuads: boolean;
  /** Whether a processor stands in for a GPU; where nothing is said, if its subgroups have four lanes. */
  readonly isProcessor?: boolean;
  /** What was timed on it. */
  readonly products?: TunedProducts;
}

/** Shapes for which the same family is the fastest: few rows or columns, then by the entries of the result. */
export const SHAPE_CLASSES = ['narrow', 'small', 'middle', 'large'] as const;
export type ShapeClass = (typeof SHAPE_CLASSES)[number];

/** The fastest family of each class that was timed. */
export type TunedProducts = Readonly<Partial<Record<ShapeClass, FamilyName>>>;

/** Fewer multiplications than this are over before a block has filled its registers. */
const TINY = 1 << 15;
/** Smaller results would fill less than half of a quad's rows or columns. */
const [LEAST_ROWS, LEAST_COLUMNS] = [8, 8] as const;
/** A panel of B pays where each of sixteen tiles of 16 columns goes down some 32 rows with it. */
const [LEAST_DOWN, LEAST_BY_PANELS] = [32, 16 * 32 * 16] as const;
/** Results with fewer entries than this give too few tiles to fill a GPU. */
const LEAST_TILED = 256 * 256;

const SMALL = LEAST_TILED / 16;

/** The class of a product, or null where it is over before any kernel could be better than another. */
export function classOf(shape: ProductShape): ShapeClass | null {
  if (workOf(shape) < TINY) return null;
  const { rows, columns } = shape;
  if (rows < LEAST_ROWS || columns < LEAST_COLUMNS) return 'narrow';
  if (rows * columns < SMALL) return 'small';
  return rows * columns < LEAST_TILED ? 'middle' : 'large';
}

/** What may be the fastest on a GPU. */
export const candidatesFor = (kind: ShapeClass): readonly FamilyName[] =>
  kind === 'narrow' ? ['single', 'block'] : ['single', 'block', 'tile'];

const workOf = ({ rows, inner, columns }: ProductShape): number => rows * inner * columns;

/** What was timed for shapes of this class, else what is assumed. */
export function familyFor(shape: ProductShape, { hasQuads, products = {} }: ProductDevice): FamilyName {
  const kind = classOf(shape);
  return (kind && products[kind]) ?? assumedFamily(shape, hasQuads);
}

function assumedFamily(shape: ProductShape, hasQuads: boolean): FamilyName {
  const isWide = shape.rows >= LEAST_ROWS && shape.columns >= LEAST_COLUMNS;
  if (hasQuads && isWide) {
    const sums = shape.rows * shape.columns * Math.ceil(shape.inner / pieceFor(shape));
    return shape.rows >= LEAST_DOWN && sums >= LEAST_BY_PANELS ? 'panels' : 'quads';
  }
  if (workOf(shape) < TINY) return 'single';
  if (hasQuads) return 'block';
  const entries = shape.rows * shape.columns;
  if (entries >= LEAST_TILED) return 'tile';
  return isWide && entries >= SMALL ? 'block' : 'single';
}

/** Terms that one workgroup sums at least where the inner length is split. */
const LEAST_PIECE = 512;
const MOST_PIECES = 32;

/**
 * Length of the pieces in which the inner length is summed: the whole of it, or less where the result is so small that its tiles
 * would leave most of a device idle (K ≥ 16 max(M, N)).
 */
export function pieceFor({ rows, inner, columns }: ProductShape): number {
  if (inner < 16 * Math.max(rows, columns) || inner < 2 * LEAST_PIECE) return inner;
  const pieces = Math.min(MOST_PIECES, Math.floor(inner / LEAST_PIECE));
  return 4 * Math.ceil(inner / pieces / 4); // of whole four-vectors
}

/** One invocation sums so many terms of a row. */
const LONGEST_ROW = 4096;

/** Length of the pieces in which the rows of a matrix are multiplied with a vector: long rows are shared, and lose fewer digits. */
export const rowPiece = (inner: number): number => (inner <= LONGEST_ROW ? inner : Math.ceil(Math.sqrt(inner)));

/** Entries of a long vector that one invocation of a projection computes. Fewer entries than that keep a GPU busy. */
const TURNS = 16;

/** How many entries of a vector an invocation projects: of a short one, one. */
export const turnsFor = (rows: number): number => (rows <= LONGEST_ROW ? 1 : TURNS);
