/** Lists of numbers as text: `[1, 2]`, `[[1, 0], [0, 1]]`, or numbers with commas. */

/** The list, undefined for an empty text, and the text itself where it is no list: it is kept, and refused with a reason. */
export function parseArray(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(trimmed.startsWith('[') ? trimmed : `[${trimmed}]`);
    return isNumbers(parsed) || (Array.isArray(parsed) && parsed.every(isNumbers)) ? parsed : trimmed;
  } catch {
    return trimmed;
  }
}

const isNumbers = (list: unknown): boolean => Array.isArray(list) && list.every((entry) => typeof entry === 'number');
