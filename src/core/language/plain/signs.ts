/** Signs as they are typed on paper, and what stands for each of them here. */

const FRACTIONS = '½1/2 ⅓1/3 ⅔2/3 ¼1/4 ¾3/4 ⅕1/5 ⅙1/6 ⅛1/8'.split(' ');

const SIGNS: ReadonlyMap<string, string> = new Map([
  ...[...'⩽≦≼⪯≲'].map((sign) => [sign, '<='] as const),
  ...[...'⩾≧≽⪰≳'].map((sign) => [sign, '>='] as const),
  ...[...'≡≔'].map((sign) => [sign, '='] as const),
  ...[...'–—‒―⁻'].map((sign) => [sign, '-'] as const),
  ...[...'∗•∙∘⊙⨀⨯'].map((sign) => [sign, '*'] as const),
  ...[...'÷∕⁄'].map((sign) => [sign, '/'] as const),
  ...[...'“”„"`´'].map((sign) => [sign, ''] as const),
  ...FRACTIONS.map((entry) => [entry.slice(0, 1), `(${entry.slice(1)})`] as const),
  ['∞', ' inf '],
  ['∈', ' in '],
  ['∧', ';'],
  ['𝟏', '1'],
]);

/** Letters and signs of full width are those of ASCII, 0xfee0 further on. */
const narrow = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replaceAll('、', ',');

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ';
const LEVEL = '0123456789+-n';

const level = (sign: string): string => LEVEL[RAISED.indexOf(sign)] ?? sign;

/** `x²`, `x⁻¹`, `Aᵀ`, `A⊤`, `A'`. */
const powers = (text: string): string =>
  text
    .replace(/[ᵀ⊤ᵗ']/gu, '.T')
    .replace(/(?<![\p{L}\p{N}_.)])(1|𝟏)\^T(?![\p{L}\p{N}_])/gu, '$1.T')
    .replace(/(?<=[\p{L})\]]|[\p{L}_][\p{L}\p{N}_]*)\^T(?![\p{L}\p{N}_(*/])/gu, '.T')
    .replace(/(?<![\p{L}\p{N}_.)])(?:1|𝟏)\.T\s*@?\s*(\p{Lu}[\p{L}\p{N}_]*)/gu, 'sum($1, axis=0)') // a matrix, by its name
    .replace(/(?<![\p{L}\p{N}_.)])(?:1|𝟏)\.T\s*@?\s*([\p{L}_][\p{L}\p{N}_]*)/gu, 'sum($1)')
    .replace(/\^\s*\{?\s*(?:\\top|\\intercal|⊺)\s*\}?/gu, '.T')
    .replace(/(?<=(?<![\p{L}\p{N}_])[\d.]+[eE])[−–⁻](?=\d)/gu, '-') // 1e−3
    .replace(new RegExp(`[${RAISED}]+`, 'gu'), (raised) => {
      const exponent = [...raised].map(level).join('');
      return /^(?:\d+|n)$/u.test(exponent) ? `^${exponent}` : `^(${exponent})`;
    });

/** Nonnegative on paper; of a matrix, whose name is a capital, positive semidefinite. */
const order = (text: string): string =>
  text.replace(/(^|[\s:;])(\p{Lu})\s*(?:⪰|≽|>>)\s*0(?=\s*(?:$|[;,]))/gmu, '$1$2 in psd');

export const plainSigns = (text: string): string =>
  [...powers(order(narrow(text)))].map((sign) => SIGNS.get(sign) ?? sign).join('');
