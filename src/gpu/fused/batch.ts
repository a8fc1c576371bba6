/** Runs of one kernel that go from their starts to their ends in one dispatch, whatever their settings, starts, steps and records. */
import type { Convoy } from '../convoy.ts';
import type { Gpu } from '../device.ts';
import type { Records } from '../runner.ts';
import type { Shelf } from '../shelf.ts';
import { MOST_RUNS, NO_STEP } from './bindings.ts';
import { chunkWords, type FusedKit, type KitSizes, keyOf, makeKit } from './kit.ts';
import type { FusedPlan } from './lower.ts';
import type { Compiled } from './pipelines.ts';
import { recordsOf } from './records.ts';

interface Boarding {
  readonly gpu: Gpu;
  readonly plan: FusedPlan;
  readonly compiled: Compiled;
  readonly layout: GPUBindGroupLayout;
  readonly shelf: Shelf<FusedKit>;
}

/** All that one run brings. */
export interface Load {
  readonly constants: Float32Array;
  /** [step][value], from step 0 to the last. */
  readonly schedule: Float32Array;
  /** [element][start]. */
  readonly starts: Float32Array;
  readonly steps: number;
  readonly record: readonly number[];
}

const batches = new WeakMap<Convoy, Map<object, FusedBatch>>();

/** The batch of a convoy for runs of this pace: of one kernel, and of as many starts each. */
export function batchOf(convoy: Convoy, boarding: Boarding, starts: number, pace: object): FusedBatch {
  const open = batches.get(convoy) ?? new Map<object, FusedBatch>();
  batches.set(convoy, open);
  const known = open.get(pace);
  if (known && !known.isFull) return known;
  const batch = new FusedBatch(boarding, starts, convoy);
  open.set(pace, batch);
  convoy.add(() => batch.encode());
  return batch;
}

class FusedBatch {
  private readonly loads: Load[] = [];
  private tell: (copy: Promise<ArrayBuffer>) => void = () => {};
  private readonly copy = new Promise<ArrayBuffer>((resolve) => {
    this.tell = resolve;
  });

  constructor(
    private readonly boarding: Boarding,
    private readonly starts: number,
    private readonly convoy: Convoy,
  ) {}

  get isFull(): boolean {
    return this.loads.length >= MOST_RUNS;
  }

  /** Resolves once the convoy is back. */
  async add(load: Load): Promise<Records> {
    const { plan } = this.boarding;
    const run = this.loads.length;
    const width = plan.recordWidth * this.starts;
    const first = this.loads.reduce((sum, { record }) => sum + record.length, 0) * width;
    this.loads.push(load);
    const copy = await this.copy;
    const flags = this.loads.length * this.starts * 4;
    return recordsOf(copy, load.record, flags + first * 4, load.record.length * width, run * this.starts * 4);
  }

  encode(): void {
    const { gpu, plan, compiled, layout, shelf } = this.boarding;
    const { loads, starts, convoy } = this;
    const constants = joined(loads.map((load) => load.constants));
    const schedule = joined(loads.map((load) => load.schedule));
    const x0 = joined(loads.map((load) => load.starts));
    const steps = Uint32Array.from(loads.flatMap(({ record }) => [...record, NO_STEP]));
    const records = (steps.length - loads.length) * plan.recordWidth * starts * 4;
    const flags = loads.length * starts * 4;
    const sizes: KitSizes = {
      constants: roomy(constants.byteLength),
      schedule: roomy(schedule.byteLength),
      starts: roomy(x0.byteLength),
      recordSteps: roomy(steps.byteLength),
      state: roomy(loads.length * plan.stateSize * starts * 4),
      records: roomy(records),
      flags: roomy(flags),
    };
    const key = keyOf(sizes);
    const kit = shelf.take(key) ?? makeKit(gpu, layout, sizes);
    const { queue } = gpu.device;
    queue.writeBuffer(kit.of.chunk, 0, chunkWords(this.chunks()));
    queue.writeBuffer(kit.of.constants, 0, constants);
    queue.writeBuffer(kit.of.schedule, 0, schedule);
    queue.writeBuffer(kit.of.starts, 0, x0);
    queue.writeBuffer(kit.of.recordSteps, 0, steps);
    const pass = convoy.encoder.beginComputePass({ label: 'fused' });
    pass.setBindGroup(0, kit.bindings);
    for (const pipeline of [compiled.start, compiled.steps]) {
      pass.setPipeline(pipeline);
      pass.dispatchWorkgroups(Math.ceil((loads.length * starts) / plan.startsPerWorkgroup));
    }
    pass.end();
    const both = [
      { from: kit.of.flags, bytes: flags },
      { from: kit.of.records, bytes: records },
    ];
    this.tell(
      convoy.read(both).finally(() => {
        if (!gpu.loss) shelf.putBack(key, kit);
        else for (const buffer of kit.buffers) gpu.release(buffer);
      }),
    );
  }

  /** Each run begins where the one before it ends. */
  private chunks() {
    let [scheduleAt, recordStepsAt, recordsAt] = [0, 0, 0];
    return this.loads.map(({ schedule, steps, record }) => {
      const chunk = {
        starts: this.starts,
        first_step: 0,
        steps,
        cursor: 0,
        last_cursor: record.length,
        first_record: 0,
        last_record: record.length - 1,
        schedule_at: scheduleAt,
        record_steps_at: recordStepsAt,
        records_at: recordsAt,
      };
      scheduleAt += schedule.length;
      recordStepsAt += record.length + 1;
      recordsAt += record.length;
      return chunk;
    });
  }
}

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}

/** A power of 2, so that few kits serve batches of all sizes. */
const roomy = (bytes: number): number => 2 ** Math.ceil(Math.log2(Math.max(16, bytes)));
