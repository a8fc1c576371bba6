/** Compiled kernels of one device, by their text: equal programs share one, whatever their settings and starts. */
import { at } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import type { Pace } from '../runner.ts';
import { STORAGE_BINDINGS } from './bindings.ts';
import type { FusedPlan } from './lower.ts';

export interface Compiled {
  readonly start: GPUComputePipeline;
  readonly steps: GPUComputePipeline;
  /** By number of starts. */
  readonly paces: Map<number, Pace>;
  /** What compiling took. */
  readonly compileMs: number;
}

/** A kernel takes tens of kilobytes; the least recently used one goes. */
const KEPT = 64;

export class Pipelines {
  readonly layout: GPUBindGroupLayout;
  /** How many kernels have been compiled. */
  compiles = 0;
  private readonly known = new Map<string, Promise<Compiled>>();

  constructor(
    private readonly gpu: Gpu,
    private readonly now: () => number,
  ) {
    this.layout = gpu.device.createBindGroupLayout({
      label: 'fused',
      entries: [
        { binding: 0, visibility: GPU_COMPUTE, buffer: { type: 'uniform' } },
        ...STORAGE_BINDINGS.map((access, i) => ({
          binding: i + 1,
          visibility: GPU_COMPUTE,
          buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
        })),
      ],
    });
  }

  /** Rejects where the device does not accept the kernel. */
  get({ wgsl }: FusedPlan): Promise<Compiled> {
    const known = this.known.get(wgsl) ?? this.compile(wgsl);
    this.known.delete(wgsl); // to the end: the first key is the least recently used
    this.known.set(wgsl, known);
    known.catch(() => this.known.delete(wgsl));
    if (this.known.size > KEPT) this.known.delete(at([...this.known.keys()], 0));
    return known;
  }

  private async compile(wgsl: string): Promise<Compiled> {
    const { device } = this.gpu;
    const began = this.now();
    this.compiles += 1;
    const module = device.createShaderModule({ label: 'fused', code: wgsl });
    const layout = device.createPipelineLayout({ label: 'fused', bindGroupLayouts: [this.layout] });
    const pipeline = (entryPoint: 'start' | 'steps') =>
      device.createComputePipelineAsync({ label: `fused ${entryPoint}`, layout, compute: { module, entryPoint } });
    const [start, steps] = await Promise.all([pipeline('start'), pipeline('steps')]);
    return { start, steps, paces: new Map(), compileMs: this.now() - began };
  }
}

const GPU_COMPUTE = 0x4; // GPUShaderStage.COMPUTE, a global that Node's Dawn lacks
