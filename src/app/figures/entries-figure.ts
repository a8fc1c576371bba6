/** All entries of the iterate at one step: as profiles side by side, or a matrix parameter as a heat map with its ties. */
import type { Data } from 'plotly.js';
import { at } from '../../core/diagnostic.ts';
import { depthsInView } from './coincidence.ts';
import { drawable } from './drawable.ts';
import type { Figure, Range } from './figure.ts';
import { baseLayout, lookOf, quietAxis } from './look.ts';
import { plain } from './plain.ts';
import type { RunView, Scene, Theme } from './scene.ts';

/** A parameter of rank 2: where its entries stand in the flat iterate. */
export interface MatrixParameter {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly offset: number;
  /** For each entry what is written on it: the number of its tie, × where it is kept at 0; row-major. */
  readonly marks: readonly string[];
}

/** More entries are no longer told apart: evenly chosen ones are drawn. */
export const MOST_PROFILE_ENTRIES = 400;

/** The entries of a run at a count of the clock. */
export const entriesAt = ({ steps, iterates, pace = 1 }: RunView, size: number, step: number): Float64Array => {
  const record = Math.max(
    0,
    steps.findLastIndex((recorded) => recorded * pace <= step),
  );
  return iterates.subarray(record * size, (record + 1) * size);
};

/** How the marks of so many entries beside each other are drawn, in pixels. */
export interface ProfileMarks {
  /** Of a run; 0 where marks would touch, and the line says it. */
  readonly size: number;
  /** By so much larger for each later run that has the same value: all are seen around each other. */
  readonly ring: number;
  readonly optimum: number;
}

export function profileMarks(count: number): ProfileMarks {
  if (count <= 24) return { size: 6, ring: 5, optimum: 17 };
  return count <= 60 ? { size: 4, ring: 2, optimum: 9 } : { size: 0, ring: 0, optimum: 5 };
}

/** Names beside each other: of more entries, those at round distances. */
const MOST_NAMES = 16;
const DISTANCES = [2, 5, 10, 20, 50];

/** A phone has room for about so many letters, with a space after each name; more are written aslant. */
const LETTERS_ACROSS = 44;

/** Parallel coordinates: one vertical axis an entry, a line for each run at a step, and the optimum; null: without the runs. */
export function parallelFigure(scene: Scene, step: number | null): Figure {
  const { size, theme, parameterNames, optimum } = scene;
  const look = lookOf(theme);
  const stride = Math.max(1, Math.ceil(size / MOST_PROFILE_ENTRIES));
  const entries = Array.from({ length: Math.ceil(size / stride) }, (_, i) => i * stride);
  const names = entries.map((entry) => plain(parameterNames[entry] ?? ''));
  const profile = (x: ArrayLike<number>) => ({
    x: entries.map((_, i) => i),
    y: entries.map((entry) => drawable(x[entry])),
    customdata: names,
    hovertemplate: '%{customdata} = %{y:.6~g}',
  });
  const count = entries.length;
  const distance = count <= MOST_NAMES ? 1 : (DISTANCES.find((each) => count / each <= MOST_NAMES / 2) ?? 50);
  const ticks = entries.map((_, i) => i).filter((i) => i % distance === 0);
  const isAslant = ticks.reduce((sum, i) => sum + (names[i] ?? '').length + 1, 0) > LETTERS_ACROSS;
  const extent = extentOf(scene);
  const marks = profileMarks(count);
  const runs = scene.runs.filter((run) => step !== null && run.visible && run.steps.length > 0);
  const profiles = runs.map((run) => profile(entriesAt(run, size, step ?? 0)));
  const over = depthsInView(
    profiles.map(({ x, y }) => x.map((place) => [place, y[place] ?? null] as const)),
    [[0, count], extent ?? [0, 1]],
  );
  return {
    data: [
      {
        ...profile(scene.start),
        type: 'scatter',
        mode: 'lines',
        name: 'start',
        line: { color: look.muted, width: 1, dash: 'dot' },
      },
      ...(optimum
        ? [
            {
              ...profile(optimum),
              type: 'scatter' as const,
              mode: 'markers' as const,
              name: 'optimum',
              marker: {
                symbol: 'circle-open' as const,
                size: marks.optimum,
                color: look.ink,
                line: { width: marks.size > 4 ? 1.5 : 1, color: look.ink },
              },
            },
          ]
        : []),
      ...runs.map(
        (run, k): Data => ({
          ...at(profiles, k),
          type: 'scatter',
          mode: marks.size > 0 ? 'lines+markers' : 'lines',
          name: plain(run.label),
          line: { color: run.color, dash: run.dash, width: 1.75 },
          marker: {
            symbol: run.symbol,
            size: entries.map((_, i) => marks.size + marks.ring * (over[k]?.[i] ?? 0)),
            color: run.color,
            opacity: 1, // of marks of several sizes, Plotly thinks as of bubbles: pale, with a rim
            line: { width: 0 },
          },
        }),
      ),
    ],
    layout: {
      ...baseLayout(theme),
      margin: { l: 52, r: 16, t: 12, b: isAslant ? 60 : 32 },
      hovermode: 'closest',
      dragmode: 'pan',
      xaxis: {
        ...quietAxis(theme, ''),
        tickvals: ticks,
        ticktext: ticks.map((i) => names[i] ?? ''),
        range: [-0.5, count - 0.5],
      },
      yaxis: { ...quietAxis(theme, 'value'), ...(extent && { range: [...extent] }) },
    },
  };
}

/** Of all records, so that the axis stands still while time passes. */
function extentOf({ runs }: Scene): Range | null {
  let [from, to] = [Infinity, -Infinity];
  for (const { iterates, visible, status } of runs) {
    if (!visible || status === 'diverged' || status === 'non-finite') continue;
    for (const value of iterates) {
      if (value < from) from = value;
      if (value > to) to = value;
    }
  }
  if (!(from <= to)) return null;
  const air = 0.08 * (to - from || 1);
  return [from - air, to + air];
}

/**
 * Diverging, safe for colour-blind readers, with the surface at 0 and farther from its lightness the larger the entry is. Source:
 * ColorBrewer PuOr (Harrower & Brewer 2003).
 */
export const diverging = (theme: Theme): [number, string][] =>
  theme === 'light'
    ? [
        [0, '#b35806'],
        [0.25, '#f1a340'],
        [0.5, lookOf(theme).surface],
        [0.75, '#998ec3'],
        [1, '#542788'],
      ]
    : [
        [0, '#fdb863'],
        [0.25, '#b35806'],
        [0.5, lookOf(theme).surface],
        [0.75, '#8073ac'],
        [1, '#b2abd2'],
      ];

/** Below 0 by so much of the largest entry, a colour says so; */
const SEEN = 0.01;

/** and a sign: without colours both ends of the scale look alike. */
export const isBelow = (value: number | null | undefined, most: number): boolean => (value ?? 0) < -SEEN * most;

/** What is written in a cell. */
export const cellText = (mark: string, value: number | null | undefined, most: number): string =>
  isBelow(value, most) ? (mark === '' ? '−' : `${mark}⁻`) : mark;

/** Those that have a heat map. */
export const matrixRuns = ({ runs }: Scene): RunView[] =>
  runs.filter((run) => run.visible && run.steps.length > 0).slice(0, 4);

/** Of all records, so that a colour means the same at every step. */
export const largestEntry = (runs: readonly RunView[]): number =>
  runs.reduce((largest, { iterates, status }) => {
    if (status === 'diverged' || status === 'non-finite') return largest;
    return iterates.reduce((a, value) => (Number.isFinite(value) ? Math.max(a, Math.abs(value)) : a), largest);
  }, 1e-12);

/** What Plotly calls the axes of the i-th of several: xaxis, xaxis2, … */
export const axisSuffix = (i: number): string => (i === 0 ? '' : String(i + 1));

/** More cells are too small for a sign. */
const MOST_SIGNS = 400;

/** The signs that cells can wear, with what they mean. */
export const signsOf = (marks: readonly string[]): { readonly sign: string; readonly meaning: string }[] =>
  marks.length > MOST_SIGNS
    ? []
    : [
        { sign: '−', meaning: 'below 0' },
        ...(marks.includes('×') ? [{ sign: '×', meaning: 'kept at 0' }] : []),
        ...(marks.includes('1') ? [{ sign: '1', meaning: 'same number: tied, equal entries' }] : []),
      ];

/** For the legend of a picture that stands alone: traces without points, whose names say what the signs in the cells are. */
const marksInWords = (marks: readonly string[]): Data[] =>
  signsOf(marks)
    .filter(({ sign }) => sign !== '−') // the scale of colours says it
    .map(({ sign, meaning }) => ({
      type: 'scatter',
      mode: 'markers',
      name: sign === '1' ? meaning : `${sign}  ${meaning}`,
      x: [null],
      y: [null],
      marker: { color: 'rgba(0,0,0,0)' },
    }));

/** The axis of one of so many pictures side by side: its title small beside another, and a word a line beside more. */
function narrow(axis: ReturnType<typeof quietAxis>, count: number): ReturnType<typeof quietAxis> {
  const { text = '', font, ...title } = axis.title ?? {};
  if (count < 2) return axis;
  return {
    ...axis,
    title: { ...title, text: count > 2 ? text.replaceAll(' ', '<br>') : text, font: { ...font, size: 11 } },
  };
}

/** A heat map for each visible run, at most four; tied entries wear the same number. */
export function matrixFigure(
  scene: Scene,
  { name, rows, columns, offset, marks }: MatrixParameter,
  step: number,
): Figure {
  const { theme, size } = scene;
  const runs = matrixRuns(scene);
  const most = largestEntry(runs);
  const suffix = axisSuffix;
  const rowsOf = <T>(pick: (entry: number) => T): T[][] =>
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => pick(row * columns + column)),
    );
  const axes = Object.fromEntries(
    runs.flatMap((run, i) => {
      const wide = 1 / runs.length;
      const domain = [i * wide + 0.02, (i + 1) * wide - 0.02];
      return [
        [
          `xaxis${suffix(i)}`,
          {
            ...narrow(quietAxis(theme, plain(run.label)), runs.length),
            domain,
            anchor: `y${suffix(i)}`,
            showgrid: false,
            dtick: 1,
            nticks: 8,
            tickmode: columns > 12 ? 'auto' : 'linear',
          },
        ],
        [
          `yaxis${suffix(i)}`,
          {
            ...quietAxis(theme, i === 0 ? plain(name) : ''),
            anchor: `x${suffix(i)}`,
            range: [rows - 0.5, -0.5], // row 0 on top
            showgrid: false,
            tickmode: rows > 12 ? 'auto' : 'linear',
            dtick: 1,
          },
        ],
      ];
    }),
  );
  return {
    data: [
      ...runs.map((run, i): Data => {
        const x = entriesAt(run, size, step);
        return {
          type: 'heatmap',
          name: plain(run.label),
          xaxis: `x${suffix(i)}` as 'x',
          yaxis: `y${suffix(i)}` as 'y',
          z: rowsOf((entry) => drawable(x[offset + entry])) as number[][],
          text: rowsOf((entry) => cellText(marks[entry] ?? '', x[offset + entry], most)),
          texttemplate: rows * columns <= MOST_SIGNS ? '%{text}' : '',
          zmin: -most,
          zmax: most,
          colorscale: diverging(theme),
          showscale: i === runs.length - 1,
          colorbar: { thickness: 10, len: 0.78, y: 0, yanchor: 'bottom', outlinewidth: 0 }, // below the buttons
          xgap: 1,
          ygap: 1,
          hovertemplate: `<b>${plain(run.label)}</b><br>${plain(name)}[%{y},%{x}] = %{z:.6~g}<extra></extra>`,
        };
      }),
      ...(runs.length > 0 ? marksInWords(marks) : []),
    ],
    layout: {
      ...baseLayout(theme),
      margin: { l: 52, r: 12, t: 12, b: runs.length > 2 ? 74 : 44 },
      dragmode: 'pan',
      ...axes,
    },
  };
}
