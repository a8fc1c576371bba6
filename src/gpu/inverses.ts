/** Pseudoinverses of constant matrices for a run: on the device where the evidence allows, kept from run to run. */
import { at, invariant } from '../core/diagnostic.ts';
import { pseudoinversesOf } from '../core/program/expand.ts';
import type { HostSide } from '../core/program/host.ts';
import type { Program } from '../core/program/program.ts';
import type { PseudoinverseReport } from '../core/run/run.ts';
import type { Id } from '../core/tensor/value.ts';
import type { Gpu } from './device.ts';
import { type DevicePseudoinverse, pseudoinverseOnDevice } from './dispatched/newton-schulz.ts';

export interface Inverses {
  readonly reports: readonly PseudoinverseReport[];
  /** A⁺[columns, rows] on the device, by the id of its `pinv`; the others are the host's. They stay this object's. */
  readonly onDevice: ReadonlyMap<Id, GPUBuffer>;
}

/** Matrices kept: more than an experiment has. */
const KEPT = 16;

export class InverseCache {
  private readonly known = new Map<string, Promise<DevicePseudoinverse>>();

  constructor(private readonly gpu: Gpu) {}

  /** A tiny matrix is inverted in Float64 on the host, and by Newton–Schulz too, for its figure. */
  async of(program: Program, host: HostSide): Promise<Inverses> {
    const reports: PseudoinverseReport[] = [];
    const onDevice = new Map<Id, GPUBuffer>();
    for (const { id, matrix, choice } of pseudoinversesOf(program)) {
      const value = at(program.values, id);
      invariant(value.op === 'pinv', 'a pseudoinverse');
      const { rank, conditionNumber } = value.attributes;
      const [rows = 0, columns = 0] = at(program.values, matrix).shape;
      if (rank === undefined || conditionNumber === undefined || rows * columns === 0) continue;
      const { algorithm, reason } = choice;
      const report = { rows, columns, rank, conditionNumber, algorithm, reason };
      if (algorithm === 'row-basis' || rank < Math.min(rows, columns)) {
        reports.push(report);
        continue;
      }
      const inverse = await this.inverse(host.numbers(matrix), rows, columns);
      const { iterations, residuals, isConverged } = inverse;
      if (algorithm === 'newton-schulz' && isConverged) onDevice.set(id, inverse.buffer);
      const failed = algorithm === 'newton-schulz' && !isConverged;
      reports.push({
        ...report,
        ...(failed && {
          algorithm: 'host' as const,
          reason: 'Newton–Schulz did not converge: pseudoinverse in Float64 on the host.',
        }),
        iterations,
        residuals,
      });
    }
    return { reports, onDevice };
  }

  private inverse(matrix: Float64Array, rows: number, columns: number): Promise<DevicePseudoinverse> {
    const key = `${rows} ${columns} ${matrix.join()}`;
    const known = this.known.get(key) ?? pseudoinverseOnDevice(this.gpu, matrix, rows, columns);
    this.known.delete(key); // to the end: the first key is the least recently used
    this.known.set(key, known);
    known.catch(() => this.known.delete(key));
    const [oldest] = this.known;
    if (this.known.size > KEPT && oldest) {
      this.known.delete(oldest[0]);
      void oldest[1].then((inverse) => inverse.destroy());
    }
    return known;
  }
}
