/**
 * Program → one generated kernel in which a workgroup carries one start: arrays lie in workgroup memory, their entries are
 * spread over the invocations, and barriers stand between what depends on one another. For programs whose unrolled scalars
 * would take too long to compile, and whose operations are too small to be dispatches of their own.
 */
import { at } from '../../core/diagnostic.ts';
import { isOfIterate } from '../../core/program/iterate-slots.ts';
import type { Program } from '../../core/program/program.ts';
import { reachable } from '../../core/tensor/evaluate.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import { type Id, levelOf } from '../../core/tensor/value.ts';
import { NO_STEP, OF_ONE_RUN, ROW_WIDTH, withRowIfRead } from '../fused/bindings.ts';
import type { Shared } from '../fused/emit.ts';
import { BOUND_BITS, magnitude } from '../fused/flags.ts';
import { functionsCode } from '../fused/functions.ts';
import { indented } from '../fused/lines.ts';
import type { FusedPlan } from '../fused/lower.ts';
import { Packing } from '../fused/packing.ts';
import type { Variant } from '../fused/steps.ts';
import { Block } from './block.ts';
import { Kernel } from './kernel.ts';
import { MOST_NUMBERS, type Placement, place } from './memory.ts';
import { NotInWorkgroup } from './places.ts';
import { BARRIER, spreadLines, WIDTH } from './tasks.ts';

/** Plans of programs as they are: the planner asks for the operations, then the runner for the text. */
const known = new WeakMap<Program, FusedPlan>();

/** `until rest` goes on to the last step here. Throws `NotInWorkgroup` for what this kernel cannot do, with the reason. */
export function lowerToWorkgroup(program: Program, variant: Variant = 'plain'): FusedPlan {
  const isWatched = variant === 'watched';
  const before = isWatched ? undefined : known.get(program);
  if (before) return before;
  const plan = lowered(program, isWatched);
  if (!isWatched) known.set(program, plan);
  return plan;
}

function lowered(program: Program, isWatched: boolean): FusedPlan {
  const shared: Shared = {
    program,
    addresses: OF_ONE_RUN,
    constants: new Packing(),
    schedule: new Packing(),
    functions: new Set(),
  };
  const stateSize = program.state.reduce((size, { shape }) => size + sizeOf(shape), 0);
  const recordWidth = program.outputs.reduce((width, { value }) => width + sizeOf(at(program.values, value).shape), 0);
  const start = startLines(new Kernel(program, shared), stateSize);
  const steps = stepsLines(new Kernel(program, shared), stateSize, recordWidth, isWatched);
  const memory = Math.max(1, start.workgroupSize, steps.workgroupSize);
  const functions = functionsCode(shared.functions);
  return {
    wgsl: [
      OF_ONE_RUN.bindings,
      `var<workgroup> memory: array<f32, ${memory}>;\nvar<workgroup> largest: atomic<u32>;\nvar<workgroup> any: atomic<u32>;`,
      ...(functions ? [functions] : []),
      entryPoint('start', start.lines),
      entryPoint('steps', steps.lines),
    ]
      .join('\n\n')
      .replace(ROW_WIDTH, `${shared.schedule.size}u`)
      .concat('\n'),
    startsPerWorkgroup: 1,
    lines: start.lines.length + steps.lines.length,
    operations: steps.operations,
    constants: shared.constants.placed,
    schedule: shared.schedule.placed,
    scheduleWidth: shared.schedule.size,
    startWidth: program.size,
    stateSize: stateSize + Math.max(start.storageSize, steps.storageSize),
    recordWidth,
    isShared: false,
  };
}

interface Written extends Placement {
  readonly lines: readonly string[];
}

const entryPoint = (name: 'start' | 'steps', lines: readonly string[]): string => `@compute @workgroup_size(${WIDTH})
fn ${name}(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let start = id.x;
${indented(lines).join('\n')}
}`;

const ascending = (program: Program, roots: readonly Id[]): Id[] =>
  [...reachable(program, roots)].sort((a, b) => a - b);

/** The state at step 0. */
function startLines(kernel: Kernel, stateSize: number): Written {
  const { program } = kernel;
  const initial = program.state.map((slot) => slot.initial);
  const block = new Block(kernel, false);
  block.compute(ascending(program, initial), null);
  eachSlot(program, ({ size, offset }, slot) => {
    block.tasks.spread(size, [], (body) => [
      `state[(${offset}u + i) * chunk.starts + start] = ${body.number(at(initial, slot), 'i')};`,
    ]);
  });
  const lines = [
    'let t = chunk.first_step;',
    ...withRowIfRead(block.tasks.lines(), OF_ONE_RUN),
    `if (lane == 0u) { flags[start] = ${NO_STEP}u; }`,
  ];
  return placed(kernel, [block.tasks.own], lines, stateSize);
}

function stepsLines(
  kernel: Kernel,
  stateSize: number,
  recordWidth: number,
  isWatched: boolean,
): Written & { operations: number } {
  const { program } = kernel;
  const next = program.state.map((slot) => slot.next);
  const outputs = program.outputs.map(({ value }) => value);
  const homes = program.state.map(({ current }) => kernel.bufferOf(current) ?? -1);

  const once = new Block(kernel, true);
  const early = ascending(program, [...next, ...outputs]).filter(
    (id) => kernel.value(id).region !== null || levelOf(kernel.value(id).uses) === 'start',
  );
  once.compute(early, null);
  eachSlot(program, ({ size, offset }, slot) => {
    const home = at(homes, slot);
    once.tasks.spread(size, [home], () => [
      `${kernel.entry(home, 'i')} = state[(${offset}u + i) * chunk.starts + start];`,
    ]);
  });
  const onceLines = once.tasks.lines();

  const step = new Block(kernel, false);
  let stepLines: string[] = [];
  kernel.passing(() => {
    step.compute(ascending(program, next), null);
    step.assign(homes, next);
    stepLines = step.tasks.lines();
  });

  const record = new Block(kernel, false);
  let recordLines: string[] = [];
  kernel.passing(() => {
    record.compute(ascending(program, outputs), null);
    let offset = 0;
    for (const id of outputs) {
      const first = offset;
      const size = sizeOf(kernel.value(id).shape);
      record.tasks.spread(size, [], (body) => [
        `records[(at + ${first}u + i) * chunk.starts + start] = ${body.number(id, 'i')};`,
      ]);
      offset += size;
    }
    recordLines = record.tasks.lines();
  });

  const lines = [
    ...onceLines,
    'let last = chunk.first_step + chunk.steps;',
    'var t = chunk.first_step;',
    'for (var cursor = chunk.cursor; cursor <= chunk.last_cursor; cursor++) { // one turn per recorded step, one for the rest',
    ...indented([
      'let wanted = record_steps[cursor];',
      'let end = min(wanted, last);',
      'for (var before = t; before < end; before++) {',
      ...indented([
        't = before + 1u;',
        ...withRowIfRead(stepLines, OF_ONE_RUN),
        ...(isWatched ? flagLines(kernel, homes) : []),
      ]),
      '}',
      't = end;',
      ...(isWatched ? [] : flagLines(kernel, homes)),
      'if (wanted <= last) {',
      ...indented([
        `let at = (cursor - chunk.first_record) * ${recordWidth}u;`,
        ...withRowIfRead(recordLines, OF_ONE_RUN),
      ]),
      '}',
    ]),
    '}',
    ...slotsOf(program).flatMap(({ size, offset }, slot) =>
      size === 0
        ? []
        : spreadLines(size, [
            `state[(${offset}u + i) * chunk.starts + start] = ${kernel.entry(at(homes, slot), 'i')};`,
          ]),
    ),
  ];
  return {
    ...placed(kernel, [[...homes, ...once.tasks.own], step.tasks.own, record.tasks.own], lines, stateSize),
    operations: step.tasks.operations,
  };
}

function slotsOf({ state }: Program): { name: string; size: number; offset: number }[] {
  let offset = 0;
  return state.map(({ name, shape }) => {
    const size = sizeOf(shape);
    offset += size;
    return { name, size, offset: offset - size };
  });
}

const eachSlot = (
  program: Program,
  visit: (slot: { name: string; size: number; offset: number }, index: number) => void,
): void => slotsOf(program).forEach(visit);

/** Once a segment: any number of the state not finite, or one that the iterate is computed from beyond the bound; by bits, as NaN is not seen otherwise. */
function flagLines(kernel: Kernel, homes: readonly number[]): string[] {
  const ofIterate = isOfIterate(kernel.program);
  const seen = slotsOf(kernel.program).flatMap(({ size }, slot) => {
    const target = at(ofIterate, slot) ? 'largest_here' : 'any_here';
    const entry = kernel.entry(at(homes, slot), 'i');
    return size === 0 ? [] : spreadLines(size, [`${target} = max(${target}, ${magnitude(entry)});`]);
  });
  return [
    'if (lane == 0u) { atomicStore(&largest, 0u); atomicStore(&any, 0u); }',
    'var largest_here = 0u;',
    'var any_here = 0u;',
    ...seen,
    'workgroupBarrier();',
    'atomicMax(&largest, largest_here);',
    'atomicMax(&any, max(any_here, largest_here));',
    'workgroupBarrier();',
    'if (lane == 0u) {',
    '  let is_infinite = atomicLoad(&any) >= 0x7f800000u;',
    `  let is_beyond = atomicLoad(&largest) > ${BOUND_BITS}u;`,
    `  flags[start] = min(flags[start], select(${NO_STEP}u, 2u * t + u32(is_infinite), is_infinite || is_beyond));`,
    '}',
  ];
}

const ENTRY = /«(\d+)»([^«]*)«»/g;

/** The lines with every buffer in its place. */
function placed(
  kernel: Kernel,
  groups: readonly (readonly number[])[],
  lines: readonly string[],
  stateSize: number,
): Written {
  const placement = place(groups, kernel.buffers);
  if (!placement) throw new NotInWorkgroup(`it needs more than ${MOST_NUMBERS} numbers of workgroup memory`);
  const barrier = placement.storageSize > 0 ? 'workgroupBarrier(); storageBarrier();' : 'workgroupBarrier();';
  const text = (line: string) =>
    line.replace(BARRIER, barrier).replace(ENTRY, (_, buffer: string, index: string) => {
      const { where, offset } = at(placement.places, Number(buffer));
      return where === 'workgroup'
        ? `memory[${offset}u + ${index}]`
        : `state[(${stateSize + offset}u + ${index}) * chunk.starts + start]`;
    });
  return { ...placement, lines: lines.map(text) };
}
