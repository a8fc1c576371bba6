/** A counted loop as statements: Python's own, or JAX's functions of what is carried. */
import type { Id } from '../../tensor/value.ts';
import { withoutUnused } from './unused.ts';

export interface LoopParts {
  /** What is carried from turn to turn, and what it is before the first. */
  readonly names: readonly string[];
  readonly starts: readonly string[];
  readonly count: number;
  /** The name of the number of the turn; null where no turn uses it. */
  readonly turn: string | null;
  /** Values of the turns: those that say whether there is another one, and the others. */
  readonly isEnded: boolean;
  readonly ofCondition: readonly Id[];
  readonly ofTurn: readonly Id[];
}

/** What a loop asks of the function that it stands in. */
export interface LoopWriter {
  statements(ids: readonly Id[], level: number): string[];
  /** What is carried on, once the statements of the turn are written. */
  results(): readonly string[];
  /** Whether it ends here, once the statements of the condition are written. */
  end(): string;
  unique(hint: string): string;
  indented(level: number, ...lines: readonly string[]): string[];
}

export function pythonLoop(
  { names, starts, count, turn, isEnded, ofCondition, ofTurn }: LoopParts,
  writer: LoopWriter,
  level: number,
): string[] {
  const { indented } = writer;
  const before = writer.statements(ofCondition, level + 1);
  return [
    ...indented(level, `${names.join(', ')} = ${starts.join(', ')}`, `for ${turn ?? '_'} in range(${count}):`),
    ...(isEnded ? [...before, ...indented(level + 1, `if ${writer.end()}:`, '    break')] : []),
    ...writer.statements(ofTurn, level + 1),
    ...indented(level + 1, `${names.join(', ')} = ${writer.results().join(', ')}`),
  ];
}

/** `jax.lax.fori_loop` where no turn is left out, else `while_loop`: conditions and turns are functions of what is carried. */
export function laxLoop(parts: LoopParts, writer: LoopWriter, level: number): string[] {
  return parts.isEnded ? endedLoop(parts, writer, level) : countedLoop(parts, writer, level);
}

/** A tuple of Python. */
const packed = (entries: readonly string[]): string => (entries.length === 1 ? `(${entries[0]},)` : entries.join(', '));

function countedLoop({ names, starts, count, turn, ofTurn }: LoopParts, writer: LoopWriter, level: number): string[] {
  const { indented } = writer;
  const body = writer.unique('turn_of');
  const inTurn = writer.statements(ofTurn, level + 1);
  return [
    ...indented(level, '', `def ${body}(${turn ?? '_'}, carried):`),
    ...indented(level + 1, `${packed(names)} = carried`),
    ...inTurn,
    ...indented(level + 1, `return ${packed(writer.results())}`, ''),
    ...indented(level, `${packed(names)} = jax.lax.fori_loop(0, ${count}, ${body}, numbers(${starts.join(', ')}))`),
  ];
}

function endedLoop(
  { names, starts, count, turn, ofCondition, ofTurn }: LoopParts,
  writer: LoopWriter,
  level: number,
): string[] {
  const { indented } = writer;
  const counter = turn ?? writer.unique('turn');
  const [goesOn, body] = [writer.unique('goes_on'), writer.unique('turn_of')];
  const open = indented(level + 1, `${[counter, ...names].join(', ')} = carried`);
  const condition = writer.statements(ofCondition, level + 1);
  const end = writer.end();
  const inTurn = writer.statements(ofTurn, level + 1);
  return [
    ...indented(level, '', `def ${goesOn}(carried):`),
    ...withoutUnused([...open, ...condition, ...indented(level + 1, `return (${counter} < ${count}) & ~(${end})`)]),
    '',
    ...indented(level, `def ${body}(carried):`),
    ...withoutUnused([
      ...open,
      ...condition,
      ...inTurn,
      ...indented(level + 1, `return ${[`${counter} + 1`, ...writer.results()].join(', ')}`),
    ]),
    '',
    ...indented(
      level,
      `_, ${names.join(', ')} = jax.lax.while_loop(${goesOn}, ${body}, numbers(0, ${starts.join(', ')}))`,
    ),
  ];
}
