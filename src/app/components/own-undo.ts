/** Which elements take back by themselves what was typed into them; everywhere else Ctrl+Z is the page's. */

const TEXTS: ReadonlySet<string> = new Set(['text', 'search', 'url', 'email', 'number', 'password']);

/** For an input in which nothing was typed since its value came from the page. */
export const UNDONE_BY_PAGE = { 'data-undo': 'page' } as const;

/** Text that is being edited; but no choice, switch or slider, which are inputs, too. */
export function undoesItself(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return !target.readOnly;
  if (!(target instanceof HTMLInputElement)) return false;
  return TEXTS.has(target.type) && !target.readOnly && target.getAttribute('data-undo') === null;
}
