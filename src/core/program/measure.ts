/** Measures of an iterate, the same for every method: a method never grades itself. */
import type { Id, Region, Value } from '../tensor/value.ts';

/** A program from (x, t) to everything that grades it. Plain data. */
export interface Measure {
  readonly values: readonly Value[];
  readonly regions: readonly Region[];
  readonly size: number;
  /** Inputs. */
  readonly x: Id;
  readonly time: Id;
  readonly steps: Id;
  /** Outputs. */
  readonly loss: Id;
  readonly gradient: Id;
  /** Residuals of all rows in the order typed, [rows]. */
  readonly residual: Id;
  /** Jacobian of the residuals, [rows, n]. */
  readonly jacobian: Id;
  /** For each row, whether it must be = 0 or ≤ 0. */
  readonly relations: readonly ('equality' | 'inequality')[];
}
