/**
 * Every projection and every method of the catalogue as a kernel of one workgroup: it compiles, and gives what Float64 gives. The
 * first example of each; all of them with `npm run test:full`.
 */
import { describe, expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { interpret } from '../../core/program/interpret.ts';
import { createFusedRunner } from '../fused/runner.ts';
import { InverseCache } from '../inverses.ts';
import { withTestGpu } from '../test-executor.fixture.ts';
import { METHODS, type Named, PROJECTIONS, workgroupText } from './all-programs.fixture.ts';
import { lowerToWorkgroup } from './lower.ts';

const { gpu } = withTestGpu();

/** Float32 rounds to 6e-8; a projection, or three steps of a method, make some hundreds of roundings. */
const TOLERANCE = 1e-5;

const chosen = (all: readonly Named[]) =>
  all.filter(({ isFirst, job }) => (isFirst || import.meta.env.FEASIBLE_FULL === '1') && 'wgsl' in workgroupText(job));

const KINDS = { projections: chosen(PROJECTIONS), methods: chosen(METHODS) };

describe.each(Object.entries(KINDS))('%s as one workgroup', (_, named) => {
  it('are nearly all there', () => {
    expect(named.length).toBeGreaterThan(15);
  });

  it.each(named)('$name', async ({ job }) => {
    const device = await gpu();
    const flight = await createFusedRunner(device, new InverseCache(device), () => 0, lowerToWorkgroup).prepare(job);
    const { data } = await flight.submit(job.steps).records;
    flight.destroy();
    expect(device.uncaptured).toEqual([]);
    const run = interpret(job.program, job.starts, job.settings);
    const wanted = job.record.flatMap((step) => {
      while (run.t < step) run.step(Number.POSITIVE_INFINITY);
      return run.outputs().flatMap((numbers) => [...numbers]);
    });
    expect(data.length).toBe(wanted.length);
    wanted.forEach((number, i) => {
      expect(Math.abs(at(data, i) - number) / Math.max(1, Math.abs(number)), `number ${i}`).toBeLessThan(TOLERANCE);
    });
  });
});
