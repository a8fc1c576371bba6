/** The one door for the reader's text into Plotly, which reads labels as a subset of HTML and hover texts as templates. */

const LIMIT = 80;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters and direction overrides are what it removes
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

/** Text that shows as it was typed: no markup, no placeholders, no control characters, at most 80 characters. Escaping comes after the cut. */
export function plain(text: string): string {
  const characters = [...text.replace(CONTROL, ' ')];
  const cut = characters.length > LIMIT ? `${characters.slice(0, LIMIT - 1).join('')}…` : characters.join('');
  return cut.replace(/[&<>]/gu, (character) => entities[character] ?? '').replaceAll('%{', '%&#123;');
}
