/** Times one program both ways: shared by a workgroup, and as dispatches. */
import { invariant } from '../core/diagnostic.ts';
import type { Program } from '../core/program/program.ts';
import type { Job } from '../core/run/run.ts';
import { Ops } from '../core/tensor/ops.ts';
import { dispatchesOfAStep, workgroupPlan } from './choose.ts';
import type { Gpu } from './device.ts';
import type { Runners } from './executor-options.ts';
import { nothingToMeasure } from './nothing-to-measure.ts';
import type { Flight, Runner } from './runner.ts';

/** Large enough that neither way is only waiting, where the two were measured to be about as fast. */
const [ROWS, SIZE] = [200, 64];

/** So many steps at once, each way in turn; the best round of each counts, as whatever disturbs makes it slower. */
const STEPS = 16;
const ROUNDS = 4;

/** Operations of an invocation for each dispatch of a step at which a workgroup and dispatches take the same time. */
export async function measureCrossover(gpu: Gpu, runners: Runners, now: () => number): Promise<number> {
  const program = logistic();
  const plan = workgroupPlan(program);
  invariant(typeof plan !== 'string', 'a workgroup can share the program that is timed');
  const ways = [runners.workgroup, runners.dispatched] as const;
  const [shared, dispatched] = await timed(ways, { program, now });
  invariant(!gpu.loss, 'what a lost device measured says nothing');
  return ((plan.operations / dispatchesOfAStep(program)) * dispatched) / shared;
}

/** The shortest time of `STEPS` steps, either way. */
async function timed(
  ways: readonly [Runner, Runner],
  { program, now }: { readonly program: Program; readonly now: () => number },
): Promise<readonly [number, number]> {
  const steps = STEPS * (ROUNDS + 1);
  const starts = Float64Array.from({ length: SIZE }, (_, i) => Math.sin(i));
  const job: Job = { id: 0, program, measure: nothingToMeasure(SIZE), starts, settings: {}, steps, record: [steps] };
  const flights: Flight[] = [];
  const [shared, dispatched]: readonly [number[], number[]] = [[], []];
  try {
    for (const way of ways) flights.push(await way.prepare(job));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [way, flight] of flights.entries()) {
        const began = now();
        await flight.submit(STEPS).records;
        (way === 0 ? shared : dispatched).push(now() - began);
      }
    }
  } finally {
    for (const flight of flights) flight.destroy();
  }
  return [Math.min(...shared.slice(1)), Math.min(...dispatched.slice(1))]; // the first round warms up
}

/** Gradient descent on mean log(1 + exp(−y·Xw)) over the rows of X[ROWS, SIZE]. */
function logistic(): Program {
  const ops = new Ops();
  const start = ops.input('start', 'x0', [SIZE]);
  const x = ops.input('state', 'x', [SIZE]);
  const t = ops.input('time', 't', []);
  const X = ops.constant(
    Float64Array.from({ length: ROWS * SIZE }, (_, i) => Math.sin(7 * i) / SIZE),
    [ROWS, SIZE],
  );
  const y = ops.constant(Float64Array.from({ length: ROWS }, (_, i) => Math.sign(Math.sin(3 * i + 1))));
  const margins = ops.multiply(y, ops.matmul(X, x));
  const weights = ops.divide(y, ops.add(1, ops.exp(margins)));
  const next = ops.add(x, ops.divide(ops.matmul(ops.transpose(X), weights), 10 * ROWS));
  return {
    values: ops.values,
    regions: ops.regions,
    size: SIZE,
    start: start.id,
    time: t.id,
    settings: [],
    state: [{ name: 'x', shape: [SIZE], initial: start.id, current: x.id, next: next.id }],
    outputs: [{ name: 'x', value: x.id }],
  };
}
