/** The address of a step of a lesson: `#lesson=<id>.<step>`, the first step being 1; what the reader made of it stands behind: `&e=…`. */

const HASH = /^#lesson=([a-z0-9-]{1,60})(?:\.(\d{1,2}))?(?:&(e=.+))?$/;

export const lessonLink = (href: string, id: string, position: number): string =>
  `${href.replace(/#.*$/s, '')}${lessonHash(id, position)}`;

/** `link` is that of the experiment that the reader made of the step, if any. */
export const lessonHash = (id: string, position: number, link: string | null = null): string =>
  `#lesson=${id}.${position + 1}${link === null ? '' : link.replace('#', '&')}`;

export interface NamedStep {
  readonly id: string;
  readonly position: number;
  readonly link: string | null;
}

/** The lesson and the position of its step that a hash names, or null. */
export function readLessonHash(hash: string): NamedStep | null {
  const found = HASH.exec(hash);
  if (!found?.[1]) return null;
  const link = found[3] === undefined ? null : `#${found[3]}`;
  return { id: found[1], position: Math.max(0, Number(found[2] ?? 1) - 1), link };
}
