/** One GPU device: how it is acquired, what it is called, what it holds, and how its loss is told. */
import { failure, fault, type Result, success } from '../core/diagnostic.ts';
import type { TunedProducts } from './kernels/choose-product.ts';
import { MAP_READ } from './kernels/usage.ts';

/** What the operating system, the browser and the driver take at most to answer. */
const ANSWER_MS = 5000;

/** Limits taken from the adapter, up to what a playground may use of somebody's machine. */
const WANTED_LIMITS = {
  maxBufferSize: 1 << 30,
  maxStorageBufferBindingSize: 1 << 30,
  maxComputeWorkgroupStorageSize: 32 << 10,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
} as const;

/** Asked of the browser while a result is awaited: together about as long as it would wait by itself. */
const QUESTIONS = 8;

/** Taken where the adapter has them. */
const OPTIONAL_FEATURES: readonly GPUFeatureName[] = ['subgroups'];

export interface DeviceOptions {
  readonly answerMs?: number;
  /** What the adapter is called where it does not say. */
  readonly fallbackName?: string;
}

/** How a device ended. */
export interface Loss {
  readonly reason: 'destroyed' | 'unknown';
  readonly message: string;
}

/** A device with a ledger of its live bytes; the JavaScript heap cannot show a leak on the GPU. */
export class Gpu {
  /** Buffers in use and their total size. */
  readonly ledger = { buffers: 0, bytes: 0 };
  /** Those that wait on a shelf to be used again. */
  readonly idle = { buffers: 0, bytes: 0 };
  /** Errors that no scope caught: bugs of ours. */
  readonly uncaptured: string[] = [];
  /** Resolves when the device is gone. Submits to a lost device are silent, so only this is believed. */
  readonly lost: Promise<Loss>;
  /** Set when the device is gone. */
  loss: Loss | null = null;
  /** Which product kernels were timed to be the fastest here; where nothing was, the assumed ones run. */
  products: TunedProducts = {};
  private readonly sizes = new Map<GPUBuffer, number>();
  private lastGuarded: Promise<unknown> = Promise.resolve();

  constructor(
    readonly device: GPUDevice,
    /** For the badge. */
    readonly name: string,
    /**
     * Whether all subgroups are of four lanes, as on processors that stand in for a GPU: there, products that share loads between
     * the lanes were measured to be faster. Wider subgroups were not measured.
     */
    readonly hasQuads = false,
    /** Whether a processor stands in for a GPU, whatever its lanes. */
    readonly isProcessor = hasQuads,
  ) {
    device.addEventListener('uncapturederror', ({ error }) => this.uncaptured.push(error.message));
    this.lost = device.lost.then(({ reason, message }) => {
      this.loss = { reason: reason === 'destroyed' ? 'destroyed' : 'unknown', message };
      return this.loss;
    });
  }

  get limits(): GPUSupportedLimits {
    return this.device.limits;
  }

  /** Every buffer is created here and ends in `release`. */
  buffer(label: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const rounded = Math.max(16, Math.ceil(size / 16) * 16); // no binding is empty, none ends within a four-vector
    const buffer = this.device.createBuffer({ label, size: rounded, usage });
    this.sizes.set(buffer, rounded);
    this.ledger.buffers += 1;
    this.ledger.bytes += rounded;
    return buffer;
  }

  release(buffer: GPUBuffer): void {
    const size = this.sizes.get(buffer);
    if (size === undefined) return;
    this.sizes.delete(buffer);
    this.ledger.buffers -= 1;
    this.ledger.bytes -= size;
    buffer.destroy();
  }

  /** A buffer goes onto a shelf. */
  rest(buffer: GPUBuffer): void {
    move(this.ledger, this.idle, this.sizes.get(buffer));
  }

  /** A buffer is taken from a shelf. */
  wake(buffer: GPUBuffer): void {
    move(this.idle, this.ledger, this.sizes.get(buffer));
  }

  /**
   * The first bytes of a buffer that can be mapped, once all that was submitted before is done. Rejects when the device is lost.
   * Chromium looks for finished work when it hears from the page, and else every few milliseconds: longer than a thousand steps
   * take. So it is asked something, until the answer is there or the work has shown to be long: at most so many `questions`, each of
   * which takes a processor that stands in for a GPU time of the work itself.
   */
  async read(buffer: GPUBuffer, bytes: number, questions = QUESTIONS): Promise<ArrayBuffer> {
    let isThere = false;
    const mapped = buffer.mapAsync(MAP_READ, 0, bytes).finally(() => {
      isThere = true;
    });
    mapped.catch(() => {}); // awaited below
    for (let k = 0; k < questions && !isThere; k++) {
      this.device.pushErrorScope('validation');
      await this.device.popErrorScope().catch(() => null); // a lost device has no scopes; the map tells
    }
    await mapped;
    const copy = buffer.getMappedRange(0, bytes).slice(0);
    buffer.unmap();
    return copy;
  }

  /** Runs `allocate` and says what the device refused, if anything: too little memory, or a limit. One at a time: scopes nest. */
  guarded<T>(what: string, allocate: () => T | Promise<T>): Promise<Result<T>> {
    const result = this.lastGuarded.then(() => this.inScopes(what, allocate));
    this.lastGuarded = result;
    return result;
  }

  private async inScopes<T>(what: string, allocate: () => T | Promise<T>): Promise<Result<T>> {
    this.device.pushErrorScope('out-of-memory');
    this.device.pushErrorScope('validation');
    const result = await Promise.resolve()
      .then(allocate)
      .then(success, (reason: unknown) => fault(`${what}: ${messageOf(reason)}`));
    const popped = Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]);
    const [invalid, memory] = await popped.catch(() => [null, null]); // a lost device has no scopes; its loss is told elsewhere
    if (memory) return fault(`${what}: the GPU has too little free memory. Try fewer starts, records or data.`);
    return invalid ? fault(`${what}: ${invalid.message}`) : result;
  }
}

type Ledger = Gpu['ledger'];

function move(from: Ledger, to: Ledger, bytes = 0): void {
  from.buffers -= 1;
  from.bytes -= bytes;
  to.buffers += 1;
  to.bytes += bytes;
}

export const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** A rejected map means a lost device as a rule, but the device says so a moment later. */
export async function lossOr(gpu: Gpu, reason: unknown): Promise<string> {
  const wait = new Promise<null>((resolve) => setTimeout(resolve, 1000, null));
  const loss = gpu.loss ?? (await Promise.race([gpu.lost, wait]));
  return loss
    ? `The GPU was lost (${loss.message || loss.reason}). Run again: a fresh device is taken.`
    : messageOf(reason);
}

/** A device of the machine, or why there is none, in the reader's words. */
export async function acquireGpu(
  gpu: GPU | undefined,
  { answerMs = ANSWER_MS, fallbackName = 'GPU' }: DeviceOptions = {},
): Promise<Result<Gpu>> {
  if (!gpu) return fault('This browser has no WebGPU.');
  const asked = await answered(gpu.requestAdapter({ powerPreference: 'high-performance' }), answerMs);
  if (asked === NO_ANSWER) return fault(`The GPU did not answer within ${answerMs / 1000} s.`);
  if (!asked.ok) return failure(...asked.diagnostics);
  const adapter = asked.value;
  if (!adapter)
    return fault(
      'The browser has WebGPU but offers no GPU: hardware acceleration may be off, or the GPU has crashed twice; a reload may help.',
    );
  const requiredLimits = offeredLimits(adapter.limits);
  const requiredFeatures = OPTIONAL_FEATURES.filter((name) => adapter.features.has(name));
  const granted = await answered(adapter.requestDevice({ requiredLimits, requiredFeatures }), answerMs);
  if (granted === NO_ANSWER) return fault(`The GPU did not answer within ${answerMs / 1000} s.`);
  if (!granted.ok)
    return fault(`The GPU refused to open: ${granted.diagnostics.map(({ message }) => message).join(' ')}`);
  const { info } = adapter;
  const hasQuads = requiredFeatures.includes('subgroups') && info.subgroupMinSize === 4 && info.subgroupMaxSize === 4;
  const isProcessor = hasQuads || info?.isFallbackAdapter === true;
  return success(new Gpu(granted.value, nameOf(info, fallbackName), hasQuads, isProcessor));
}

const NO_ANSWER = Symbol('no answer');

/** The promise's outcome as a value, or that it did not come in time. */
async function answered<T>(promise: Promise<T>, ms: number): Promise<Result<T> | typeof NO_ANSWER> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<typeof NO_ANSWER>((resolve) => {
    timer = setTimeout(() => resolve(NO_ANSWER), ms);
  });
  const outcome = promise.then(success, (reason: unknown) => fault(messageOf(reason)));
  return Promise.race([outcome, timeout]).finally(() => clearTimeout(timer));
}

function offeredLimits(limits: GPUSupportedLimits): Record<string, number> {
  return Object.fromEntries(
    Object.entries(WANTED_LIMITS).map(([name, most]) => [
      name,
      Math.min(most, limits[name as keyof typeof WANTED_LIMITS]),
    ]),
  );
}

/** What the adapter calls itself, as far as the browser says. */
function nameOf(info: GPUAdapterInfo | undefined, fallback: string): string {
  const parts = [info?.vendor, info?.architecture, info?.device].filter((part) => part);
  return info?.description || parts.join(' ') || (info?.isFallbackAdapter ? `software ${fallback}` : fallback);
}

/** A second loss within this time means that the browser will refuse a third device for a while. */
const LOSS_WINDOW_MS = 120_000;

/** Keeps one device, replaces a lost one once, and gives up for a while when it is lost again. */
export class DeviceKeeper {
  /** What was asked for last; null before, and after a loss. */
  current: Promise<Result<Gpu>> | null = null;
  private readonly losses: number[] = [];

  constructor(
    private readonly acquire: () => Promise<Result<Gpu>>,
    private readonly now: () => number,
  ) {}

  /** The device, a fresh one where the last was lost, or why there is none. */
  device(): Promise<Result<Gpu>> {
    const recent = this.losses.filter((moment) => this.now() - moment < LOSS_WINDOW_MS);
    if (recent.length >= 2) {
      return Promise.resolve(
        fault(
          'The GPU was lost twice within two minutes; runs use the CPU for now. Reload the page to use the GPU again.',
        ),
      );
    }
    this.current ??= this.fresh();
    return this.current;
  }

  private async fresh(): Promise<Result<Gpu>> {
    const result = await this.acquire();
    if (!result.ok) {
      this.current = null; // a later run may ask again
      return result;
    }
    void result.value.lost.then(({ reason }) => {
      if (reason !== 'destroyed') this.losses.push(this.now());
      this.current = null;
    });
    return result;
  }
}
