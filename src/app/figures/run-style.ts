/** How the i-th run looks: colour, dash and marker, so that no two are told apart by colour alone. */
import type { Dash, MarkerSymbol, RunView, Theme } from './scene.ts';

/**
 * Adjacent hues stay apart for the common kinds of colour blindness (after Okabe & Ito 2008), moved in lightness until
 * each has a contrast of at least 3:1 against the surface of its theme.
 */
const colors: Readonly<Record<Theme, readonly string[]>> = {
  light: ['#c2410c', '#0f766e', '#7c3aed', '#be185d', '#475569', '#a16207', '#15803d', '#0369a1'],
  dark: ['#fb923c', '#2dd4bf', '#a78bfa', '#f472b6', '#cbd5e1', '#facc15', '#4ade80', '#38bdf8'],
};
const dashes: readonly Dash[] = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'];
const symbols: readonly MarkerSymbol[] = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x'];

const cycle = <T>(list: readonly T[], index: number, otherwise: T): T => list[index % list.length] ?? otherwise;

export const runStyle = (index: number, theme: Theme): Pick<RunView, 'color' | 'dash' | 'symbol'> => ({
  color: cycle(colors[theme], index, '#475569'),
  dash: cycle(dashes, index, 'solid'),
  symbol: cycle(symbols, index, 'circle'),
});
