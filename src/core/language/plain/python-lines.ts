/** The statements of a Python program, each on one line: what stands in open brackets goes on, comments go. */
import { behindBracket } from './brackets.ts';

export interface PythonLine {
  readonly text: string;
  /** Blanks before it. */
  readonly indent: number;
  /** 1-based, where it begins. */
  readonly number: number;
}

/** Strings keep their length, so that places stay; what is in them is no code. */
const blanked = (line: string): string =>
  line.replace(/(['"])(?:(?!\1).)*\1/gu, (text) => text.charAt(0) + '_'.repeat(text.length - 2) + text.charAt(0));

const withoutComment = (line: string): string => {
  const at = blanked(line).indexOf('#');
  return at < 0 ? line : line.slice(0, at);
};

export function pythonLines(text: string): PythonLine[] {
  const lines: PythonLine[] = [];
  let open: { text: string; indent: number; number: number } | null = null;
  let depth = 0;
  const plain = text.replace(/("""|''')[\s\S]*?\1/gu, (quoted) => quoted.replace(/[^\n]/gu, ''));
  plain.split(/\r?\n/u).forEach((typed, i) => {
    const line = withoutComment(typed).replace(/\s+$/u, '');
    const goesOn = line.endsWith('\\');
    const content = (goesOn ? line.slice(0, -1) : line).trim();
    for (const sign of blanked(content)) depth += /[([{]/u.test(sign) ? 1 : /[)\]}]/u.test(sign) ? -1 : 0;
    if (open) open.text += ` ${content}`;
    else if (content !== '') open = { text: content, indent: /^\s*/u.exec(line)?.[0].length ?? 0, number: i + 1 };
    if (!open || depth > 0 || goesOn) return;
    const { indent, number } = open;
    for (const part of split(open.text, ';')) if (part !== '') lines.push({ text: part, indent, number });
    open = null;
    depth = 0;
  });
  return lines;
}

/** At a sign outside brackets; the parts without blanks around them, and without an empty last one. */
export function split(text: string, sign: string): string[] {
  const code = blanked(text);
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i <= code.length; i++) {
    const behind = /[([{]/u.test(code.charAt(i)) ? behindBracket(code, i) : -1;
    if (behind > 0) i = behind - 1;
    else if (i === code.length || code.startsWith(sign, i)) {
      parts.push(text.slice(from, i).trim());
      from = i + sign.length;
    }
  }
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts;
}

/** `f(a, b=1)` → its name without modules, what stands by place, and by name; null where the text is more or less than one call. */
export function callOf(text: string): PythonCall | null {
  const [whole = '', path = ''] = /^([A-Za-z_][\w.]*)\(/u.exec(text) ?? [];
  if (whole === '' || behindBracket(blanked(text), whole.length - 1) !== text.length) return null;
  const args = split(text.slice(whole.length, -1), ',');
  const named = args.flatMap((arg) => {
    const [, name, value] = /^([A-Za-z_]\w*)\s*=(?!=)\s*(.*)$/su.exec(arg) ?? [];
    return name && value ? [[name, value] as const] : [];
  });
  return {
    path,
    name: path.slice(path.lastIndexOf('.') + 1),
    args: args.filter((arg) => !/^[A-Za-z_]\w*\s*=(?!=)/u.test(arg)),
    options: new Map(named),
  };
}

export interface PythonCall {
  /** `np.random.randn` */
  readonly path: string;
  /** `randn` */
  readonly name: string;
  readonly args: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** What stands in one pair of brackets around the whole text, or null. */
export const inBrackets = (text: string, opening = '[('): string | null =>
  opening.includes(text.charAt(0) || ' ') && behindBracket(blanked(text), 0) === text.length
    ? text.slice(1, -1).trim()
    : null;

/** Calls of these functions written anew, from the inside out; null leaves one as it is. */
export function withCalls(
  text: string,
  isMeant: (name: string) => boolean,
  write: (call: PythonCall) => string | null,
): string {
  let line = text;
  const begins = [...blanked(text).matchAll(/(?<![\w.])[A-Za-z_][\w.]*(?=\()/gu)].reverse();
  for (const { index, 0: path } of begins) {
    const end = isMeant(path.slice(path.lastIndexOf('.') + 1)) ? behindBracket(blanked(line), index + path.length) : -1;
    const call = end < 0 ? null : callOf(line.slice(index, end));
    const written = call && write(call);
    if (written !== null) line = line.slice(0, index) + written + line.slice(end);
  }
  return line;
}
