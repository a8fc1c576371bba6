/** A counted loop as statements: Python's own, or JAX's functions of what is carried. */
import type { Id } from '../../tensor/value.ts';

export interface LoopParts {
  /** What is carried from turn to turn, and what it is before the first. */
  readonly names: readonly string[];
  readonly starts: readonly string[];
  readonly count: number;
  /** The name of the number of the turn; null where no turn uses it. */
  readonly turn: string | null;
  /** Values of the turns: those that say whether there is another one, and the others. */
  readonly ofCondition: readonly Id[];
  readonly ofTurn: readonly Id[];
}

/** What a loop asks of the function that it stands in. */
export interface LoopWriter {
  statements(ids: readonly Id[], level: number): string[];
  /** What is carried on, once the statements of the turn are written. */
  results(): string;
  /** Whether it ends here, once the statements of the condition are written; null: never before the last turn. */
  end(form: 'python' | 'lax'): string | null;
  unique(hint: string): string;
  indented(level: number, ...lines: readonly string[]): string[];
}

export function pythonLoop(
  { names, starts, count, turn, ofCondition, ofTurn }: LoopParts,
  writer: LoopWriter,
  level: number,
): string[] {
  const { indented } = writer;
  const before = writer.statements(ofCondition, level + 1);
  const end = writer.end('python');
  return [
    ...indented(level, `${names.join(', ')} = ${starts.join(', ')}`, `for ${turn ?? '_'} in range(${count}):`),
    ...(end === null ? [] : [...before, ...indented(level + 1, `if ${end}:`, '    break')]),
    ...writer.statements(ofTurn, level + 1),
    ...indented(level + 1, `${names.join(', ')} = ${writer.results()}`),
  ];
}

/** `jax.lax.while_loop`: the condition and the turn are functions of what is carried. */
export function laxLoop(
  { names, starts, count, turn, ofCondition, ofTurn }: LoopParts,
  writer: LoopWriter,
  level: number,
): string[] {
  const { indented } = writer;
  const counter = turn ?? 'turn';
  const [goesOn, body] = [writer.unique('goes_on'), writer.unique('turn_of')];
  const open = indented(level + 1, `${[counter, ...names].join(', ')} = carried`);
  const condition = writer.statements(ofCondition, level + 1);
  const end = writer.end('lax');
  const inTurn = writer.statements(ofTurn, level + 1);
  return [
    ...indented(level, '', `def ${goesOn}(carried):`),
    ...open,
    ...condition,
    ...indented(level + 1, `return (${counter} < ${count})${end === null ? '' : ` & ${end}`}`, ''),
    ...indented(level, `def ${body}(carried):`),
    ...open,
    ...condition,
    ...inTurn,
    ...indented(level + 1, `return ${counter} + 1, ${writer.results()}`, ''),
    ...indented(
      level,
      `_, ${names.join(', ')} = jax.lax.while_loop(${goesOn}, ${body}, numbers(0, ${starts.join(', ')}))`,
    ),
  ];
}
