/** How the page is embedded: `?embed=1&hide=transport&autoplay=0&theme=dark&origin=https://example.org`. */

export interface EmbedOptions {
  /** Parts that are not shown. */
  readonly hide: ReadonlySet<'transport' | 'title'>;
  /** Whether the first picture begins to move by itself. */
  readonly autoplay: boolean;
  readonly theme: 'light' | 'dark' | 'auto';
  /** The only origin whose messages are heard; null: that of the embedding page, whichever it is. */
  readonly origin: string | null;
}

const PARTS = ['transport', 'title'] as const;

/** Null where the page is not embedded. What is not known is left out. */
export function embedOptions(search: string): EmbedOptions | null {
  const given = new URLSearchParams(search);
  const embed = given.get('embed');
  if (embed === null || embed === '0') return null;
  const hidden = (given.get('hide') ?? '').split(',');
  const theme = given.get('theme');
  return {
    hide: new Set(PARTS.filter((part) => hidden.includes(part))),
    autoplay: given.get('autoplay') !== '0',
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    origin: originOf(given.get('origin')),
  };
}

/** Scheme and host of an address; a text that is none matches no page. */
function originOf(text: string | null): string | null {
  if (text === null || text === '') return null;
  try {
    return new URL(text).origin;
  } catch {
    return text;
  }
}
