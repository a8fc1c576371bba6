/** Times one program both ways: shared by a workgroup, and as dispatches. */
import { invariant } from '../core/diagnostic.ts';
import type { Program } from '../core/program/program.ts';
import type { Job } from '../core/run/run.ts';
import { Ops } from '../core/tensor/ops.ts';
import { dispatchesInRuns, workgroupPlan } from './choose.ts';
import type { Gpu } from './device.ts';
import type { Runners } from './executor-options.ts';
import { nothingToMeasure } from './nothing-to-measure.ts';
import type { Flight, Runner } from './runner.ts';

/** Large enough that neither way is only waiting, where the two were measured to be about as fast. */
const [ROWS, SIZE] = [200, 64];

/** Short samples, each way in turn: whatever disturbs makes a sample slower, so the best ones count. */
const STEPS = 8;
const ROUNDS = 16;

/** The best of the odd rounds and of the even ones: where they tell different things, the machine was too busy to say. */
const AGREEMENT = 1.5;

/** Operations of an invocation for each dispatch of a step at which a workgroup and dispatches take the same time; NaN where unclear. */
export async function measureCrossover(gpu: Gpu, runners: Runners, now: () => number): Promise<number> {
  const program = logistic();
  const plan = workgroupPlan(program);
  invariant(typeof plan !== 'string', 'a workgroup can share the program that is timed');
  const rounds = await timed([runners.workgroup, runners.dispatched], program, now);
  invariant(!gpu.loss, 'what a lost device measured says nothing');
  const [odd, even] = [0, 1].map((rest) => ratioOf(rounds.filter((_, k) => k % 2 === rest))) as [number, number];
  if (Math.max(odd / even, even / odd) > AGREEMENT) return Number.NaN;
  return (plan.operations / dispatchesInRuns(program)) * Math.sqrt(odd * even);
}

interface Round {
  readonly shared: number;
  readonly dispatched: number;
}

/** Time of dispatches over that of a workgroup. */
const ratioOf = (rounds: readonly Round[]): number =>
  Math.min(...rounds.map(({ dispatched }) => dispatched)) / Math.min(...rounds.map(({ shared }) => shared));

/** Times of `STEPS` steps, either way; a round before them warms up. */
async function timed([shared, dispatched]: readonly [Runner, Runner], program: Program, now: () => number) {
  const steps = STEPS * (ROUNDS + 1);
  const starts = Float64Array.from({ length: SIZE }, (_, i) => Math.sin(i));
  const job: Job = {
    id: 0,
    program,
    measure: nothingToMeasure(SIZE),
    starts,
    settings: {},
    steps,
    record: [steps],
  };
  const flights: Flight[] = [];
  const timeOf = async (flight: Flight) => {
    const began = now();
    await flight.submit(STEPS).records;
    return now() - began;
  };
  try {
    const one = await shared.prepare(job);
    flights.push(one);
    const other = await dispatched.prepare(job);
    flights.push(other);
    const rounds: Round[] = [];
    for (let k = 0; k <= ROUNDS; k++) rounds.push({ shared: await timeOf(one), dispatched: await timeOf(other) });
    return rounds.slice(1);
  } finally {
    for (const flight of flights) flight.destroy();
  }
}

/** What an optimizer and a projection add to a step: operations entry by entry, which a plan of dispatches fuses. */
const ENTRYWISE = 12;

/** Steps down the gradient of mean log(1 + exp(−y·Xw)) over the rows of X[ROWS, SIZE]. */
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
  let update = ops.divide(ops.matmul(ops.transpose(X), weights), 10 * ROWS);
  for (let k = 0; k < ENTRYWISE; k++)
    update = ops.multiply(1 - 2 ** -(k + 6), ops.add(update, ops.multiply(x, update)));
  const next = ops.add(x, update);
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
