/** What crosses between the page and the worker that runs jobs. Every message belongs to one call of `run`, by its id. */
import type { Chunk, ExecutorChoice, Job, JobEnd, Urgency } from '../core/run/run.ts';
import type { SwarmEnd, SwarmJob, SwarmPart } from '../core/run/swarm.ts';

export interface StartMessage {
  readonly id: number;
  readonly kind: 'start';
  readonly jobs: readonly Job[];
  readonly executor: ExecutorChoice;
  readonly urgency: Urgency;
  /** The page has no WebGPU, or a test takes it away: then the worker has none either. */
  readonly withoutGpu: boolean;
}

export interface SwarmMessage extends Omit<StartMessage, 'kind' | 'jobs'> {
  readonly kind: 'swarm';
  readonly job: SwarmJob;
}

export interface StopMessage {
  readonly id: number;
  readonly kind: 'stop';
}

/** A port on which another worker asks for fields of figures. */
export interface ConnectMessage {
  readonly kind: 'connect';
  readonly port: MessagePort;
}

export type ToWorker = StartMessage | SwarmMessage | StopMessage | ConnectMessage;

export type FromWorker =
  | { readonly id: number; readonly kind: 'chunk'; readonly chunk: Chunk }
  | { readonly id: number; readonly kind: 'end'; readonly ends: readonly JobEnd[] }
  | { readonly id: number; readonly kind: 'part'; readonly part: SwarmPart }
  | { readonly id: number; readonly kind: 'swarm-end'; readonly end: SwarmEnd }
  /** A bug of ours in the worker: the run will not end by itself. */
  | { readonly id: number; readonly kind: 'fault'; readonly message: string }
  /** Sent every second while a run is under way. */
  | { readonly id: number; readonly kind: 'alive' };

/** Time between two signs of life. */
export const ALIVE_MS = 1000;

/** What both ends of a channel have in common. */
export interface Port {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  /** The other end is gone: nobody waits for what is under way. Workers hear nothing, and end at once. */
  addEventListener(type: 'close', listener: () => void): void;
}

/** The buffers of a part of a swarm, which move, too. */
export const partTransferables = ({ outcome, basin, stepsToTolerance, violation, loss }: SwarmPart): Transferable[] =>
  [outcome, basin, stepsToTolerance, violation, loss].map(({ buffer }) => buffer as ArrayBuffer);

/** The buffers of a chunk, which move instead of being copied. */
export function transferables({ iterates, states, measures }: Chunk): ArrayBuffer[] {
  const arrays = [iterates, ...Object.values(states), ...Object.values(measures)] as Float64Array[];
  return [...new Set(arrays.map(({ buffer }) => buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
}
