/** Long lines of Python, broken at their brackets and commas as formatters do. */

const LONGEST_LINE = 120;
const OPEN = '([{';
const CLOSED = ')]}';

/** Where the bracket opens that the text ends with; −1 where it does not end with one. */
function openingOfLast(text: string): number {
  if (!CLOSED.includes(text.at(-1) ?? ' ')) return -1;
  let depth = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    if (CLOSED.includes(text[i] as string)) depth += 1;
    else if (OPEN.includes(text[i] as string)) depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

/** Split at the commas that stand in no bracket. */
function entriesOf(text: string): string[] {
  const entries = [''];
  let depth = 0;
  for (const letter of text) {
    if (OPEN.includes(letter)) depth += 1;
    else if (CLOSED.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0) entries.push('');
    else entries[entries.length - 1] += letter;
  }
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== '');
}

/** The line, or several that mean the same; texts in quotes and comments stay as they are. */
export function laidOut(line: string): string[] {
  if (line.length <= LONGEST_LINE || /["'#]/.test(line)) return [line];
  const indent = ' '.repeat(line.length - line.trimStart().length);
  const around = (head: string, entries: readonly string[], tail: string): string[] => [
    `${indent}${head}`,
    ...entries.flatMap((entry) => laidOut(`${indent}    ${entry},`)),
    `${indent}${tail}`,
  ];
  const [, head = '', value = ''] = /^(return |.*? = )?(.*)$/.exec(line.trim()) ?? [];
  const entries = entriesOf(value);
  if (head !== '' && entries.length > 1) return around(`${head}(`, entries, ')');
  const body = line.trim().replace(/,$/, '');
  const comma = line.trim().slice(body.length);
  const at = openingOfLast(body);
  const inner = at < 0 ? [] : entriesOf(body.slice(at + 1, -1));
  return inner.length > 1 ? around(body.slice(0, at + 1), inner, `${body.at(-1)}${comma}`) : [line];
}
