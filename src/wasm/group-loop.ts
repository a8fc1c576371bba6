/** One loop for entrywise operations of equal length: what only they read stays in local variables. */

import { at } from '../core/diagnostic.ts';
import { isEntrywise } from '../core/tensor/entrywise.ts';
import type { Id, Value } from '../core/tensor/value.ts';
import { type Address, BYTES, loop, type Target } from './arrays.ts';
import type { HostCalls } from './host-calls.ts';
import { hasPairs, type Pair, pushNumber, pushPair, type Scalar, writeEntry, writePair } from './scalar.ts';

/** Operations of one length in the order of the table; a broadcast is that of one number. */
export type Group = Map<Id, Value>;

export interface GroupSurroundings {
  /** The member of the group that a value is another name of, or null. */
  readonly memberOf: (id: Id) => Id | null;
  /** The number that is broadcast. */
  readonly splat: (id: Id) => Scalar;
  readonly address: (id: Id) => Address;
  /** Members that are read from memory later. */
  readonly stored: ReadonlySet<Id>;
}

export function groupLoop(
  target: Target,
  calls: HostCalls,
  group: Group,
  length: number,
  surroundings: GroupSurroundings,
): void {
  const splats = new Map<Id, Scalar>();
  for (const [id, { op, args }] of group) if (op === 'broadcast') splats.set(id, surroundings.splat(at(args, 0)));
  const isPaired = target.hasPairs && [...group.values()].every(({ op }) => op === 'broadcast' || hasPairs(op));
  if (isPaired) pairLoop(target, group, length, splats, surroundings);
  else entryLoop(target, calls, group, length, splats, surroundings);
}

function entryLoop(
  target: Target,
  calls: HostCalls,
  group: Group,
  length: number,
  splats: ReadonlyMap<Id, Scalar>,
  { memberOf, address, stored }: GroupSurroundings,
): void {
  const { code, frame } = target;
  loop(target, length, BYTES, (i) => {
    const known = new Map<Id, Scalar>(splats);
    const loads = new Map<Address, Scalar>();
    const load = (from: Address): Scalar => {
      const before = loads.get(from);
      if (before) return before;
      const local = frame.local('f64');
      code.get(i).access('f64.load', from).set(local);
      loads.set(from, { kind: 'number', local });
      return { kind: 'number', local };
    };
    const argument = (id: Id): Scalar => {
      const member = memberOf(id);
      return (member === null ? undefined : known.get(member)) ?? load(address(id));
    };
    for (const [id, { op, args }] of group) {
      if (isEntrywise(op)) known.set(id, writeEntry(target, calls, op, args.map(argument)));
      const result = known.get(id);
      if (stored.has(id) && result) pushNumber(code.get(i), result).access('f64.store', address(id));
    }
  });
}

/** Two entries a turn. An odd length goes over its end by one, where every array has room. */
function pairLoop(
  target: Target,
  group: Group,
  length: number,
  splats: ReadonlyMap<Id, Scalar>,
  { memberOf, address, stored }: GroupSurroundings,
): void {
  const { code, frame } = target;
  const fixed = new Map<Id, Pair>();
  for (const [id, scalar] of splats) {
    const local = frame.local('v128');
    pushNumber(code, scalar).op('f64x2.splat').set(local);
    fixed.set(id, { kind: 'numbers', local });
  }
  loop(target, Math.ceil(length / 2), 2 * BYTES, (i) => {
    const known = new Map(fixed);
    const loads = new Map<Address, Pair>();
    const load = (from: Address): Pair => {
      const before = loads.get(from);
      if (before) return before;
      const local = frame.local('v128');
      code.get(i).access('v128.load', from).set(local);
      loads.set(from, { kind: 'numbers', local });
      return { kind: 'numbers', local };
    };
    const argument = (id: Id): Pair => {
      const member = memberOf(id);
      return (member === null ? undefined : known.get(member)) ?? load(address(id));
    };
    for (const [id, { op, args }] of group) {
      if (isEntrywise(op)) known.set(id, writePair(code, frame, op, args.map(argument)));
      const result = known.get(id);
      if (stored.has(id) && result) pushPair(code.get(i), result).access('v128.store', address(id));
    }
  });
}
