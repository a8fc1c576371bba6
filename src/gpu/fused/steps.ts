/**
 * The loop over steps of a fused kernel: two nested counted loops without `if`, `break` or store inside, measured four times faster
 * than one loop that asks at every step whether to record.
 */
import { at } from '../../core/diagnostic.ts';
import { isAutonomous } from '../../core/program/autonomous.ts';
import { slotsReadBySteps } from '../../core/program/read-slots.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { type Addresses, withRowIfRead } from './bindings.ts';
import { Emitter, Scope, type Shared } from './emit.ts';
import { flagLines } from './flags.ts';
import { assignments, indented, renamed } from './lines.ts';
import { ALONE, type Team } from './pair.ts';
import { NEVER_AT_REST, type RestingState, type RestLines, restByLookingAhead, restByLookingBack } from './rest.ts';

/**
 * `runs`: one dispatch carries several runs; the others carry one, of as many starts as there are.
 * `watched`: looks at the state after every step instead of once a segment, which is dearer; the flag then tells the exact step.
 * `until rest`: a start whose state a step leaves as it was, to the last bit, stays so for ever where no step asks for t. From there
 * on it writes no records but the last of all, and its flag says which was its own last. One that two steps lead back, as rounding
 * often has it, writes all that are left at once. Neither makes a further step.
 * `pairs until rest`: the same, and each invocation carries two starts.
 */
export type Variant = 'runs' | 'plain' | 'watched' | 'until rest' | 'pairs until rest';

/** Lines of the entry point that makes steps, and how many of them one step goes through. */
export function stepsLines(
  shared: Shared,
  elements: readonly string[],
  recordWidth: number,
  variant: Variant,
  team: Team = ALONE,
): { lines: string[]; operations: number } {
  const { addresses } = shared;
  const isWatched = variant === 'watched';
  const once = new Scope();
  const step = new Scope();
  const next = shared.program.state.flatMap(({ next }) => new Emitter(shared, once, step).entries(next));
  const read = new Set(slotsReadBySteps(shared.program));
  const isRead = shared.program.state.flatMap((slot) => new Array<boolean>(sizeOf(slot.shape)).fill(read.has(slot)));
  const isLean = isRead.includes(false) && !isWatched && stepsPerTurn(step.operations) > 1;
  const lean = new Scope();
  const leanNext = isLean ? [...read].flatMap(({ next }) => new Emitter(shared, once, lean).entries(next)) : next;
  const leanElements = isLean ? elements.filter((_, k) => at(isRead, k)) : elements;
  const record = new Scope();
  const outputs = shared.program.outputs.flatMap(({ value }) => new Emitter(shared, once, record).entries(value));
  const store = (record: string, numbers: readonly string[]) => [
    `let at = ${addresses.record(record, recordWidth)} * count + start;`,
    ...numbers.map((text, k) => `records[at + ${k}u * count] = ${text};`),
  ];
  const begin = team.lines([
    ...once.lines,
    ...elements.map((element, k) => `var ${element} = ${addresses.state(k, elements.length)};`),
    `var flag = ${addresses.flag};`,
  ]);
  const flags = team.lines(flagLines(shared.program, elements));
  const turns = isWatched || step.lines.some((line) => LOOP.test(line)) ? 1 : stepsPerTurn(step.operations);
  const rest = restOf({
    team,
    elements,
    next,
    isRead,
    record: record.lines,
    outputs,
    store,
    recordStep: addresses.recordStep,
  });
  const whole = { lines: team.lines(step.lines), elements: team.names(elements), next: team.names(next) };
  const most = isLean
    ? { lines: team.lines(lean.lines), elements: team.names(leanElements), next: team.names(leanNext) }
    : whole;
  const lines = [
    ...begin,
    'let last = chunk.first_step + chunk.steps;',
    'let count = chunk.starts;',
    'var t = chunk.first_step;',
    `var wanted = ${addresses.recordStep('chunk.cursor')};`,
    ...rest.before,
    'for (var ahead = chunk.last_cursor - chunk.cursor + 1u; ahead > 0u; ahead--) { // one turn per recorded step, one for the rest',
    ...indented([
      'let cursor = chunk.last_cursor + 1u - ahead;',
      'let end = min(wanted, last);',
      ...(turns > 1
        ? [
            isLean
              ? `let several = (max(end - t, 1u) - 1u) / ${turns}u; // the last step apart: it tells what no step reads`
              : `let several = (end - t) / ${turns}u;`,
            `let single = end - t - several * ${turns}u;`,
            `for (var turns = several; turns > 0u; turns--) { // ${turns} steps a turn`,
            ...indented(unrolled(most, turns, addresses)),
            '}',
          ]
        : ['let single = end - t;']),
      'for (var left = single; left > 0u; left--) {',
      ...indented([
        ...(isWatched
          ? ['t = end - left + 1u;', ...withRowIfRead(whole.lines, addresses)]
          : oneStep(whole.lines, 'end - left + 1u', addresses)),
        ...rest.inStep,
        ...assignments(whole.elements, whole.next),
        ...(isWatched ? flags : []),
      ]),
      '}',
      't = end;',
      ...(isWatched ? [] : flags),
      'if (wanted <= last) {',
      ...indented([
        ...withRowIfRead(team.lines([...record.lines, ...store('cursor', outputs)]), addresses),
        `wanted = ${addresses.recordStep('cursor + 1u')};`,
        ...rest.afterRecord,
      ]),
      '}',
    ]),
    '}',
    ...rest.after,
    ...team.lines([
      ...elements.map((element, k) => `${addresses.state(k, elements.length)} = ${element};`),
      `${addresses.flag} = flag;`,
    ]),
  ];
  return { lines, operations: step.operations + elements.length };

  function restOf(state: RestingState): RestLines {
    if (!variant.endsWith('until rest') || !isAutonomous(shared.program)) return NEVER_AT_REST;
    return turns > 1 ? restByLookingAhead(state, step.lines) : restByLookingBack(state, 'end - left');
  }
}

/**
 * A turn of the loop costs as much as some twenty operations where a processor stands in for a GPU (two stores and a load for
 * each number that a variable holds, a vote of the lanes): so short steps go several at a turn, in as many lines as a long one has.
 */
const TURN_OPERATIONS = 128;
const MOST_STEPS_A_TURN = 8;

/** A step that has a loop of its own is long. */
const LOOP = /^\s*for \(/;

/** A power of 2. */
const stepsPerTurn = (operations: number): number =>
  Math.max(1, Math.min(MOST_STEPS_A_TURN, 2 ** Math.floor(Math.log2(TURN_OPERATIONS / operations))));

/** Lines of one step, the names of the state, and of what the step makes of it. */
interface Step {
  readonly lines: readonly string[];
  readonly elements: readonly string[];
  readonly next: readonly string[];
}

/** The lines of the step that `t` names. */
const oneStep = (lines: readonly string[], t: string, addresses: Addresses): string[] => {
  const body = withRowIfRead(lines, addresses);
  return body.some((line) => /\bt\b/.test(line)) ? [`let t = ${t};`, ...body] : body;
};

/** Several steps without a variable between them: each in a block in which the names of the state stand for what the step before gave. */
function unrolled({ lines, elements, next }: Step, steps: number, addresses: Addresses): string[] {
  const ends = elements.map((element) => `end_${element}`);
  const from = (ahead: number): string[] => [
    ...oneStep(lines, `end - single - turns * ${steps}u + ${ahead + 1}u`, addresses),
    ...(ahead + 1 === steps
      ? assignments(ends, next)
      : ['{', ...indented([...renamed(elements, next), ...from(ahead + 1)]), '}']),
  ];
  return [...ends.map((end) => `var ${end}: f32;`), ...from(0), ...assignments(elements, ends)];
}
