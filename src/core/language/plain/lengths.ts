/** Lengths, absolute values and inner products as on paper. */

const ORDERS = '(?:_\\{?([12]|inf|∞|\\\\infty|F|\\(\\s*inf\\s*\\))\\}?)?';

/** `λ|x|` is a product, and no function λabs. */
const apart = (before: string): string => (/[\p{L}\p{N}_)]/u.test(before) ? `${before} ` : before);

/** `‖a‖₂²`, `||a||_1`, `|a|`, `⟨a, b⟩`. */
export const lengths = (text: string): string =>
  text
    .replaceAll('||', '‖')
    .replace(/(?<=‖)₁/gu, '_1')
    .replace(/(?<=‖)₂/gu, '_2')
    .replace(/(?<=‖)∞/gu, '_inf')
    .replace(/‖([\p{L}\p{N}_]+)‖(?:₀|_\{?0\}?)\s*(?:<=|≤|⩽)\s*([\p{L}\p{N}_]+)/gu, '$1 in sparse($2)')
    .replace(new RegExp(`(.?)‖([^‖]+)‖${ORDERS}`, 'gu'), (_, before: string, inner: string, order?: string) => {
      const kind = order === '1' ? ', 1' : order && /inf|∞/u.test(order) ? ', inf' : '';
      const factors = inner.replace(/(?<![\p{L}\p{N}_])(\p{Lu})(\p{Ll})(?![\p{L}\p{N}_(])/gu, '$1 $2'); // ‖Ax − b‖
      return `${apart(before)}norm(${factors.trim()}${kind})`;
    })
    .replace(/(.?)\|([^|]+)\|/gu, (_, before: string, inner: string) => `${apart(before)}abs(${inner.trim()})`)
    .replace(/(^|[=+\-*(]\s*|^\s+|(?:minimize|maximize|subject to)\s+)<([^<>,=]+),([^<>,=]+)>/gu, '$1⟨$2,$3⟩')
    .replace(/⟨([^⟨⟩,]+),([^⟨⟩,]+)⟩/gu, (_, a: string, b: string) => `dot(${a.trim()}, ${b.trim()})`);
