/** A name that every file system takes: letters, digits and hyphens, at most 60 of them. */
export const plainFileName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 60) || 'feasible';
