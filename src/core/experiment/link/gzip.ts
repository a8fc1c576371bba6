/** Gzip by the platform's own streams: its checksum refuses a damaged link. The same in browsers, workers and Node. */

export type Unpacked =
  | { readonly outcome: 'complete'; readonly bytes: Uint8Array }
  /** The input ends before the stream does. */
  | { readonly outcome: 'cut short' }
  /** The checksum or the structure is wrong. */
  | { readonly outcome: 'damaged' }
  /** More than `cap` bytes come out. */
  | { readonly outcome: 'too large' };

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new CompressionStream('gzip');
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  const [packed] = await Promise.all([readAll(stream.readable, Number.POSITIVE_INFINITY), written]);
  return packed ?? new Uint8Array();
}

/** Never rejects. Stops as soon as more than `cap` bytes have come out. */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>, cap: number): Promise<Unpacked> {
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  let problem: unknown = null;
  const note = (error: unknown) => {
    problem ??= error;
  };
  const written = writer
    .write(bytes)
    .then(() => writer.close())
    .catch(note);
  try {
    const unpacked = await readAll(stream.readable, cap);
    if (unpacked === null) return { outcome: 'too large' };
    await written;
    if (problem === null) return { outcome: isLengthOf(unpacked, bytes) ? 'complete' : 'damaged', bytes: unpacked };
  } catch (error) {
    note(error);
  }
  return { outcome: isTruncation(problem) ? 'cut short' : 'damaged' };
}

/** The last four bytes of the packed form are the length of the unpacked: some platforms let trailing bytes pass. */
function isLengthOf(unpacked: Uint8Array, packed: Uint8Array<ArrayBuffer>): boolean {
  return new DataView(packed.buffer, packed.byteOffset).getUint32(packed.length - 4, true) === unpacked.length;
}

/** How Chromium, Firefox and Node say that the input ended too early. Where nothing is recognised it counts as damaged. */
const isTruncation = (error: unknown): boolean =>
  /truncated|unexpected end|ended without|reaching the stream end/i.test(error instanceof Error ? error.message : '');

/** All bytes, or null if there are more than `cap`. */
async function readAll(readable: ReadableStream<Uint8Array>, cap: number): Promise<Uint8Array | null> {
  const reader = readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > cap) {
      reader.cancel().catch(() => {}); // the rest is not wanted, nor why it may have failed
      return null;
    }
    chunks.push(value);
  }
  const all = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
