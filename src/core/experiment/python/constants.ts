/** Arrays of numbers that a script names once, above its functions. */

import { pythonName } from '../../language/print-python.ts';
import type { Problem } from '../../problem/problem.ts';
import { type Shape, sameShape } from '../../tensor/shape.ts';
import type { Block } from './library.ts';
import { tensor } from './literal.ts';
import { rowsOf } from './setup.ts';
import type { Constants } from './statements.ts';

/** Positions are whole numbers: arrays take no others as indices. */
const PLACES = 'places';

export class ConstantTable implements Constants {
  private readonly known: { readonly data: Float64Array; readonly shape: Shape; readonly name: string }[];
  private readonly own: Block[] = [];
  private readonly names = new Map<string, string>();

  /** The text's own data keep their names. */
  constructor(
    { definitions }: Problem,
    private readonly array: string,
  ) {
    this.known = definitions.flatMap(({ name, array }) =>
      array ? [{ data: array.values, shape: array.shape, name: pythonName(name) }] : [],
    );
  }

  name(data: Float64Array, shape: Shape, hint = 'numbers'): string {
    const typed =
      hint === PLACES ? undefined : this.known.find((one) => one.data === data && sameShape(one.shape, shape));
    if (typed) return typed.name;
    const key = `${hint}[${shape}]${data.join()}`;
    const before = this.names.get(key);
    if (before !== undefined) return before;
    const name = `${hint.toUpperCase()}_${this.own.length + 1}`;
    this.names.set(key, name);
    const list = [...data];
    const nested = shape.length === 2 ? rowsOf(list, shape[0] ?? 1) : shape.length === 0 ? (list[0] ?? 0) : list;
    const code = hint === PLACES ? `${this.array}(${JSON.stringify(nested)})` : tensor(nested, this.array);
    this.own.push({ name, code: `${name} = ${code}` });
    return name;
  }

  blocks = (): readonly Block[] => this.own;
}
