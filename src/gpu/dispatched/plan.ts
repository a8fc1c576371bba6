/** A program as dispatches over resident buffers: plain data, made without a device, that can be printed and compared. */
import { at } from '../../core/diagnostic.ts';
import type { Id } from '../../core/tensor/value.ts';
import type { BufferId, Dispatch } from '../kernels/dispatch.ts';
import { ELEMENTWISE } from '../kernels/elementwise.ts';
import { printLine } from '../kernels/elementwise-run.ts';
import { PRODUCT_RUN } from '../kernels/product-run.ts';
import { BESIDE, type Part, partCount, type TogetherItem } from '../kernels/together.ts';

/** One dispatch, and what it computes, for the reader. */
export interface Call {
  readonly kind: 'call';
  readonly label: string;
  readonly dispatch: Dispatch;
}

/** All turns are encoded; those of a finished loop have no workgroups, and would change nothing (see `carry`). */
export interface Loop {
  readonly kind: 'loop';
  readonly count: number;
  /** Where a number lies that is not 0 once the loop is done: from then on nothing changes. */
  readonly done?: BufferId;
  readonly body: readonly Item[];
}

export type Item = Call | Loop;

/** Numbers that the host puts at an offset of a buffer. */
export interface Placed {
  readonly id: Id;
  readonly offset: number;
  /** As many as the value has, or one where all of them are equal. */
  readonly size: number;
}

export interface PlannedBuffer {
  readonly label: string;
  /** Entries of 4 bytes. */
  readonly length: number;
}

export interface DispatchPlan {
  readonly buffers: readonly PlannedBuffer[];
  /** Constant- and run-level values, end to end in buffer CONSTANTS. */
  readonly constants: readonly Placed[];
  /** Time-level values of one step, end to end in a row of the schedule. */
  readonly schedule: { readonly width: number; readonly values: readonly Placed[] };
  readonly slots: readonly { readonly name: string; readonly buffer: BufferId; readonly size: number }[];
  /** Where each output lies after phase `outputs`. */
  readonly outputs: readonly {
    readonly name: string;
    readonly buffer: BufferId;
    readonly offset: number;
    readonly size: number;
  }[];
  readonly recordWidth: number;
  /** Computes what depends on the start, and the state at t = 0. */
  readonly start: readonly Item[];
  /** One step. */
  readonly step: readonly Item[];
  /** A step before a record, where what only records read would take the others more dispatches. */
  readonly recordedStep: readonly Item[] | null;
  /** The outputs at the present state, at records only. */
  readonly record: readonly Item[];
}

/** Buffers that every plan has, by position. The schedule is filled anew for each submit, its length is the runner's. */
export const [CONSTANTS, START, SCHEDULE, CURSOR, ROW] = [0, 1, 2, 3, 4] as const;
export const FIXED_BUFFERS = 5;

/** Dispatches of one step, all turns of loops counted. */
export function dispatchCount(items: readonly Item[]): number {
  return items.reduce((count, item) => count + (item.kind === 'call' ? 1 : item.count * dispatchCount(item.body)), 0);
}

/** What those dispatches do, each part of a dispatch counted by itself. */
export function operationCount(items: readonly Item[]): number {
  return items.reduce((count, item) => {
    if (item.kind === 'loop') return count + item.count * operationCount(item.body);
    const { together } = item.dispatch;
    return count + (together ? partCount(together.items) : 1);
  }, 0);
}

/** Bytes of all buffers of the plan, the schedule apart. */
export const byteCount = ({ buffers }: DispatchPlan): number =>
  buffers.reduce((sum, { length }) => sum + 4 * length, 0);

/** The same text for the same plan. */
export function printPlan(plan: DispatchPlan): string {
  const { buffers, constants, schedule, slots, outputs, start, step, recordedStep, record } = plan;
  const name = (buffer: BufferId) => `${at(buffers, buffer).label}`;
  const place = (values: readonly Placed[]) =>
    values.map(({ id, offset, size }) => `%${id} at ${offset}${size === 1 ? '' : `, ${size} entries`}`).join('; ') ||
    'none';
  return [
    `dispatches: ${dispatchCount(start)} at the start, ${dispatchCount(step)} a step${recordedStep ? ` (${dispatchCount(recordedStep)} before a record)` : ''}, ${dispatchCount(record)} a record`,
    `buffers, ${byteCount(plan)} bytes: ${buffers.map(({ label, length }) => `${label}[${length}]`).join(' ')}`,
    `constants: ${place(constants)}`,
    `schedule: ${place(schedule.values)}`,
    'start',
    ...printItems(start, name, '  '),
    'step',
    ...printItems(step, name, '  '),
    ...(recordedStep ? ['step before a record', ...printItems(recordedStep, name, '  ')] : []),
    'record',
    ...printItems(record, name, '  '),
    ...slots.map((slot) => `state ${slot.name}: ${name(slot.buffer)}`),
    ...outputs.map(
      (output) => `output ${output.name}: ${name(output.buffer)}${output.offset === 0 ? '' : ` at ${output.offset}`}`,
    ),
  ].join('\n');
}

function printItems(items: readonly Item[], name: (buffer: BufferId) => string, indent: string): string[] {
  return items.flatMap((item) => {
    if (item.kind === 'loop') return [`${indent}repeat ${item.count}`, ...printItems(item.body, name, `${indent}  `)];
    const { kernel, constants, params, arrays, run, together } = item.dispatch;
    if (together) {
      const nameOf = (array: string) => (array in arrays ? name(arrays[array] ?? -1) : array);
      const printed = (held: typeof together.locals) => held.map(({ name, length }) => ` ${name}[${length}]`).join('');
      const beside = together.beside.length > 0 ? `, and in ${nameOf(BESIDE)}${printed(together.beside)}` : '';
      return [
        `${indent}one workgroup, which holds${printed(together.locals) || ' nothing'}${beside}`,
        ...printTogether(together.items, nameOf, `${indent}  `),
      ];
    }
    if (run) {
      const arrayName = (array: string) => name(arrays[array] ?? -1);
      const lines = run.lines.map((line, i) => `${indent}  ${printLine(line, i, arrayName)}`);
      if (kernel === PRODUCT_RUN) {
        const sides = `product = matmul(a ${arrayName('a')}, b ${arrayName('b')})`;
        return [`${indent}${sides} ${printParams(params)}, and of each entry`, ...lines];
      }
      const from = params.first === 0 ? '' : ` from ${params.first}`;
      return [`${indent}run of ${run.lines.length} over ${params.count}${from}`, ...lines];
    }
    const { operation } = constants;
    const verb = kernel === 'elementwise' && operation !== undefined ? at(ELEMENTWISE, operation) : kernel;
    const inputs = Object.entries(arrays).filter(
      ([array], i, all) => i < all.length - 1 && isRead(kernel, verb, array),
    );
    const shown = printParams(
      Object.fromEntries(
        Object.entries(params).filter(([param]) => isRead(kernel, verb, param.replace(/_(strides|offset)$/, ''))),
      ),
    );
    const result = at(Object.values(arrays), Object.keys(arrays).length - 1);
    return [
      `${indent}${name(result)} = ${verb}(${inputs.map(([array, buffer]) => `${array} ${name(buffer)}`).join(', ')}) ${shown}  · ${item.label}`,
    ];
  });
}

/** Parts of one dispatch as if they were dispatches. */
function printTogether(items: readonly TogetherItem[], name: (array: string) => string, indent: string): string[] {
  const names: string[] = [];
  const numbers = new Map<string, BufferId>();
  const numberOf = (array: string) => {
    const number = numbers.get(array) ?? names.push(name(array)) - 1;
    numbers.set(array, number);
    return number;
  };
  const callOf = ({ label, kernel, constants, params, arrays, run }: Part): Call => ({
    kind: 'call',
    label,
    dispatch: {
      kernel,
      constants,
      params: params as Dispatch['params'],
      arrays: Object.fromEntries(Object.entries(arrays).map(([array, own]) => [array, numberOf(own)])),
      ...(run ? { run } : {}),
    },
  });
  return items.flatMap((item) => {
    if (item.kind === 'part') return printItems([callOf(item)], (number) => at(names, number), indent);
    const end = item.done === null ? '' : ` until ${name(item.done)}`;
    return [`${indent}turns of ${item.count}${end}`, ...printTogether(item.body, name, `${indent}  `)];
  });
}

/** Those that are not 0. */
const printParams = (params: Dispatch['params']): string =>
  Object.entries(params)
    .filter(([, value]) => (typeof value === 'number' ? value !== 0 : value.some((entry) => entry !== 0)))
    .map(([param, value]) => `${param} ${typeof value === 'number' ? value : value.join('·')}`)
    .join(' ');

const UNARY_COUNT = ELEMENTWISE.indexOf('add');

/** Operands that an elementwise operation ignores are not shown. */
function isRead(kernel: string, verb: string, array: string): boolean {
  if (kernel !== 'elementwise') return true;
  const position = ELEMENTWISE.indexOf(verb as (typeof ELEMENTWISE)[number]);
  return !(array === 'b' && position < UNARY_COUNT) && !(array === 'c' && verb !== 'where');
}
