/** What the rule of an operation may ask of the function that is being written. */
import type { Shape } from '../core/tensor/shape.ts';
import { sizeOf } from '../core/tensor/shape.ts';
import type { Id, ValueOf } from '../core/tensor/value.ts';
import type { Address, Target } from './arrays.ts';
import type { HostCalls } from './host-calls.ts';
import type { MemoryPlan, Places } from './places.ts';
import { literal, pushNumber, type Scalar } from './scalar.ts';

/** What the functions of a module have in common. */
export interface Shared {
  readonly places: Places;
  readonly memory: MemoryPlan;
  readonly calls: HostCalls;
  readonly hasPairs: boolean;
}

export interface Writing extends Target {
  readonly shared: Shared;
  shapeOf(id: Id): Shape;
  /** One number of a value, from wherever it is. */
  entry(id: Id, k: number): Scalar;
  /** Where a value begins in memory. */
  address(id: Id): Address;
}

/** Gives the number on the stack a local variable. */
export function named({ code, frame }: Target): Scalar {
  const local = frame.local('f64');
  code.set(local);
  return { kind: 'number', local };
}

/** Leaves on the stack the random number whose position `pushElement` puts there. */
export function pushDrawn(
  writing: Writing,
  { args: [seed, start, t], attributes, shape }: ValueOf<'random'>,
  pushElement: () => void,
): void {
  const { code, shared } = writing;
  const place = [writing.entry(seed, 0), writing.entry(seed, 1), writing.entry(start, 0), writing.entry(t, 0)];
  for (const scalar of [...place, literal(attributes.stream)]) pushNumber(code, scalar);
  pushElement();
  if (attributes.kind === 'uniform') code.call(shared.calls.index('uniform'));
  else code.number(sizeOf(shape)).number(attributes.count).call(shared.calls.index('shuffled'));
}
