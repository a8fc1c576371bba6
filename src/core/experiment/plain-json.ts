/** The first gate for anything from outside: a fresh copy that holds JSON and nothing else, of bounded depth and size. */
import { type Diagnostic, failure, fault, type Result, success } from '../diagnostic.ts';
import { counted, MAX_JSON_DEPTH, MAX_JSON_VALUES } from './limits.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface PlainCopy {
  readonly value: Json;
  /** Warnings about what was left out. */
  readonly diagnostics: readonly Diagnostic[];
}

/** As keys they reach into every object of the page. */
const REFUSED_KEYS = ['__proto__', 'constructor', 'prototype'];

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Like JSON.parse(JSON.stringify(value)), but names what JSON cannot say, and drops keys that reach into prototypes. */
export function copyJson(value: unknown): Result<PlainCopy> {
  const warnings: Diagnostic[] = [];
  let refusal: string | null = null;
  let values = 0;

  const refuse = (message: string): null => {
    refusal ??= message;
    return null;
  };

  function copy(from: unknown, path: string, depth: number): Json {
    values += 1;
    if (refusal !== null) return null;
    if (values > MAX_JSON_VALUES) {
      return refuse(`The experiment holds more than ${counted(MAX_JSON_VALUES)} values.`);
    }
    if (from === null || typeof from === 'boolean' || typeof from === 'string') return from;
    if (typeof from === 'number') {
      return Number.isFinite(from) ? from : refuse(`${path} is ${from}; numbers must be finite.`);
    }
    if (typeof from !== 'object') return refuse(`${path} is of type ${typeof from}, which an experiment cannot hold.`);
    if (depth > MAX_JSON_DEPTH) return refuse(`${path} lies deeper than ${MAX_JSON_DEPTH} levels.`);
    // Before it is walked: a list without entries may be as long as it likes.
    if (Array.isArray(from) && from.length > MAX_JSON_VALUES - values) {
      return refuse(`The experiment holds more than ${counted(MAX_JSON_VALUES)} values.`);
    }
    if (Array.isArray(from)) return Array.from(from, (entry, i) => copy(entry, `${path}[${i}]`, depth + 1));
    return copyObject(from, path, depth);
  }

  function copyObject(from: object, path: string, depth: number): Json {
    const prototype: unknown = Object.getPrototypeOf(from);
    const isPlain = prototype === null || prototype === Object.prototype || isForeignPrototype(prototype);
    if (!isPlain) return refuse(`${path} must be plain data: numbers, texts, lists and objects.`);
    const entries: [string, Json][] = [];
    for (const [key, entry] of Object.entries(from)) {
      if (entry === undefined) continue;
      if (REFUSED_KEYS.includes(key)) {
        warnings.push({ severity: 'warning', message: `A field called "${key}" was left out.` });
        continue;
      }
      entries.push([key, copy(entry, path === 'experiment' ? key : `${path}.${key}`, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  try {
    const copied = copy(value, 'experiment', 1);
    return refusal === null ? success({ value: copied, diagnostics: warnings }) : fault(refusal);
  } catch {
    return failure({
      severity: 'error',
      message: 'The experiment cannot be read: a field of it fails when looked at.',
    });
  }
}

/** Object.prototype of another frame: the end of a chain, and a constructor of that name. */
function isForeignPrototype(prototype: unknown): boolean {
  if (typeof prototype !== 'object' || prototype === null || Object.getPrototypeOf(prototype) !== null) return false;
  return Object.hasOwn(prototype, 'isPrototypeOf');
}
