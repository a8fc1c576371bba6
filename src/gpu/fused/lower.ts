/** Program → one generated kernel of unrolled scalars: one invocation carries one start through many steps of one dispatch. */
import { at, invariant } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import { sizeOf } from '../../core/tensor/shape.ts';
import {
  type Addresses,
  CONSTANTS_WIDTH,
  NO_STEP,
  OF_ONE_RUN,
  OF_PAIRS,
  OF_SEVERAL_RUNS,
  ROW_WIDTH,
  WORKGROUP_WIDTH,
  withRowIfRead,
} from './bindings.ts';
import { Emitter, Scope, type Shared, slotName } from './emit.ts';
import { functionsCode } from './functions.ts';
import { indented } from './lines.ts';
import { Packing, type Placed } from './packing.ts';
import { ALONE, pair, type Team } from './pair.ts';
import { stepsLines, type Variant } from './steps.ts';

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
  const team = variant === 'pairs until rest' ? pair() : ALONE;
  const addresses = isShared ? OF_SEVERAL_RUNS : team === ALONE ? OF_ONE_RUN : OF_PAIRS;
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
  const start = startLines(shared, elements, team);
  const steps = stepsLines(shared, elements, recordWidth, variant, team);
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
    startsPerWorkgroup: WORKGROUP_WIDTH * team.size,
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

const entryPoint = (
  name: 'start' | 'steps',
  { entry }: Addresses,
  lines: readonly string[],
): string => `@compute @workgroup_size(${WORKGROUP_WIDTH})
fn ${name}(@builtin(global_invocation_id) id: vec3u) {
${indented([...entry, ...lines]).join('\n')}
}`;

/** The state at step 0. */
function startLines(shared: Shared, elements: readonly string[], team: Team): string[] {
  const scope = new Scope();
  const emitter = new Emitter(shared, scope, scope);
  const initial = shared.program.state.flatMap(({ initial }) => emitter.entries(initial));
  invariant(initial.length === elements.length, 'the initial state fills its slots');
  const { state, flag } = shared.addresses;
  const stores = initial.map((text, k) => `${state(k, initial.length)} = ${text};`);
  const time = 'let t = chunk.first_step;';
  return timed(team.lines([...scope.lines, ...stores, `${flag} = ${NO_STEP}u;`]), time, shared.addresses);
}

const timed = (lines: readonly string[], time: string, addresses: Addresses): string[] => {
  const body = withRowIfRead(lines, addresses);
  return body.some((line) => /\bt\b/.test(line)) ? [time, ...body] : body;
};
