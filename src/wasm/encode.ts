/** WebAssembly's binary format, as far as it is used here: bytes of instructions, and of a module around functions. */

export const TYPE = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;
export type TypeName = keyof typeof TYPE;

/** Instructions without immediates, by their names in the specification. */
export const PLAIN = {
  end: [0x0b],
  return: [0x0f],
  drop: [0x1a],
  select: [0x1b],
  'i32.eqz': [0x45],
  'i32.lt_u': [0x49],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.and': [0x71],
  'i32.trunc_sat_f64_u': [0xfc, 0x03],
  'f64.eq': [0x61],
  'f64.ne': [0x62],
  'f64.lt': [0x63],
  'f64.le': [0x65],
  'f64.abs': [0x99],
  'f64.neg': [0x9a],
  'f64.floor': [0x9c],
  'f64.sqrt': [0x9f],
  'f64.add': [0xa0],
  'f64.sub': [0xa1],
  'f64.mul': [0xa2],
  'f64.div': [0xa3],
  'f64.min': [0xa4],
  'f64.max': [0xa5],
  'f64.copysign': [0xa6],
  'f64.convert_i32_u': [0xb8],
  'memory.copy': [0xfc, 0x0a, 0, 0],
  'memory.fill': [0xfc, 0x0b, 0],
  'f64x2.splat': [0xfd, 0x14],
  'f64x2.eq': [0xfd, 0x47],
  'f64x2.ne': [0xfd, 0x48],
  'f64x2.lt': [0xfd, 0x49],
  'f64x2.le': [0xfd, 0x4b],
  'v128.and': [0xfd, 0x4e],
  'v128.andnot': [0xfd, 0x4f],
  'v128.or': [0xfd, 0x50],
  'v128.bitselect': [0xfd, 0x52],
  'i64x2.all_true': [0xfd, 0xc3, 0x01],
  'f64x2.floor': [0xfd, 0x75],
  'f64x2.abs': [0xfd, 0xec, 0x01],
  'f64x2.neg': [0xfd, 0xed, 0x01],
  'f64x2.sqrt': [0xfd, 0xef, 0x01],
  'f64x2.add': [0xfd, 0xf0, 0x01],
  'f64x2.sub': [0xfd, 0xf1, 0x01],
  'f64x2.mul': [0xfd, 0xf2, 0x01],
  'f64x2.div': [0xfd, 0xf3, 0x01],
  'f64x2.min': [0xfd, 0xf4, 0x01],
  'f64x2.max': [0xfd, 0xf5, 0x01],
} as const;
export type PlainName = keyof typeof PLAIN;

/** Loads and stores: the instruction, and log₂ of the bytes that it moves. */
const ACCESS = {
  'f64.load': [[0x2b], 3],
  'f64.store': [[0x39], 3],
  'v128.load': [[0xfd, 0x00], 4],
  'v128.load64_splat': [[0xfd, 0x0a], 3],
  'v128.store': [[0xfd, 0x0b], 4],
} as const;
export type AccessName = keyof typeof ACCESS;

/** A whole number ≥ 0 as LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** A signed 32-bit number as LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isDone = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isDone ? low : low | 0x80);
    if (isDone) return bytes;
  }
}

/** Local variables of one function, its parameters first. */
export class Frame {
  private readonly types: TypeName[] = [];

  constructor(readonly params: readonly TypeName[]) {}

  local(type: TypeName): number {
    this.types.push(type);
    return this.params.length + this.types.length - 1;
  }

  /** Declarations: runs of equal types. */
  get declarations(): number[] {
    const runs: { type: TypeName; count: number }[] = [];
    for (const type of this.types) {
      const last = runs.at(-1);
      if (last?.type === type) last.count += 1;
      else runs.push({ type, count: 1 });
    }
    return [...unsigned(runs.length), ...runs.flatMap(({ type, count }) => [...unsigned(count), TYPE[type]])];
  }
}

const float = new DataView(new ArrayBuffer(8));

/** A sequence of instructions of one function. */
export class Code {
  readonly bytes: number[] = [];

  private push(bytes: readonly number[]): this {
    for (let i = 0; i < bytes.length; i++) this.bytes.push(bytes[i] as number);
    return this;
  }

  append(code: Code): this {
    return this.push(code.bytes);
  }

  op(...names: PlainName[]): this {
    for (const name of names) this.push(PLAIN[name]);
    return this;
  }

  get(local: number): this {
    return this.push([0x20, ...unsigned(local)]);
  }

  set(local: number): this {
    return this.push([0x21, ...unsigned(local)]);
  }

  integer(value: number): this {
    return this.push([0x41, ...signed(value)]);
  }

  number(value: number): this {
    float.setFloat64(0, value, true);
    this.bytes.push(0x44);
    return this.push(new Uint8Array(float.buffer) as unknown as readonly number[]);
  }

  /** At the address on the stack plus `offset`, in bytes. */
  access(name: AccessName, offset: number): this {
    const [instruction, alignment] = ACCESS[name];
    return this.push([...instruction, alignment, ...unsigned(offset)]);
  }

  call(index: number): this {
    return this.push([0x10, ...unsigned(index)]);
  }

  globalSet(index: number): this {
    return this.push([0x24, ...unsigned(index)]);
  }

  /** A block without a result, up to its `end`. */
  begin(kind: 'block' | 'loop'): this {
    return this.push([kind === 'block' ? 0x02 : 0x03, 0x40]);
  }

  /** To the end of a block, or the beginning of a loop, `depth` blocks outwards. */
  branch(kind: 'br' | 'br_if', depth: number): this {
    return this.push([kind === 'br' ? 0x0c : 0x0d, ...unsigned(depth)]);
  }
}

export interface Signature {
  readonly params: readonly TypeName[];
  readonly results: readonly TypeName[];
}

export interface ModuleParts {
  /** Functions of the host, in module `host`; they have the first indices. */
  readonly imports: readonly ({ readonly name: string } & Signature)[];
  readonly functions: readonly {
    readonly name: string;
    readonly signature: Signature;
    readonly frame: Frame;
    readonly body: Code;
  }[];
  /** Exported 32-bit variables that begin at 0. */
  readonly globals: readonly string[];
  /** The memory `host.memory` has at least so many pages of 64 KiB. */
  readonly pages: number;
}

/** The bytes of a module. Source: WebAssembly Core Specification 2.0, §5.5. */
export function encodeModule({ imports, functions, globals, pages }: ModuleParts): Uint8Array<ArrayBuffer> {
  const types = [...imports, ...functions.map(({ signature }) => signature)];
  const sections = [
    section(1, vector(types.map(({ params, results }) => [0x60, ...typeList(params), ...typeList(results)]))),
    section(
      2,
      vector([
        [...text('host'), ...text('memory'), 0x02, 0x00, ...unsigned(pages)],
        ...imports.map(({ name }, type) => [...text('host'), ...text(name), 0x00, ...unsigned(type)]),
      ]),
    ),
    section(3, vector(functions.map((_, i) => unsigned(imports.length + i)))),
    section(6, vector(globals.map(() => [TYPE.i32, 0x01, 0x41, 0x00, 0x0b]))),
    section(
      7,
      vector([
        ...functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(imports.length + i)]),
        ...globals.map((name, i) => [...text(name), 0x03, ...unsigned(i)]),
      ]),
    ),
    section(10, vector(functions.map(({ frame, body }) => functionBytes(frame, body)))),
  ];
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, ...concatenated(sections)]);
}

function functionBytes(frame: Frame, body: Code): number[] {
  const bytes = concatenated([frame.declarations, body.bytes, PLAIN.end]);
  return concatenated([unsigned(bytes.length), bytes]);
}

const text = (name: string): number[] => [...unsigned(name.length), ...Array.from(name, (sign) => sign.charCodeAt(0))];
const typeList = (types: readonly TypeName[]): number[] => [
  ...unsigned(types.length),
  ...types.map((name) => TYPE[name]),
];
const vector = (items: readonly (readonly number[])[]): number[] => concatenated([unsigned(items.length), ...items]);
const section = (id: number, content: readonly number[]): number[] =>
  concatenated([[id], unsigned(content.length), content]);

/** Spreading a function of a million bytes would overflow the stack. */
function concatenated(parts: readonly (readonly number[])[]): number[] {
  const bytes: number[] = [];
  for (const part of parts) for (let i = 0; i < part.length; i++) bytes.push(part[i] as number);
  return bytes;
}
