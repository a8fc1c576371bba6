/** The part of a layout that a reader changes by hand: ranges of axes, the camera in space. */
import type { Layout } from 'plotly.js';
import type { Figure } from '../../figures/figure.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isAxis = (name: string): boolean => /^[xy]axis\d*$/.test(name);

/** What to write over a graph's layout to see it as the figure has it. */
export function viewOf(layout: Partial<Layout>): Partial<Layout> {
  const view: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(layout)) {
    if (!isFields(value)) continue;
    if (isAxis(name)) {
      if (Array.isArray(value.range)) view[`${name}.range`] = [...value.range];
      else view[`${name}.autorange`] = true;
    }
    if (name === 'scene' && isFields(value.camera)) view['scene.camera'] = value.camera;
  }
  return view as Partial<Layout>; // names with dots, which its type does not list
}

/** The figure as a graph shows it now: in all its axes, or in those whose range the figure says. */
export function withViewOf(
  element: HTMLElement,
  { data, layout, ...rest }: Figure,
  axes: 'all' | 'ranged' = 'all',
): Figure {
  const resolved = (element as HTMLElement & { _fullLayout?: Fields })._fullLayout ?? {};
  const seen = Object.entries(layout).map(([name, value]) => {
    const now = resolved[name];
    if (!isFields(value) || !isFields(now)) return [name, value];
    const isMeant = axes === 'all' || Array.isArray(value.range);
    if (isAxis(name) && isMeant && Array.isArray(now.range)) return [name, { ...value, range: [...now.range] }];
    if (name === 'scene') return [name, { ...value, camera: cameraOf(element) ?? value.camera }];
    return [name, value];
  });
  return { ...rest, data, layout: Object.fromEntries(seen) as Partial<Layout> };
}

/** The camera of the graph in space, as Plotly's layout writes it; null where there is none. */
export function cameraOf(element: HTMLElement): unknown {
  const { _fullLayout: layout } = element as HTMLElement & {
    _fullLayout?: { scene?: { _scene?: { getCamera?: () => unknown } } };
  };
  return layout?.scene?._scene?.getCamera?.() ?? null;
}
