/** How a start of a swarm at rest is found out, and spared its steps. */
import { at } from '../../core/diagnostic.ts';
import { AT_REST, NO_STEP } from './bindings.ts';
import { indented } from './emit.ts';

/** Lines at the places of the loop over steps where they belong. */
export interface RestLines {
  /** Before the loop. */
  readonly before: readonly string[];
  /** Where a segment begins, at step t. */
  readonly begin: string;
  /** In a step that is made singly, before its assignments. */
  readonly inStep: readonly string[];
  /** After a record. */
  readonly afterRecord: readonly string[];
  /** Steps made singly before each record, of which it has to be known whether they led back. */
  readonly stepsApart: number;
}

export const NEVER_AT_REST: RestLines = {
  before: [],
  begin: 'var before = t;',
  inStep: [],
  afterRecord: [],
  stepsApart: 0,
};

/**
 * Names of the state and of what a step makes of it, and which entries steps read; `storesAtEnd` writes the last record of all. See
 * the variant `until rest`.
 */
export function restLines(
  elements: readonly string[],
  next: readonly string[],
  isRead: readonly boolean[],
  storesAtEnd: readonly string[],
): RestLines {
  const eachRead = (line: (element: string) => string) =>
    elements.flatMap((element, k) => (at(isRead, k) ? [line(element)] : []));
  return {
    before: [
      `if (flag >= ${AT_REST}u && flag != ${NO_STEP}u) { return; } // it came to rest in a dispatch before`,
      'var moved = 1u; // 0 where the last step changed no bit',
      'var swung = 1u; // 0 where the last two led back, to the last bit',
      ...eachRead((element) => `var ${backName(element)} = 0.0;`),
    ],
    begin: 'var before = select(t, end - ((end - t) & 1u), swung == 0u);',
    inStep: [
      `moved = ${differingBits(elements, next, isRead)};`,
      `swung = select(1u, ${differingBits(elements.map(backName), next, isRead)}, before > chunk.first_step);`,
      ...eachRead((element) => `${backName(element)} = ${element};`),
    ],
    afterRecord: [
      'if (moved == 0u) {',
      ...indented([...storesAtEnd, `flag = min(flag, ${AT_REST}u + cursor);`, 'break;']),
      '}',
    ],
    stepsApart: 2,
  };
}

/** What an entry of the state was before the last step that was made singly. */
const backName = (element: string): string => `back_${element}`;

/** Bits in which two states differ, of what steps read: 0 where in none. Bits, since NaN differs from itself. */
const differingBits = (before: readonly string[], after: readonly string[], isRead: readonly boolean[]): string =>
  before
    .flatMap((element, k) => (at(isRead, k) ? [`(bitcast<u32>(${element}) ^ bitcast<u32>(${at(after, k)}))`] : []))
    .join(' | ');
