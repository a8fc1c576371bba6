/**
 * Program → one generated kernel of unrolled scalars: one invocation carries one start through many steps of one dispatch.
 * The loop over steps is two nested counted loops without `if`, `break` or store inside: measured four times faster than
 * one loop that asks at every step whether to record.
 */
import { at, invariant } from '../../core/diagnostic.ts';
import { isAutonomous } from '../../core/program/autonomous.ts';
import type { Program } from '../../core/program/program.ts';
import { DIVERGENCE_BOUND } from '../../core/run/run.ts';
import { reachable } from '../../core/tensor/evaluate.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import {
  type Addresses,
  AT_REST,
  CONSTANTS_WIDTH,
  NO_STEP,
  OF_ONE_RUN,
  OF_SEVERAL_RUNS,
  ROW_WIDTH,
} from './bindings.ts';
import { assignments, Emitter, indented, Packing, type Placed, renamed, Scope, type Shared, slotName } from './emit.ts';
import { functionsCode } from './functions.ts';

/** One kernel as data: it can be printed and compared without a GPU, and serves every job of the same program. */
export interface FusedPlan {
  readonly wgsl: string;
  /** Starts that one workgroup carries. */
  readonly startsPerWorkgroup: number;
  /** Generated lines, on which the time to compile depends. */
  readonly lines: number;
  /** Lines that one step of one start goes through, turns of loops included. */
  readonly operations: number;
  /** Run-level values that the kernel reads, packed. */
  readonly constants: readonly Placed[];
  /** Time-level values that it reads: one row a step. */
  readonly schedule: readonly Placed[];
  readonly scheduleWidth: number;
  /** Numbers of one start. */
  readonly startWidth: number;
  /** Numbers of the state of one start, and what else it keeps beside them. */
  readonly stateSize: number;
  /** Numbers of one record of one start: all outputs end to end. */
  readonly recordWidth: number;
  /** Whether one dispatch carries several runs. */
  readonly isShared: boolean;
}

export const WORKGROUP_WIDTH = 64; // portable; 32 to 256 made no difference in speed

/**
 * `runs`: one dispatch carries several runs; the others carry one, of as many starts as there are. `watched`: looks at the state after every step instead of once a segment, which is dearer; the flag then tells the exact step.
 * `until rest`: a start whose state a step leaves as it was, to the last bit, stays so for ever where no step asks for t. From there
 * on it writes no records but the last of all, and its flag says which was its own last. Of one that two steps lead back, as rounding
 * often has it, no further steps are made but one where their number is odd.
 */
export type Variant = 'runs' | 'plain' | 'watched' | 'until rest';

/** Plans of programs as they are: the planner asks for the lines, then the runner for the text. */
const known = new WeakMap<Program, Partial<Record<Variant, FusedPlan>>>();

export function lower(program: Program, variant: Variant = 'runs'): FusedPlan {
  const plans = known.get(program) ?? {};
  known.set(program, plans);
  plans[variant] ??= lowered(program, variant);
  return plans[variant];
}

function lowered(program: Program, variant: Variant): FusedPlan {
  const isShared = variant === 'runs';
  const addresses = isShared ? OF_SEVERAL_RUNS : OF_ONE_RUN;
  const shared: Shared = {
    program,
    addresses,
    constants: new Packing(),
    schedule: new Packing(),
    functions: new Set(),
  };
  const elements = program.state.flatMap(({ shape }, slot) =>
    Array.from({ length: sizeOf(shape) }, (_, k) => slotName(slot, k)),
  );
  const recordWidth = program.outputs.reduce((width, { value }) => width + sizeOf(at(program.values, value).shape), 0);
  const start = startLines(shared, elements);
  const steps = stepsLines(shared, elements, recordWidth, variant);
  // These widths are known once everything has been asked for.
  const withWidths = (line: string) =>
    line.replace(ROW_WIDTH, `${shared.schedule.size}u`).replace(CONSTANTS_WIDTH, `${shared.constants.size}u`);
  const functions = functionsCode(shared.functions);
  return {
    wgsl: [
      addresses.bindings,
      ...(functions ? [functions] : []),
      entryPoint('start', addresses, start),
      entryPoint('steps', addresses, steps.lines),
    ]
      .map(withWidths)
      .join('\n\n')
      .concat('\n'),
    startsPerWorkgroup: WORKGROUP_WIDTH,
    lines: start.length + steps.lines.length,
    operations: steps.operations,
    constants: shared.constants.placed,
    schedule: shared.schedule.placed,
    scheduleWidth: shared.schedule.size,
    startWidth: program.size,
    stateSize: elements.length,
    recordWidth,
    isShared,
  };
}

export const withRowIfRead = (lines: readonly string[], { row }: Addresses): string[] =>
  lines.some((line) => line.includes('schedule[row')) ? [row, ...lines] : [...lines];

const entryPoint = (
  name: 'start' | 'steps',
  { entry }: Addresses,
  lines: readonly string[],
): string => `@compute @workgroup_size(${WORKGROUP_WIDTH})
fn ${name}(@builtin(global_invocation_id) id: vec3u) {
${indented([...entry, ...lines]).join('\n')}
}`;

/** The state at step 0. */
function startLines(shared: Shared, elements: readonly string[]): string[] {
  const scope = new Scope();
  const emitter = new Emitter(shared, scope, scope);
  const initial = shared.program.state.flatMap(({ initial }) => emitter.entries(initial));
  invariant(initial.length === elements.length, 'the initial state fills its slots');
  const { state, flag } = shared.addresses;
  const stores = initial.map((text, k) => `${state(k, initial.length)} = ${text};`);
  const time = 'let t = chunk.first_step;';
  return [...timed(scope.lines, time, shared.addresses), ...stores, `${flag} = ${NO_STEP}u;`];
}

const timed = (lines: readonly string[], time: string, addresses: Addresses): string[] => {
  const body = withRowIfRead(lines, addresses);
  return body.some((line) => /\bt\b/.test(line)) ? [time, ...body] : body;
};

function stepsLines(
  shared: Shared,
  elements: readonly string[],
  recordWidth: number,
  variant: Variant,
): { lines: string[]; operations: number } {
  const { addresses } = shared;
  const isWatched = variant === 'watched';
  const rests = variant === 'until rest' && isAutonomous(shared.program);
  const once = new Scope();
  const step = new Scope();
  const next = shared.program.state.flatMap(({ next }) => new Emitter(shared, once, step).entries(next));
  const read = slotsReadBySteps(shared.program);
  const isRead = shared.program.state.flatMap(({ shape }, slot) =>
    new Array<boolean>(sizeOf(shape)).fill(at(read, slot)),
  );
  const isLean = isRead.includes(false) && !isWatched && stepsPerTurn(step.operations) > 1;
  const lean = new Scope();
  const leanNext = isLean
    ? shared.program.state.flatMap(({ next }, slot) =>
        at(read, slot) ? new Emitter(shared, once, lean).entries(next) : [],
      )
    : next;
  const leanLines = isLean ? lean.lines : step.lines;
  const leanElements = isLean ? elements.filter((_, k) => at(isRead, k)) : elements;
  const record = new Scope();
  const outputs = shared.program.outputs.flatMap(({ value }) => new Emitter(shared, once, record).entries(value));
  const storesAt = (place: string) =>
    outputs.map((text, k) => `records[(${place} + ${k}u) * chunk.starts + start] = ${text};`);
  const placeOf = (record: string) => addresses.record(record, recordWidth);
  const flags = flagLines(shared.program, elements);
  const turns = isWatched || step.lines.some((line) => LOOP.test(line)) ? 1 : stepsPerTurn(step.operations);
  // Steps that are made singly before each record: the last tells what no step reads, the last two whether they led back.
  const apart = rests ? 2 : isLean ? 1 : 0;
  const lines = [
    ...once.lines,
    ...elements.map((element, k) => `var ${element} = ${addresses.state(k, elements.length)};`),
    `var flag = ${addresses.flag};`,
    ...(rests
      ? [`if (flag >= ${AT_REST}u && flag != ${NO_STEP}u) { return; } // it came to rest in a dispatch before`]
      : []),
    'let last = chunk.first_step + chunk.steps;',
    'var t = chunk.first_step;',
    ...(rests
      ? [
          'var moved = 1u; // 0 where the last step changed no bit',
          'var swung = 1u; // 0 where the last two led back, to the last bit',
          ...elements.flatMap((element, k) => (at(isRead, k) ? [`var ${backName(element)} = 0.0;`] : [])),
        ]
      : []),
    'for (var cursor = chunk.cursor; cursor <= chunk.last_cursor; cursor++) { // one turn per recorded step, one for the rest',
    ...indented([
      `let wanted = ${addresses.recordStep('cursor')};`,
      'let end = min(wanted, last);',
      rests ? 'var before = select(t, end - ((end - t) & 1u), swung == 0u);' : 'var before = t;',
      ...(turns > 1
        ? [
            `for (; before + ${turns - 1 + apart}u < end; before += ${turns}u) { // ${turns} steps a turn${isLean ? ', and the last one apart: it tells what no step reads' : ''}`,
            ...indented(unrolled(leanLines, leanElements, leanNext, turns, addresses)),
            '}',
          ]
        : []),
      'for (; before < end; before++) {',
      ...indented([
        ...(isWatched
          ? ['t = before + 1u;', ...withRowIfRead(step.lines, addresses)]
          : oneStep(step.lines, 0, addresses)),
        ...(rests
          ? [
              `moved = ${differingBits(elements, next, isRead)};`,
              `swung = select(1u, ${differingBits(elements.map(backName), next, isRead)}, before > chunk.first_step);`,
              ...elements.flatMap((element, k) => (at(isRead, k) ? [`${backName(element)} = ${element};`] : [])),
            ]
          : []),
        ...assignments(elements, next),
        ...(isWatched ? flags : []),
      ]),
      '}',
      't = end;',
      ...(isWatched ? [] : flags),
      'if (wanted <= last) {',
      ...indented([
        ...withRowIfRead(record.lines, addresses),
        `let at = ${placeOf('cursor')};`,
        ...storesAt('at'),
        ...(rests
          ? [
              'if (moved == 0u) {',
              ...indented([
                `let end_at = ${placeOf('chunk.last_record')};`,
                ...storesAt('end_at'),
                `flag = min(flag, ${AT_REST}u + cursor);`,
                'break;',
              ]),
              '}',
            ]
          : []),
      ]),
      '}',
    ]),
    '}',
    ...elements.map((element, k) => `${addresses.state(k, elements.length)} = ${element};`),
    `${addresses.flag} = flag;`,
  ];
  return { lines, operations: step.operations + elements.length };
}

/**
 * A turn of the loop costs as much as some twenty operations where a processor stands in for a GPU (two stores and a load for
 * each number that a variable holds, a vote of the lanes): so short steps go several at a turn, in as many lines as a long one has.
 */
const TURN_OPERATIONS = 128;
const MOST_STEPS_A_TURN = 8;

/** A step that has a loop of its own is long. */
const LOOP = /^\s*for \(/;

/** Whether any step reads a slot. One that only records read is right if the last step before each record has written it. */
function slotsReadBySteps(program: Program): readonly boolean[] {
  const { state } = program;
  const reads = state.map(({ next }) => reachable(program, [next]));
  const isNeeded = state.map(({ current }) => state.some((_, other) => at(reads, other).has(current)));
  return isNeeded.some((needed) => needed) ? isNeeded : state.map(() => true);
}

/** What an entry of the state was before the last step that was made singly. */
const backName = (element: string): string => `back_${element}`;

/** Bits in which two states differ, of what steps read: 0 where in none. Bits, since NaN differs from itself. */
const differingBits = (before: readonly string[], after: readonly string[], isRead: readonly boolean[]): string =>
  before
    .flatMap((element, k) => (at(isRead, k) ? [`(bitcast<u32>(${element}) ^ bitcast<u32>(${at(after, k)}))`] : []))
    .join(' | ');

/** A power of 2. */
const stepsPerTurn = (operations: number): number =>
  Math.max(1, Math.min(MOST_STEPS_A_TURN, 2 ** Math.floor(Math.log2(TURN_OPERATIONS / operations))));

/** The lines of step `before + 1 + ahead`. */
const oneStep = (lines: readonly string[], ahead: number, addresses: Addresses): string[] => {
  const body = withRowIfRead(lines, addresses);
  return body.some((line) => /\bt\b/.test(line)) ? [`let t = before + ${ahead + 1}u;`, ...body] : body;
};

/** Several steps without a variable between them: each in a block in which the names of the state stand for what the step before gave. */
function unrolled(
  lines: readonly string[],
  elements: readonly string[],
  next: readonly string[],
  steps: number,
  addresses: Addresses,
): string[] {
  const ends = elements.map((element) => `end_${element}`);
  const from = (ahead: number): string[] => [
    ...oneStep(lines, ahead, addresses),
    ...(ahead + 1 === steps
      ? assignments(ends, next)
      : ['{', ...indented([...renamed(elements, next), ...from(ahead + 1)]), '}']),
  ];
  return [...ends.map((end) => `var ${end}: f32;`), ...from(0), ...assignments(elements, ends)];
}

/** Bits of |v| as a whole number: ordered as the magnitudes are, with infinity and NaN above all. */
export const magnitude = (element: string) => `bitcast<u32>(${element}) & 0x7fffffffu`;

export const BOUND_BITS = new Uint32Array(Float32Array.of(DIVERGENCE_BOUND).buffer)[0];

/** Once a segment, or after every step: any number of the state not finite, or one of the method's own beyond the bound. By bits: NaN is not seen otherwise. */
function flagLines({ state }: Program, elements: readonly string[]): string[] {
  const isBounded = state.flatMap(({ name, shape }) =>
    new Array<boolean>(sizeOf(shape)).fill(!name.startsWith('optimizer.')),
  );
  const largest = (name: string, kept: boolean) =>
    elements.flatMap((element, k) =>
      at(isBounded, k) === kept ? [`${name} = max(${name}, ${magnitude(element)});`] : [],
    );
  return [
    'var largest = 0u;',
    ...largest('largest', true),
    'var any = largest;',
    ...largest('any', false),
    `flag = min(flag, select(${NO_STEP}u, 2u * t + u32(any >= 0x7f800000u), (largest > ${BOUND_BITS}u) | (any >= 0x7f800000u)));`,
  ];
}
