/** A figure as a picture to keep: PNG or SVG, on the surface of its theme, with a legend that names the runs. */
import type { Data, Layout } from 'plotly.js';
import type { Figure } from '../../figures/figure.ts';
import { ALONE_NAME, FLAT_HATCH_NAME, HATCH_NAME, SET_NAME } from '../../figures/set-traces.ts';

export type ImageFormat = 'png' | 'svg';

export interface ImageOptions {
  /** In CSS pixels; a PNG has twice as many of each. */
  readonly width?: number;
  readonly height?: number;
  readonly background?: string;
  readonly title?: string;
}

export const DEFAULT_SIZE = { width: 960, height: 640 } as const;

const IN_SPACE = new Set(['scatter3d', 'mesh3d', 'surface', 'isosurface', 'cone']);

const isInSpace = ({ data }: Figure): boolean => data.some(({ type }) => type !== undefined && IN_SPACE.has(type));

/**
 * Draws the figure out of sight and gives its picture. What a screen shows only under the pointer a picture has to say: the legend
 * names every trace with a read-out, the start and the feasible set; heat maps are named below. An SVG of a figure in space holds its WebGL picture.
 */
export async function figureImage(
  figure: Figure,
  format: ImageFormat,
  { width = DEFAULT_SIZE.width, height = DEFAULT_SIZE.height, background = '#ffffff', title }: ImageOptions = {},
): Promise<Blob> {
  const { default: plotly } = isInSpace(figure) ? await import('./plotly-3d.ts') : await import('./plotly-2d.ts');
  const address = await plotly.toImage(pictureOf(figure, background, title, width), {
    format,
    width,
    height,
    scale: format === 'png' ? 2 : 1,
  });
  return blobOf(address);
}

type Plotly = typeof import('plotly.js').default;

let loaded: Plotly | null = null;

/** Loads what `drawAtOnce` draws with. */
export async function prepareDrawing(): Promise<void> {
  loaded ??= (await import('./plotly-2d.ts')).default;
}

/**
 * The layers of the picture, drawn before this returns: the browser that is about to print waits for nothing. Null in space, where
 * WebGL draws later, and before the drawing is prepared.
 */
export function drawAtOnce(
  figure: Figure,
  { width = DEFAULT_SIZE.width, height = DEFAULT_SIZE.height, background = '#ffffff', title }: ImageOptions = {},
): readonly Element[] | null {
  if (loaded === null || isInSpace(figure)) return null;
  const host = document.createElement('div');
  Object.assign(host.style, { position: 'absolute', left: '-10000px', width: `${width}px`, height: `${height}px` });
  (document.getElementById('root') ?? document.body).append(host); // of the body's own children paper shows no other
  const { data, layout } = pictureOf(figure, background, title, width);
  const { purge } = loaded;
  const clear = () => {
    purge(host);
    host.remove();
  };
  loaded.newPlot(host, data, { ...layout, width, height }, { staticPlot: true }).then(clear, clear); // it has drawn when this returns
  const layers = [...host.querySelectorAll('.main-svg')].map((layer) => layer.cloneNode(true) as Element);
  return layers.length > 0 ? layers : null;
}

/** Pixels: of a row of the legend, of the sign before a name, of a letter, and beside the picture. */
const LEGEND = { row: 21, sign: 48, letter: 6.5, beside: 90 } as const;
/** Longer names and titles are cut: they would leave no room for the picture. */
const [LONGEST_NAME, LONGEST_TITLE] = [44, 90];

const shortened = (text: string, longest: number): string => {
  const signs = [...text.replace(/\s+/g, ' ')];
  return signs.length <= longest ? text : `${signs.slice(0, longest - 1).join('')}…`;
};

/** All columns are as wide as the longest name. */
function legendHeight(names: readonly string[], width: number): number {
  const widest = LEGEND.sign + LEGEND.letter * Math.max(0, ...names.map((name) => name.length));
  const columns = Math.max(1, Math.floor((width - LEGEND.beside) / widest));
  return LEGEND.row * Math.ceil(names.length / columns);
}

/** Marks that a screen names beside the picture. */
const WITHOUT_READ_OUT = new Set([SET_NAME, ALONE_NAME, HATCH_NAME, FLAT_HATCH_NAME, 'start', 'optimum']);

/** The same figure with a surface, a legend and a title. */
export function pictureOf(
  { data, layout, setLabel }: Figure,
  background: string,
  title?: string,
  width: number = DEFAULT_SIZE.width,
): { data: Data[]; layout: Partial<Layout> } {
  const named = new Set<string>();
  /** Of the set, as much as the key says of it: a slice, bounds only. */
  const inLegend = (name: string) => shortened(name === SET_NAME ? (setLabel ?? name) : name, LONGEST_NAME);
  const traces = data.map((trace): Data => {
    const { name, hoverinfo, visible } = trace as { name?: string; hoverinfo?: string; visible?: boolean };
    const isSaid = hoverinfo !== 'skip' || WITHOUT_READ_OUT.has(name ?? '');
    const isNamed = name !== undefined && trace.type !== 'heatmap' && isSaid && visible !== false && !named.has(name);
    if (isNamed) named.add(name);
    return { ...trace, ...(isNamed && { name: inLegend(name) }), showlegend: isNamed } as Data;
  });
  const shapes = layout.shapes?.map((shape) => {
    const isNamed = shape.name !== undefined && !named.has(shape.name);
    if (isNamed && shape.name) named.add(shape.name);
    return isNamed && shape.name ? { ...shape, name: inLegend(shape.name), showlegend: true } : shape;
  });
  const names = [...named].map(inLegend);
  return {
    data: traces,
    layout: {
      ...layout,
      ...(shapes && { shapes }),
      autosize: false,
      paper_bgcolor: background,
      plot_bgcolor: background,
      showlegend: named.size > 0,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
      margin: {
        ...layout.margin,
        l: Math.max(24, layout.margin?.l ?? 0),
        t: (title ? 40 : 16) + legendHeight(names, width),
        r: 24,
      },
      ...(title && {
        title: {
          text: shortened(title, LONGEST_TITLE),
          x: 0.03,
          y: 1,
          yanchor: 'top',
          pad: { t: 12 },
          font: { size: 16 },
        },
      }),
    },
  };
}

/** The bytes of a data address. It is not fetched: the page's policy lets nothing be fetched but its own files. */
export function blobOf(address: string): Blob {
  const comma = address.indexOf(',');
  const head = address.slice(0, comma);
  const type = head.slice('data:'.length).split(';')[0] ?? '';
  const body = address.slice(comma + 1);
  if (!head.endsWith(';base64')) return new Blob([decodeURIComponent(body)], { type });
  return new Blob([Uint8Array.from(atob(body), (character) => character.charCodeAt(0))], { type });
}

/** Hands a blob to the reader as a file. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // after the browser has begun to read it
}
