/**
 * Many entries of few values, put together, are one `gather` for each of those values: the upper triangle of a matrix is n slices, one
 * after the other, and as dispatches would be n copies.
 */
import { at } from '../diagnostic.ts';
import type { Operand, Ops, Tensor } from '../tensor/ops.ts';
import { viewIndices } from '../tensor/reference.ts';
import { sizeOf } from '../tensor/shape.ts';
import { type Id, levelOf, type ValueOf } from '../tensor/value.ts';
import type { Program } from './program.ts';
import { rewrite } from './rewrite.ts';

/** A gather and what brings two of them together cost as much as so many copies. */
const COPIES_OF_A_GATHER = 3;

/** Places are numbers of float32, which counts without gaps up to here. */
const MOST_PLACES = 1 << 24;

/** The entries of one value that an assembly holds: entry `into[k]` of the result is entry `from[k]` of the source. */
interface Share {
  readonly source: Id;
  readonly into: number[];
  readonly from: number[];
}

/** The program with such assemblies as gathers; the same where it has none. Zeros may lose their sign, and gain it. */
export function gatherParts(program: Program): Program {
  const known = gathered.get(program);
  if (known) return known;
  const made = rewritten(program);
  gathered.set(program, made);
  return made;
}

/** Kept: rewriting takes longer than many a run. */
const gathered = new WeakMap<Program, Program>();

function rewritten(program: Program): Program {
  const sharesOf = new Map<Id, readonly Share[]>();
  program.values.forEach((value, id) => {
    const shares = value.op === 'assemble' ? sharesIn(program, value) : null;
    if (shares) sharesOf.set(id, shares);
  });
  if (sharesOf.size === 0) return program;
  return rewrite(program, (ops, value, _, id, of) => {
    const shares = sharesOf.get(id);
    return shares ? ops.reshape(joined(ops, shares, sizeOf(value.shape), of), value.shape) : null;
  });
}

/** Null where copies are as good, or where two parts meet, whose sum an assembly holds. */
function sharesIn(program: Program, { args, attributes, shape }: ValueOf<'assemble'>): Share[] | null {
  const size = sizeOf(shape);
  if (args.length <= COPIES_OF_A_GATHER || size >= MOST_PLACES) return null;
  const shares = new Map<Id, Share>();
  const taken = new Uint8Array(size);
  for (const [position, argument] of args.entries()) {
    const { source, places } = entriesOf(program, argument);
    if (sizeOf(at(program.values, source).shape) >= MOST_PLACES) return null;
    const share = shares.get(source) ?? { source, into: [], from: [] };
    shares.set(source, share);
    if (shares.size * COPIES_OF_A_GATHER >= args.length) return null;
    const targets = viewIndices(at(attributes.parts, position), at(program.values, argument).shape);
    for (const [k, target] of targets.entries()) {
      if (taken[target] === 1) return null;
      taken[target] = 1;
      share.into.push(target);
      share.from.push(places === null ? k : at(places, k));
    }
  }
  const moves = [...shares.keys()].some((source) =>
    ['start', 'step'].includes(levelOf(at(program.values, source).uses)),
  );
  return moves ? [...shares.values()] : null;
}

/** The value of which this one is a view, and where its entries are there; null where they are all of them, in order. */
function entriesOf(program: Program, id: Id): { readonly source: Id; readonly places: ArrayLike<number> | null } {
  const value = at(program.values, id);
  if (value.op !== 'slice' && value.op !== 'reshape' && value.op !== 'transpose') return { source: id, places: null };
  const inner = entriesOf(program, value.args[0]);
  if (value.op === 'reshape') return inner;
  const view = value.op === 'slice' ? value.attributes : { offset: 0, strides: [1, at(value.shape, 0)] };
  const places = viewIndices(view, value.shape);
  const { places: outer } = inner;
  return { source: inner.source, places: outer === null ? places : places.map((place) => at(outer, place)) };
}

/** A vector of `size` entries that has those of the shares, and zeros. */
function joined(ops: Ops, shares: readonly Share[], size: number, of: (id: Id) => Tensor): Tensor {
  const covered = shares.reduce((sum, { into }) => sum + into.length, 0);
  // Where nothing is zero, the first share needs no place of its own: the others are written over it.
  let result: Operand | null = covered === size ? null : 0;
  for (const { source, into, from } of shares) {
    const [rows, isHere] = [new Float64Array(size), new Float64Array(size)];
    into.forEach((target, k) => {
      rows[target] = at(from, k);
      isHere[target] = 1;
    });
    const table = of(source);
    const entries = ops.gather(ops.reshape(table, [sizeOf(table.shape)]), ops.constant(rows));
    result = result === null ? entries : ops.where(ops.constant(isHere), entries, result);
  }
  return ops.tensor(result ?? 0);
}
