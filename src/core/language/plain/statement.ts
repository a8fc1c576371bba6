/** How a statement begins: the keyword that was probably meant by the first word of a line, or that is missing there. */
import { CONSTANTS, isFunctionName, RUN_NAMES } from '../functions.ts';
import { nearest } from '../nearest.ts';
import { isKeyword } from '../scan.ts';
import type { Known } from './shapes.ts';

/** How statements begin elsewhere. */
const BEGINNINGS: ReadonlyMap<string, string> = new Map([
  ...['var', 'vars', 'variable', 'variables', 'params', 'parameter', 'parameters'].map(
    (word) => [word, 'param'] as const,
  ),
  ['const', 'let'],
  ['def', 'let'],
  ['min', 'minimize'],
  ['minimum', 'minimize'],
  ['loss', 'minimize'],
  ['max', 'maximize'],
  ['maximum', 'maximize'],
  ['constraint', 'subject'],
  ['constraints', 'subject'],
]);

const KEYWORDS = ['param', 'let', 'data', 'minimize', 'maximize', 'subject'];

/** A line as it was probably meant, and what is to be known about it. */
export interface Meant {
  readonly line: string;
  readonly message: string;
  /** What it may mean as well. */
  readonly other?: string;
}

/** `parm w[2]`, `subjet to x = 1`, `minimize: x^2`; null where the first word is that of a statement, or like none. */
export function withKeyword(line: string): Meant | null {
  const [, indent = '', word = '', rest = ''] = /^(\s*)(\p{L}+)(?:\s*:)?((?:\s.*)?)$/su.exec(line) ?? [];
  const folded = word.toLowerCase();
  const meant = BEGINNINGS.get(folded) ?? nearest(folded, KEYWORDS);
  if (!meant || (rest.trim() === '' && meant !== 'subject')) return null;
  const keyword = meant === 'subject' ? 'subject to' : meant;
  const begun = `${indent}${keyword}${meant === 'subject' ? rest.replace(/^\s+to\b:?/iu, '') : rest}`;
  if (begun === line || (isKeyword(word) && begun.length >= line.length && meant !== 'subject')) return null;
  return {
    line: begun,
    message: `A statement begins with param, let, data, minimize, maximize or subject to. Did you mean ${keyword}?`,
  };
}

/** What a paper calls a weight, a rate or a limit: a scalar of such a name is given, not learned. */
const SETTING = /^(?:lambda|lam|alpha|beta|gamma|delta|epsilon|eps|eta|rho|tau|lr|[λαβγδεηρτ])(?:_?\w{1,3})?$/u;
export const isSetting = (name: string): boolean => SETTING.test(name);
const GIVEN = /^[-−]?[\d.]+(?:e[-+]?\d+)?$|^\[|^(?:zeros|ones|eye)\(/u;

/**
 * `w = zeros(3)` before anything is minimized: a start, a table, or a name for what is computed; none where it is no name with a value.
 * `typed` is the line before it was written plainly: an array of NumPy is given more often than learned. Numbers in `text` are given, too,
 * where the loss holds another name that nothing declares: that one is learned.
 */
export function withDeclaration(typed: string, line: string, text: string): Meant[] {
  const each = line.split(/;\s*/u).filter((part) => part.trim() !== '');
  if (each.length > 1) {
    const all = each.map((part) => withDeclaration(part, part, text)[0]);
    const [first] = all;
    return first && all.every((meant) => meant !== undefined)
      ? [{ line: all.map((meant) => meant?.line).join('\n'), message: first.message }]
      : [];
  }
  const [, indent = '', named = '', value = ''] =
    /^(\s*)([\p{L}_][\p{L}\p{N}_]*(?:\[[\d, ]*\])?\s*(?:=(?!=)|~)\s*)(\S.*)$/su.exec(line) ?? [];
  if (named === '') return [];
  const isGiven =
    value.startsWith('[[') || (value.startsWith('[') && (/=\s*[\p{L}.]+\(/u.test(typed) || hasUndeclared(text)));
  const isRate = isSetting(named.replace(/\s*=\s*$/u, '').trim()) && /^[-−\d.]/u.test(value);
  const isNumber = !isGiven && !isRate && /^[-−]?[\d.]+(?:e[-+]?\d+)?$/u.test(value) && hasUndeclared(text);
  const word = isGiven
    ? 'data'
    : isRate || isNumber
      ? 'let'
      : named.includes('~') || GIVEN.test(value)
        ? 'param'
        : 'let';
  const written = (as: string) => `${indent}${as} ${named}${value}`;
  return [
    {
      line: written(word),
      message: 'What is learned is declared with param, what is given with data, and what is computed with let.',
      ...((isRate || isNumber) && { other: written('param') }),
      ...(value.startsWith('[') && { other: written(isGiven ? 'param' : 'data') }),
    },
  ];
}

const LOSS =
  /^\s*\\?(?:min|max)\p{L}*(?:_\{[^{}]*\}|_[\p{L}\p{N}]+)?[ \t:]+([^\n\r#]*?)(?:\s(?:st|where|subject|s\.\s*t\.|such)\s|[#\n\r]|$)/mu;
const NAMES = /(?<![\\\p{L}\p{N}_.])\p{L}[\p{L}\p{N}]*(?![\p{L}\p{N}]|\()/gu;
/** Indices, the transpose, and how modules are called. */
const NO_NAMES = new Set(['i', 'j', 'k', 'T', 'for', 'in', 'np', 'torch', ...CONSTANTS.keys(), ...RUN_NAMES.keys()]);

/** Whether the loss holds a name, but for those that are `known`, that no line before it declares or gives a value. */
function hasUndeclared(text: string, known: ReadonlySet<string> = new Set()): boolean {
  const found = LOSS.exec(text);
  if (!found) return false;
  const declared = new Set(
    [...text.slice(0, found.index).matchAll(/^[^=~#\n\r]*/gmu)].flatMap(([begin]) => begin.match(NAMES) ?? []),
  );
  const names = (found[1] ?? '').replaceAll(/_\{[^{}]*\}|_[\p{L}\p{N}]+/gu, '').match(NAMES) ?? [];
  return names.some((name) => ![declared, known, NO_NAMES].some((set) => set.has(name)) && !isFunctionName(name));
}

const OBJECTIVE_WORD = /^(\s*)\\?(min|max)(?:imi[sz]e|imum)?(?:_\{[^{}]*\}|_[\p{L}\p{N}]+)?(?![\p{L}\p{N}_])\s*:?/iu;
/** `(y)` and `(x, y)`, what an objective is minimized over, where a value follows that nothing multiplies it with. */
const OVER = /^\(\s*[\p{L}_][\p{L}\p{N}_]*(?:\s*,\s*[\p{L}_][\p{L}\p{N}_]*)*\s*\)\s+(?=[\p{L}\p{N}(‖√])/u;
const SUCH_THAT =
  /\s*(?<![\p{L}\p{N}_])(?:subject\s+to|such\s+that|s\.\s*t\.|st|where|with|under|given)(?![\p{L}\p{N}_]):?\s*/giu;
const HOLDS = /[<>=≤≥≠∈]|\\(?:le|ge|in)|(?<![\p{L}\p{N}_])in(?![\p{L}\p{N}_])/u;

/** The parts between commas and semicolons that stand in no brackets. */
function parts(text: string): string[] {
  const found = [''];
  let depth = 0;
  for (const sign of text) {
    depth += '([{'.includes(sign) ? 1 : ')]}'.includes(sign) ? -1 : 0;
    if (depth === 0 && (sign === ',' || sign === ';')) found.push('');
    else found.push(`${found.pop() ?? ''}${sign}`);
  }
  return found.map((part) => part.trim()).filter((part) => part !== '');
}

const AFTER =
  /^(\s*)(?:where|with|such\s+that|provided(?:\s+that)?|given(?:\s+that)?|under)(?![\p{L}\p{N}_]):?\s+(?=\S)/iu;
const VALUE_GIVEN = /^([\p{L}_][\p{L}\p{N}_]*)\s*=\s*(?:[-−]?\s*[\d.]+(?:e[-+]?\d+)?|(\[[\d\s.,eE+\-−[\]]+\]))$/iu;

/**
 * `where x >= 0` on a line of its own is what must hold; `with a = 2 and b = [3, 4]` is given, where something else is learned and
 * nothing declares these names. Null for any other line.
 */
export function saidAfter(
  line: string,
  text: string,
  { stated, isClosed }: Pick<Known, 'stated' | 'isClosed'>,
): Meant | null {
  const [code = ''] = line.split('#', 1);
  const [begun, indent = ''] = AFTER.exec(code) ?? [];
  if (begun === undefined) return null;
  const said = parts(code.slice(begun.length).replaceAll(/\s+and\s+/gu, ', '));
  if (said.length === 0 || !said.every((part) => HOLDS.test(part))) return null;
  const given = said.map((part) => VALUE_GIVEN.exec(part));
  const names = new Set(given.map((found) => found?.[1]).filter((name) => name !== undefined));
  const asRows = said.map((part) => `${indent}subject to ${part}`).join('\n');
  const comment = line.slice(code.length);
  const end = comment === '' ? '' : ` ${comment}`;
  const isGiven =
    !given.includes(null) && ![...names].some((name) => stated.has(name)) && (isClosed || hasUndeclared(text, names));
  return isGiven
    ? {
        line: `${said.map((part, i) => `${indent}${given[i]?.[2] === undefined ? 'let' : 'data'} ${part}`).join('\n')}${end}`,
        message:
          'Numbers that are given stand after let, lists of them after data. What must hold stands after subject to.',
        other: asRows,
      }
    : { line: `${asRows}${end}`, message: 'Constraints follow the words subject to.' };
}

/** `min (x-1)^2, x + y = 1` and `max(y) x*y`: a whole problem in one line, each statement of it in a line of its own; null for any other. */
export function onLinesOfTheirOwn(line: string): Meant | null {
  const [code = ''] = line.split('#', 1);
  const [begun, indent = '', word = ''] = OBJECTIVE_WORD.exec(code) ?? [];
  if (begun === undefined) return null;
  const stood = code.slice(begun.length);
  const isOver = OVER.test(stood);
  const [objective = '', ...constraints] = parts(stood.replace(OVER, '').replace(SUCH_THAT, ', '));
  if (objective === '' || HOLDS.test(objective) || !constraints.every((part) => HOLDS.test(part))) return null;
  if (constraints.length === 0 && !isOver) return null;
  const stated = `${indent}${word.toLowerCase()}imize ${objective}`;
  const rows = constraints.map((part) => `${indent}  ${part}`);
  const comment = line.slice(code.length);
  const end = comment === '' ? '' : ` ${comment}`;
  return {
    line: `${[stated, ...(rows.length > 0 ? [`${indent}subject to`, ...rows] : [])].join('\n')}${end}`,
    message:
      rows.length > 0
        ? 'The objective is one value. What must hold stands after subject to, best on lines of its own.'
        : `The objective stands after ${word.toLowerCase()}imize, and all parameters are moved for it: over which need not be said.`,
  };
}
