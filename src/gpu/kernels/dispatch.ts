/** A call of a kernel as plain data, and its way onto a device. */
import { at, invariant } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import { familyFor, type ProductDevice } from './choose-product.ts';
import type { ArraysOf, Four, Grid, Kernel, Params } from './define-kernel.ts';
import { type ElementwiseRun, elementwiseRunKernel, tiledRunKernel } from './elementwise-run.ts';
import { KERNELS } from './kernels.ts';
import { withLengths } from './lengths.ts';
import { newtonSchulzBound, newtonSchulzStep } from './newton-schulz.ts';
import { batchedKernel, MATMUL_BATCHED, matmul, matmulScaled, type Variant, variantName } from './product.ts';
import { FAMILIES, type FamilyName, readsOf } from './product-families.ts';
import { liesOf, type Strides } from './product-quads.ts';
import { PRODUCT_RUN, productRunKernel } from './product-run.ts';
import { widthOf } from './run-code.ts';
import { tiled } from './tiles.ts';
import { type Together, togetherKernel } from './together.ts';
import { USAGE } from './usage.ts';

/** Index into a list of buffers. */
export type BufferId = number;

/** One dispatch: a kernel by name, its parameters, and the buffer of each of its arrays. */
export interface Dispatch {
  readonly kernel: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, number | Four>>;
  readonly arrays: Readonly<Record<string, BufferId>>;
  /** What a generated kernel computes, of entries of arrays or of a product. */
  readonly run?: ElementwiseRun;
  /** What one workgroup does part by part. */
  readonly together?: Together;
  /** Of a product: by which family; a plan leaves it to the device. */
  readonly family?: FamilyName;
  /** How a product is made here. */
  readonly variant?: Variant;
  /** Whether tiles sum the rows of its run here. */
  readonly isTiled?: boolean;
  /** Whether the lengths of its arrays are worth being in the code here. */
  readonly isLong?: boolean;
}

/** Kernels that code calls and no plan does, once they are called: pages that only run plans need not load them. */
const called = new Map<string, Kernel>();

export function dispatch<B extends Kernel['bindings']>(
  kernel: Kernel<B>,
  params: Params<B['params']['fields']>,
  arrays: Readonly<Record<ArraysOf<B>, BufferId>>,
  constants: Readonly<Record<string, number>> = {},
): Dispatch {
  for (const name of Object.keys(constants))
    invariant(name in kernel.constants, `${kernel.name} has no constant ${name}`);
  if (!(kernel.name in KERNELS)) called.set(kernel.name, kernel as Kernel);
  return { kernel: kernel.name, constants, params: params as Dispatch['params'], arrays };
}

/** Compiled kernels of one device; each kernel is compiled once for each set of constants. */
export class Pipelines {
  private readonly compiled = new Map<string, Promise<GPUComputePipeline>>();

  constructor(readonly device: GPUDevice) {}

  /** `bytes` of the arrays, by name: asked for where the code has their lengths in it. */
  get(
    call: Dispatch,
    bytes: (array: string) => number = () => invariant(false, `lengths of ${call.kernel}`) as never,
  ): Promise<GPUComputePipeline> {
    const { name, code, constants, isFixed } = kernelText(call, bytes);
    const key = `${isFixed ? code : name} ${JSON.stringify(constants)}`;
    const known = this.compiled.get(key);
    if (known) return known;
    const module = this.device.createShaderModule({ label: name, code });
    const pipeline = this.device.createComputePipelineAsync({
      label: name,
      layout: 'auto',
      compute: { module, entryPoint: name, constants },
    });
    this.compiled.set(key, pipeline);
    return pipeline;
  }
}

/** A kernel as a device compiles it. */
interface KernelText {
  readonly name: string;
  readonly code: string;
  readonly constants: Readonly<Record<string, number>>;
  /** Whether the code has the lengths of its arrays in it, or is made for this dispatch. */
  readonly isFixed: boolean;
}

/** The kernel of a dispatch that is `suited`; `bytes` of its arrays, by name. */
export function kernelText(call: Dispatch, bytes: (array: string) => number): KernelText {
  const kernel = kernelOf(call);
  const isFixed = Boolean(kernel.isOfLengths || call.isLong || call.run || call.together || isLargeByQuads(call));
  return {
    name: kernel.name,
    code: isFixed ? withLengths(kernel.code, (array, size) => Math.floor(bytes(array) / size)) : kernel.code,
    constants: { ...kernel.constants, ...call.constants },
    isFixed,
  };
}

/** Products with as many multiplications gain more by lengths in the code than it takes to compile it for them. */
const LARGE = 1 << 21;

/** On processors that stand in for a GPU, kernels over arrays of this size, which are small and soon compiled, gain more, too. */
const LONG_BYTES = 1 << 16;

const isLargeByQuads = ({ variant, params: { rows, inner, columns } }: Dispatch): boolean =>
  variant !== undefined &&
  FAMILIES[variant.family].needsQuads === true &&
  Number(rows) * Number(inner) * Number(columns) >= LARGE;

const byDevice = new WeakMap<GPUDevice, Pipelines>();

/** The compiled kernels of a device, shared by all that run on it. */
export function pipelinesOf(device: GPUDevice): Pipelines {
  const known = byDevice.get(device) ?? new Pipelines(device);
  byDevice.set(device, known);
  return known;
}

function kernelOf({ kernel: name, run, together, variant, params, isTiled }: Dispatch): Kernel {
  if (together) return togetherKernel(together);
  if (name === MATMUL_BATCHED && variant) return batchedKernel(variant);
  if (run && variant) return productRunKernel(run, variant);
  if (run && isTiled) return tiledRunKernel(run);
  if (run) return elementwiseRunKernel(run, widthOf(run, Number(params.first), Number(params.count)));
  const kernel = KERNELS[variant ? variantName(name, variant) : name] ?? called.get(name);
  invariant(kernel, `no kernel ${name}`);
  return kernel;
}

/** A dispatch with everything made that encoding needs. */
export interface ReadyDispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly grid: Grid;
  /** Where the device has the grid instead: three numbers from byte `offset` on. */
  readonly sized?: { readonly buffer: GPUBuffer; readonly offset: number };
}

/** Parameters of dispatches lie in one uniform buffer, each at a multiple of this (the most that a device may ask for). */
const UNIFORM_ALIGNMENT = 256;

export interface ReadyDispatches {
  /** In the order given. */
  readonly ready: readonly ReadyDispatch[];
  /** Where their parameters are. */
  readonly uniform: GPUBuffer;
  destroy(): void;
}

/** A buffer, or a part of one. */
export type Bound = GPUBuffer | GPUBufferBinding;

/** Compiles, and makes bind groups and parameters. The buffers must live as long as the result. */
export async function readyDispatches(
  gpu: Gpu,
  wanted: readonly Dispatch[],
  buffers: readonly Bound[],
): Promise<ReadyDispatches> {
  const { device } = gpu;
  const pipelines = pipelinesOf(device);
  const bindingOf = (one: Dispatch, array: string): GPUBufferBinding => {
    const buffer = one.arrays[array];
    invariant(buffer !== undefined, `${one.kernel} lacks its array ${array}`);
    const bound = at(buffers, buffer);
    return 'buffer' in bound ? bound : { buffer: bound };
  };
  const isLong = (one: Dispatch) =>
    gpu.hasQuads && Object.keys(one.arrays).some((array) => bytesOf(bindingOf(one, array)) >= LONG_BYTES);
  const dispatches = wanted.map((one) => suited({ ...one, isLong: isLong(one) }, gpu));
  const compiled = await Promise.all(
    dispatches.map((one) => pipelines.get(one, (array) => bytesOf(bindingOf(one, array)))),
  );
  const bytes = new ArrayBuffer(Math.max(1, dispatches.length) * UNIFORM_ALIGNMENT);
  const uniform = gpu.buffer('params', bytes.byteLength, USAGE.UNIFORM | USAGE.COPY_DST);
  const ready = dispatches.map((one, i) => {
    const kernel = kernelOf(one);
    const pipeline = at(compiled, i);
    const size = writeParams(kernel, one.params, new DataView(bytes, i * UNIFORM_ALIGNMENT));
    const entries = Object.keys(kernel.bindings).map((name, binding): GPUBindGroupEntry => {
      if (name === 'params') return { binding, resource: { buffer: uniform, offset: i * UNIFORM_ALIGNMENT, size } };
      return { binding, resource: bindingOf(one, name) };
    });
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return { pipeline, group, grid: kernel.workgroups(one.params) };
  });
  device.queue.writeBuffer(uniform, 0, bytes);
  return { ready, uniform, destroy: () => gpu.release(uniform) };
}

const bytesOf = ({ buffer, offset = 0, size = buffer.size - offset }: GPUBufferBinding): number => size;

const PRODUCT_NAMES: readonly string[] = [matmul.name, matmulScaled.name, MATMUL_BATCHED, PRODUCT_RUN];

/** Kernels of one workgroup over a whole matrix: on a GPU as wide as every adapter takes, since nothing else runs beside it. */
const ALONE: readonly string[] = [newtonSchulzBound.name, newtonSchulzStep.name];
const WIDEST = 256;

/** Lanes of a processor that stands in for a GPU: at a barrier it leaves each further four for the next. */
const LANES = 4;

const isProcessorOf = ({ hasQuads, isProcessor = hasQuads }: ProductDevice): boolean => isProcessor;

/** The same computation by the kernel that is fastest on this device. Plans name no family: they are the same everywhere. */
export function suited(call: Dispatch, gpu: ProductDevice): Dispatch {
  if (call.together && gpu.hasQuads) return { ...call, constants: { workgroup_width: LANES, ...call.constants } };
  if (ALONE.includes(call.kernel) && !isProcessorOf(gpu))
    return { ...call, constants: { workgroup_width: WIDEST, ...call.constants } };
  if (!PRODUCT_NAMES.includes(call.kernel)) return isProcessorOf(gpu) ? call : tiled(call);
  const [rows, inner, columns] = [Number(call.params.rows), Number(call.params.inner), Number(call.params.columns)];
  const family = call.family ?? familyFor({ rows, inner, columns }, gpu);
  const lies = readsOf(family, liesOf(call.params as Readonly<Record<keyof Strides, number>>));
  const after = call.run ? widthOf(call.run, Number(call.params.result_offset), rows * columns) : 4;
  const extents = { rows, inner, columns, piece: Number(call.params.piece) };
  return {
    ...call,
    isLong: false,
    variant: { family, lies: { ...lies, width: after === 4 ? lies.width : 1 } },
    constants: { ...FAMILIES[family].constantsOf?.(extents), ...call.constants },
  };
}

/** Writes the fields one after the other; returns the struct's size. */
function writeParams(kernel: Kernel, params: Dispatch['params'], into: DataView): number {
  let offset = 0;
  let isAligned16 = false;
  for (const [name, field] of Object.entries(kernel.bindings.params.fields)) {
    const value = params[name];
    invariant(value !== undefined, `${kernel.name} lacks its parameter ${name}`);
    const isList = typeof value !== 'number';
    invariant(isList === (field === 'vec4u'), `${kernel.name}: ${name} must be a ${field}`);
    isAligned16 ||= isList;
    for (const entry of isList ? value : [value]) {
      if (field === 'f32') into.setFloat32(offset, entry, true);
      else into.setUint32(offset, entry >>> 0, true); // modulo 2³²: a negative stride steps back
      offset += 4;
    }
  }
  return isAligned16 ? Math.ceil(offset / 16) * 16 : offset;
}

export function encode(pass: GPUComputePassEncoder, { pipeline, group, grid, sized }: ReadyDispatch): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  if (sized) pass.dispatchWorkgroupsIndirect(sized.buffer, sized.offset);
  else pass.dispatchWorkgroups(...grid);
}

/** All of them in one pass and one submit. */
export function submitAll({ device }: Gpu, dispatches: readonly ReadyDispatch[]): void {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const one of dispatches) encode(pass, one);
  pass.end();
  device.queue.submit([encoder.finish()]);
}

/** The first `count` numbers of a buffer. Rejects when the device is lost. */
export async function readBack(gpu: Gpu, buffer: GPUBuffer, count: number): Promise<Float32Array> {
  if (count === 0) return new Float32Array(0);
  const staging = gpu.buffer('read back', 4 * count, USAGE.COPY_DST | USAGE.MAP_READ);
  try {
    const encoder = gpu.device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, 4 * count);
    gpu.device.queue.submit([encoder.finish()]);
    return new Float32Array(await gpu.read(staging, 4 * count));
  } finally {
    gpu.release(staging);
  }
}
