/** Arrays and tables, on their way into a problem. */

/** Numbers of a shape, row-major. */
export interface DataArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Named columns of numbers; every row is as long as `columns`. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}
