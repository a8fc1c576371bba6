/** Compiled kernels of fields on one device, by their text. */
import { at } from '../../core/diagnostic.ts';
import type { Gpu } from '../device.ts';
import type { Pace } from '../runner.ts';
import { type FieldPlan, GRID_BINDINGS } from './lower.ts';

interface CompiledField {
  readonly pipeline: GPUComputePipeline;
  /** Points a millisecond. */
  readonly pace: Pace;
}

/** The problem that is open, and a few before it. */
const KEPT = 8;

const GPU_COMPUTE = 0x4; // GPUShaderStage.COMPUTE, a global that Node's Dawn lacks

export class FieldPipelines {
  readonly layout: GPUBindGroupLayout;
  private readonly known = new Map<string, Promise<CompiledField>>();

  constructor(private readonly gpu: Gpu) {
    this.layout = gpu.device.createBindGroupLayout({
      label: 'field',
      entries: [
        { binding: 0, visibility: GPU_COMPUTE, buffer: { type: 'uniform' } },
        ...GRID_BINDINGS.map((access, i) => ({
          binding: i + 1,
          visibility: GPU_COMPUTE,
          buffer: { type: access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
        })),
      ],
    });
  }

  /** Rejects where the device does not accept the kernel. */
  get({ wgsl }: FieldPlan): Promise<CompiledField> {
    const known = this.known.get(wgsl) ?? this.compile(wgsl);
    this.known.delete(wgsl); // to the end: the first key is the least recently used
    this.known.set(wgsl, known);
    known.catch(() => this.known.delete(wgsl));
    if (this.known.size > KEPT) this.known.delete(at([...this.known.keys()], 0));
    return known;
  }

  private async compile(wgsl: string): Promise<CompiledField> {
    const { device } = this.gpu;
    const module = device.createShaderModule({ label: 'field', code: wgsl });
    const layout = device.createPipelineLayout({ label: 'field', bindGroupLayouts: [this.layout] });
    const compute = { module, entryPoint: 'field' };
    const pipeline = await device.createComputePipelineAsync({ label: 'field', layout, compute });
    return { pipeline, pace: { stepsPerMs: null } };
  }
}
