/** Loops over numbers that stand in the text, written out. */
import type { PythonLine } from './python-lines.ts';

const MOST_TURNS = 60;
const MOST_LINES = 600;

const replaced = (text: string, name: string, by: string): string =>
  text
    .replace(new RegExp(`(?<![\\p{L}\\p{N}_.])${name}(?![\\p{L}\\p{N}_])`, 'gu'), by)
    .replace(/(?<=\[|,\s*)(\d+)\s*([-+])\s*(\d+)(?=\s*[\],])/gu, (_, a: string, sign: string, b: string) =>
      String(sign === '+' ? Number(a) + Number(b) : Number(a) - Number(b)),
    );

/** `range(3)`, `range(1, n)`; null where its ends are no numbers, or far apart. */
function turnsOf(range: string, given: (name: string) => string): readonly number[] | null {
  const [, inside = ''] = /^range\(([^()]*)\)$/u.exec(range.trim()) ?? [];
  const ends = inside.split(',').map((end) => {
    const [, name = '', sign, by = '0'] = /^\s*(\w+)\s*(?:([-+])\s*(\d+))?\s*$/u.exec(end) ?? [];
    return Number(given(name) || Number.NaN) + (sign === '-' ? -Number(by) : Number(by));
  });
  const [from = 0, to = 0, step = 1] = ends.length === 1 ? [0, ...ends] : ends;
  const turns = Math.ceil((to - from) / step);
  return inside === '' || !(turns >= 0 && turns <= MOST_TURNS)
    ? null
    : Array.from({ length: turns }, (_, k) => from + k * step);
}

/** `x[i] >= i for i in range(3)` as its entries; null for anything else. */
export function entriesFor(list: string, given: (name: string) => string): string[] | null {
  const [, body = '', name = '', range = ''] = /^(.*?)\s+for\s+(\w+)\s+in\s+(range\([^()]*\))$/su.exec(list) ?? [];
  return body === '' ? null : (turnsOf(range, given)?.map((turn) => replaced(body, name, String(turn))) ?? null);
}

/** Each loop over a range with what it holds once for each of its numbers; one that cannot be written out stays. */
export function withoutLoops(lines: readonly PythonLine[]): readonly PythonLine[] {
  const numbers = new Map(
    lines.flatMap(({ text }) =>
      [[...(/^(\w+)\s*=\s*(\d+)$/u.exec(text) ?? [])].slice(1) as [string, string]].filter(([name]) => name),
    ),
  );
  const given = (name: string) => numbers.get(name) ?? name;
  const written: PythonLine[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (!line) break;
    const [, name = '', range = '', only = ''] =
      /^for\s+(\w+)\s+in\s+(range\([^()]*\))\s*:\s*(.*)$/su.exec(line.text) ?? [];
    const turns = name === '' ? null : turnsOf(range, given);
    if (turns === null) {
      written.push(line);
      continue;
    }
    const behind = lines.findIndex((other, k) => k > i && other.indent <= line.indent);
    const inside = lines.slice(i + 1, behind < 0 ? undefined : behind);
    const body = only === '' ? inside.map((each) => ({ ...each, indent: line.indent })) : [{ ...line, text: only }];
    // What stands deeper than the first line of the body is a block of its own.
    const isFlat = inside.every(({ indent }) => indent === inside[0]?.indent);
    if (!isFlat && !inside.some(({ text }) => /^for\s/u.test(text))) {
      written.push(line);
      continue;
    }
    const nested = isFlat
      ? body
      : inside.map((each) => ({ ...each, indent: each.indent - (inside[0]?.indent ?? 0) + line.indent }));
    for (const turn of turns)
      for (const each of withoutLoops(nested)) written.push({ ...each, text: replaced(each.text, name, String(turn)) });
    i += inside.length;
    if (written.length > MOST_LINES) return lines;
  }
  return written;
}
