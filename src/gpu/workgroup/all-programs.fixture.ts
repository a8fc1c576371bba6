/** A program of every projection and of every method of the catalogue, as jobs for a kernel. Test support. */
import { catalog } from '../../catalog/registry.ts';
import { prepareRun } from '../../core/experiment/prepare-run.ts';
import { studyStructure } from '../../core/experiment/study/study.ts';
import { expand } from '../../core/program/expand.ts';
import { dataTensors } from '../../core/program/method-problem.ts';
import { specialize } from '../../core/program/specialize.ts';
import type { Job } from '../../core/run/run.ts';
import { jobOf, programOf } from '../fused/programs.fixture.ts';
import { lowerToWorkgroup } from './lower.ts';
import { NotInWorkgroup } from './places.ts';

export interface Named {
  readonly name: string;
  /** The first of its kind or method. */
  readonly isFirst: boolean;
  readonly job: Job;
}

/** x ← P(x₀): what does not depend on the step is computed before the first, its loops too. */
export const PROJECTIONS: readonly Named[] = catalog.constraints.flatMap(({ id, project, examples }) =>
  project
    ? examples.map(({ name, data, from }, k) => {
        const program = programOf(from.length, ({ ops, start }) => ({
          next: project(ops, start, dataTensors(ops, data)),
        }));
        return {
          name: `${id}, ${name}`,
          isFirst: k === 0,
          job: jobOf(expand(program), from.map(Math.fround), {}, 1, [1]),
        };
      })
    : [],
);

const METHOD_STEPS = 3;

export const METHODS: readonly Named[] = catalog.methods.flatMap((method) =>
  method.examples.map(({ name, problem, settings, optimizer }, k) => {
    const studied = studyStructure(problem, 0, catalog);
    if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
    const run = { method: method.id, ...(settings && { settings }), ...(optimizer && { optimizer }) };
    const job = prepareRun(studied.value, { ...run, steps: METHOD_STEPS, record: [0, METHOD_STEPS] }, 0, catalog);
    if (!job.ok) throw new Error(JSON.stringify(job.diagnostics));
    const { program, settings: values } = job.value;
    return {
      name: `${method.id}, ${name}`,
      isFirst: k === 0,
      job: { ...job.value, program: specialize(expand(program), values) },
    };
  }),
);

/** The kernel's text, or why a workgroup cannot do it. */
export function workgroupText({ program }: Job): { readonly wgsl: string } | { readonly reason: string } {
  try {
    return { wgsl: lowerToWorkgroup(program).wgsl };
  } catch (reason) {
    if (reason instanceof NotInWorkgroup) return { reason: reason.message };
    throw reason;
  }
}
