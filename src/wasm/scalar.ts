/** One number of a running function: a literal, a local variable, or a comparison that is not yet made a number. */
import { invariant } from '../core/diagnostic.ts';
import { type EntrywiseName, isEntrywise } from '../core/tensor/entrywise.ts';
import type { OpName } from '../core/tensor/value.ts';
import type { Code, Frame, PlainName } from './encode.ts';
import type { HostCalls } from './host-calls.ts';

export type Scalar =
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'number' | 'truth'; readonly local: number };

export const literal = (value: number): Scalar => ({ kind: 'literal', value });

/** Computed by the functions of JavaScript, so that they are those of the reference. */
const CALLED = {
  exp: 'exp',
  log: 'log',
  sin: 'sin',
  cos: 'cos',
  tan: 'tan',
  tanh: 'tanh',
  power: 'pow',
} as const;
type CalledName = keyof typeof CALLED;
const isCalled = (op: OpName): op is CalledName => op in CALLED;

/** Of numbers, and the same of pairs with `f64x2` for `f64`: WebAssembly's extremes are those of `Math.max`, NaN and −0 included. */
const PLAIN = {
  negate: 'neg',
  abs: 'abs',
  sqrt: 'sqrt',
  floor: 'floor',
  add: 'add',
  subtract: 'sub',
  multiply: 'mul',
  divide: 'div',
  maximum: 'max',
  minimum: 'min',
} as const;
const COMPARISON = { less: 'lt', lessEqual: 'le', equal: 'eq' } as const;

export function pushNumber(code: Code, scalar: Scalar): Code {
  if (scalar.kind === 'literal') return code.number(scalar.value);
  code.get(scalar.local);
  return scalar.kind === 'truth' ? code.op('f64.convert_i32_u') : code;
}

/** Not 0, as an integer. */
export function pushTruth(code: Code, scalar: Scalar): Code {
  if (scalar.kind === 'literal') return code.integer(scalar.value === 0 ? 0 : 1);
  return scalar.kind === 'truth' ? code.get(scalar.local) : code.get(scalar.local).number(0).op('f64.ne');
}

/** Writes one entry of an operation on entries that are there; the result is in a local of its own. */
export function writeEntry(
  { code, frame }: { readonly code: Code; readonly frame: Frame },
  calls: HostCalls,
  op: EntrywiseName,
  args: readonly Scalar[],
): Scalar {
  const [a, b, c] = args;
  invariant(a, 'an argument');
  const number = (): Scalar => {
    const local = frame.local('f64');
    code.set(local);
    return { kind: 'number', local };
  };
  const pushAll = () => {
    for (const scalar of args) pushNumber(code, scalar);
  };
  if (op in COMPARISON) {
    pushAll();
    const local = frame.local('i32');
    code.op(`f64.${COMPARISON[op as keyof typeof COMPARISON]}` satisfies PlainName).set(local);
    return { kind: 'truth', local };
  }
  if (isCalled(op)) {
    pushAll();
    code.call(calls.index(CALLED[op]));
  } else if (op === 'sign') {
    // copysign(1, a) where |a| > 0, else a: NaN and both zeros are their own sign
    code.number(1);
    pushNumber(code, a).op('f64.copysign');
    pushNumber(code, a).number(0);
    pushNumber(code, a).op('f64.abs', 'f64.lt', 'select');
  } else if (op === 'where') {
    invariant(b && c, 'two branches');
    pushNumber(code, b);
    pushNumber(code, c);
    pushTruth(code, a).op('select');
  } else {
    pushAll();
    code.op(`f64.${PLAIN[op as keyof typeof PLAIN]}` satisfies PlainName);
  }
  return number();
}

/** Two neighbouring entries: in a `v128` local, as numbers or as masks of a comparison. */
export interface Pair {
  readonly kind: 'numbers' | 'masks';
  readonly local: number;
}

export function pushPair(code: Code, { kind, local }: Pair): Code {
  code.get(local);
  return kind === 'masks' ? code.number(1).op('f64x2.splat', 'v128.and') : code;
}

function pushMasks(code: Code, { kind, local }: Pair): Code {
  code.get(local);
  return kind === 'masks' ? code : code.number(0).op('f64x2.splat', 'f64x2.ne');
}

/** Whether an operation is there for pairs. */
export const hasPairs = (op: OpName): boolean => isEntrywise(op) && !isCalled(op);

/** The same as `writeEntry` for two entries at once. */
export function writePair(code: Code, frame: Frame, op: EntrywiseName, args: readonly Pair[]): Pair {
  const [a, b, c] = args;
  invariant(a && hasPairs(op), 'an operation on pairs');
  const local = frame.local('v128');
  if (op === 'sign') {
    // (a ∧ sign bit) ∨ 1 where |a| > 0, else a
    pushPair(code, a).number(-0).op('f64x2.splat', 'v128.and').number(1).op('f64x2.splat', 'v128.or');
    pushPair(code, a).number(0).op('f64x2.splat');
    pushPair(code, a).op('f64x2.abs', 'f64x2.lt', 'v128.bitselect');
  } else if (op === 'where') {
    invariant(b && c, 'two branches');
    pushPair(code, b);
    pushPair(code, c);
    pushMasks(code, a).op('v128.bitselect');
  } else {
    for (const pair of args) pushPair(code, pair);
    const name = op in COMPARISON ? COMPARISON[op as keyof typeof COMPARISON] : PLAIN[op as keyof typeof PLAIN];
    code.op(`f64x2.${name}` satisfies PlainName);
  }
  code.set(local);
  return { kind: op in COMPARISON ? 'masks' : 'numbers', local };
}
