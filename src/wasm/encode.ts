/** WebAssembly's binary format, as far as it is used here: bytes of instructions, and of a module around functions. */

const TYPE = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;
export type TypeName = keyof typeof TYPE;

/** Instructions without immediates, by their names in the specification. */
const PLAIN = {
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

/** Bytes that are written one after the other. */
class Bytes {
  private buffer = new Uint8Array(256);
  length = 0;

  get written(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  byte(value: number): this {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
    return this;
  }

  bytes(values: ArrayLike<number>): this {
    if (this.length + values.length > this.buffer.length) this.grow(values.length);
    this.buffer.set(values, this.length);
    this.length += values.length;
    return this;
  }

  /** A whole number ≥ 0 as LEB128. */
  unsigned(value: number): this {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    return this.byte(rest);
  }

  /** A signed 32-bit number as LEB128. */
  signed(value: number): this {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  /** ASCII, after its length. */
  text(name: string): this {
    this.unsigned(name.length);
    for (let i = 0; i < name.length; i++) this.byte(name.charCodeAt(i));
    return this;
  }

  /** Something in front of which its length in bytes stands. */
  sized(content: Bytes): this {
    return this.unsigned(content.length).bytes(content.written);
  }

  private grow(more: number): void {
    const larger = new Uint8Array(2 * this.buffer.length + more);
    larger.set(this.written);
    this.buffer = larger;
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
  declare(bytes: Bytes): void {
    const runs: { type: TypeName; count: number }[] = [];
    for (const type of this.types) {
      const last = runs.at(-1);
      if (last?.type === type) last.count += 1;
      else runs.push({ type, count: 1 });
    }
    bytes.unsigned(runs.length);
    for (const { type, count } of runs) bytes.unsigned(count).byte(TYPE[type]);
  }
}

const float = new DataView(new ArrayBuffer(8));
const floatBytes = new Uint8Array(float.buffer);

/** A sequence of instructions of one function. */
export class Code {
  readonly bytes = new Bytes();

  append(code: Code): this {
    this.bytes.bytes(code.bytes.written);
    return this;
  }

  op(...names: PlainName[]): this {
    for (const name of names) this.bytes.bytes(PLAIN[name]);
    return this;
  }

  get(local: number): this {
    this.bytes.byte(0x20).unsigned(local);
    return this;
  }

  set(local: number): this {
    this.bytes.byte(0x21).unsigned(local);
    return this;
  }

  integer(value: number): this {
    this.bytes.byte(0x41).signed(value);
    return this;
  }

  number(value: number): this {
    float.setFloat64(0, value, true);
    this.bytes.byte(0x44).bytes(floatBytes);
    return this;
  }

  /** At the address on the stack plus `offset`, in bytes. */
  access(name: AccessName, offset: number): this {
    const [instruction, alignment] = ACCESS[name];
    this.bytes.bytes(instruction).byte(alignment).unsigned(offset);
    return this;
  }

  call(index: number): this {
    this.bytes.byte(0x10).unsigned(index);
    return this;
  }

  globalSet(index: number): this {
    this.bytes.byte(0x24).unsigned(index);
    return this;
  }

  /** A block without a result, up to its `end`. */
  begin(kind: 'block' | 'loop'): this {
    this.bytes.byte(kind === 'block' ? 0x02 : 0x03).byte(0x40);
    return this;
  }

  /** To the end of a block, or the beginning of a loop, `depth` blocks outwards. */
  branch(kind: 'br' | 'br_if', depth: number): this {
    this.bytes.byte(kind === 'br' ? 0x0c : 0x0d).unsigned(depth);
    return this;
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
  const bytes = new Bytes().bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  const section = (id: number, count: number, write: (content: Bytes) => void) => {
    const content = new Bytes().unsigned(count);
    write(content);
    bytes.byte(id).sized(content);
  };
  const types = [...imports, ...functions.map(({ signature }) => signature)];
  section(1, types.length, (content) => {
    for (const { params, results } of types) {
      content.byte(0x60);
      for (const list of [params, results]) content.unsigned(list.length).bytes(list.map((name) => TYPE[name]));
    }
  });
  section(2, 1 + imports.length, (content) => {
    content.text('host').text('memory').bytes([0x02, 0x00]).unsigned(pages);
    imports.forEach(({ name }, type) => {
      content.text('host').text(name).byte(0x00).unsigned(type);
    });
  });
  section(3, functions.length, (content) => {
    functions.forEach((_, i) => {
      content.unsigned(imports.length + i);
    });
  });
  section(6, globals.length, (content) => {
    for (const _ of globals) content.bytes([TYPE.i32, 0x01, 0x41, 0x00, 0x0b]);
  });
  section(7, functions.length + globals.length, (content) => {
    functions.forEach(({ name }, i) => {
      content
        .text(name)
        .byte(0x00)
        .unsigned(imports.length + i);
    });
    globals.forEach((name, i) => {
      content.text(name).byte(0x03).unsigned(i);
    });
  });
  section(10, functions.length, (content) => {
    for (const { frame, body } of functions) {
      const code = new Bytes();
      frame.declare(code);
      content.sized(code.bytes(body.bytes.written).bytes(PLAIN.end));
    }
  });
  return bytes.written.slice();
}
