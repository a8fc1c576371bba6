import { defineDataset } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';

const PIXELS = 64;
const BRIGHTEST = 16;

/** One line an image: its digit, then its pixels from 0 to 16 as digits of base 17. */
export default defineDataset({
  id: 'digits',
  title: 'Handwritten digits',
  source:
    'Alpaydin & Kaynak 1998, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (test set)',
  summary: 'Images of 8 × 8 pixels of the digits 0 to 9, written by 13 people.',
  licence: 'CC BY 4.0 (E. Alpaydin, C. Kaynak)',
  settings: {},
  arrays: [
    { name: 'X', meaning: 'pixels row by row, from 0 to 1, one image a row' },
    { name: 'y', meaning: 'the digit' },
  ],
  example: 'data X[300,64], y[300] = digits()',
  async load() {
    const { default: text } = await import('./tables/digits.txt?raw');
    const rows = text
      .trim()
      .split('\n')
      .map((line) => Array.from(line, (sign) => Number.parseInt(sign, BRIGHTEST + 1)));
    const pixels = Array.from({ length: PIXELS }, (_, k) => `pixel ${Math.floor(k / 8)} ${k % 8}`);
    return { columns: ['digit', ...pixels], rows };
  },
  select({ rows: images }, _, { rows }) {
    const taken = images.slice(0, rows ?? images.length);
    return [
      {
        shape: [taken.length, PIXELS],
        values: Float64Array.from(taken.flatMap(([, ...pixels]) => pixels.map((pixel) => pixel / BRIGHTEST))),
      },
      { shape: [taken.length], values: Float64Array.from(taken, (image) => at(image, 0)) },
    ];
  },
});
