/** B Bᵀ of sparse rows, factorised within the profile that an order of the rows leaves narrow. */
import { at } from '../../diagnostic.ts';
import type { Stages } from '../../stages.ts';
import { Pace } from '../../tensor/orthogonal.ts';
import type { SparseMatrix } from '../../tensor/sparse.ts';

/** Rows that share columns, directly or through others, in an order that keeps A Aᵀ near its diagonal. */
export interface LinkedRows {
  /** In the order in which they are eliminated. */
  readonly rows: Int32Array;
  /** Columns of these rows, ascending. */
  readonly columns: Int32Array;
  /** For the k-th row, the first of them that it shares a column with: before it are zeros of A Aᵀ. */
  readonly first: Int32Array;
}

/** Some rows of A in groups that share no column. */
export class LinkedMatrix {
  readonly groups: readonly LinkedRows[];
  /** Of each row and of each column, where it stands in its group; −1 in none. */
  readonly placeOfRow: Int32Array;
  readonly placeOfColumn: Int32Array;

  /** In a group the order is that of a search in breadth, reversed: George & Liu 1981, Large Sparse Positive Definite Systems, §4.3. */
  constructor(
    readonly A: SparseMatrix,
    readonly transposed: SparseMatrix,
    isWanted: (row: number) => boolean,
  ) {
    this.placeOfRow = new Int32Array(A.rows).fill(-1);
    this.placeOfColumn = new Int32Array(A.columns).fill(-1);
    const groups: LinkedRows[] = [];
    for (let seed = 0; seed < A.rows; seed++)
      if (this.placeOfRow[seed] === -1 && isWanted(seed)) groups.push(this.groupFrom(seed, isWanted));
    this.groups = groups;
  }

  private groupFrom(seed: number, isWanted: (row: number) => boolean): LinkedRows {
    const { A, transposed, placeOfRow, placeOfColumn } = this;
    const found = [seed];
    const reached: number[] = [];
    placeOfRow[seed] = 0;
    for (let next = 0; next < found.length; next++) {
      const row = at(found, next);
      for (let k = at(A.starts, row); k < at(A.starts, row + 1); k++) {
        const column = at(A.indices, k);
        if (placeOfColumn[column] !== -1) continue;
        placeOfColumn[column] = 0;
        reached.push(column);
        for (let l = at(transposed.starts, column); l < at(transposed.starts, column + 1); l++) {
          const other = at(transposed.indices, l);
          if (placeOfRow[other] !== -1 || !isWanted(other)) continue;
          placeOfRow[other] = 0;
          found.push(other);
        }
      }
    }
    const [rows, columns] = [Int32Array.from(found).reverse(), Int32Array.from(reached).sort()];
    rows.forEach((row, k) => {
      placeOfRow[row] = k;
    });
    columns.forEach((column, k) => {
      placeOfColumn[column] = k;
    });
    return { rows, columns, first: this.profileOf(rows, columns) };
  }

  private profileOf(rows: Int32Array, columns: Int32Array): Int32Array {
    const { transposed, placeOfRow } = this;
    const first = Int32Array.from(rows, (_, k) => k);
    for (const column of columns) {
      const [from, end] = [at(transposed.starts, column), at(transposed.starts, column + 1)];
      let least = rows.length;
      for (let l = from; l < end; l++) {
        const place = at(placeOfRow, at(transposed.indices, l));
        if (place >= 0) least = Math.min(least, place);
      }
      for (let l = from; l < end; l++) {
        const place = at(placeOfRow, at(transposed.indices, l));
        if (place >= 0) first[place] = Math.min(at(first, place), least);
      }
    }
    return first;
  }
}

/** Multiplications of a factorisation. */
export const profileCost = ({ first }: LinkedRows): number =>
  first.reduce((sum, from, k) => sum + (k - from + 1) ** 2, 0);

/** A pivot below this share of its diagonal entry is rounding: the row depends on those before it. */
const DEPENDENT = 1e-12;

/** L Lᵀ = B Bᵀ, where B is rows of a group with some of their columns. Rows that depend on those before them are left out. */
export class ProfileFactor {
  private readonly starts: Int32Array;
  private readonly L: Float64Array;
  private readonly isKept: Uint8Array;

  private constructor(
    private readonly group: LinkedRows,
    readonly counted: Uint8Array,
    readonly free: Uint8Array,
  ) {
    const { first } = group;
    this.isKept = free.slice();
    this.starts = new Int32Array(free.length + 1);
    for (let k = 0; k < free.length; k++) this.starts[k + 1] = at(this.starts, k) + k - at(first, k) + 1;
    this.L = new Float64Array(at(this.starts, free.length));
  }

  /** `counted` and `free` say which columns and which rows of the group are in B. With pauses where they are many. */
  static *of(matrix: LinkedMatrix, group: LinkedRows, counted: Uint8Array, free: Uint8Array): Stages<ProfileFactor> {
    const factor = new ProfileFactor(group, counted, free);
    yield* factor.fill(matrix);
    yield* factor.factorize();
    return factor;
  }

  /** Rows that do not depend on those before them. */
  get rank(): number {
    return this.isKept.reduce((sum, kept) => sum + kept, 0);
  }

  private entry(i: number, j: number): number {
    return at(this.starts, i) + j - at(this.group.first, i);
  }

  /** A column's entries stand by the places of their rows first, so that the products of two of them are a plain loop. */
  private *fill({ transposed, placeOfRow }: LinkedMatrix): Stages<void> {
    const { L, isKept } = this;
    const pace = new Pace();
    const values = new Float64Array(isKept.length);
    for (const [k, column] of this.group.columns.entries()) {
      if (!this.counted[k]) continue;
      const own: number[] = [];
      for (let a = at(transposed.starts, column); a < at(transposed.starts, column + 1); a++) {
        const place = at(placeOfRow, at(transposed.indices, a));
        if (place < 0 || !isKept[place]) continue;
        own.push(place);
        values[place] = at(transposed.values, a);
      }
      const places = Int32Array.from(own).sort();
      for (let a = 0; a < places.length; a++) {
        const i = at(places, a);
        const row = this.entry(i, 0);
        const value = at(values, i);
        for (let b = 0; b <= a; b++) {
          const j = places[b] as number;
          L[row + j] = (L[row + j] as number) + value * (values[j] as number); // n times for each pair of n dense rows
        }
      }
      yield* pace.did(places.length ** 2 / 2);
    }
  }

  private *factorize(): Stages<void> {
    const { L, isKept } = this;
    const pace = new Pace();
    const { first } = this.group;
    for (let i = 0; i < isKept.length; i++) {
      const [row, diagonal] = [this.entry(i, 0), this.entry(i, i)];
      const before = at(L, diagonal);
      for (let j = at(first, i); j <= i; j++) {
        const other = this.entry(j, 0);
        let sum = at(L, row + j);
        for (let k = Math.max(at(first, i), at(first, j)); k < j; k++)
          sum -= (L[row + k] as number) * (L[other + k] as number); // where nearly all of the time goes
        if (j === i) L[row + j] = sum;
        else L[row + j] = isKept[j] ? sum / at(L, other + j) : 0;
      }
      const pivot = at(L, diagonal);
      if (isKept[i] && pivot > DEPENDENT * before && pivot > 0) L[diagonal] = Math.sqrt(pivot);
      else isKept[i] = 0;
      yield* pace.did((i - at(first, i)) ** 2 / 2);
    }
  }

  /** y with B Bᵀ y = b, in place of b, in the order of the group; 0 for rows that are not in B, or depend on others. */
  solve(b: Float64Array): void {
    const { L, isKept } = this;
    const { first } = this.group;
    for (let i = 0; i < b.length; i++) {
      const row = this.entry(i, 0);
      let sum = at(b, i);
      if (isKept[i]) for (let k = at(first, i); k < i; k++) sum -= (L[row + k] as number) * (b[k] as number);
      b[i] = isKept[i] ? sum / at(L, this.entry(i, i)) : 0;
    }
    for (let i = b.length - 1; i >= 0; i--) {
      if (!isKept[i]) continue;
      const row = this.entry(i, 0);
      const value = at(b, i) / at(L, row + i);
      b[i] = value;
      for (let k = at(first, i); k < i; k++) b[k] = (b[k] as number) - (L[row + k] as number) * value;
    }
    for (let i = 0; i < b.length; i++) if (!isKept[i]) b[i] = 0;
  }
}
