/**
 * Two starts that one invocation carries side by side. Each line of a short step waits for the one before; those of another start,
 * between them, wait for neither, so that a processor has something to do meanwhile.
 */

/** What there is one of, whichever start asks: numbers from the host, the step, and its row of the schedule. */
const SHARED = /^(?:[kq]\d|row$|t$)/;
const DEFINED = /\b(?:let|var) (\w+)/g;

/** Writes lines for each start that an invocation carries. */
export interface Team {
  readonly size: number;
  /** The lines, and the same for the other start, under names of its own. */
  lines(lines: readonly string[]): string[];
  /** Names, or what is said with them, likewise; of what `lines` has seen defined. */
  names(names: readonly string[]): string[];
}

export const ALONE: Team = { size: 1, lines: (lines) => [...lines], names: (names) => [...names] };

/** The names that the invocation begins with are each start's own. */
export function pair(): Team {
  const own = new Set(['start', 'flag']);
  const ofOther = (text: string) => text.replace(/\b[a-z]\w*\b/g, (name) => (own.has(name) ? `${name}b` : name));
  const definedBy = (line: string) => [...line.matchAll(DEFINED)].flatMap(([, name]) => name ?? []);
  return {
    size: 2,
    lines(lines) {
      for (const name of lines.flatMap(definedBy)) if (!SHARED.test(name)) own.add(name);
      const isOwn = (line: string) => !definedBy(line).some((name) => SHARED.test(name));
      return [...lines, ...lines.filter(isOwn).map(ofOther)];
    },
    names: (names) => [...names, ...names.map(ofOther)],
  };
}
