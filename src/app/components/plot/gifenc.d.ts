/** What is used of gifenc 1.0.3, which brings no types. */
declare module 'gifenc' {
  type Palette = readonly (readonly number[])[];
  export function quantize(rgba: Uint8ClampedArray, colors: number): Palette;
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette): Uint8Array;
  export function GIFEncoder(): {
    /** `palette` with the first frame is that of all; `delay` in milliseconds; `repeat` 0: for ever. */
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options?: {
        readonly palette?: Palette;
        readonly delay?: number;
        readonly repeat?: number;
        /** `transparentIndex` shows what was there before. */
        readonly transparent?: boolean;
        readonly transparentIndex?: number;
        /** 1: the frame stays below the next one. */
        readonly dispose?: number;
      },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  };
}
