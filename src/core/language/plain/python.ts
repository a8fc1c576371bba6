/** Habits of Python and of other programming languages → the language. */
import { ALIASES, isFunctionName } from '../functions.ts';
import { beforeBracket, behindBracket, enclosed } from './brackets.ts';
import { isWrittenElsewhere, writtenElsewhere } from './elsewhere.ts';

const MODULE =
  /(?<![\p{L}\p{N}_.])(?:np|numpy|torch|math|tf|jnp|jax|F|nn|scipy|cp|cvxpy)(?:\.(?:linalg|nn|functional|math|special|numpy))*\.(?=[\p{L}_])/gu;

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/={3}/gu, '='],
  [/(?<=\[\s*)\.{3}/gu, ':'],
  [/([<>])\s+=/gu, '$1='],
  [/:=/gu, '='],
  [/\[\s*~\s*([\p{L}_][\p{L}\p{N}_]*)\s*\]/gu, '[$1 == 0]'],
  [/(?<![\p{L}\p{N}_])(?:np\.)?all\(([^()]*[<>=][^()]*)\)/gu, '$1'],
  [/\s*(?:&&|&|(?<=\s)and(?=\s))\s*/gu, '; '],
  [/\bTrue\b/gu, '1'],
  [/\bFalse\b/gu, '0'],
  [/(?<=\d)_(?=\d)/gu, ''],
];

const known = (name: string): string | null => {
  const found = isFunctionName(name) ? name : ALIASES.get(name);
  return found ?? null;
};

/** `(w**2).sum(axis=0)` → `sum(w**2, axis=0)`, from the left. */
function methods(text: string): string {
  let line = text;
  for (let from = 0; ; ) {
    const match = /\.\s*([\p{L}_][\p{L}\p{N}_]*)\(/u.exec(line.slice(from));
    if (!match) return line;
    const dot = from + match.index;
    const open = dot + match[0].length - 1;
    const behind = behindBracket(line, open);
    const start = behind < 0 ? -1 : objectBefore(line, dot);
    const written =
      start < 0 ? null : asFunction(match[1] ?? '', line.slice(start, dot), line.slice(open + 1, behind - 1));
    if (written === null) from = open + 1;
    else {
      line = line.slice(0, start) + written + line.slice(behind);
      from = 0;
    }
  }
}

/** Where what stands before a dot begins: a name, a bracket, a call, with indices. */
function objectBefore(text: string, dot: number): number {
  let from = dot;
  while (from > 0 && /[)\]]/u.test(text.charAt(from - 1))) {
    from = beforeBracket(text, from);
    if (from < 0) return -1;
  }
  const name = /(?:[\p{L}_][\p{L}\p{N}_]*\.T|[\p{L}_][\p{L}\p{N}_]*|\.T)$/u.exec(text.slice(0, from))?.[0] ?? '';
  return name === '.T' || (from === dot && name === '') ? -1 : from - name.length;
}

function asFunction(name: string, object: string, args: string): string | null {
  const inner = /^\(.*\)$/su.test(object) && behindBracket(object, 0) === object.length ? object.slice(1, -1) : object;
  switch (name) {
    case 't':
    case 'transpose':
      return args.trim() === '' ? `${enclosed(inner)}.T` : null;
    case 'item':
    case 'detach':
    case 'copy':
    case 'clone':
      return object;
    case 'pow':
      return `(${enclosed(inner)}^${enclosed(args)})`;
    case 'square':
      return `(${enclosed(inner)}^2)`;
    case 'matmul':
    case 'mm':
    case 'mv':
      return `${enclosed(inner)} @ ${enclosed(args)}`;
    default: {
      const called = known(name);
      const options = args
        .replace(/\b(?:dim|axes)\s*=/u, 'axis=')
        .replace(/,?\s*keepdims?\s*=\s*\w+/u, '')
        .trim();
      return called && `${called}(${inner}${options === '' ? '' : `, ${options}`})`;
    }
  }
}

/** `a if c else b`, `c ? a : b`. */
const conditional = (text: string): string =>
  text
    .replace(
      /^(\s*(?:minimize|maximize|let\s+[\p{L}\p{N}_]+\s*=)\s*)(.+?)\s+if\s+(.+?)\s+else\s+(.+?)\s*$/u,
      '$1where($3, $2, $4)',
    )
    .replace(
      /^(\s*(?:minimize|maximize|let\s+[\p{L}\p{N}_]+\s*=)\s*)(.+?)\s*\?\s*(.+?)\s*:\s*(.+?)\s*$/u,
      '$1where($2, $3, $4)',
    );

/** Names that functions of one argument have elsewhere, where they are called. */
const renamed = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}_.])([\p{L}_][\p{L}\p{N}_]*)(?=\()/gu, (name) =>
    isFunctionName(name) ? name : (ALIASES.get(name) ?? name),
  );

/** `np.square(w)`, `matmul(A, w)`, from the inside out. */
function expressions(text: string): string {
  let line = text;
  const calls = [...text.matchAll(/(?<![\p{L}\p{N}_.])([\p{L}_][\p{L}\p{N}_]*)\(/gu)].reverse();
  for (const { index, 0: call, 1: name = '' } of calls) {
    if (!isWrittenElsewhere(name)) continue;
    const open = index + call.length - 1;
    const behind = behindBracket(line, open);
    if (behind < 0) continue;
    const args = argumentsOf(line.slice(open + 1, behind - 1)).map(enclosed);
    const written = writtenElsewhere(name, args);
    if (written === null) continue;
    const isPart = /[-*/@^]\s*$/u.test(line.slice(0, index)) || /^\s*[[.^*/@]/u.test(line.slice(behind));
    line = line.slice(0, index) + (isPart ? enclosed(written) : written) + line.slice(behind);
  }
  return line;
}

function argumentsOf(text: string): string[] {
  const args: string[] = [];
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    const behind = /[([]/u.test(text.charAt(i)) ? behindBracket(text, i) : -1;
    if (behind > 0) i = behind - 1;
    else if (i === text.length || text.charAt(i) === ',') {
      args.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return args;
}

/** Without brackets that close, and what is in them. */
function unbracketed(text: string): string {
  const rest = text.replace(/[([][^()[\]]*[)\]]/gu, '');
  return rest === text ? text : unbracketed(rest);
}

const COMPARISON = /^[^,<>=!≤≥]+(?:[<>=!]=?|[≤≥])[^,<>=!≤≥]+$/u;

/** `p[(a > 0) & (b > 0)]` and `(x > 0) * y`: a comparison that is counted with, inside an index or beside a product. */
function comparisons(text: string): string {
  let line = text;
  for (let open = line.length; open > 0; ) {
    open = line.lastIndexOf('(', open - 1);
    const behind = behindBracket(line, open);
    const [left, content, right] = [line.slice(0, open), line.slice(open + 1, behind - 1), line.slice(behind)];
    if (open < 0 || behind < 0 || /[\p{L}\p{N}_\])]$/u.test(left) || !COMPARISON.test(unbracketed(content))) continue;
    const isIndex = /\[[^([]*$/u.test(unbracketed(left));
    if (isIndex || /\*\s*$/u.test(left) || /^\s*\*/u.test(right))
      line = `${isIndex ? left.replace(/\s*&\s*$/u, ' * ') : left}where(${content.trim()}, 1, 0)${right}`;
  }
  return line;
}

export function plainPython(text: string): string {
  const counted = comparisons(conditional(text));
  const words = WORDS.reduce((line, [sign, insert]) => line.replace(sign, insert), counted);
  const line = methods(words.replace(MODULE, ''));
  return line === text ? text : renamed(expressions(line));
}
