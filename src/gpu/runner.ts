/** What executes one job on a device, whatever the lowering: prepare, then submit chunk after chunk; records come back. */
import type { Job, PseudoinverseReport } from '../core/run/run.ts';
import type { Convoy } from './convoy.ts';

/** What one submit brings back. */
export interface Records {
  /** The recorded steps that this submit made, ascending; may be empty. */
  readonly steps: readonly number[];
  /** The program's outputs end to end, for each record and each start: [record][element][start]. */
  readonly data: Float32Array;
  /** What went wrong with the first start, as far as the device noticed; null where it did not look or nothing did. */
  readonly trouble: Trouble | null;
}

/** A number of the state was not finite, or the method's own state left its bound, after this step or a little before. */
export interface Trouble {
  readonly status: 'diverged' | 'non-finite';
  readonly step: number;
}

export interface Submitted {
  /** Number of steps that were submitted. */
  readonly steps: number;
  /** Resolves when the device has done them; rejects when the device is lost. Submits finish in order. */
  readonly records: Promise<Records>;
}

/** A job on its way. It holds buffers until `destroy`. */
export interface Flight {
  /** Steps submitted so far. */
  readonly position: number;
  /** Pseudoinverses of the program's constant matrices, once their figures are there. Never rejects. */
  readonly pseudoinverses: Promise<readonly PseudoinverseReport[]>;
  /** Shared by all flights of one compiled program; adapted by whoever drives them. */
  readonly pace: Pace;
  /** Submits between 1 and `most` of the remaining steps; fewer where records or schedule would not fit. With none left: none. */
  submit(most: number): Submitted;
  /** The same with the submits of others: nothing happens before the convoy is sent. Absent where a run needs its own. */
  join?(most: number, convoy: Convoy): Submitted;
  /** Whether it shares one dispatch with those of its pace that join a convoy from their starts to their ends. */
  readonly sharesDispatch?: boolean;
  destroy(): void;
}

export interface Runner {
  readonly kind: 'fused' | 'dispatched';
  /**
   * Compiles (or takes from its cache), allocates, uploads and computes what is constant in the run.
   * Rejects where the device refuses; the message is for the reader.
   */
  prepare(job: Job): Promise<Flight>;
}

/** How fast a compiled program runs; lives as long as it, so that its next run starts at speed. */
export interface Pace {
  /** Null for a program that has not yet run on this device: its first submit is one step. */
  stepsPerMs: number | null;
  /** What the last submit took whose beginning and end were seen, with its way there and back: as many steps or fewer take no longer. */
  seen?: { readonly steps: number; readonly ms: number };
}
