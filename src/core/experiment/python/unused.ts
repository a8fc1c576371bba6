/** Names that a written function gives and does not read: its lines leave them out. */

const NAME = '[\\p{ID_Start}_][\\p{ID_Continue}]*';
const ASSIGNED = new RegExp(`^( +)(${NAME}) = `, 'u');
/** What a loop of JAX carries, unpacked in its turns and behind it. */
const UNPACKED = new RegExp(`^( +)((?:${NAME}, )+${NAME}) = (carried$|jax\\.lax\\.)`, 'u');

const reads = (line: string, name: string): boolean =>
  new RegExp(`(?<![.\\p{ID_Continue}])${name}(?!\\p{ID_Continue})`, 'u').test(line);

const depthOf = (line: string): number => line.length - line.trimStart().length;

/** The lines behind line i of its own block and of deeper ones. */
function behind(lines: readonly string[], i: number): readonly string[] {
  const depth = depthOf(lines[i] ?? '');
  const end = lines.findIndex((line, k) => k > i && line !== '' && depthOf(line) < depth);
  return lines.slice(i + 1, end < 0 ? undefined : end);
}

/** Lines of a body in which each name is assigned once, or carried by a loop. */
export function withoutUnused(lines: readonly string[]): string[] {
  const kept = lines.filter((line, i) => {
    const name = ASSIGNED.exec(line)?.[2];
    return name === undefined || lines.some((other, k) => k !== i && reads(other, name));
  });
  if (kept.length < lines.length) return withoutUnused(kept); // what they were computed from may be read no more
  return kept.map((line, i) => {
    const [, , names] = UNPACKED.exec(line) ?? [];
    if (names === undefined) return line;
    const scope = behind(kept, i);
    const targets = names.split(', ').map((name) => (scope.some((other) => reads(other, name)) ? name : '_'));
    return line.replace(names, targets.join(', '));
  });
}
