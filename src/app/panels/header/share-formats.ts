/** A link in the forms in which pages take it: Markdown, a frame. Every text of the experiment is escaped for where it goes. */

/** What stands before the # of a link to this page. */
export const pageAddress = (): string => `${window.location.origin}${window.location.pathname}`;

/** `[![title](picture)](link)`: brackets and line ends of the title would end it. */
export function markdownBadge(link: string, title: string): string {
  const text = title
    .replace(/\s+/g, ' ')
    .replace(/[\\[\]()<>`*_!]/g, '\\$&')
    .trim();
  const picture = new URL('badge.svg', link).href;
  return `[![${text === '' ? 'Open in Feasible' : `${text}: open in Feasible`}](${picture})](${link})`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or an attribute of HTML. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** An element for another page: the picture and the transport alone. */
export function frameSnippet(link: string, title: string): string {
  const address = new URL(link);
  address.searchParams.set('embed', '1');
  const name = title === '' ? 'Feasible' : title;
  return `<iframe src="${escapeHtml(address.href)}" title="${escapeHtml(name)}" width="720" height="480" style="border:0" loading="lazy"></iframe>`;
}
