/** What a cell of the map of basins says of its start: the class it is in, its colour, and the words for it. */
import { at } from '../../core/diagnostic.ts';
import { shortNumber } from '../../core/number-text.ts';
import type { Theme } from './scene.ts';
import type { SwarmMap } from './swarm-map.ts';

/** Apart for readers who see few colours (after Okabe & Ito 2008), the first four in lightness as well. */
export const BASINS = ['#0072b2', '#e69f00', '#f0e442', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8c6d31'];
/** What else becomes of a start, in the order of the classes after the basins. */
const FURTHER = [
  { words: 'arrives elsewhere', light: '#94a3b8', dark: '#94a3b8' },
  { words: 'does not arrive', light: '#cbd5e1', dark: '#475569' },
  { words: 'diverges', light: '#7f1d1d', dark: '#fca5a5' },
  { words: 'becomes no number', light: '#1e293b', dark: '#f8fafc' },
] as const;

/** By class, what stands for it in the picture and in the legend: for readers who see no colours. */
export const MARKS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', '∗', '?', '∞', '×'] as const;

/** By class. */
export const colorsOf = (theme: Theme): readonly string[] => [...BASINS, ...FURTHER.map((one) => one[theme])];

const OTHER = BASINS.length;

/** 0 … 7 the basins, then other, undecided, diverged, not a number. */
export function classOf({ outcome, basin }: SwarmMap, k: number): number {
  const became = at(outcome, k);
  if (became === 1) return Math.min(at(basin, k), OTHER);
  return became === 0 ? OTHER + 1 : OTHER + became;
}

/** Below this · (1 + ‖x‖) an entry of an end is its rounding: some units in the last place of float32. */
const ROUNDING = 16 * 2 ** -24;

export function inWords({ optima }: SwarmMap, kind: number): string {
  if (kind >= OTHER) return FURTHER[kind - OTHER]?.words ?? '';
  const end = optima[kind] ?? [];
  const zero = ROUNDING * (1 + Math.hypot(...end));
  const point = end.slice(0, 4).map((entry) => shortNumber(Math.abs(entry) < zero ? 0 : entry));
  if (end.length === 1) return `arrives at ${point[0]}`;
  return `arrives at (${point.join(', ')}${end.length > 4 ? ', …' : ''})`;
}

export interface LegendEntry {
  readonly color: string;
  readonly mark: string;
  readonly words: string;
  /** Cells of that colour. */
  readonly count: number;
}

/** What the colours of the basin map say, of those that are on it. */
export function mapLegend(map: SwarmMap): LegendEntry[] {
  const counts = new Map<number, number>();
  for (let k = 0; k < map.done; k++) counts.set(classOf(map, k), (counts.get(classOf(map, k)) ?? 0) + 1);
  const colors = colorsOf(map.theme);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([kind, count]) => ({ color: at(colors, kind), mark: MARKS[kind] ?? '', words: inWords(map, kind), count }));
}
