/** Pseudoinverses of constant matrices for a run: on the device where the evidence allows, kept from run to run. */
import { at } from '../core/diagnostic.ts';
import { pseudoinversesOf } from '../core/program/expand.ts';
import type { HostSide } from '../core/program/host.ts';
import type { Program } from '../core/program/program.ts';
import type { PseudoinverseReport } from '../core/run/run.ts';
import type { Matrix } from '../core/tensor/matrix.ts';
import type { Evidence, Id } from '../core/tensor/value.ts';
import type { Gpu } from './device.ts';
import {
  type DevicePseudoinverse,
  type InverseFigures,
  pseudoinverseFigures,
  pseudoinverseOnDevice,
} from './dispatched/newton-schulz.ts';

export interface Inverses {
  /** Resolves when the figures are there; a run need not wait for them. */
  readonly reports: Promise<readonly PseudoinverseReport[]>;
  /** A⁺[columns, rows] on the device, by the id of its `pinv`; the others are the host's. They stay this object's. */
  readonly onDevice: ReadonlyMap<Id, GPUBuffer>;
}

/** Matrices kept, of each sort: more than the runs of an experiment read at a time, which must not lose theirs. */
const KEPT = 64;

export class InverseCache {
  private readonly known: Kept<DevicePseudoinverse>[] = [];
  /** Of tiny matrices only the figure: no run reads them from the device. */
  private readonly figures: Kept<InverseFigures>[] = [];

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
      const isRead = choice.algorithm === 'newton-schulz';
      const inverse = isRead ? this.inverse(host.numbers(matrix), rows, columns, conditionNumber) : null;
      reports.push(
        (inverse ?? this.figure(host.numbers(matrix), rows, columns, conditionNumber)).then(
          (made) => withFigure(report, made),
          () => report,
        ),
      );
      if (inverse === null) continue;
      const { buffer, isConverged } = await inverse;
      if (isConverged) onDevice.set(id, buffer);
    }
    return { reports: Promise.all(reports), onDevice };
  }

  private inverse(
    matrix: Float64Array,
    rows: number,
    columns: number,
    conditionNumber: number,
  ): Promise<DevicePseudoinverse> {
    const make = () => pseudoinverseOnDevice(this.gpu, matrix, rows, columns, { conditionNumber });
    return remembered(this.known, { rows, columns, data: matrix }, make, (inverse) => inverse.destroy());
  }

  private figure(
    matrix: Float64Array,
    rows: number,
    columns: number,
    conditionNumber: number,
  ): Promise<InverseFigures> {
    const make = () => pseudoinverseFigures(this.gpu, matrix, rows, columns, { conditionNumber });
    return remembered(this.figures, { rows, columns, data: matrix }, make, () => undefined);
  }
}

interface Kept<T> {
  readonly matrix: Matrix;
  readonly made: Promise<T>;
}

const isSame = (a: Matrix, b: Matrix): boolean =>
  a.rows === b.rows && a.columns === b.columns && a.data.every((entry, i) => entry === b.data[i]);

/** What was made of a matrix, or is made now; the least recently used goes when there are too many, what failed at once. */
function remembered<T>(known: Kept<T>[], matrix: Matrix, make: () => Promise<T>, end: (made: T) => void): Promise<T> {
  const index = known.findIndex((kept) => isSame(kept.matrix, matrix));
  const [kept = { matrix: { ...matrix, data: matrix.data.slice() }, made: make() }] =
    index < 0 ? [] : known.splice(index, 1);
  known.push(kept); // the first is the least recently used
  kept.made.catch(() => known.includes(kept) && known.splice(known.indexOf(kept), 1));
  if (known.length > KEPT) known.shift()?.made.then(end, () => undefined);
  return kept.made;
}

function withFigure(
  report: PseudoinverseReport,
  { iterations, residuals, isConverged, form, reason }: InverseFigures,
): PseudoinverseReport {
  if (report.algorithm === 'newton-schulz' && !isConverged) {
    const why = 'Newton–Schulz did not converge: pseudoinverse in Float64 on the host.';
    return { ...report, algorithm: 'host', reason: why, iterations, residuals };
  }
  return { ...report, iterations, residuals, form: { name: form, reason } };
}
