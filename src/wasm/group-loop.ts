/** One loop for entrywise operations of equal length: what only they read stays in local variables. */

import { at } from '../core/diagnostic.ts';
import { type EntrywiseName, isEntrywise } from '../core/tensor/entrywise.ts';
import type { Id, Value } from '../core/tensor/value.ts';
import { type Address, BYTES, loop, type Target } from './arrays.ts';
import type { Code } from './encode.ts';
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

/** How many neighbouring entries a turn computes, and how. */
interface Lanes<Of> {
  readonly count: 1 | 2;
  readonly read: 'f64.load' | 'v128.load';
  readonly store: 'f64.store' | 'v128.store';
  readonly local: 'f64' | 'v128';
  /** What has just been read into a local variable. */
  readonly loaded: (local: number) => Of;
  /** One number in every lane, made before the loop. */
  readonly spread: (target: Target, number: Scalar) => Of;
  readonly write: (target: Target, op: EntrywiseName, args: readonly Of[]) => Of;
  readonly push: (code: Code, of: Of) => Code;
}

const entries = (calls: HostCalls): Lanes<Scalar> => ({
  count: 1,
  read: 'f64.load',
  store: 'f64.store',
  local: 'f64',
  loaded: (local) => ({ kind: 'number', local }),
  spread: (_, number) => number,
  write: (target, op, args) => writeEntry(target, calls, op, args),
  push: pushNumber,
});

/** An odd length goes over its end by one, where every array has room. */
const PAIRS: Lanes<Pair> = {
  count: 2,
  read: 'v128.load',
  store: 'v128.store',
  local: 'v128',
  loaded: (local) => ({ kind: 'numbers', local }),
  spread: ({ code, frame }, number) => {
    const local = frame.local('v128');
    pushNumber(code, number).op('f64x2.splat').set(local);
    return { kind: 'numbers', local };
  },
  write: ({ code, frame }, op, args) => writePair(code, frame, op, args),
  push: pushPair,
};

export function groupLoop(
  target: Target,
  calls: HostCalls,
  group: Group,
  length: number,
  surroundings: GroupSurroundings,
): void {
  const isPaired = target.hasPairs && [...group.values()].every(({ op }) => op === 'broadcast' || hasPairs(op));
  if (isPaired) lanesLoop(target, PAIRS, group, length, surroundings);
  else lanesLoop(target, entries(calls), group, length, surroundings);
}

function lanesLoop<Of>(
  target: Target,
  lanes: Lanes<Of>,
  group: Group,
  length: number,
  { memberOf, splat, address, stored }: GroupSurroundings,
): void {
  const { code, frame } = target;
  const splats = new Map<Id, Scalar>();
  for (const [id, { op, args }] of group) if (op === 'broadcast') splats.set(id, splat(at(args, 0)));
  const fixed = new Map<Id, Of>();
  for (const [id, number] of splats) fixed.set(id, lanes.spread(target, number));
  loop(target, Math.ceil(length / lanes.count), lanes.count * BYTES, (i) => {
    const known = new Map(fixed);
    const loads = new Map<Address, Of>();
    const load = (from: Address): Of => {
      const before = loads.get(from);
      if (before) return before;
      const local = frame.local(lanes.local);
      code.get(i).access(lanes.read, from).set(local);
      const loaded = lanes.loaded(local);
      loads.set(from, loaded);
      return loaded;
    };
    const argument = (id: Id): Of => {
      const member = memberOf(id);
      return (member === null ? undefined : known.get(member)) ?? load(address(id));
    };
    for (const [id, { op, args }] of group) {
      if (isEntrywise(op)) known.set(id, lanes.write(target, op, args.map(argument)));
      const result = known.get(id);
      if (stored.has(id) && result) lanes.push(code.get(i), result).access(lanes.store, address(id));
    }
  });
}
