/** Colours, type and axes that all figures share. */
import type { Layout, LayoutAxis } from 'plotly.js';
import type { Theme } from './scene.ts';

export interface Look {
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly line: string;
  /** WebGL lines take no transparency well: the grid mixed with the surface. */
  readonly spaceGrid: string;
  /** The feasible set: the one accent. */
  readonly accent: string;
  readonly accentSoft: string;
  /** What the constraints leave free. */
  readonly free: string;
  /** Lines over what is infeasible. */
  readonly hatch: string;
  /** From the least loss to the greatest: one hue that fades into the surface. */
  readonly field: readonly (readonly [number, string])[];
  readonly fieldLine: string;
}

const looks: Readonly<Record<Theme, Look>> = {
  light: {
    surface: '#ffffff',
    ink: '#1e293b',
    muted: '#64748b',
    grid: 'rgba(100, 116, 139, 0.14)',
    line: 'rgba(100, 116, 139, 0.35)',
    spaceGrid: '#dfe4ec',
    accent: '#1d4ed8',
    accentSoft: 'rgba(29, 78, 216, 0.10)',
    free: '#15803d',
    hatch: 'rgba(51, 65, 85, 0.24)',
    field: [
      [0, '#c3d0e4'],
      [0.25, '#d3dded'],
      [0.5, '#e3eaf4'],
      [0.75, '#f0f4f9'],
      [1, '#fafbfd'],
    ],
    fieldLine: 'rgba(71, 94, 130, 0.22)',
  },
  dark: {
    surface: '#14181f',
    ink: '#e2e8f0',
    muted: '#94a3b8',
    grid: 'rgba(148, 163, 184, 0.12)',
    line: 'rgba(148, 163, 184, 0.32)',
    spaceGrid: '#2c3440',
    accent: '#7aa2ff',
    accentSoft: 'rgba(122, 162, 255, 0.13)',
    free: '#4ade80',
    hatch: 'rgba(203, 213, 225, 0.26)',
    field: [
      [0, '#34445f'],
      [0.25, '#2a374e'],
      [0.5, '#222c3e'],
      [0.75, '#1b2330'],
      [1, '#161b24'],
    ],
    fieldLine: 'rgba(160, 180, 215, 0.16)',
  },
};

export const lookOf = (theme: Theme): Look => looks[theme];

export const FONT_FAMILY = 'Inter, "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif';

/** One constant: what the reader zoomed or turned stays over updates. */
export const UI_REVISION = 'feasible';

/** Layout without axes. */
export function baseLayout(theme: Theme): Partial<Layout> {
  const look = lookOf(theme);
  return {
    autosize: true,
    uirevision: UI_REVISION,
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: FONT_FAMILY, size: 12, color: look.muted },
    showlegend: false,
    hoverlabel: {
      bgcolor: look.surface,
      bordercolor: look.line,
      align: 'left',
      namelength: -1,
      font: { family: FONT_FAMILY, size: 12, color: look.ink },
    },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: look.muted, activecolor: look.accent, orientation: 'v' },
  };
}

/** A quiet Cartesian axis: thin grid, no zero line, ticks outside only as labels. `title` must be plain. */
export function quietAxis(theme: Theme, title: string): Partial<LayoutAxis> {
  const look = lookOf(theme);
  return {
    title: { text: title, standoff: 8, font: { family: FONT_FAMILY, size: 13, color: look.ink } },
    gridcolor: look.grid,
    gridwidth: 1,
    zeroline: false,
    showline: false,
    ticks: '',
    tickfont: { size: 11, color: look.muted },
    nticks: 8,
    exponentformat: 'e',
    minexponent: 4,
    separatethousands: false,
    ticklabeloverflow: 'allow', // else Plotly lays out the page anew for each pair of labels
  };
}
