/** Names beside the ends of curves, where a run has several: the dash alone tells them apart, and needs a key. */
import type { Annotation, LayoutAxis } from 'plotly.js';
import { readable } from './drawable.ts';
import { lookOf } from './look.ts';
import { plain } from './plain.ts';
import type { Theme } from './scene.ts';

export interface EndingCurve {
  readonly name?: string;
  readonly values: Float64Array;
}

export interface CurveLabels {
  readonly annotations: readonly Partial<Annotation>[];
  /** Pixels right of the curves that the longest takes. */
  readonly room: number;
}

/** Ends that are nearer to each other than this share of the axis have one label: two would lie on each other in a low chart, of 75 pixels. */
const NEAR = 0.16;
const LONGEST = 16;
/** Pixels: of a letter of this size, and between a curve and its label. */
const [LETTER, SIZE, GAP] = [5.6, 10, 6] as const;

/** Each name once, at the end of the first curve that has it; none where no curve has a name. Values up to `floor` stand there. */
export function curveLabels(
  curves: readonly EndingCurve[],
  { type, range }: Partial<LayoutAxis>,
  floor: number | null,
  theme: Theme,
): CurveLabels {
  const [from, to] = [Number(range?.[0]), Number(range?.[1])];
  const heightOf = (value: number) => (type === 'log' ? Math.log10(Math.max(value, floor ?? 0)) : value);
  const ends = new Map<string, number>();
  for (const { name, values } of curves) {
    const last = readable(values.at(-1));
    if (name === undefined || last === null || ends.has(name)) continue;
    const height = heightOf(last);
    if (height >= from && height <= to) ends.set(name, height);
  }
  if (ends.size < 2) return { annotations: [], room: 0 };
  const short = withoutCommon([...ends.keys()]);
  const sorted = [...ends].sort(([, a], [, b]) => b - a);
  const groups: { height: number; names: string[] }[] = [];
  for (const [name, height] of sorted) {
    const above = groups.at(-1);
    if (above && above.height - height < NEAR * (to - from)) above.names.push(short(name));
    else groups.push({ height, names: [short(name)] });
  }
  const texts = groups.map(({ names }) => cut(together(names)));
  const annotations = groups.map(({ height }, i) => ({
    text: plain(texts[i] ?? ''),
    xref: 'paper' as const,
    x: 1,
    xanchor: 'left' as const,
    xshift: GAP,
    y: height,
    yanchor: 'middle' as const,
    showarrow: false,
    font: { size: SIZE, color: lookOf(theme).muted },
  }));
  return { annotations, room: GAP + LETTER * Math.max(...texts.map((text) => text.length)) };
}

/** `w in simplex, row 2` among others of it → `row 2`. */
function withoutCommon(names: readonly string[]): (name: string) => string {
  const headOf = (name: string) => name.slice(0, name.lastIndexOf(', ') + 1);
  const heads = new Set(names.map(headOf));
  return (name) => (heads.size === 1 ? name.slice(headOf(name).length).trim() : name);
}

/** `row 2` and `row 4` → `row 2, 4`, in order. */
function together(names: readonly string[]): string {
  const numbers = names.map((name) => /^row (\d+)$/u.exec(name)?.[1]);
  if (numbers.every((number) => number !== undefined))
    return `row ${numbers.toSorted((a, b) => Number(a) - Number(b)).join(', ')}`;
  return names.join(', ');
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
