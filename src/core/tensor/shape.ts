/** Shapes in NumPy's sense: [] is a number, [n] a vector, [m, n] a matrix; all arrays are row-major. */

export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);

/** Row-major strides: the distance in the flat array between neighbours along each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides: number[] = new Array(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** NumPy's broadcasting of two shapes, or null where they do not broadcast. */
export function broadcastShapes(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return null;
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Shape of NumPy's `a @ b` for ranks 1 and 2, or null where the inner lengths differ or an operand is a number. */
export function matmulShape(a: Shape, b: Shape): Shape | null {
  if (a.length < 1 || a.length > 2 || b.length < 1 || b.length > 2) return null;
  if (a[a.length - 1] !== b[0]) return null;
  return [...a.slice(0, -1), ...b.slice(1)];
}

/** As a reader writes it: `number`, `[3]`, `[2, 4]`. */
export const describeShape = (shape: Shape): string => (shape.length === 0 ? 'a number' : `[${shape.join(', ')}]`);
