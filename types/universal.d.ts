/**
 * Globals of the web platform that browsers, workers and Node share, for code that is checked without the DOM (core, catalog).
 * Only what core needs: no clock, no randomness, no storage, no network. The shapes are subsets of lib.dom.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}

interface ReadableStreamDefaultReader<R> {
  read(): Promise<{ done: false; value: R } | { done: true; value: undefined }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

interface ReadableStream<R> {
  getReader(): ReadableStreamDefaultReader<R>;
  pipeThrough<T>(pair: { readable: ReadableStream<T>; writable: WritableStream<R> }): ReadableStream<T>;
  cancel(reason?: unknown): Promise<void>;
}

interface WritableStreamDefaultWriter<W> {
  write(chunk: W): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

interface WritableStream<W> {
  getWriter(): WritableStreamDefaultWriter<W>;
}

declare class CompressionStream {
  constructor(format: 'gzip' | 'deflate' | 'deflate-raw');
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>;
}

declare class DecompressionStream {
  constructor(format: 'gzip' | 'deflate' | 'deflate-raw');
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>;
}

declare class Blob {
  constructor(parts?: (string | ArrayBuffer | ArrayBufferView<ArrayBuffer>)[], options?: { type?: string });
  readonly size: number;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
}

declare class Response {
  constructor(body?: ReadableStream<Uint8Array<ArrayBuffer>> | string | null);
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
}

declare function atob(data: string): string;
declare function btoa(data: string): string;
declare function structuredClone<T>(value: T): T;
