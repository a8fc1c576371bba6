/** The text of every kernel that the project makes: the written ones, and what is generated for the catalogue. Test support. */
import { at } from '../core/diagnostic.ts';
import { expand } from '../core/program/expand.ts';
import type { Program } from '../core/program/program.ts';
import { deviceProgram } from './device-program.ts';
import { lower as lowerToDispatches } from './dispatched/lower.ts';
import { SCHEDULE } from './dispatched/plan.ts';
import { NotDispatched } from './dispatched/rules.ts';
import { callsOf } from './dispatched/runs.ts';
import { lower } from './fused/lower.ts';
import { sumOne, varied } from './fused/programs.fixture.ts';
import type { Variant } from './fused/steps.ts';
import type { Kernel } from './kernels/define-kernel.ts';
import { kernelText, suited } from './kernels/dispatch.ts';
import { projectGroupsHeld } from './kernels/held-groups.ts';
import { KERNELS } from './kernels/kernels.ts';
import * as large from './kernels/large.ts';
import { batchedKernel, VARIANTS } from './kernels/product.ts';
import * as sparse from './kernels/sparse.ts';
import { METHODS, PROJECTIONS } from './workgroup/all-programs.fixture.ts';
import { lowerToWorkgroup } from './workgroup/lower.ts';
import { NotInWorkgroup } from './workgroup/places.ts';

export interface KernelText {
  readonly name: string;
  readonly code: string;
  /** Values of `override` constants. */
  readonly constants: Readonly<Record<string, number>>;
}

const isKernel = (one: unknown): one is Kernel => typeof one === 'object' && one !== null && 'workgroups' in one;

/** Kernels that are the same for every program. */
export function writtenKernels(): readonly KernelText[] {
  const called: readonly unknown[] = [...Object.values(large), ...Object.values(sparse)];
  const all: readonly Kernel[] = [
    ...Object.values(KERNELS),
    ...called.filter(isKernel),
    ...VARIANTS.map(batchedKernel),
    ...[1, 25].map(projectGroupsHeld),
  ];
  return all.map(({ name, code, constants }) => ({ name, code, constants }));
}

/** A program of the catalogue, or one by hand. */
export interface NamedProgram {
  readonly name: string;
  /** The first of its kind or method, or by hand. */
  readonly isFirst: boolean;
  readonly program: Program;
}

export const PROGRAMS: readonly NamedProgram[] = [
  { name: 'a sum of one', isFirst: true, program: expand(sumOne()) },
  { name: 'varied', isFirst: true, program: expand(varied()) },
  ...[...PROJECTIONS, ...METHODS].map(({ name, isFirst, job }) => ({
    name,
    isFirst,
    program: deviceProgram(job.program, job.settings).program,
  })),
];

/** Longer kernels of scalars are not proposed. */
const MOST_LINES = 2000;

/** Kernels of a program, lowered in every way that takes it, for devices with subgroups of four lanes and without. */
export const kernelsOf = (named: NamedProgram, variants: readonly Variant[]): readonly KernelText[] => [
  ...fusedKernels(named, variants),
  ...sharedKernels(named),
  ...dispatchedKernels(named),
];

const fusedKernels = ({ name, program }: NamedProgram, variants: readonly Variant[]): readonly KernelText[] =>
  variants.flatMap((variant) => {
    const { wgsl, lines } = lower(program, variant);
    return lines > MOST_LINES ? [] : [{ name: `${name}: ${variant}`, code: wgsl, constants: {} }];
  });

function sharedKernels({ name, program }: NamedProgram): readonly KernelText[] {
  const plan = unlessRefused(NotInWorkgroup, () => lowerToWorkgroup(program));
  return plan === null ? [] : [{ name: `${name}: a workgroup`, code: plan.wgsl, constants: {} }];
}

/** Kernels of its dispatches alone: a program of thousands of entries is no kernel of scalars. */
export function dispatchedKernels({ name, program }: Pick<NamedProgram, 'name' | 'program'>): readonly KernelText[] {
  const plan = unlessRefused(NotDispatched, () => lowerToDispatches(program));
  if (plan === null) return [];
  const lengthOf = (buffer: number) => (buffer === SCHEDULE ? 64 : at(plan.buffers, buffer).length);
  const bytesOf = (buffer: number) => 16 * Math.max(1, Math.ceil(lengthOf(buffer) / 4)); // as `Gpu.buffer` makes them
  const calls = callsOf([...plan.start, ...plan.step, ...(plan.recordedStep ?? []), ...plan.record]);
  return calls.flatMap(({ dispatch }) =>
    [true, false].map((hasQuads) => {
      const text = kernelText(suited(dispatch, { hasQuads }), (array) => bytesOf(dispatch.arrays[array] ?? SCHEDULE));
      return { name: `${name}: ${text.name}`, code: text.code, constants: text.constants };
    }),
  );
}

function unlessRefused<T>(refusal: new (...rest: never[]) => Error, make: () => T): T | null {
  try {
    return make();
  } catch (reason) {
    if (reason instanceof refusal) return null;
    throw reason;
  }
}
