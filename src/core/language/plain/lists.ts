/** Lists whose numbers stand side by side, as in MATLAB and as NumPy prints them: `[1 -2 3]`. */

const NUMBER = String.raw`[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const LIST = new RegExp(String.raw`(?<![\p{L}\p{N}_\])])\[\s*(${NUMBER}(?:\s+${NUMBER})+)\s*\]`, 'gu');

/** A sign that touches its number belongs to it. */
export const plainLists = (text: string): string =>
  text
    .replace(LIST, (_, numbers: string) => `[${numbers.split(/\s+/u).join(', ')}]`)
    .replace(/(?<=\d\.?\s*\])\s+(?=\[\s*[-+−.\d])/gu, ', ');
