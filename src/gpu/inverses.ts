/** Pseudoinverses of constant matrices for a run: on the device where the evidence allows, kept from run to run. */
import { at } from '../core/diagnostic.ts';
import { pseudoinversesOf } from '../core/program/expand.ts';
import type { HostSide } from '../core/program/host.ts';
import type { Program } from '../core/program/program.ts';
import type { PseudoinverseReport } from '../core/run/run.ts';
import type { Evidence, Id } from '../core/tensor/value.ts';
import type { Gpu } from './device.ts';
import { type DevicePseudoinverse, pseudoinverseOnDevice } from './dispatched/newton-schulz.ts';

export interface Inverses {
  /** Resolves when the figures are there; a run need not wait for them. */
  readonly reports: Promise<readonly PseudoinverseReport[]>;
  /** A⁺[columns, rows] on the device, by the id of its `pinv`; the others are the host's. They stay this object's. */
  readonly onDevice: ReadonlyMap<Id, GPUBuffer>;
}

/** Matrices kept: more than an experiment has. */
const KEPT = 16;

export class InverseCache {
  private readonly known = new Map<string, Promise<DevicePseudoinverse>>();

  constructor(private readonly gpu: Gpu) {}

  /** Waits for what the run reads. A tiny matrix is inverted on the host, and by Newton–Schulz meanwhile, for its figure. */
  async of(program: Program, host: HostSide): Promise<Inverses> {
    const onDevice = new Map<Id, GPUBuffer>();
    const reports: Promise<PseudoinverseReport>[] = [];
    for (const { id, matrix, choice } of pseudoinversesOf(program)) {
      const evidence = at(program.values, id).attributes as Evidence;
      const [rows = 0, columns = 0] = at(program.values, matrix).shape;
      const { rank, conditionNumber } = evidence;
      if (rank === undefined || conditionNumber === undefined || rows * columns === 0) continue;
      const report = { rows, columns, rank, conditionNumber, algorithm: choice.algorithm, reason: choice.reason };
      if (choice.algorithm === 'row-basis' || rank < Math.min(rows, columns)) {
        reports.push(Promise.resolve(report));
        continue;
      }
      const inverse = this.inverse(host.numbers(matrix), rows, columns);
      reports.push(
        inverse.then(
          (made) => withFigure(report, made),
          () => report,
        ),
      );
      if (choice.algorithm !== 'newton-schulz') continue;
      const { buffer, isConverged } = await inverse;
      if (isConverged) onDevice.set(id, buffer);
    }
    return { reports: Promise.all(reports), onDevice };
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

function withFigure(
  report: PseudoinverseReport,
  { iterations, residuals, isConverged }: DevicePseudoinverse,
): PseudoinverseReport {
  const isReplaced = report.algorithm === 'newton-schulz' && !isConverged;
  const reason = 'Newton–Schulz did not converge: pseudoinverse in Float64 on the host.';
  return { ...report, ...(isReplaced && { algorithm: 'host', reason }), iterations, residuals };
}
