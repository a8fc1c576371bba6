/** The program as a device runs it: in a form for float32, without what its settings switch off, and with products of data for its rows. */
import { compressData, type DataProduct } from '../core/program/data-products.ts';
import { expand } from '../core/program/expand.ts';
import type { Program } from '../core/program/program.ts';
import { specialize } from '../core/program/specialize.ts';
import type { SettingValues } from '../core/run/run.ts';

export interface DeviceProgram {
  readonly program: Program;
  /** What took the place of rows of data, in sentences; empty where nothing did. */
  readonly note: string;
}

export function deviceProgram(recorded: Program, settings: SettingValues): DeviceProgram {
  const program = specialize(expand(recorded), settings);
  const compressed = compressData(program);
  return compressed
    ? { program: compressed.program, note: [...new Set(compressed.products.map(told))].join(' ') }
    : { program, note: '' };
}

function told({ rows, left, form, squaredCondition }: DataProduct): string {
  const condition = Number.isFinite(squaredCondition)
    ? `condition number ${Math.sqrt(squaredCondition).toPrecision(2)}`
    : 'columns that depend on one another';
  return form === 'products'
    ? `Sums over ${rows} rows of data are taken from products of its columns (Gram matrix; ${condition}).`
    : `Sums over ${rows} rows of data are taken from the ${left} rows of their triangular factor (QR; ${condition}).`;
}
