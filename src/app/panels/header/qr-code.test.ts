import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { type Code, codeOf, codeSide, LONG_CODE } from './qr-code.tsx';

beforeAll(() => {
  const wasmBinary = new Uint8Array(readFileSync('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm')).buffer;
  prepareZXingModule({ overrides: { wasmBinary } });
});

/** As the browser draws it: black modules of whole pixels on white, in the middle of a grey page. */
function drawn({ size, path }: Code, scale: number) {
  const [side, margin] = [size * scale, 10];
  const width = side + 2 * margin;
  const data = new Uint8ClampedArray(width * width * 4).fill(128);
  const paint = (x: number, y: number, w: number, value: number) => {
    for (let row = y; row < y + w; row++) {
      const from = 4 * ((margin + row) * width + margin + x);
      data.fill(value, from, from + 4 * w);
    }
  };
  paint(0, 0, side, 255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) paint(Number(x) * scale, Number(y) * scale, scale, 0);
  return { data, width, height: width, colorSpace: 'srgb' as const };
}

/** Letters as links have them. */
const linkOf = (length: number) =>
  `https://example.org/feasible/#e=1g.${Array.from({ length }, (_, k) => 'H4sIAbcXY-_9z07qRT'.charAt((k * k + 3 * k) % 18)).join('')}`.slice(
    0,
    length,
  );

describe('the code of a link', () => {
  it.each([60, 300, 600, 1000, LONG_CODE])(
    'of %i characters is read where the dialog of a phone has room',
    async (length) => {
      const code = codeOf(linkOf(length));
      for (const pixelRatio of [1, 2, 3]) {
        const scale = (codeSide(code.size, 300, pixelRatio) / code.size) * pixelRatio;
        expect(scale).toBeCloseTo(Math.round(scale), 9);
        const found = await readBarcodes(drawn(code, Math.round(scale)), { formats: ['QRCode'], tryHarder: true });
        expect(found.map(({ text }) => text)).toEqual([linkOf(length)]);
      }
    },
  );

  it('has four white modules on each side', () => {
    const { size, path } = codeOf(linkOf(300));
    const places = [...path.matchAll(/M(\d+) (\d+)/g)].flatMap(([, x, y]) => [Number(x), Number(y)]);
    expect([Math.min(...places), Math.max(...places)]).toEqual([4, size - 5]);
  });

  it('is as large as there is room for, in whole pixels of the screen', () => {
    expect(codeSide(125, 420, 1)).toBe(375);
    expect(codeSide(125, 420, 2)).toBe(375);
    expect(codeSide(125, 320, 3)).toBe((7 / 3) * 125);
    expect(codeSide(125, 100, 1)).toBe(125); // no smaller than one each
  });
});
