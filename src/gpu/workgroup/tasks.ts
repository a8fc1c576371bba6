/** Pieces of text in the order of their dependences, in levels: what is in one level is computed between two barriers. */
import { at } from '../../core/diagnostic.ts';
import type { Id } from '../../core/tensor/value.ts';
import { indented } from '../fused/lines.ts';
import { Body, Reads } from './body.ts';
import type { Kernel } from './kernel.ts';

export const WIDTH = 64; // invocations of a workgroup; the default limit of WebGPU is 256

/** Replaced by the barriers that the places of the buffers need. */
export const BARRIER = 'BARRIER;';

/** Lines that need no barrier inside, or a loop that has its own. */
interface Task {
  readonly lines: readonly string[];
  readonly reads: Reads;
  readonly writes: readonly number[];
  /** The number that it defines, which needs no barrier to be read. */
  readonly scalar?: Id;
}

const CLOSED: Task = { lines: [], reads: new Reads(), writes: [] };

export class Tasks {
  private readonly tasks: Task[] = [];
  /** Numbers of the buffers that these tasks alone use. */
  readonly own: number[] = [];
  /** Lines that one invocation goes through. */
  operations = 0;

  /** `isKept`: what is computed stays for the whole dispatch. */
  constructor(
    readonly kernel: Kernel,
    readonly isKept: boolean,
  ) {}

  /** A buffer of these tasks alone. */
  fresh(size: number): number {
    const buffer = this.kernel.buffer(size, this.isKept);
    this.own.push(buffer);
    return buffer;
  }

  /** `operations`: lines that one invocation goes through. */
  add(task: Task, operations = 0): void {
    this.tasks.push(task);
    this.operations += operations;
  }

  /** Runs `lines` for each i below `count`, spread over the invocations. */
  spread(count: number, writes: readonly number[], write: (body: Body) => string[]): void {
    if (count === 0) return;
    const body = new Body(this.kernel);
    const last = write(body);
    this.add(
      { lines: spreadLines(count, [...body.lines, ...last]), reads: body.reads, writes },
      (body.lines.length + 1) * Math.ceil(count / WIDTH),
    );
  }

  /** What was added before is done before what comes after. */
  close(): void {
    this.tasks.push(CLOSED);
  }

  /** The lines, with a barrier after each level. Within a loop buffers keep their places: `isLoop` counts no lifetimes. */
  lines(isLoop = false): string[] {
    const levels: string[][] = [];
    const written = new Map<number, number>(); // level after which it may be read
    const scalars = new Map<Id, number>();
    let floor = 0;
    for (const task of this.tasks) {
      if (task === CLOSED) {
        floor = levels.length;
        continue;
      }
      const level = Math.max(
        floor,
        ...[...task.reads.buffers.keys()].map((buffer) => written.get(buffer) ?? 0),
        ...task.writes.map((buffer) => written.get(buffer) ?? 0),
        ...[...task.reads.scalars].map((id) => scalars.get(id) ?? 0),
      );
      while (levels.length <= level) levels.push([]);
      at(levels, level).push(...task.lines);
      if (task.scalar !== undefined) scalars.set(task.scalar, level);
      for (const buffer of task.writes) written.set(buffer, level + 1);
      if (isLoop) continue;
      for (const buffer of [...task.writes, ...task.reads.buffers.keys()]) {
        const life = at(this.kernel.buffers, buffer);
        life.first = Math.min(life.first, level);
        life.last = Math.max(life.last, level);
      }
    }
    return levels.flatMap((level) => [...level, BARRIER]);
  }

  /** Everything that the tasks read and write. */
  touched(): { reads: Reads; writes: Set<number> } {
    const reads = new Reads();
    const writes = new Set<number>();
    for (const task of this.tasks) {
      for (const [buffer] of task.reads.buffers) reads.buffers.set(buffer, new Set(['?']));
      for (const id of task.reads.scalars) reads.scalars.add(id);
      for (const buffer of task.writes) writes.add(buffer);
    }
    return { reads, writes };
  }
}

/** `lines` for each i below `count`, spread over the invocations. */
export function spreadLines(count: number, lines: readonly string[]): string[] {
  const head =
    count === 1
      ? ['if (lane == 0u) {', '  let i = 0u;']
      : count <= WIDTH
        ? [`if (lane < ${count}u) {`, '  let i = lane;']
        : [`for (var i = lane; i < ${count}u; i += ${WIDTH}u) {`];
  return [...head, ...indented(lines), '}'];
}
