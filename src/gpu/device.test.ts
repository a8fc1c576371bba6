import { describe, expect, it } from 'vitest';
import { fault, success } from '../core/diagnostic.ts';
import { acquireGpu, DeviceKeeper, Gpu } from './device.ts';

type Lost = { reason: 'unknown' | 'destroyed'; message: string };

/** As much of a device as acquiring and losing it touches. */
function fakeDevice() {
  let lose: (loss: Lost) => void = () => {};
  const lost = new Promise<Lost>((resolve) => {
    lose = resolve;
  });
  return { device: { lost, addEventListener: () => {} } as unknown as GPUDevice, lose };
}

const limits = {
  maxBufferSize: 1 << 28,
  maxStorageBufferBindingSize: 2 ** 32,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
};
const info = { vendor: 'acme', architecture: 'gen-1', device: '', description: '' };

function fakeGpu(requestAdapter: () => Promise<unknown>): GPU {
  return { requestAdapter } as unknown as GPU;
}

const adapter =
  (
    requestDevice: (descriptor: GPUDeviceDescriptor) => Promise<unknown>,
    features: readonly string[] = [],
    lanes: object = {},
  ) =>
  async () => ({ limits, info: { ...info, ...lanes }, features: new Set(features), requestDevice });

async function messageFor(gpu: GPU | undefined): Promise<string> {
  const result = await acquireGpu(gpu, { answerMs: 20 });
  return result.ok ? 'a device' : result.diagnostics.map(({ message }) => message).join(' ');
}

describe('reading a buffer', () => {
  /** A device that answers questions at once, and a buffer that is there after so many of them (or when it is let go). */
  function reader(questions: number) {
    const events: string[] = [];
    let arrive: () => void = () => {};
    const arrival = new Promise<void>((resolve, reject) => {
      arrive = questions < 0 ? () => reject(new Error('lost')) : resolve;
    });
    if (questions < 0) arrive();
    const { device } = fakeDevice();
    const asking = Object.assign(device, {
      pushErrorScope: () => events.push('push'),
      popErrorScope: async () => {
        events.push('pop');
        if (events.length === 2 * questions) arrive();
        return null;
      },
    });
    const buffer = {
      mapAsync: () => arrival,
      getMappedRange: () => new Float32Array([1, 2]).buffer,
      unmap: () => events.push('unmap'),
    } as unknown as GPUBuffer;
    return { gpu: new Gpu(asking as unknown as GPUDevice, 'reader'), buffer, events, arrive };
  }

  it('asks the browser until the work is done, and leaves every scope that it opens', async () => {
    const { gpu, buffer, events } = reader(3);
    expect([...new Float32Array(await gpu.read(buffer, 8))]).toEqual([1, 2]);
    expect(events).toEqual(['push', 'pop', 'push', 'pop', 'push', 'pop', 'unmap']);
  });

  it.each([
    [undefined, 8],
    [2, 2],
    [24, 24],
  ])('stops where the work is long: of %s questions after %i', async (questions, asked) => {
    const { gpu, buffer, events, arrive } = reader(Number.POSITIVE_INFINITY);
    const bytes = gpu.read(buffer, 8, questions);
    await new Promise((resolve) => setTimeout(resolve));
    expect(events).toEqual(Array.from({ length: asked }, () => ['push', 'pop']).flat());
    arrive();
    expect((await bytes).byteLength).toBe(8);
  });

  it('rejects where the device is lost', async () => {
    const { gpu, buffer } = reader(-1);
    await expect(gpu.read(buffer, 8)).rejects.toThrow('lost');
  });
});

describe('acquiring a device', () => {
  it('says apart what is missing', async () => {
    const messages = [
      await messageFor(undefined),
      await messageFor(fakeGpu(async () => null)),
      await messageFor(fakeGpu(adapter(() => Promise.reject(new Error('limit'))))),
      await messageFor(fakeGpu(() => new Promise(() => {}))),
    ];
    expect(messages).toEqual([
      'This browser has no WebGPU.',
      expect.stringContaining('offers no GPU'),
      'The GPU refused to open: limit',
      'The GPU did not answer within 0.02 s.',
    ]);
    expect(await messageFor(fakeGpu(adapter(() => new Promise(() => {}))))).toBe(messages[3]);
  });

  it('knows subgroups of four lanes, and takes no other width for them', async () => {
    const quadsOf = async (features: readonly string[], lanes: object) => {
      const asked: unknown[] = [];
      const { device } = fakeDevice();
      const open = async ({ requiredFeatures }: GPUDeviceDescriptor) => {
        asked.push(requiredFeatures);
        return device;
      };
      const result = await acquireGpu(fakeGpu(adapter(open, features, lanes)));
      return [asked[0], result.ok && result.value.hasQuads];
    };
    const four = { subgroupMinSize: 4, subgroupMaxSize: 4 };
    expect(await quadsOf(['subgroups', 'shader-f16'], four)).toEqual([['subgroups'], true]);
    expect(await quadsOf(['subgroups'], { subgroupMinSize: 4, subgroupMaxSize: 32 })).toEqual([['subgroups'], false]);
    expect(await quadsOf(['subgroups'], { subgroupMinSize: 1, subgroupMaxSize: 4 })).toEqual([['subgroups'], false]);
    expect(await quadsOf([], four)).toEqual([[], false]);
  });

  it('knows a processor that stands in for a GPU by its lanes, or as the browser says', async () => {
    const found = async (features: readonly string[], said: object) => {
      const result = await acquireGpu(fakeGpu(adapter(async () => fakeDevice().device, features, said)));
      return result.ok && [result.value.isProcessor, result.value.name];
    };
    const nameless = { vendor: '', architecture: '' };
    expect(await found(['subgroups'], { subgroupMinSize: 4, subgroupMaxSize: 4 })).toEqual([true, 'acme gen-1']);
    expect(await found([], { ...nameless, isFallbackAdapter: true })).toEqual([true, 'software GPU']);
    expect(await found([], { ...nameless, isFallbackAdapter: false })).toEqual([false, 'GPU']);
  });

  it('asks for what the adapter offers, capped, and names it', async () => {
    const asked: Record<string, number>[] = [];
    const { device } = fakeDevice();
    const result = await acquireGpu(
      fakeGpu(
        adapter(async ({ requiredLimits }) => {
          asked.push({ ...requiredLimits } as Record<string, number>);
          return device;
        }),
      ),
    );
    expect(result.ok && result.value.name).toBe('acme gen-1');
    expect(asked[0]).toMatchObject({
      maxBufferSize: 1 << 28,
      maxStorageBufferBindingSize: 1 << 30,
      maxComputeInvocationsPerWorkgroup: 256,
    });
  });
});

describe('keeping a device', () => {
  const setup = () => {
    const clock = { now: 0 };
    const made: ReturnType<typeof fakeDevice>[] = [];
    const acquire = async () => {
      const fake = fakeDevice();
      made.push(fake);
      return success(new Gpu(fake.device, 'fake'));
    };
    const crash = async () => {
      made[made.length - 1]?.lose({ reason: 'unknown', message: 'crash' });
      await new Promise((resolve) => setTimeout(resolve));
    };
    return { clock, made, crash, keeper: new DeviceKeeper(acquire, () => clock.now) };
  };

  it('takes a fresh one after the first loss, and none after a second within two minutes', async () => {
    const { clock, made, crash, keeper } = setup();
    await keeper.device();
    await keeper.device();
    expect(made.length).toBe(1);
    await crash();
    expect((await keeper.device()).ok).toBe(true);
    clock.now = 60_000;
    await crash();
    const refused = await keeper.device();
    expect(refused.ok ? '' : refused.diagnostics[0]?.message).toContain('lost twice within two minutes');
    clock.now = 200_000;
    expect((await keeper.device()).ok).toBe(true);
  });

  it('asks again after a refusal', async () => {
    const answers = [fault('busy'), success(new Gpu(fakeDevice().device, 'fake'))];
    const keeper = new DeviceKeeper(
      async () => answers.shift() ?? fault('none'),
      () => 0,
    );
    expect((await keeper.device()).ok).toBe(false);
    expect((await keeper.device()).ok).toBe(true);
  });
});
