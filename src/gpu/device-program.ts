/** The program as a device runs it: in a form for float32, without what its settings switch off, and with products of data for its rows. */
import { at } from '../core/diagnostic.ts';
import { shortNumber } from '../core/number-text.ts';
import { mergeProducts } from '../core/program/common-vectors.ts';
import { compressData, type DataProduct } from '../core/program/data-products.ts';
import { expand } from '../core/program/expand.ts';
import type { Program, SettingValues } from '../core/program/program.ts';
import { specialize } from '../core/program/specialize.ts';

export interface DeviceProgram {
  readonly program: Program;
  /** What took the place of rows of data, in sentences; empty where nothing did. */
  readonly note: string;
}

/**
 * Kept, as rewriting a program takes longer than a thousand of its steps: a setting that moves asks again and again. Whoever sends
 * programs from another thread sends copies, which are known by their text.
 */
export function deviceProgram(recorded: Program, settings: SettingValues): DeviceProgram {
  const forms = formsOf(recorded);
  const zeros = recorded.settings.filter(({ name }) => settings[name]?.length === 1 && settings[name][0] === 0);
  const key = zeros.map(({ name }) => name).join();
  const form = forms.get(key) ?? rewritten(recorded, settings);
  forms.set(key, form);
  return form;
}

function rewritten(recorded: Program, settings: SettingValues): DeviceProgram {
  const program = specialize(expand(recorded), settings);
  const compressed = compressData(program);
  return {
    program: mergeProducts(compressed?.program ?? program),
    note: [...new Set(compressed?.products.map(told))].join(' '),
  };
}

/** Forms of a program by the settings that are 0. */
type Forms = Map<string, DeviceProgram>;

const ofProgram = new WeakMap<Program, Forms>();
const ofText = new Map<string, Forms>();

/** Programs known by their text. */
const MOST_KEPT = 32;

/** Numbers of data up to which a text is made: a longer one would take longer than it saves. */
const MOST_NUMBERS = 4096;

function formsOf(program: Program): Forms {
  const known = ofProgram.get(program) ?? formsOfText(program);
  ofProgram.set(program, known);
  return known;
}

function formsOfText(program: Program): Forms {
  const text = textOf(program);
  if (text === null) return new Map();
  const forms = ofText.get(text) ?? new Map<string, DeviceProgram>();
  ofText.delete(text); // to the end: the first key is the least recently used
  ofText.set(text, forms);
  if (ofText.size > MOST_KEPT) ofText.delete(at([...ofText.keys()], 0));
  return forms;
}

/** All that a program is, or null where it holds much data. */
function textOf(program: Program): string | null {
  let numbers = 0;
  for (const value of program.values) if (value.op === 'constant') numbers += value.attributes.data.length;
  if (numbers > MOST_NUMBERS) return null;
  // JSON has neither NaN nor infinities nor −0.
  const entry = (number: number) => (Object.is(number, -0) ? '-0' : `${number}`);
  return JSON.stringify(program, (_, part: unknown) => {
    if (part instanceof Float64Array) return [...part].map(entry);
    return typeof part === 'number' ? entry(part) : part;
  });
}

function told({ rows, left, form, squaredCondition }: DataProduct): string {
  const condition = Number.isFinite(squaredCondition)
    ? `condition number ${shortNumber(Math.sqrt(squaredCondition), 2)}`
    : 'columns that depend on one another';
  return form === 'products'
    ? `Sums over ${rows} rows of data are taken from products of its columns (Gram matrix; ${condition}).`
    : `Sums over ${rows} rows of data are taken from the ${left} rows of their triangular factor (QR; ${condition}).`;
}
