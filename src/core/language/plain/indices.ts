/** Letters that number the entries of vectors as on paper: they go, and where one stands for a number, its numbers are written out. */

const INDEX = 'ᵢⱼₖ';
const MOST_NUMBERS = 64;

/** `norm(X[i])` → `norm(X, axis=1)`, and of columns `norm(X[:, i])` → `norm(X, axis=0)`: what takes a row together keeps to it. */
const ofEveryRow = (text: string, index: string): string =>
  text.replace(
    new RegExp(
      `(?<![\\p{L}\\p{N}_])(sum|mean|norm|max|min)\\(([\\p{L}\\p{N}_]+)\\[(?:(:)\\s*,)?\\s*${index}\\s*(?:,\\s*:\\s*)?\\]\\)`,
      'gu',
    ),
    (_, name: string, matrix: string, isColumn?: string) => `${name}(${matrix}, axis=${isColumn ? 0 : 1})`,
  );

/** Where a product with rows of numbers would be another one than entry by entry. */
const OF_MATRICES = /[@ᵀ⊤'\p{Lu}]/u;

/**
 * `w_i`, `w[i]`, `wᵢ` → `w`, and `i w_i` → `[1, 2, 3]*w` where `bounds` say which numbers i stands for: `i=1..3`, `1, …, 3`, `range(3)`.
 * Null where the index stays and its numbers are not known: as a name it would be another problem, in which it is learned.
 */
export function withoutIndex(text: string, index: string, bounds: string): string | null {
  const letter = INDEX.includes(index) ? 'ijk'.charAt(INDEX.indexOf(index)) : index;
  const small = 'ijk'.includes(letter) ? INDEX.charAt('ijk'.indexOf(letter)) : '';
  const named = ofEveryRow(text, letter).replace(
    new RegExp(`\\[\\s*${letter}\\s*\\]|_\\{${letter}\\}|_${letter}(?![\\p{L}\\p{N}_])`, 'gu'),
    '',
  );
  const plain = small === '' ? named : named.replaceAll(small, '');
  if (
    new RegExp(
      `_\\{[^{}]*${letter}[^{}]*\\}|_[ijk]*${letter}[ijk]*(?![\\p{L}\\p{N}_])|\\[[^[\\]]*(?<![\\p{L}\\p{N}_])${letter}(?![\\p{L}\\p{N}_(])`,
      'u',
    ).test(plain)
  )
    return null; // a_ij and x_{i+1}
  const alone = new RegExp(`(?<![\\p{L}_]\\p{N}*)${letter}(?![\\p{L}\\p{N}_])`, 'gu');
  if (!alone.test(plain)) return plain;
  const numbers = numbersFrom(bounds);
  if (numbers === null || OF_MATRICES.test(plain)) return null;
  return plain.replaceAll(
    new RegExp(`(\\p{N}\\s*|[\\p{L}\\p{N}_)\\]]\\s+)?${alone.source}(\\s+(?=[\\p{L}\\p{N}(])|(?=\\())?`, 'gu'),
    (_, before?: string, after?: string) =>
      `${before === undefined ? '' : `${before.trim()}*`}[${numbers.join(', ')}]${after === undefined ? '' : '*'}`,
  );
}

/** `i=1..6`, `i = 1, 2, …, 6`, `range(1, 7)`: 1 to 6. Null where an end is no number. */
function numbersFrom(bounds: string): readonly number[] | null {
  const range = /^\s*range\(\s*(?:(\d+)\s*,\s*)?(\d+)\s*\)\s*$/u.exec(bounds);
  const ends = /(\d+)\s*(?:,\s*\d+\s*)*,?\s*(?:\.\.\.?|…)\s*,?\s*[{(]?\s*(\d+)\s*[)}]?\s*$/u.exec(bounds);
  const [first, last] = range ? [Number(range[1] ?? 0), Number(range[2]) - 1] : [Number(ends?.[1]), Number(ends?.[2])];
  const count = last - first + 1;
  if (!(count >= 1 && count <= MOST_NUMBERS)) return null;
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Why a line that was written plainly is still as on paper: its index stands for a number, or for a part of another array. */
export function keptIndex(plain: string, refusal = ''): string | null {
  const index = /∑_(\p{L})|∀/u.exec(plain);
  if (!index) return null;
  const small = INDEX.indexOf(index[1] ?? '?');
  const letter = small < 0 ? (index[1] ?? 'i') : 'ijk'.charAt(small);
  return `${letter} is more here than the number of an entry, and there are no loops: write numbers as a list, as in sum([1, 2, 3]*p), and some of the entries as a slice, as in x[1:] - x[:-1].${refusal && ` ${refusal}`}`;
}
