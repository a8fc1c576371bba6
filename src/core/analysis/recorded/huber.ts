/** Losses that are quadratic where a residual is small and grow along lines beyond, written as where(|a| ≤ c, …, …). */
import { at } from '../../diagnostic.ts';
import { degreeIn } from '../../tensor/degree.ts';
import type { Id, Value } from '../../tensor/value.ts';
import { machineOf, type Symbols } from './symbols.ts';

/** Differences below this, relatively, are rounding. */
const ROUNDING = 1e-12;

/**
 * a, where the value is q a² + d for |a| ≤ c and s|a| + e beyond, entry by entry, with q ≥ 0, both equal at |a| = c, and s no less than
 * the slope 2qc there: then it is convex in a. Null for other values. Source: Huber 1964, Annals of Mathematical Statistics 35, 73–101.
 */
export function huberArgument(symbols: Symbols, { op, args }: Value): Id | null {
  const { ops } = symbols;
  const value = (id: Id | undefined) => (id === undefined ? null : at(ops.values, id));
  const condition = op === 'where' ? value(args[0]) : null;
  if (condition?.op !== 'less' && condition?.op !== 'lessEqual') return null;
  const [size, limit] = condition.args;
  const absolute = value(size);
  const [yes, no] = [args[1], args[2]];
  const a = absolute?.op === 'abs' ? absolute.args[0] : undefined;
  if (a === undefined || size === undefined || limit === undefined || yes === undefined || no === undefined)
    return null;
  // The first may be written with a or |a|, as its square is the same.
  const isWritten = degreeIn(ops, yes, new Set([a, size])) <= 2 && degreeIn(ops, no, new Set([size])) <= 1;
  if (!isWritten || !isEntrywise(symbols, [limit, yes, no], [a, size])) return null;
  const at0 = valuesAt(symbols, [limit, yes, no], a, size, 0);
  const [at1, opposite, at2] = [1, -1, 2].map((point) => valuesAt(symbols, [limit, yes, no], a, size, point));
  if (!at1 || !opposite || !at2) return null;
  const isConvex = at0.every(([c = 0, d = 0, e = 0], k) => {
    const [, one = 0, first = 0] = at(at1, k);
    const [, minus = 0] = at(opposite, k);
    const [, two = 0] = at(at2, k);
    const [q, s] = [one - d, first - e];
    const room =
      ROUNDING * (1 + [c, d, e, one, first, two].reduce((sum, entry) => sum + Math.abs(entry), 0) * (1 + c * c));
    const isSquare = Math.abs(one - minus) <= room && Math.abs(two - (4 * q + d)) <= room;
    const isJoined = Math.abs(q * c * c + d - (s * c + e)) <= room;
    return c > 0 && q >= -room && isSquare && isJoined && s - 2 * q * c >= -room;
  });
  return isConvex ? a : null;
}

const ENTRYWISE: ReadonlySet<string> = new Set(['identity', 'negate', 'abs', 'add', 'subtract', 'multiply', 'divide']);

/** Whether they read x through these values alone, entry by entry. */
function isEntrywise({ ops, x }: Symbols, roots: readonly Id[], held: readonly Id[]): boolean {
  const known = new Map<Id, 'moves' | 'still' | 'elsewhere'>(held.map((id) => [id, 'moves']));
  const of = (id: Id): 'moves' | 'still' | 'elsewhere' => {
    const before = known.get(id);
    if (before) return before;
    const { op, args } = at(ops.values, id);
    const parts = args.map(of);
    const isElsewhere = id === x.id || parts.includes('elsewhere');
    const moves = parts.includes('moves');
    const found = isElsewhere || (moves && !ENTRYWISE.has(op)) ? 'elsewhere' : moves ? 'moves' : 'still';
    known.set(id, found);
    return found;
  };
  return roots.every((id) => of(id) !== 'elsewhere');
}

/** The entries of each root where all entries of a are this number: [entry][root]. */
function valuesAt(symbols: Symbols, roots: readonly Id[], a: Id, size: Id, point: number): number[][] {
  const machine = machineOf(symbols);
  const held = new Set([at(symbols.ops.values, a), at(symbols.ops.values, size)]);
  const run = machine.procedure(roots, (value) => !held.has(value));
  machine.numbers(a).fill(point);
  machine.numbers(size).fill(Math.abs(point));
  run();
  const columns = roots.map((id) => machine.numbers(id));
  return Array.from(at(columns, 0), (_, k) => columns.map((numbers) => at(numbers, k)));
}
