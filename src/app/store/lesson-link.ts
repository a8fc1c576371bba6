/** The address of a step of a lesson: `#lesson=<id>.<step>`, the first step being 1. */

const HASH = /^#lesson=([a-z0-9-]{1,60})(?:\.(\d{1,2}))?$/;

export const lessonLink = (href: string, id: string, position: number): string =>
  `${href.replace(/#.*$/s, '')}#lesson=${id}.${position + 1}`;

/** The lesson and the position of its step that a hash names, or null. */
export function readLessonHash(hash: string): { readonly id: string; readonly position: number } | null {
  const found = HASH.exec(hash);
  return found?.[1] ? { id: found[1], position: Math.max(0, Number(found[2] ?? 1) - 1) } : null;
}
