/** How a start of a swarm at rest is found out, and spared its steps. */
import { at } from '../../core/diagnostic.ts';
import { AT_REST, NO_STEP } from './bindings.ts';
import { indented, renamed } from './lines.ts';
import type { Team } from './pair.ts';

/** Lines at the places of the loop over steps where they belong. */
export interface RestLines {
  /** Before the loop. */
  readonly before: readonly string[];
  /** In a step that is made singly, before its assignments. */
  readonly inStep: readonly string[];
  /** After a record, as the last of what follows one. */
  readonly afterRecord: readonly string[];
  /** After the loop. */
  readonly after: readonly string[];
}

export const NEVER_AT_REST: RestLines = { before: [], inStep: [], afterRecord: [], after: [] };

/** Of one start; the team writes the lines of all that an invocation carries. */
export interface RestingState {
  readonly team: Team;
  /** Names of the state, and of what a step makes of it. */
  readonly elements: readonly string[];
  readonly next: readonly string[];
  /** Which of them steps read: where those are as they were, all that follows will be. */
  readonly isRead: readonly boolean[];
  /** Lines after which the names `outputs` stand for what is recorded of the state. */
  readonly record: readonly string[];
  readonly outputs: readonly string[];
  /** Writes the record whose number is called so, of these numbers. */
  readonly store: (record: string, numbers: readonly string[]) => readonly string[];
  readonly recordStep: (record: string) => string;
}

const EARLIER = `if (flag >= ${AT_REST}u && flag != ${NO_STEP}u) { return; } // it came to rest in a dispatch before`;

/**
 * For short steps: after each record the next two are made straight on, which costs less than what a loop keeps. Where the way to the
 * next record is as long they are steps on it; else they are thrown away.
 */
export function restByLookingAhead(state: RestingState, step: readonly string[]): RestLines {
  const { team, elements, next, isRead } = state;
  return {
    before: [...team.lines([EARLIER]), RESTED],
    inStep: [],
    afterRecord: [
      ...team.lines(elements.map((element) => `var at_${element} = ${element};`)),
      'let goes = min(wanted, last) - t >= 2u; // the next two steps lead no further than there',
      '{ // two steps ahead',
      ...indented([
        ...team.lines([...step, `let moved = ${differingBits(elements, next, isRead)};`]),
        '{',
        ...indented([
          ...team.lines([
            ...renamed(elements, next),
            ...step,
            `let swung = ${differingBits(named('at', elements), next, isRead)};`,
          ]),
          ...leaving(team),
          ...team.lines(elements.map((element, k) => `at_${element} = select(at_${element}, ${at(next, k)}, goes);`)),
        ]),
        '}',
      ]),
      '}',
      ...team.lines(elements.map((element) => `${element} = at_${element};`)),
      't += select(0u, 2u, goes);',
    ],
    after: settled([
      ...team.lines([...step, `let moved = ${differingBits(elements, next, isRead)};`]),
      '{',
      ...indented([
        ...team.lines([...renamed(elements, next), ...step]),
        '{',
        ...indented(recordsAtRest(state, { odd: elements, even: next })),
        '}',
      ]),
      '}',
    ]),
  };
}

/** For long steps, of which the text is there only once: each keeps the state before it. */
export function restByLookingBack(state: RestingState, before: string): RestLines {
  const { team, elements, next, isRead } = state;
  const back = named('back', elements);
  return {
    before: [
      ...team.lines([
        EARLIER,
        'var moved = 1u; // 0 where the last step changed no bit',
        'var swung = 1u; // 0 where the last two led back, to the last bit',
        ...back.map((name) => `var ${name} = 0.0;`),
      ]),
      RESTED,
    ],
    inStep: team.lines([
      `moved = ${differingBits(elements, next, isRead)};`,
      `swung = select(1u, ${differingBits(back, next, isRead)}, ${before} > chunk.first_step);`,
      ...back.map((name, k) => `${name} = ${at(elements, k)};`),
    ]),
    afterRecord: leaving(team),
    after: settled(recordsAtRest(state, { odd: back, even: elements })),
  };
}

const RESTED = 'var rested = 0u; // 1 + the record after which all starts here came to rest, or 0';

/** An invocation is done once all of its starts are. */
const leaving = (team: Team): readonly string[] => [
  ...team.lines(['let rests = moved == 0u || swung == 0u;']),
  `if (${team.names(['rests']).join(' && ')}) {`,
  ...indented(['rested = cursor + 1u;', 'break;']),
  '}',
];

/** After the loop: within it, processors that stand in for a GPU would go through all of this after each record, for no lane at all. */
const settled = (lines: readonly string[]): readonly string[] => [
  'if (rested > 0u) {',
  ...indented(['let cursor = rested - 1u;', ...lines]),
  '}',
];

/**
 * Of a start at rest the record of the end is written; of one that swings, all that are left. `odd` and `even` are the states so many
 * steps from here.
 */
const recordsAtRest = (
  { team, elements, record, outputs, store, recordStep }: RestingState,
  { odd, even }: { readonly odd: readonly string[]; readonly even: readonly string[] },
): readonly string[] =>
  team.lines([
    ...outputs.map((_, k) => `var odd_${k}: f32;`),
    '{',
    ...indented([...renamed(elements, odd), ...record, ...outputs.map((text, k) => `odd_${k} = ${text};`)]),
    '}',
    ...renamed(elements, even),
    ...record,
    'for (var later = select(cursor + 1u, chunk.last_record, moved == 0u); later <= chunk.last_record; later++) {',
    ...indented([
      `let is_odd = moved != 0u && ((${recordStep('later')} - t) & 1u) == 1u;`,
      ...store(
        'later',
        outputs.map((text, k) => `select(${text}, odd_${k}, is_odd)`),
      ),
    ]),
    '}',
    `flag = min(flag, ${AT_REST}u + select(chunk.last_record, cursor, moved == 0u));`,
  ]);

const named = (prefix: string, elements: readonly string[]): string[] =>
  elements.map((element) => `${prefix}_${element}`);

/** Bits in which two states differ, of what steps read: 0 where in none. Bits, since NaN differs from itself. */
const differingBits = (before: readonly string[], after: readonly string[], isRead: readonly boolean[]): string =>
  before
    .flatMap((element, k) => (at(isRead, k) ? [`(bitcast<u32>(${element}) ^ bitcast<u32>(${at(after, k)}))`] : []))
    .join(' | ');
