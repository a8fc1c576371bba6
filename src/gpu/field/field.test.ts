import { describe, expect, it, vi } from 'vitest';
import { fault, type Result, success } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import type { FieldExecutor, FieldJob, FieldValues } from '../../core/run/field.ts';
import { Ops, type Tensor } from '../../core/tensor/ops.ts';
import { chooseForField, whyFloat64 } from './choose.ts';
import { createFieldClient } from './client.ts';
import { lowerField } from './lower.ts';
import { serveFields } from './serve.ts';

function functionOf(size: number, record: (ops: Ops, x: Tensor) => Tensor): Program {
  const ops = new Ops();
  const x = ops.input('start', 'x', [size]);
  const value = record(ops, x).id;
  return {
    values: ops.values,
    regions: ops.regions,
    size,
    start: x.id,
    time: null,
    settings: [],
    state: [],
    outputs: [{ name: '0', value }],
  };
}

const rows = (count: number) => Array.from({ length: count }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const onData = (count: number, bent: (ops: Ops, products: Tensor) => Tensor) =>
  functionOf(2, (ops, x) => ops.sum(bent(ops, ops.matmul(ops.constant(rows(count).flat(), [count, 2]), x))));

describe('the kernel of a field', () => {
  it('is written as kernels of runs are, for points that follow from their number', () => {
    expect(lowerField(functionOf(2, (ops, x) => ops.dot(x, x))).wgsl).toMatchInlineSnapshot(`
      "struct Chunk { first: u32, end: u32, points: u32, columns: u32, rows: u32, step: u32 }
      @group(0) @binding(0) var<uniform> chunk: Chunk;
      @group(0) @binding(1) var<storage, read> constants: array<f32>; // what settings and data determine
      @group(0) @binding(2) var<storage, read> schedule: array<f32>; // what t determines, of this step
      @group(0) @binding(3) var<storage, read> grid: array<f32>; // origin, 3 directions, places of the axes, end to end
      @group(0) @binding(4) var<storage, read_write> values: array<f32>; // [number][point]

      @compute @workgroup_size(64)
      fn field(@builtin(global_invocation_id) id: vec3u) {
        let point = chunk.first + id.x;
        if (point >= chunk.end) { return; } // the last workgroup is partly empty
        let across = grid[8u + point % chunk.columns];
        let up = grid[8u + chunk.columns + point / chunk.columns % chunk.rows];
        let deep = grid[8u + chunk.columns + chunk.rows + point / chunk.columns / chunk.rows];
        let x0_0 = grid[0u] + across * grid[2u] + up * grid[4u] + deep * grid[6u];
        let v1_0 = x0_0 * x0_0;
        let x0_1 = grid[1u] + across * grid[3u] + up * grid[5u] + deep * grid[7u];
        let v1_1 = x0_1 * x0_1;
        let v2 = v1_0 + v1_1;
        values[0u * chunk.points + point] = v2;
      }
      "
    `);
  });

  it('reads rows of data in loops, or takes products of their columns, however many there are', () => {
    const lines = (program: Program) => {
      const kernel = chooseForField(program);
      if (typeof kernel === 'string') throw new Error(kernel);
      return kernel.plan.lines;
    };
    const bent = (count: number) => onData(count, (ops, products) => ops.tanh(products));
    const squares = (count: number) => onData(count, (ops, products) => ops.multiply(products, products));
    expect(lines(bent(2000))).toBe(lines(bent(400)));
    expect(lines(squares(2000))).toBeLessThan(30);
  });

  it('is refused where it would be too long', () => {
    const long = functionOf(40, (ops, x) =>
      ops.sum(ops.matmul(ops.reshape(x, [40, 1]), ops.reshape(ops.sin(x), [1, 40]))),
    );
    expect(chooseForField(long)).toMatch(/more than 500 lines/);
  });

  it('leaves to Float64, where a processor stands in for a GPU, what that does faster', () => {
    const why = (program: Program, points: number) => {
      const kernel = chooseForField(program);
      if (typeof kernel === 'string') throw new Error(kernel);
      return whyFloat64(program, kernel, points);
    };
    const bend = onData(500, (ops, products) => ops.tanh(products));
    const kink = onData(500, (ops, products) => ops.abs(products));
    const square = onData(500, (ops, products) => ops.multiply(products, products));
    expect(why(bend, 6561)).toBeNull();
    expect(why(square, 58_081)).toBeNull();
    expect(why(kink, 58_081)).toMatch(/faster in Float64/);
    expect(why(bend, 441)).toMatch(/faster in Float64/);
  });
});

describe('a field in another worker', () => {
  const job = (program = onData(20, (ops, products) => ops.tanh(products))): FieldJob => ({
    program,
    settings: {},
    step: 0,
    float64Ms: 0,
    grid: { origin: [0, 0], axes: [{ places: [0, 1], direction: [1, 0] }] },
  });
  const answer = (): Result<FieldValues> => success({ values: Float32Array.of(1, 2), adapter: 'a test', submits: 1 });

  function connected(field: FieldExecutor['field'], patienceMs?: number) {
    const { port1, port2 } = new MessageChannel();
    const sent: unknown[] = [];
    const seen: Program[] = [];
    serveFields(port2, {
      field(job, signal) {
        seen.push(job.program);
        return field(job, signal);
      },
    });
    const near = {
      postMessage: (message: unknown) => {
        sent.push(message);
        port1.postMessage(message);
      },
      addEventListener: port1.addEventListener.bind(port1),
      start: () => port1.start(),
    };
    const client = createFieldClient(near as MessagePort, patienceMs);
    const close = () => {
      port1.close();
      port2.close();
    };
    return { client, sent, seen, close };
  }

  it('sends a program once, and again where it was forgotten', async () => {
    const { client, sent, seen, close } = connected(async () => answer());
    const first = job();
    for (let k = 0; k < 3; k++) expect(await client.field(first)).toEqual(answer());
    expect(sent.filter((message) => 'program' in (message as object))).toHaveLength(1);
    expect(new Set(seen).size).toBe(1);
    for (let k = 0; k < 4; k++) await client.field(job());
    expect(await client.field(first)).toEqual(answer());
    expect(sent.filter((message) => 'program' in (message as object))).toHaveLength(6);
    close();
  });

  it('says why there is no answer', async () => {
    const { client, close } = connected(async () => fault('Lost.'));
    expect(await client.field(job())).toEqual(fault('Lost.'));
    close();
    const thrown = connected(() => Promise.reject(new Error('a bug')));
    expect(await thrown.client.field(job())).toEqual(fault('a bug'));
    thrown.close();
  });

  it('is not waited for for ever, nor asked again before it has answered', async () => {
    let tell = () => {};
    const late = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const field = vi.fn((_: FieldJob) => late.then(answer));
    const { client, close } = connected(field, 20);
    expect((await client.field(job())).ok).toBe(false);
    expect((await client.field(job())).ok).toBe(false);
    expect(field).toHaveBeenCalledTimes(1);
    tell();
    await vi.waitFor(async () => expect((await client.field(job())).ok).toBe(true));
    close();
  });

  it('ends when it is wanted no more', async () => {
    const { client, close } = connected(
      (_, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve(fault('stopped')))),
    );
    const controller = new AbortController();
    const asked = client.field(job(), controller.signal);
    controller.abort();
    expect(await asked).toEqual(fault('stopped'));
    expect((await client.field(job(), controller.signal)).ok).toBe(false);
    close();
  });
});
