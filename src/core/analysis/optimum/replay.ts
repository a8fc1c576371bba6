/** Problems with corners as smooth ones: entries of corners become variables of their own, and the rest is recorded again around them. */
import { at } from '../../diagnostic.ts';
import { gather } from '../../tensor/coordinates.ts';
import type { Tensor } from '../../tensor/ops.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Id } from '../../tensor/value.ts';
import { type Bent, excessRows } from './corners.ts';

/** Which entries of each corner are lifted: become variables of their own. */
export type Lift = ReadonlyMap<number, readonly number[]>;

export const NO_LIFT: Lift = new Map();

export const liftSize = (lift: Lift): number => [...lift.values()].reduce((sum, { length }) => sum + length, 0);

/** All entries of the corners at these positions. */
export const wholeLift = ({ corners }: Bent, positions: readonly number[]): Lift =>
  new Map(positions.map((k) => [k, Array.from({ length: sizeOf(at(corners, k).shape) }, (_, entry) => entry)]));

export interface Replayed {
  readonly loss: Tensor;
  readonly residuals: readonly (Tensor | null)[];
  /** ≤ 0: what makes the variables what they are. */
  readonly definitions: readonly Tensor[];
  /** = 0: for each pinned length ‖a‖ its variable, and then a. */
  readonly pinned: readonly Tensor[];
}

/** The loss and the residuals at another point of the same table, with variables u (one after the other) for the lifted entries. */
export function replay(
  { symbols, loss, residuals, corners, folds, moving }: Bent,
  lift: Lift,
  x: Tensor,
  u: Tensor,
  pins: readonly number[],
  v: Tensor,
): Replayed {
  const { ops } = symbols;
  const [made, definitions] = [new Map<Id, Tensor>([[symbols.x.id, x]]), [] as Tensor[]];
  const of = (id: Id): Tensor => made.get(id) ?? { id, shape: at(ops.values, id).shape };
  const positions = new Map(corners.map(({ node }, k) => [node, k]));
  const pinned: Tensor[] = [];
  const pinOf = new Map(pins.map((fold, k) => [at(folds, fold).node, { k, inside: at(folds, fold).inside }]));
  let offset = 0;
  for (const id of [...moving].sort((a, b) => a - b)) {
    if (id === symbols.x.id) continue;
    const value = at(ops.values, id);
    const pin = pinOf.get(id);
    if (pin && pin.inside !== null) {
      const [own, a] = [ops.slice(v, { offset: pin.k, strides: [1], shape: [1] }), of(pin.inside)];
      made.set(id, ops.reshape(own, []));
      pinned.push(ops.concat([own, ops.reshape(a, [sizeOf(a.shape)])]));
      continue;
    }
    const args = value.args.map(of);
    const again = ops.again(
      value,
      args.map((arg) => arg.id),
    );
    const position = positions.get(id);
    const entries = position === undefined ? undefined : lift.get(position);
    if (position === undefined || entries === undefined) {
      made.set(id, again);
      continue;
    }
    const { shape, side } = at(corners, position);
    const size = sizeOf(shape);
    const own = ops.slice(u, { offset, strides: [1], shape: [entries.length] });
    offset += entries.length;
    const isWhole = entries.length === size;
    const spread = isWhole
      ? ops.reshape(own, shape)
      : ops.reshape(
          ops.assemble(
            entries.map((entry, k) => ({
              part: ops.slice(own, { offset: k, strides: [1], shape: [1] }),
              view: { offset: entry, strides: [1] },
            })),
            [size],
          ),
          shape,
        );
    const lifted = new Set(entries);
    const mask = ops.constant(
      Float64Array.from({ length: size }, (_, k) => (lifted.has(k) ? 1 : 0)),
      shape,
    );
    const signed = side === 1 ? spread : ops.negate(spread);
    const mixed = isWhole ? signed : ops.where(mask, signed, again);
    made.set(id, mixed);
    const { rows, owners } = excessRows(ops, value, side, args, mixed);
    definitions.push(
      gather(
        ops,
        rows,
        owners.flatMap((owner, row) => (lifted.has(owner) ? [row] : [])),
      ),
    );
  }
  return {
    loss: of(loss.id),
    residuals: residuals.map((residual) => residual && of(residual.id)),
    definitions,
    pinned,
  };
}
