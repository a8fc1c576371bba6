/** Numbers and text of an experiment as Python. */

/** With a point, so that it is a float; the shortest form that reads back as the same number. */
export function float(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'math.inf';
  if (value === Number.NEGATIVE_INFINITY) return '-math.inf';
  const plain = Object.is(value, -0) ? '-0' : String(value);
  const short = value.toExponential().replace('e+', 'e');
  const text = short.length < plain.length - 1 ? short : plain;
  return /[.e]/.test(text) ? text : `${text}.0`;
}

type Nested = number | readonly Nested[];

const LINE = 100;

const nested = (value: Nested): string =>
  typeof value === 'number' ? float(value) : `[${value.map(nested).join(', ')}]`;

/** `torch.tensor([…])`; long ones have one row, or a handful of numbers, a line. */
export function tensor(value: Nested, call = 'torch.tensor'): string {
  const flat = `${call}(${nested(value)})`;
  if (flat.length <= LINE || typeof value === 'number') return flat;
  const lines: string[] = [];
  for (const entry of value.map(nested)) {
    const last = lines.length - 1;
    const joined = `${lines[last]} ${entry},`;
    if (last >= 0 && joined.length <= LINE) lines[last] = joined;
    else lines.push(`    ${entry},`);
  }
  return `${call}([\n${lines.join('\n')}\n])`;
}

/** Ascending whole numbers as what Python can look into: a range where one is enough, else a set of runs of equal distance. */
export function stepsOf(list: readonly number[]): string {
  const parts: string[] = [];
  let rest = list;
  while (rest.length > 0) {
    const [first = 0, second] = rest;
    const gap = second === undefined ? 1 : second - first;
    let length = 1;
    while (length < rest.length && rest[length] === first + length * gap) length++;
    if (length < 3) length = 1;
    const end = first + (length - 1) * gap + 1;
    parts.push(length === 1 ? String(first) : `*${range(first, end, gap)}`);
    rest = rest.slice(length);
  }
  const [only = ''] = parts;
  return parts.length === 1 && only.startsWith('*')
    ? only.slice(1)
    : parts.length > 0
      ? `{${parts.join(', ')}}`
      : 'set()';
}

const range = (first: number, end: number, gap: number): string =>
  `range(${[...(first === 0 && gap === 1 ? [] : [first]), end, ...(gap === 1 ? [] : [gap])].join(', ')})`;

/** Lines of at most 100 characters; spaces at the front stay on each. */
export function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Text of a stranger in a comment: one line, and nothing invisible that could end it or turn it around. */
export const comment = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trimEnd();
