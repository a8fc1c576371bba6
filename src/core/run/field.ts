/** Functions of x on a grid of points, computed by a device: loss and constraints for a figure. All of it crosses to a worker. */
import type { Result } from '../diagnostic.ts';
import type { Program, SettingValues } from '../program/program.ts';

/** One axis of a grid. */
export interface GridAxis {
  readonly places: ArrayLike<number>;
  /** x moves by this, n numbers, from the place 0 to the place 1. */
  readonly direction: ArrayLike<number>;
}

/** Points x = origin + Σ place·direction over one to three axes; the places of the first run fastest. */
export interface PointGrid {
  /** n numbers. */
  readonly origin: ArrayLike<number>;
  readonly axes: readonly GridAxis[];
}

export interface FieldJob {
  /** No state: its outputs are the functions of x, of settings and of the step t. */
  readonly program: Program;
  readonly settings: SettingValues;
  readonly step: number;
  readonly grid: PointGrid;
  /** What the interpreter takes for it, about: what is not there by then is not worth waiting for. */
  readonly float64Ms: number;
}

/** What a device computed. */
export interface FieldValues {
  /** In float32: [number of the outputs, end to end][point]. */
  readonly values: Float32Array;
  readonly adapter: string;
  /** Submits that it took. */
  readonly submits: number;
}

export interface FieldExecutor {
  /** What the device computed, or why it is not the one to ask. Never rejects for what a machine does. */
  field(job: FieldJob, signal?: AbortSignal): Promise<Result<FieldValues>>;
}

/** How many points a grid has. */
export const pointsOf = ({ axes }: PointGrid): number =>
  axes.reduce((product, { places }) => product * places.length, 1);
