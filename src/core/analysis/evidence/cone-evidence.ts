/** The proof that a residual is weight·‖x[inside] − apex‖ − (slope·x + offset), where length and slope share no entry. */
import type { ConeEvidence } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import { degreeIn } from '../../tensor/degree.ts';
import { reachable, type ValueTable } from '../../tensor/evaluate.ts';
import type { Tensor } from '../../tensor/ops.ts';
import type { Id } from '../../tensor/value.ts';
import { entriesRead } from '../recorded/reads.ts';
import { squareOf } from '../recorded/roots.ts';
import { machineOf, type Symbols } from '../recorded/symbols.ts';
import { asDistance } from './balls.ts';
import { quadraticEvidence } from './quadratic-evidence.ts';

/** A square beside the length, as in sqrt(x² + 1), below this share of what it is made of is rounding. */
const ROUNDING = 1e-14;

/** Weight, apex, slope and offset of a residual with one row; null where it is anything else, or moves. */
export function coneEvidence(
  symbols: Symbols,
  residual: (x: Tensor) => Tensor,
  coordinates: readonly number[],
): ConeEvidence | null {
  const { ops, x, t } = symbols;
  const value = residual(x).id;
  if (reachable(ops, [value]).has(t.id)) return null;
  const length = onlyLength(ops, value, x.id);
  if (length === null || degreeIn(ops, value, new Set([length, x.id])) !== 1) return null;
  const inside = entriesRead(ops, length, x.id);
  const beside = coordinates.filter((entry) => !inside.includes(entry));
  const square = (point: Tensor): Tensor => {
    const id = at(ops.values, onlyLength(ops, residual(point).id, point.id) ?? length);
    const under = squareOf(ops, id) ?? length;
    return ops.reshape({ id: under, shape: at(ops.values, under).shape }, [1]);
  };
  const round = roundApex(symbols, square, inside);
  if (!round) return null;
  const machine = machineOf(symbols);
  const run = machine.procedure([value], (node) => node !== at(ops.values, length));
  const [point, far] = [machine.numbers(x.id), machine.numbers(length)];
  const evaluated = (entry: number | null, distance: number) => {
    point.fill(0);
    if (entry !== null) point[entry] = 1;
    far.fill(distance);
    run();
    return at(machine.numbers(value), 0);
  };
  const origin = evaluated(null, 0);
  const weight = (evaluated(null, 1) - origin) * round.scale;
  const slopes = new Map(beside.map((entry) => [entry, (origin - evaluated(entry, 0)) / weight]));
  const isApart = inside.every((entry) => evaluated(entry, 0) === origin);
  const offset = -origin / weight || 0;
  const isProper = weight > 0 && [offset, ...slopes.values()].every(Number.isFinite);
  if (!isApart || !isProper || ![...slopes.values()].some((slope) => slope !== 0)) return null;
  return {
    inside: coordinates.map((entry) => (inside.includes(entry) ? 1 : 0)),
    apex: coordinates.map((entry) => round.center[inside.indexOf(entry)] ?? 0),
    slope: coordinates.map((entry) => slopes.get(entry) || 0),
    offset,
  };
}

/** The one length that a value is made of; null where there are several, or none. */
function onlyLength(table: ValueTable, y: Id, x: Id): Id | null {
  const found = new Set<Id>();
  const seen = new Set<Id>();
  const pending = [y];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id) || id === x) continue;
    seen.add(id);
    const node = at(table.values, id);
    if (node.op === 'repeat' || node.op === 'pick') return null;
    const square = squareOf(table, node);
    if (square !== null && reachable(table, [square]).has(x)) found.add(id);
    else pending.push(...node.args);
  }
  const [length, second] = found;
  return length === undefined || second !== undefined ? null : length;
}

/** Of a square scale²·‖x[inside] − center‖²; null where it is anything else, or has something beside. */
function roundApex(symbols: Symbols, square: (x: Tensor) => Tensor, inside: readonly number[]) {
  if (degreeIn(symbols.ops, square(symbols.x).id, symbols.x.id) !== 2) return null;
  const quadratic = quadraticEvidence(symbols, square, inside);
  const distance = asDistance({ relation: 'inequality', quadratic });
  if (!quadratic || !distance) return null;
  const most = distance.center.reduce((sum, entry) => sum + entry ** 2, 0);
  const isPointed = Math.abs(distance.square) <= ROUNDING * most;
  return isPointed ? { center: distance.center, scale: Math.sqrt((quadratic.diagonal[0] ?? 0) / 2) } : null;
}
