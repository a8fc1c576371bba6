import { describe, expect, it } from 'vitest';
import { cellText, diverging, signsOf } from './entries-figure.ts';
import { colorRamp } from './entries-motion.ts';

/** Of each of the 256 colours (Rec. 709, of the coded values: monotone in what is seen). */
function lightness(theme: 'light' | 'dark'): number[] {
  const ramp = colorRamp(diverging(theme));
  return Array.from({ length: 256 }, (_, i) => {
    const [red = 0, green = 0, blue = 0] = ramp.slice(3 * i, 3 * i + 3);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
}

describe('a matrix without colours', () => {
  it.each(['light', 'dark'] as const)('shows a larger entry farther from the surface, theme %s', (theme) => {
    const way = theme === 'light' ? -1 : 1;
    const seen = lightness(theme).map((value) => way * value);
    for (let i = 129; i < 256; i++) expect(seen[i]).toBeGreaterThanOrEqual(seen[i - 1] as number);
    for (let i = 126; i >= 0; i--) expect(seen[i]).toBeGreaterThanOrEqual(seen[i + 1] as number);
  });

  it('has a sign on each entry below 0 that has a colour, beside what else is written there', () => {
    expect([-1, -0.02, -0.001, 0, 0.5].map((value) => cellText('', value, 1))).toEqual(['−', '−', '', '', '']);
    expect([cellText('2', -1, 1), cellText('2', 1, 1), cellText('×', 0, 1)]).toEqual(['2⁻', '2', '×']);
    expect([null, Number.NaN].map((value) => cellText('', value, 1))).toEqual(['', '']);
  });
});

describe('the key of a matrix', () => {
  it('says what each sign in the cells means, and of no others', () => {
    expect(signsOf(['', '', '']).map(({ sign }) => sign)).toEqual(['−']);
    expect(signsOf(['1', '×', '1', '']).map(({ sign }) => sign)).toEqual(['−', '×', '1']);
    expect(signsOf(Array.from({ length: 401 }, () => '1'))).toEqual([]); // too small for a sign
  });
});
