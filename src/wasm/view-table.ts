/** Where the entries of a view are found in its argument. */
import { at } from '../core/diagnostic.ts';
import { broadcastIndices, viewIndices } from '../core/tensor/reference.ts';
import type { Shape } from '../core/tensor/shape.ts';
import type { ValueOf } from '../core/tensor/value.ts';

/** Position in the argument, of shape `from`, of each entry. */
export function viewTable(
  value: ValueOf<'broadcast'> | ValueOf<'transpose'> | ValueOf<'slice'>,
  from: Shape,
): Int32Array {
  if (value.op === 'broadcast') return broadcastIndices(from, value.shape);
  if (value.op === 'transpose') return viewIndices({ offset: 0, strides: [1, at(value.shape, 0)] }, value.shape);
  return viewIndices(value.attributes, value.shape);
}
