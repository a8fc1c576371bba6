/** A program in WebAssembly with the interface of the interpreter. Compiled modules are kept: a run with other settings compiles nothing. */
import { fault, type Result, success } from '../core/diagnostic.ts';
import { once } from '../core/once.ts';
import { HostSide } from '../core/program/host.ts';
import type { Interpreter } from '../core/program/interpret.ts';
import type { Program, SettingValues } from '../core/program/program.ts';
import { hostObject } from './host-calls.ts';
import { lower, TROUBLE, type WasmPlan } from './lower.ts';

/** Modules that are kept. */
const MOST_KEPT = 8;
/** Larger memories are not kept for the next run. */
const KEPT_PAGES = 512;

interface Exports extends WebAssembly.Exports {
  readonly begin: (t: number) => void;
  readonly advance: (t: number, count: number, bound: number) => number;
  readonly outputs: (t: number) => void;
  readonly trouble: WebAssembly.Global;
}

interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly exports: Exports;
}

interface Compiled {
  readonly bytes: Uint8Array;
  readonly module: WebAssembly.Module;
  /** An instance that no run uses. */
  idle: Instance | null;
}

/** A run in WebAssembly; `release` gives its memory to the next. */
export interface WasmStepper extends Interpreter {
  release(): void;
}

/** Lowers a program once, and keeps the last few modules. */
export class WasmMachine {
  private readonly kept: Compiled[] = [];
  private readonly planOf: (program: Program) => Result<WasmPlan>;

  /** `hasPairs`: two numbers at once; by default, where the browser can. */
  constructor(hasPairs = canPair()) {
    this.planOf = once((program: Program) => lower(program, hasPairs));
  }

  /** The program at its start, at step `first`, or why WebAssembly cannot run it. */
  open(program: Program, start: ArrayLike<number>, settings: SettingValues, first = 0): Result<WasmStepper> {
    try {
      const plan = this.planOf(program);
      if (!plan.ok) return plan;
      const compiled = this.compiled(plan.value);
      const { pages, arrayCalls } = plan.value;
      const isOwn = pages > KEPT_PAGES || arrayCalls.length > 0; // equal bytes do not say which arrays the host computes
      const instance = (isOwn ? null : compiled.idle) ?? instantiate(compiled.module, plan.value);
      if (!isOwn) compiled.idle = null;
      const release = () => {
        if (!isOwn) compiled.idle = instance;
      };
      return success(stepper({ program, plan: plan.value, instance, release }, settings, start, first));
    } catch (reason) {
      return fault(`WebAssembly did not take this run (${reason instanceof Error ? reason.message : String(reason)}).`);
    }
  }

  private compiled({ bytes }: WasmPlan): Compiled {
    const index = this.kept.findIndex((one) => sameBytes(one.bytes, bytes));
    const [compiled = { bytes, module: new WebAssembly.Module(bytes), idle: null }] =
      index < 0 ? [] : this.kept.splice(index, 1);
    this.kept.unshift(compiled);
    this.kept.splice(MOST_KEPT);
    return compiled;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function instantiate(module: WebAssembly.Module, { pages, arrayCalls }: WasmPlan): Instance {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(module, { host: hostObject(memory, arrayCalls) });
  return { memory, exports: exports as Exports }; // as `lower` has written them
}

interface Boarding {
  readonly program: Program;
  readonly plan: WasmPlan;
  readonly instance: Instance;
  readonly release: () => void;
}

function stepper(
  { program, plan, instance: { memory, exports }, release }: Boarding,
  settings: SettingValues,
  start: ArrayLike<number>,
  first: number,
): WasmStepper {
  const view = (address: number, size: number) => new Float64Array(memory.buffer, address, size);
  const host = new HostSide(program, settings);
  for (const { id, address } of plan.host) {
    const numbers = host.numbers(id);
    view(address, numbers.length).set(numbers);
  }
  const results = plan.outputs.map(({ address, size }) => view(address, size));
  const state = plan.state.map(({ address, size }) => view(address, size));
  const startView = plan.start === null ? null : view(plan.start, program.size);
  let t = first;
  const restart = (from: ArrayLike<number>) => {
    t = first;
    startView?.set(from);
    exports.begin(first);
  };
  const advance = (steps: number, bound: number) => {
    if (steps <= 0) return 'moved';
    const made = exports.advance(t, steps, Math.min(bound, Number.MAX_VALUE));
    t += made;
    if (made === steps) return 'moved';
    return exports.trouble.value === TROUBLE.nonFinite ? 'non-finite' : 'diverged';
  };
  restart(start);
  return {
    restart,
    release,
    get t() {
      return t;
    },
    step: (bound) => advance(1, bound),
    advance,
    state: () => state,
    outputs() {
      exports.outputs(t);
      return results;
    },
  };
}

/** (module (func (result v128) f64x2.splat of 0)): whether the browser has 128-bit vectors. */
const canPair = (): boolean =>
  'WebAssembly' in globalThis && // some modes of browsers that trust nobody have none
  WebAssembly.validate(
    Uint8Array.from([
      0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0, 10, 15, 1, 13, 0, 0x44, 0, 0, 0, 0, 0, 0, 0,
      0, 0xfd, 0x14, 0x0b,
    ]),
  );
