/** Problems with corners as smooth ones: entries of corners become variables of their own, and the rest is recorded again around them. */
import { at } from '../../diagnostic.ts';
import { gather } from '../../tensor/coordinates.ts';
import type { Ops, Tensor } from '../../tensor/ops.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Id } from '../../tensor/value.ts';
import { squareOf } from '../recorded/roots.ts';
import { type Bent, excessRows } from './corners.ts';

/** Which entries of each corner are lifted: become variables of their own. */
export type Lift = ReadonlyMap<number, readonly number[]>;

export const NO_LIFT: Lift = new Map();

/** Number of the lifted entries: of the variables u. */
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

/**
 * The loss and the residuals at another point of the same table, with variables u (one after the other) for the lifted entries, and v
 * for the pinned lengths. With `rounding` ε > 0, √(‖a‖² + ε²) stands for all other lengths.
 */
export function replay(
  { symbols, loss, residuals, corners, folds, moving }: Bent,
  lift: Lift,
  x: Tensor,
  u: Tensor,
  pins: readonly number[],
  v: Tensor,
  rounding = 0,
): Replayed {
  const { ops } = symbols;
  const [made, definitions] = [new Map<Id, Tensor>([[symbols.x.id, x]]), [] as Tensor[]];
  const of = (id: Id): Tensor => made.get(id) ?? { id, shape: at(ops.values, id).shape };
  const positions = new Map(corners.map(({ node }, k) => [node, k]));
  const pinned: Tensor[] = [];
  const held = pins.flatMap((position, k) => {
    const fold = at(folds, position);
    return fold.kind === 'length' && fold.inside ? [{ k, ...fold, inside: fold.inside }] : [];
  });
  const lengths = new Set(folds.flatMap(({ node, kind }) => (kind === 'length' ? [node] : [])));
  let offset = 0;
  for (const id of [...moving].sort((a, b) => a - b)) {
    if (id === symbols.x.id) continue;
    const value = at(ops.values, id);
    const args = value.args.map(of);
    const square = rounding > 0 && lengths.has(id) ? squareOf(ops, value) : null;
    const again =
      square === null
        ? ops.again(
            value,
            args.map((arg) => arg.id),
          )
        : ops.sqrt(ops.add(of(square), rounding ** 2));
    const own = held.filter(({ node }) => node === id);
    if (own.length > 0) {
      const places = own.map(({ k, entry }) => ({
        part: ops.slice(v, { offset: k, strides: [1], shape: [1] }),
        view: { offset: entry, strides: [1] },
      }));
      made.set(id, mixed(ops, ops.reshape(ops.assemble(places, [sizeOf(value.shape)]), value.shape), own, again));
      own.forEach(({ inside }, k) => {
        const a = of(inside.of);
        pinned.push(ops.concat([at(places, k).part, gather(ops, ops.reshape(a, [sizeOf(a.shape)]), inside.entries)]));
      });
      continue;
    }
    const position = positions.get(id);
    const entries = position === undefined ? undefined : lift.get(position);
    if (position === undefined || entries === undefined) {
      made.set(id, again);
      continue;
    }
    const { shape, side } = at(corners, position);
    const size = sizeOf(shape);
    const variables = ops.slice(u, { offset, strides: [1], shape: [entries.length] });
    offset += entries.length;
    const spread =
      entries.length === size
        ? ops.reshape(variables, shape)
        : ops.reshape(
            ops.assemble(
              entries.map((entry, k) => ({
                part: ops.slice(variables, { offset: k, strides: [1], shape: [1] }),
                view: { offset: entry, strides: [1] },
              })),
              [size],
            ),
            shape,
          );
    const lifted = new Set(entries);
    const signed = side === 1 ? spread : ops.negate(spread);
    const taken = mixed(
      ops,
      signed,
      entries.map((entry) => ({ entry })),
      again,
    );
    made.set(id, taken);
    const { rows, owners } = excessRows(ops, value, side, args, taken);
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

/** `replaced` at these entries, `kept` at all others. */
function mixed(ops: Ops, replaced: Tensor, own: readonly { readonly entry: number }[], kept: Tensor): Tensor {
  const size = sizeOf(kept.shape);
  if (own.length === size) return replaced;
  const entries = new Set(own.map(({ entry }) => entry));
  const mask = ops.constant(
    Float64Array.from({ length: size }, (_, k) => (entries.has(k) ? 1 : 0)),
    kept.shape,
  );
  return ops.where(mask, replaced, kept);
}
