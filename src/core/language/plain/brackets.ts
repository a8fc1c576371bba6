/** Where a bracket closes, and what a product or a term holds, in a line that need not be of the language yet. */

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const CLOSERS = new Set(CLOSING.values());

/** The offset behind the bracket that closes the one at `from`, or −1. */
export function behindBracket(text: string, from: number): number {
  const open: string[] = [];
  for (let i = from; i < text.length; i++) {
    const sign = text.charAt(i);
    const closing = CLOSING.get(sign);
    if (closing) open.push(closing);
    else if (CLOSERS.has(sign) && open.pop() !== sign) return -1;
    if (open.length === 0) return i + 1;
  }
  return -1;
}

/** The offset of the bracket that is closed at `to` − 1, or −1. */
export function beforeBracket(text: string, to: number): number {
  for (let from = to - 1; from >= 0; from--)
    if (CLOSING.has(text.charAt(from)) && behindBracket(text, from) === to) return from;
  return -1;
}

const ATOM = /(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|[\p{L}_][\p{L}\p{N}\p{M}_]*)/uy;

/** The offset behind a number, a name or a bracket with all that hangs on it: indices, calls, `.T`, powers. */
export function behindAtom(text: string, from: number): number {
  let end = from;
  if (/[([{]/u.test(text.charAt(from))) end = behindBracket(text, from);
  else {
    ATOM.lastIndex = from;
    end = ATOM.exec(text) ? ATOM.lastIndex : -1;
  }
  while (end > 0 && end < text.length) {
    if (text.startsWith('.T', end)) end += 2;
    else if (/[([]/u.test(text.charAt(end))) {
      const behind = behindBracket(text, end);
      if (behind < 0) return end;
      end = behind;
    } else if (/[\^]/u.test(text.charAt(end))) {
      const exponent = behindAtom(text, end + (text.charAt(end + 1) === '-' ? 2 : 1));
      return exponent < 0 ? end : exponent;
    } else return end;
  }
  return end;
}

/** The offset behind a term: up to a sign such as + or =, a comma, or the end of the bracket. */
export function behindTerm(text: string, from: number): number {
  let i = from;
  while (i < text.length) {
    const sign = text.charAt(i);
    if (/[([{]/u.test(sign)) {
      const behind = behindBracket(text, i);
      if (behind < 0) return i;
      i = behind;
    } else if (/[-+=<>≤≥,;:#)\]}\n\r−]/u.test(sign) || /^\s(?:in|for|subject|st|s\.t\.?)\s/u.test(text.slice(i)))
      return i;
    else i++;
  }
  return i;
}

/** In round brackets, unless it is one number, name or bracket. */
export function enclosed(text: string): string {
  const inner = text.trim();
  return behindAtom(inner, 0) === inner.length && !/\^/u.test(inner) ? inner : `(${inner})`;
}
